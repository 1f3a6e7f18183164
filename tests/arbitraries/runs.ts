// How often and from which seed random tests run. FC_RUNS=100000 for a long night; FC_SEED to see a failure again.
import type { Parameters } from 'fast-check';

const number = (name: string): number | undefined => (process.env[name] === undefined ? undefined : Number(process.env[name]));

/** `usual`: the number of runs when FC_RUNS does not say otherwise. The seed is printed with every failure. */
export function runs<T>(usual: number): Parameters<T> & { readonly seed: number } {
  return { numRuns: number('FC_RUNS') ?? usual, seed: number('FC_SEED') ?? Date.now() & 0x7fffffff, endOnFailure: false };
}
