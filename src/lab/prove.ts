// The proof: a laboratory with all pods, the compiled rules in a real kernel, real packets, and the engine's answer beside the kernel's.
// Says how many connections it made, what it assumed and what it left out; never passes without having seen a packet come and one stopped.
import { Failure } from '../failure.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Family } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import { type CompileOptions, compile } from '../nft/compile.ts';
import { type Decided, decided } from '../nft/decided.ts';
import { PROTOCOL_NUMBER, type Meaning, type Ruleset } from '../nft/ruleset.ts';
import { type Walk, walker } from '../nft/walk.ts';
import { decide } from '../policy/decide.ts';
import { type Doubt, doubtKey, type Verdict } from '../policy/verdict.ts';
import type { CellName, Semantics } from '../profile/profile.ts';
import { type Reach, reachOf } from '../reach/reach.ts';
import { fastVerdict } from '../reach/verdict-of.ts';
import { connectionOf, expectedOf, type Observation } from './compare.ts';
import { type Assumption, complete } from './complete.ts';
import { controlsIn, isControl, withControls } from './controls.ts';
import type { Shot, Stage } from './flat.ts';
import { type Plan, type Probe, planOf } from './plan.ts';
import { type TierName, TIERS } from './tiers.ts';
import { findTools } from './tools.ts';

export interface ProveOptions {
  readonly semantics: Semantics;
  readonly tier?: TierName;
  readonly form?: 'explaining' | 'scaling';
  /** Denied packets vanish instead of being answered, as with most plugins. Clients then have to wait. */
  readonly faithful?: boolean;
  readonly allPairs?: boolean;
  readonly sample?: number;
  /** More than this is sampled, and the report says so. */
  readonly mostConnections?: number;
  /** Families of pods whose addresses are not known. Both unless said otherwise. */
  readonly families?: readonly Family[];
  readonly onProgress?: (done: number, all: number) => void;
  /** For tests of the proof itself: what is compiled is changed before it is loaded, and the proof must see it. */
  readonly tamper?: (ruleset: Ruleset) => Ruleset;
  /** A laboratory that is up already, to be used again; it is not closed then. */
  readonly stage?: Stage;
}

/** One connection on which engine and kernel do not agree. */
export interface Difference {
  readonly probe: Probe;
  readonly verdict: Verdict;
  readonly expected: readonly Observation[];
  readonly observed: Observation;
  /** What the compiled rules say in memory: agrees with the kernel when the compiler is wrong, with the engine when the kernel differs. */
  readonly walk: Walk;
  /** Counters that moved when the connection was made once more, alone. */
  readonly moved: readonly { readonly counter: string; readonly packets: number; readonly meaning: Meaning | undefined }[];
}

export interface ProveReport {
  readonly outcome: 'agree' | 'differ' | 'incomplete';
  /** `assumed`: cells that the profile leaves open, how they were answered, and how many of the connections rest on that. */
  readonly profile: { readonly name: string; readonly assumed: readonly { readonly cell: CellName; readonly answer: string; readonly connections: number }[] };
  readonly assumptions: readonly Assumption[];
  readonly facts: Stage['facts'];
  readonly form: 'explaining' | 'scaling';
  readonly faithful: boolean;
  readonly plan: Omit<Plan, 'probes'>;
  /** Connections made and compared, controls not counted. */
  readonly made: number;
  readonly madeBy: Readonly<Record<Protocol, Readonly<Record<Family, number>>>>;
  readonly controls: number;
  readonly agreed: Readonly<Record<Observation, number>>;
  readonly differences: readonly Difference[];
  /** All of them; `differences` has the first `MOST_SHOWN`. */
  readonly differing: number;
  /** Neither an answer nor a record, twice: nothing is known of these. */
  readonly lost: readonly Probe[];
  /** Questions that the engine leaves open, and why; they were not asked of the kernel. */
  readonly undecided: { readonly count: number; readonly because: ReadonlyMap<string, number> };
  /** Where the two evaluators of the engine differ from each other; each is a defect. */
  readonly evaluatorsDiffer: readonly Probe[];
  readonly ms: { readonly prepare: number; readonly open: number; readonly load: number; readonly shoot: number };
  /** Every comparison, for reports by pair. */
  readonly results: readonly { readonly probe: Probe; readonly agrees: boolean; readonly expected: readonly Observation[]; readonly observed: Observation }[];
}

/** Differences that are looked into one by one. */
const MOST_SHOWN = 20;
const MOST_CONNECTIONS = 300_000;
/** Up to here every answer comes from the plain evaluator; beyond, from the fast one, which property tests hold to it. */
const PLAIN_WORK = 3_000_000;

/**
 * `prove(shop, { semantics })` → `{ outcome: 'agree', made: 812, … }`. Failures: what findTools and openNamespace have, `nothing-to-prove`
 * when there is no pod or the engine decides nothing, `lab-not-enforcing` when a control fails.
 */
export async function prove(cluster: Cluster, options: ProveOptions): Promise<ProveReport> {
  const begun = performance.now();
  const { semantics, assumed } = decided(options.semantics);
  const completed = complete(withControls(cluster), options.families);
  // The program inside starts while the plan is made: it has a processor of its own.
  const opening = options.stage === undefined ? TIERS[options.tier ?? 'flat'](findTools(), completed.cluster) : Promise.resolve(options.stage);
  opening.catch(() => undefined); // it is awaited below, also when the plan fails
  const close = async () => {
    if (options.stage === undefined) await (await opening).close();
  };
  try {
    return await proveIn(opening, cluster, completed, options, begun);
  } finally {
    await close().catch(() => undefined);
  }
}

async function proveIn(opening: Promise<Stage>, completed: Completed, options: ProveOptions, { semantics, assumed }: Decided, begun: number): Promise<ProveReport> {
  const { questions, plan, reach } = planned(completed.cluster, semantics, options);
  const asked = questions.filter(({ verdict }) => verdict.outcome !== 'undecided');
  const prepared = performance.now();
  const stage = await opening;
    const opened = performance.now();
    const form = options.form ?? 'explaining';
    const compileOptions: CompileOptions = { form, denials: options.faithful ? 'drop' : 'reject' };
    const tamper = options.tamper ?? ((ruleset) => ruleset);
    // The walker takes the rules as the flat tier has them: all in one place.
    const ruleset = tamper(compile(completed.cluster, semantics, compileOptions));
    await stage.enforce((point) => tamper(compile(completed.cluster, semantics, { ...compileOptions, ...point })));
    const loaded = performance.now();
    const shooting = options.faithful ? { timeoutMs: 500, inFlight: 2000 } : {};

    const controls = await runControls(stage, completed.cluster, semantics, shooting);
    const observations = await stage.shoot(
      asked.map(({ probe }) => shotOf(probe)),
      { ...shooting, ...(options.onProgress && { onProgress: options.onProgress }) },
    );
    const results = asked.map(({ probe, verdict }, i) => {
      const observed = observations[i] as Observation;
      const expected = expectedOf(verdict);
      return { probe, verdict, expected, observed, agrees: expected.includes(observed) };
    });
    const differing = results.filter(({ agrees, observed }) => !agrees && observed !== 'lost');
    const lost = results.filter(({ observed }) => observed === 'lost').map(({ probe }) => probe);
    const walk = walker(ruleset);
    const differences: Difference[] = [];
    for (const { probe, expected, observed } of differing.slice(0, MOST_SHOWN)) {
      // Said by the plain evaluator, whoever answered before.
      const verdict = decide(reach.cluster, semantics, connectionOf(probe));
      differences.push({ probe, verdict, expected, observed, walk: walk(packetOf(probe)), moved: await movedBy(stage, probe, ruleset, shooting) });
    }
    return {
      outcome: differing.length > 0 ? 'differ' : lost.length > 0 ? 'incomplete' : 'agree',
      profile: { name: semantics.name, assumed: assumed.length === 0 ? [] : resting(completed.cluster, options.semantics, semantics, asked) },
      assumptions: completed.assumptions.map(withoutControls).filter(({ ends }) => ends.length > 0),
      facts: stage.facts,
      form,
      faithful: options.faithful ?? false,
      plan: { planned: plan.planned, pods: plan.pods, podsMet: plan.podsMet, podClasses: plan.podClasses, nodesMet: plan.nodesMet, outsideMet: plan.outsideMet },
      made: results.length,
      madeBy: madeBy(asked.map(({ probe }) => probe)),
      controls,
      agreed: counted(results.filter(({ agrees }) => agrees).map(({ observed }) => observed)),
      differences,
      differing: differing.length,
      lost,
      undecided: undecidedIn(questions.map(({ verdict }) => verdict)),
      evaluatorsDiffer: asked.filter(({ probe, verdict }) => fastVerdict(reach, connectionOf(probe)).outcome !== verdict.outcome).map(({ probe }) => probe),
      ms: { prepare: prepared - begun, open: opened - prepared, load: loaded - opened, shoot: performance.now() - loaded },
      results,
    };
  } finally {
    if (options.stage === undefined) await stage.close();
  }
}

function verdictOf(reach: Reach, semantics: Decided['semantics'], probe: Probe, all: number): Verdict {
  const connection = connectionOf(probe);
  return all * reach.cluster.policies.length > PLAIN_WORK ? fastVerdict(reach, connection) : decide(reach.cluster, semantics, connection);
}

/** How many there were. Failure `lab-not-enforcing` when one of them fared differently from what is plain. */
async function runControls(stage: Stage, cluster: Cluster, semantics: Decided['semantics'], shooting: object): Promise<number> {
  // Where the plugin enforces nothing, nothing can be denied, and only the open way can be tried.
  const controls = controlsIn(cluster).filter(({ wanted }) => wanted === 'allowed' || semantics.enforces === 'yes');
  const observed = await stage.shoot(
    controls.map(({ probe }) => shotOf(probe)),
    shooting,
  );
  const failed = controls.flatMap(({ probe, wanted }, i) => (observed[i] === wanted ? [] : [{ probe, wanted, observed: observed[i] }]));
  const [first] = failed;
  if (first === undefined) return controls.length;
  const { probe } = first;
  const text = `${probe.source.name} to ${probe.destination.name} ${probe.protocol}/IPv${probe.source.address.family}`;
  throw new Failure('lab-not-enforcing', `the laboratory does not work here: of ${controls.length} controls ${failed.length} failed; ${text} must be ${first.wanted} and was ${first.observed}`, {
    hint: 'no verdict was compared; the kernel may lack a part of nftables or conntrack that the rules need',
  });
}

function shotOf({ source, destination, protocol, port }: Probe): Shot {
  return { source: source.address, destination: destination.address, protocol, port };
}

function packetOf({ source, destination, protocol, port }: Probe) {
  return {
    family: source.address.family,
    source: source.address.value,
    destination: destination.address.value,
    protocol: PROTOCOL_NUMBER[protocol],
    port,
  };
}

async function movedBy(stage: Stage, probe: Probe, ruleset: Ruleset, shooting: object): Promise<Difference['moved']> {
  const before = await stage.counters();
  await stage.shoot([shotOf(probe)], shooting);
  const after = await stage.counters();
  return [...after].flatMap(([counter, packets]) => {
    const more = packets - (before.get(counter) ?? 0);
    return more > 0 ? [{ counter, packets: more, meaning: ruleset.legend.get(counter) }] : [];
  });
}

/** Asked again under the profile as it is: where that leaves a connection open, its answer rests on what was assumed. */
function resting(
  cluster: Cluster,
  open: Semantics,
  semantics: Decided['semantics'],
  asked: readonly { readonly probe: Probe }[],
): ProveReport['profile']['assumed'] {
  const reach = reachOf(cluster, open);
  const counts = new Map<CellName, number>();
  for (const { probe } of asked) {
    const { egress, ingress } = fastVerdict(reach, connectionOf(probe));
    const cells = [egress, ingress].flatMap((side) => (side.outcome === 'undecided' ? side.because.flatMap((doubt) => (doubt.code === 'profile-differs' ? [doubt.cell] : [])) : []));
    // A doubt can only be about a cell, never about the profile's name.
    for (const cell of new Set(cells as CellName[])) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return [...counts].map(([cell, connections]) => ({ cell, answer: semantics[cell], connections }));
}

function madeBy(probes: readonly Probe[]): ProveReport['madeBy'] {
  const count = { TCP: { 4: 0, 6: 0 }, UDP: { 4: 0, 6: 0 }, SCTP: { 4: 0, 6: 0 } };
  for (const { protocol, source } of probes) count[protocol][source.address.family]++;
  return count;
}

function counted(observations: readonly Observation[]): Record<Observation, number> {
  const count: Record<Observation, number> = { allowed: 0, 'denied-egress': 0, 'denied-ingress': 0, refused: 0, lost: 0 };
  for (const observation of observations) count[observation]++;
  return count;
}

function undecidedIn(verdicts: readonly Verdict[]): ProveReport['undecided'] {
  const open = verdicts.filter(({ outcome }) => outcome === 'undecided');
  const because = new Map<string, number>();
  for (const { egress, ingress } of open) {
    const doubts: Doubt[] = [egress, ingress].flatMap((side) => (side.outcome === 'undecided' ? [...side.because] : []));
    for (const key of new Set(doubts.map(doubtKey))) because.set(key, (because.get(key) ?? 0) + 1);
  }
  return { count: open.length, because };
}

function withoutControls({ code, ends }: Assumption): Assumption {
  return { code, ends: ends.filter((end) => !end.includes('netverdict control')) };
}
