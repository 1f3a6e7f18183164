// V8 translates a function anew when it has used up a budget. A command is over before most of these translations are paid back.
import { setFlagsFromString } from 'node:v8';

/**
 * Four times the budget: `map` of 10,000 pods takes 0.8 instead of 1.15 s of processor time, with the same answer. Twice or four times as much again
 * gains nothing more. Only for the V8 of Node 20, where it was measured: a V8 that does not know the flag would complain on stderr.
 */
export function optimizeLater(): void {
  if (process.versions.v8.startsWith('11.3.')) setFlagsFromString('--interrupt-budget=500000');
}
