// What a proof found: values only, for a text, a document or a test.
import type { Family } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import type { Meaning } from '../nft/ruleset.ts';
import type { Walk } from '../nft/walk.ts';
import type { Verdict } from '../policy/verdict.ts';
import type { Observation } from './compare.ts';
import type { Assumption } from './complete.ts';
import type { Plan, Probe } from './plan.ts';
import type { Assumed, Departing, Questions } from './questions.ts';
import type { Stage } from './stage.ts';

export interface ProveReport {
  /** `incomplete`: nothing differs, and of some connections nothing is known. */
  readonly outcome: 'agree' | 'differ' | 'incomplete';
  readonly profile: { readonly name: string; readonly assumed: readonly Assumed[] };
  readonly assumptions: readonly Assumption[];
  readonly departing: readonly Departing[];
  readonly facts: Stage['facts'];
  readonly form: 'explaining' | 'scaling';
  readonly faithful: boolean;
  readonly plan: Omit<Plan, 'probes'>;
  /** Connections made and compared, controls not counted. */
  readonly made: number;
  readonly madeBy: Readonly<Record<Protocol, Readonly<Record<Family, number>>>>;
  /** What must come through and what must not, made before all others. */
  readonly controls: number;
  readonly agreed: Readonly<Record<Observation, number>>;
  /** The first of those that differ, looked into one by one. */
  readonly differences: readonly Difference[];
  /** How many differ in all. */
  readonly differing: number;
  /** Neither an answer nor a record, twice: nothing is known of these. */
  readonly lost: readonly Probe[];
  readonly undecided: Questions['undecided'];
  readonly evaluatorsDiffer: readonly Probe[];
  /** `prepare` and `open` run beside each other: `open` is what was still to be waited for. */
  readonly ms: { readonly prepare: number; readonly open: number; readonly load: number; readonly shoot: number };
  readonly results: readonly Result[];
}

/** One connection: what the kernel may do when it agrees, and what it did. */
export interface Result {
  readonly probe: Probe;
  readonly expected: readonly Observation[];
  readonly observed: Observation;
  readonly agrees: boolean;
}

/** One connection on which engine and kernel do not agree. */
export interface Difference extends Omit<Result, 'agrees'> {
  /** By the plain evaluator, whoever answered before. */
  readonly verdict: Verdict;
  /** The compiled rules in memory: with the kernel when the compiler is wrong, with the engine when the kernel did not do as written. */
  readonly walk: Walk;
  /** Counters that moved when the connection was made once more, alone. */
  readonly moved: readonly { readonly counter: string; readonly packets: number; readonly meaning: Meaning | undefined }[];
}

export function madeBy(probes: readonly Probe[]): ProveReport['madeBy'] {
  const count = { TCP: { 4: 0, 6: 0 }, UDP: { 4: 0, 6: 0 }, SCTP: { 4: 0, 6: 0 } };
  for (const { protocol, source } of probes) count[protocol][source.address.family]++;
  return count;
}

export function agreedIn(results: readonly Result[]): ProveReport['agreed'] {
  const count: Record<Observation, number> = { allowed: 0, 'denied-egress': 0, 'denied-ingress': 0, refused: 0, lost: 0 };
  for (const { agrees, observed } of results) if (agrees) count[observed]++;
  return count;
}
