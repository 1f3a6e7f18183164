// What is asked of the kernel, with the engine's answers beside it. Pure.
import type { Cluster } from '../model/cluster.ts';
import type { Decided } from '../nft/decided.ts';
import { decide } from '../policy/decide.ts';
import { type Departure, departs, departureOf, printShapes } from '../policy/departures.ts';
import { kubeRouterOn } from '../policy/kube-router.ts';
import { type Doubt, doubtKey, type Verdict } from '../policy/verdict.ts';
import type { CellName, Semantics } from '../profile/profile.ts';
import { type Reach, reachOf } from '../reach/reach.ts';
import { fastVerdict } from '../reach/verdict-of.ts';
import { connectionOf } from './compare.ts';
import { type Plan, type PlanOptions, type Probe, planOf } from './plan.ts';

export interface Question {
  readonly probe: Probe;
  readonly verdict: Verdict;
}

export interface Questions {
  readonly plan: Plan;
  /** Those that have a verdict. */
  readonly asked: readonly Question[];
  /** Those that the engine leaves open, and how many for each reason: `policy-unreadable NetworkPolicy shop/x` → 12. */
  readonly undecided: { readonly count: number; readonly because: ReadonlyMap<string, number> };
  /** Where the two evaluators of the engine differ from each other; each is a defect. */
  readonly evaluatorsDiffer: readonly Probe[];
}

/** Policies × connections up to which every answer comes from the plain evaluator; beyond, from the fast one. About two seconds. */
const PLAIN_WORK = 3_000_000;

/** `cluster`: complete. */
export function questionsOf(cluster: Cluster, semantics: Decided['semantics'], options: PlanOptions): Questions {
  const reach = reachOf(cluster, semantics);
  const plan = planOf(reach, options);
  const isPlain = plan.probes.length * cluster.policies.length <= PLAIN_WORK;
  const questions = plan.probes.map((probe): Question => {
    const connection = connectionOf(probe);
    return { probe, verdict: isPlain ? decide(cluster, semantics, connection) : fastVerdict(reach, connection) };
  });
  return {
    plan,
    asked: questions.filter(({ verdict }) => verdict.outcome !== 'undecided'),
    undecided: undecidedIn(questions.map(({ verdict }) => verdict)),
    evaluatorsDiffer: isPlain ? questions.filter((question) => !isSameFast(reach, question)).map(({ probe }) => probe) : [],
  };
}

function isSameFast(reach: Reach, { probe, verdict }: Question): boolean {
  const fast = fastVerdict(reach, connectionOf(probe));
  return (
    fast.outcome === verdict.outcome && fast.egress.outcome === verdict.egress.outcome && fast.ingress.outcome === verdict.ingress.outcome
  );
}

function undecidedIn(verdicts: readonly Verdict[]): Questions['undecided'] {
  const open = verdicts.filter(({ outcome }) => outcome === 'undecided');
  const because = new Map<string, number>();
  for (const verdict of open) for (const key of new Set(doubtsOf(verdict).map(doubtKey))) because.set(key, (because.get(key) ?? 0) + 1);
  return { count: open.length, because };
}

function doubtsOf({ egress, ingress }: Verdict): Doubt[] {
  return [egress, ingress].flatMap((side) => (side.outcome === 'undecided' ? [...side.because] : []));
}

/** A question that the profile leaves open, how it was answered, and how many of the connections rest on that. */
export interface Assumed {
  readonly cell: CellName;
  readonly answer: string;
  readonly connections: number;
}

/** Every connection asked again under the profile as it is. [] when it leaves none of them open. */
export function assumedIn(
  cluster: Cluster,
  open: Semantics,
  { semantics, assumed }: Decided,
  asked: readonly Question[],
): readonly Assumed[] {
  if (assumed.length === 0) return [];
  const reach = reachOf(cluster, open);
  const counts = new Map<CellName, number>();
  for (const { probe } of asked) {
    const doubts = doubtsOf(fastVerdict(reach, connectionOf(probe)));
    const cells = new Set(doubts.flatMap((doubt) => (doubt.code === 'profile-differs' ? [doubt.cell] : [])));
    for (const cell of assumed) if (cells.has(cell)) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return [...counts].map(([cell, connections]) => ({ cell, answer: semantics[cell], connections }));
}

/** What the enforcer behind the profile does otherwise, with how many of the connections, and the first of them. */
export interface Departing {
  readonly departure: Departure;
  readonly connections: number;
  readonly example: Probe;
}

/** By shape, in the order in which they were met. [] for a profile whose enforcer is not known to depart. */
export function departingIn(cluster: Cluster, profile: Semantics, asked: readonly Question[]): readonly Departing[] {
  if (!departs(profile)) return [];
  const enforcer = kubeRouterOn(cluster);
  const found = new Map<string, Departing>();
  for (const { probe, verdict } of asked) {
    const departure = departureOf(enforcer, connectionOf(probe), verdict);
    if (departure === undefined) continue;
    const key = `${departure.enforced} ${printShapes(departure)}`;
    const before = found.get(key);
    if (before === undefined) found.set(key, { departure, connections: 1, example: probe });
    else {
      const rules = [...new Map([...before.departure.rules, ...departure.rules].map((ref) => [ref.rule, ref])).values()];
      found.set(key, { ...before, departure: { ...before.departure, rules }, connections: before.connections + 1 });
    }
  }
  return [...found.values()];
}
