// The proof: a lab with all pods, the compiled rules in a real kernel, real packets, and the engine's answer beside the kernel's.
// Says how many connections it made, what it assumed and what it left out; never passes without having seen a packet come and one stopped.
import { Failure } from '../failure.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Family } from '../net/ip.ts';
import { type CompileOptions, compile } from '../nft/compile.ts';
import { type Decided, decided } from '../nft/decided.ts';
import { PROTOCOL_NUMBER, type Ruleset } from '../nft/ruleset.ts';
import { walker } from '../nft/walk.ts';
import { decide } from '../policy/decide.ts';
import type { Semantics } from '../profile/profile.ts';
import { connectionOf, expectedOf, type Observation } from './compare.ts';
import { type Assumption, type Completed, complete } from './complete.ts';
import { CONTROL_NAMESPACE, type Control, controlsIn, isControl, withControls } from './controls.ts';
import type { Probe } from './plan.ts';
import { assumedIn, departingIn, type Question, type Questions, questionsOf } from './questions.ts';
import { agreedIn, type Difference, madeBy, type ProveReport, type Result } from './report.ts';
import type { ShootOptions, Shot, Stage } from './stage.ts';
import { TIERS, type TierName } from './tiers.ts';
import { findTools } from './tools.ts';

export interface ProveOptions {
  readonly semantics: Semantics;
  readonly tier?: TierName;
  readonly form?: 'explaining' | 'scaling';
  /** Denied packets vanish instead of being answered, as with most plugins. Clients then have to wait. */
  readonly faithful?: boolean;
  readonly allPairs?: boolean;
  readonly sample?: number;
  /** Of more than this a sample is made, and the report says so. */
  readonly mostConnections?: number;
  /** Families of pods whose addresses are not known. Both unless said otherwise. */
  readonly families?: readonly Family[];
  readonly onProgress?: (done: number, all: number) => void;
  /** For tests of the proof itself: what is compiled is changed before it is loaded, and the proof must see it. */
  readonly tamper?: (ruleset: Ruleset) => Ruleset;
  /** A lab that is up already, to be used again; it is not closed then. */
  readonly stage?: Stage;
}

/** About a minute on two cores. */
const MOST_CONNECTIONS = 300_000;
/** From here on a plan may take longer than tools are waited for. */
const MANY_PODS = 2000;

/** Differences that are looked into one by one. */
const MOST_SHOWN = 20;

/**
 * `prove(shop, { semantics })` → `{ outcome: 'agree', made: 812, … }`. Failures: those of findTools, openNamespace and the tier,
 * `nothing-to-prove` when there is no pod or the engine decides nothing, `lab-not-enforcing` when a control fails.
 */
export async function prove(cluster: Cluster, options: ProveOptions): Promise<ProveReport> {
  const begun = performance.now();
  const completed = complete(withControls(cluster), options.families);
  if (options.stage !== undefined) return proveIn(Promise.resolve(options.stage), completed, options, begun);
  // The program inside starts while the plan is made: it has a processor of its own. A long plan comes after it, because a program that
  // is busy for ten seconds would take its own silence for that of the tools it has asked.
  const opening = TIERS[options.tier ?? 'flat'](findTools(), completed.cluster, decided(options.semantics).semantics);
  try {
    if (completed.cluster.pods.length > MANY_PODS) await opening;
    return await proveIn(opening, completed, options, begun);
  } finally {
    // A lab that did not open has nothing to close, and its failure is on its way already.
    await opening.then(
      (stage) => stage.close(),
      () => undefined,
    );
  }
}

async function proveIn(opening: Promise<Stage>, completed: Completed, options: ProveOptions, begun: number): Promise<ProveReport> {
  const { cluster, assumptions } = completed;
  const choice = decided(options.semantics);
  const { semantics } = choice;
  const questions = worthAsking(cluster, semantics, options);
  const prepared = performance.now();
  const stage = await opening;
  const opened = performance.now();
  const form = options.form ?? 'explaining';
  const rules = (point: CompileOptions): Ruleset => {
    const ruleset = compile(cluster, semantics, { form, denials: options.faithful ? 'drop' : 'reject', ...point });
    return options.tamper === undefined ? ruleset : options.tamper(ruleset);
  };
  await stage.enforce(rules);
  const loaded = performance.now();

  const controls = controlsIn(cluster, semantics);
  const results = await resultsOf(stage, controls, questions.asked, options);
  const shot = performance.now();
  const differing = results.filter(({ agrees, observed }) => !agrees && observed !== 'lost');
  const lost = results.filter(({ observed }) => observed === 'lost').map(({ probe }) => probe);
  const { probes: _, ...plan } = questions.plan;
  return {
    outcome: differing.length > 0 ? 'differ' : lost.length > 0 ? 'incomplete' : 'agree',
    profile: { name: semantics.name, assumed: assumedIn(cluster, options.semantics, choice, questions.asked) },
    assumptions: assumptions.map(withoutControls).filter(({ ends }) => ends.length > 0),
    departing: departingIn(cluster, options.semantics, questions.asked),
    facts: stage.facts,
    form,
    faithful: options.faithful ?? false,
    plan,
    made: results.length,
    madeBy: madeBy(questions.asked.map(({ probe }) => probe)),
    controls: controls.length,
    agreed: agreedIn(results),
    differences:
      differing.length === 0
        ? []
        : await lookedInto(stage, cluster, semantics, rules({}), differing.slice(0, MOST_SHOWN), shooting(options)),
    differing: differing.length,
    lost,
    undecided: questions.undecided,
    evaluatorsDiffer: questions.evaluatorsDiffer,
    ms: { prepare: prepared - begun, open: opened - prepared, load: loaded - opened, shoot: shot - loaded },
    results,
  };
}

function worthAsking(cluster: Cluster, semantics: Decided['semantics'], options: ProveOptions): Questions {
  const sample = Math.min(options.sample ?? Number.POSITIVE_INFINITY, options.mostConnections ?? MOST_CONNECTIONS);
  const questions = questionsOf(cluster, semantics, { allPairs: options.allPairs ?? false, sample, without: isControl });
  if (questions.plan.pods === 0) throw new Failure('nothing-to-prove', { why: 'no-pods' });
  if (questions.asked.length === 0) {
    throw new Failure('nothing-to-prove', { why: 'no-verdicts', connections: questions.plan.probes.length });
  }
  return questions;
}

/** So many connections fit into one lot with the controls before them. */
const ONE_LOT = 5000;

async function resultsOf(
  stage: Stage,
  controls: readonly Control[],
  asked: readonly Question[],
  options: ProveOptions,
): Promise<readonly Result[]> {
  const how = shooting(options);
  const first = controls.map(({ probe }) => shotOf(probe));
  const shots = asked.map(({ probe }) => shotOf(probe));
  let observations: readonly Observation[];
  if (shots.length <= ONE_LOT) {
    // They are at the head of the queue, so still the first packets of all; a lot has a price of its own.
    const all = await stage.shoot([...first, ...shots], how);
    assertControls(controls, all.slice(0, first.length));
    observations = all.slice(first.length);
  } else {
    assertControls(controls, await stage.shoot(first, how));
    observations = await stage.shoot(shots, how);
  }
  return asked.map(({ probe, verdict }, i) => {
    const observed = observations[i] as Observation;
    const expected = expectedOf(verdict);
    return { probe, expected, observed, agrees: expected.includes(observed) };
  });
}

function shooting({ faithful, onProgress }: ProveOptions): ShootOptions {
  return { ...(faithful && { timeoutMs: 500, inFlight: 2000 }), ...(onProgress && { onProgress }) };
}

/** Failure `lab-not-enforcing` when one fared differently from what is plain. */
function assertControls(controls: readonly Control[], observed: readonly Observation[]): void {
  const failed = controls.flatMap(({ probe, wanted }, i) => (observed[i] === wanted ? [] : [{ probe, wanted, observed: observed[i] }]));
  const [first] = failed;
  if (first === undefined) return;
  const { source, destination, protocol } = first.probe;
  throw new Failure('lab-not-enforcing', {
    failed: failed.length,
    controls: controls.length,
    first: {
      from: source.name,
      to: destination.name,
      protocol,
      family: source.address.family,
      wanted: first.wanted,
      observed: first.observed ?? '',
    },
  });
}

async function lookedInto(
  stage: Stage,
  cluster: Cluster,
  semantics: Decided['semantics'],
  ruleset: Ruleset,
  differing: readonly Result[],
  how: ShootOptions,
): Promise<Difference[]> {
  const walk = walker(ruleset);
  const differences: Difference[] = [];
  for (const { probe, expected, observed } of differing) {
    const before = await stage.counters();
    await stage.shoot([shotOf(probe)], how);
    const after = await stage.counters();
    const moved = [...after].flatMap(([counter, packets]) => {
      const more = packets - (before.get(counter) ?? 0);
      return more > 0 ? [{ counter, packets: more, meaning: ruleset.legend.get(counter) }] : [];
    });
    differences.push({
      probe,
      expected,
      observed,
      verdict: decide(cluster, semantics, connectionOf(probe)),
      walk: walk(packetOf(probe)),
      moved,
    });
  }
  return differences;
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

function withoutControls({ code, ends }: Assumption): Assumption {
  return { code, ends: ends.filter((end) => !end.startsWith(`${CONTROL_NAMESPACE}/`)) };
}
