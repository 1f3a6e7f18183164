// Many connections of a live cluster at once, with their controls: how `test --live` asks what `probe` asks of one.
// As few containers as can be: what one pod dials, it dials from one container; what several questions want to know is asked once.
// Knows neither intents nor screens. The caller reads the cluster, makes a plan per question (plan.ts), asks the person, and draws.

import { Failure } from '../failure.ts';
import { type Conclusion, type Control, conclude, isConnected, type Measured } from './conclude.ts';
import { type ProbeApi, type ProbeOutcome, type ProbeWay, probeFrom } from './connect.ts';
import type { PodRef } from './manifests.ts';
import type { ProbePlan } from './plan.ts';
import { MOST_TARGETS, type ProbeTarget } from './script.ts';

export interface ManyOptions {
  readonly way: ProbeWay;
  readonly image: string;
  /** How long a connection may take. */
  readonly timeoutSeconds: number;
  /** With `exec`: which container of the source pods; of the destinations it is the first. */
  readonly container?: string | undefined;
  /** What a client sees of a denied connection on this CNI: `denySymptom(choice)`. */
  readonly denySymptom: Measured['denySymptom'];
  /** Aborted on Ctrl-C: what was created is removed, then `interrupted` is thrown. */
  readonly signal: AbortSignal;
  /** Pods that are asked at the same time. */
  readonly atOnce?: number;
  /** false: no destination is asked whether it answers itself; then a denied connection is `not-proven`. */
  readonly controls?: boolean;
  /** After every pod that has answered; `total` grows when the controls are known. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** One plan's outcome: what was measured and what it means, or why it could not be tried. */
export type Probed =
  | {
      readonly plan: ProbePlan;
      readonly outcome: ProbeOutcome;
      readonly control: Control | undefined;
      /** Why there is none; undefined also where none is needed. */
      readonly noControl: NoControl | undefined;
      readonly conclusion: Conclusion;
    }
  | { readonly plan: ProbePlan; readonly failure: Failure };

/** `no-pod`: the destination is not a pod that runs here. `throwaway`: a new pod says nothing about the destination. Or it was tried in vain. */
export type NoControl = { readonly why: 'no-pod' | 'throwaway' | 'not-wanted' } | { readonly why: 'failed'; readonly failure: Failure };

const AT_ONCE = 4;

/**
 * A command does it so (see also cli/commands/probe.ts):
 *
 *     const plans = questions.map(({ from, to }) => planProbe(cluster, why(cluster, semantics, { from, to, namespace })));
 *     if (way !== 'exec') await askBefore(creationsSentence(creations(plans, way, image)), options);
 *     const probed = await withProbing(options, (api, signal) => probeMany(api, plans, { way, image, signal, onProgress, … }));
 *     const verdicts = probed.map((each, i) => holds(questions[i].expect, each));
 *
 * `probeMany(api, plans, { way: 'debug', … })` → one `Probed` per plan, in their order; [] for none. What concerns one pod alone (it has gone,
 * its image cannot be fetched, no right to it) is that plan's failure. Throws `interrupted`, and what no other pod would do better:
 * a cluster that does not answer, credentials that are refused.
 */
export async function probeMany(api: ProbeApi, plans: readonly ProbePlan[], options: ManyOptions): Promise<readonly Probed[]> {
  const asking = new Asking(api, options);
  const first = await asking.all(
    plans.map((plan) => ({ pod: plan.source, target: plan.target })),
    options.container,
  );
  const controls = new Map<string, Dial>();
  plans.forEach((plan, i) => {
    const dial = controlOf(plan, first[i], options);
    if (dial !== undefined) controls.set(keyOf(dial), dial);
  });
  const dials = [...controls.values()];
  const answers = await asking.all(dials);
  const itself = new Map(dials.map((dial, i) => [keyOf(dial), answers[i]]));
  return plans.map((plan, i) => probed(plan, first[i] as Answer, itself, options));
}

type Answer = ProbeOutcome | Failure;
interface Dial {
  readonly pod: PodRef;
  readonly target: ProbeTarget;
}

/** Two passes, the questions and their controls, with one count of what has been done. */
class Asking {
  readonly #api: ProbeApi;
  readonly #options: ManyOptions;
  #done = 0;
  #total = 0;

  constructor(api: ProbeApi, options: ManyOptions) {
    this.#api = api;
    this.#options = options;
  }

  async all(dials: readonly Dial[], container?: string): Promise<readonly Answer[]> {
    const groups = byPod(dials);
    this.#total += groups.length;
    if (groups.length > 0) this.#tell();
    const answers = new Map<string, Answer>();
    const waiting = groups.values();
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#options.signal, stop.signal]);
    const worker = async (): Promise<void> => {
      for (const group of waiting) {
        if (signal.aborted) return;
        for (const [key, answer] of await this.#ask(group, container, signal)) answers.set(key, answer);
        this.#done++;
        this.#tell();
      }
    };
    const count = Math.max(1, this.#options.atOnce ?? AT_ONCE);
    const workers = Array.from({ length: count }, () =>
      worker().catch((error: unknown) => {
        stop.abort();
        throw error;
      }),
    );
    // Everybody is waited for, also when one fails: each removes what it has created.
    const failed = (await Promise.allSettled(workers)).flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    if (failed.length > 0) throw worst(failed);
    if (this.#options.signal.aborted) throw new Failure('interrupted', { during: 'probes' });
    return dials.map((dial) => answers.get(keyOf(dial)) as Answer);
  }

  async #ask({ pod, targets }: Group, container: string | undefined, signal: AbortSignal): Promise<readonly (readonly [string, Answer])[]> {
    const { way, image, timeoutSeconds } = this.#options;
    const request = { source: pod, targets, way, image, timeoutSeconds, container, signal };
    const answers = await probeFrom(this.#api, request).catch((error: unknown) => {
      if (error instanceof Failure && OF_ONE_POD.has(error.code)) return targets.map(() => error);
      throw error;
    });
    return targets.map((target, i) => [keyOf({ pod, target }), answers[i] as Answer]);
  }

  #tell(): void {
    this.#options.onProgress?.({ done: this.#done, total: this.#total });
  }
}

/** Of what connect.ts throws, what says nothing about other pods. */
const OF_ONE_POD: ReadonlySet<string> = new Set([
  'forbidden',
  'no-such-pod',
  'pod-gone',
  'pod-not-running',
  'probe-broke',
  'probe-exec-failed',
  'probe-left-behind',
  'probe-not-started',
  'probe-refused',
]);

/** Something that was left in the cluster must be told; then the cause, of which the others' being stopped is only the consequence. */
function worst(errors: readonly unknown[]): unknown {
  const codeOf = (error: unknown) => (error instanceof Failure ? error.code : '');
  return (
    errors.find((error) => codeOf(error) === 'probe-left-behind') ?? errors.find((error) => codeOf(error) !== 'interrupted') ?? errors[0]
  );
}

interface Group {
  readonly pod: PodRef;
  readonly targets: readonly ProbeTarget[];
}

/** Each target once per pod, in containers of at most MOST_TARGETS; pods in the order in which they first appear. */
function byPod(dials: readonly Dial[]): readonly Group[] {
  const pods = new Map<string, { readonly pod: PodRef; readonly targets: Map<string, ProbeTarget> }>();
  for (const dial of dials) {
    const ref = `${dial.pod.namespace}/${dial.pod.name}`;
    const entry = pods.get(ref) ?? { pod: dial.pod, targets: new Map<string, ProbeTarget>() };
    entry.targets.set(keyOf(dial), dial.target);
    pods.set(ref, entry);
  }
  return [...pods.values()].flatMap(({ pod, targets }) => {
    const all = [...targets.values()];
    return Array.from({ length: Math.ceil(all.length / MOST_TARGETS) }, (_, i) => ({
      pod,
      targets: all.slice(i * MOST_TARGETS, (i + 1) * MOST_TARGETS),
    }));
  });
}

function keyOf({ pod, target: { host, port, protocol, payload = '', http } }: Dial): string {
  return JSON.stringify([pod.namespace, pod.name, host, port, protocol, payload, http]);
}

/** Silence and refusal prove nothing until it is shown that the destination answers where no policy is in the way. */
function controlOf(plan: ProbePlan, answer: Answer | undefined, options: ManyOptions): Dial | undefined {
  if (answer === undefined || answer instanceof Failure || noControlFor(plan, answer, options) !== undefined) return undefined;
  if (isConnected(answer.result) || answer.result === 'name-not-resolved' || plan.vouched !== undefined) return undefined;
  return plan.destination === undefined || plan.itself === undefined ? undefined : { pod: plan.destination, target: plan.itself };
}

/** Why the destination is not asked; undefined: it is, or there is no need. */
function noControlFor(plan: ProbePlan, { result }: ProbeOutcome, { way, controls = true }: ManyOptions): NoControl | undefined {
  if (isConnected(result) || result === 'name-not-resolved' || plan.vouched !== undefined) return undefined;
  if (plan.destination === undefined || plan.itself === undefined) return { why: 'no-pod' };
  if (way === 'throwaway') return { why: 'throwaway' };
  return controls ? undefined : { why: 'not-wanted' };
}

function probed(plan: ProbePlan, answer: Answer, itself: ReadonlyMap<string, Answer | undefined>, options: ManyOptions): Probed {
  if (answer instanceof Failure) return { plan, failure: answer };
  const dial = controlOf(plan, answer, options);
  const found = dial === undefined ? undefined : itself.get(keyOf(dial));
  const needed = !isConnected(answer.result) && answer.result !== 'name-not-resolved';
  const control: Control | undefined =
    found === undefined || found instanceof Failure
      ? needed
        ? plan.vouched
        : undefined
      : { by: 'itself', result: found.result, text: found.text };
  const noControl: NoControl | undefined =
    found instanceof Failure ? { why: 'failed', failure: found } : noControlFor(plan, answer, options);
  const measured = { result: answer.result, control, model: plan.connection.outcome, denySymptom: options.denySymptom };
  return { plan, outcome: answer, control, noControl, conclusion: conclude(measured) };
}

/**
 * What a person agrees to before many plans are tried: `{ way: 'debug', image: 'agnhost:2.53', sources: 7, destinations: 3 }`. A destination
 * gets a container of its own only where nothing answers, so `destinations` is the most that there will be.
 */
export function creations(plans: readonly ProbePlan[], way: ProbeWay, image: string): Creations {
  const sources = byPod(plans.map((plan) => ({ pod: plan.source, target: plan.target }))).length;
  const destinations = new Set(plans.flatMap(({ destination: to }) => (to === undefined ? [] : [`${to.namespace}/${to.name}`]))).size;
  return { way, image, sources, destinations };
}

export interface Creations {
  readonly way: ProbeWay;
  readonly image: string;
  readonly sources: number;
  readonly destinations: number;
}

/**
 * Does what was measured hold what somebody expects? `allowed` wants an answer (a reset came from the other side, too). `denied` wants
 * silence or refusal, and a control which shows that the destination would have answered: without it `not-proven`.
 */
export function holds(expected: 'allowed' | 'denied', probed: Probed): 'yes' | 'no' | 'not-proven' {
  if ('failure' in probed) return 'not-proven';
  const { outcome, control } = probed;
  if (outcome.result === 'unclear') return 'not-proven';
  if (isConnected(outcome.result)) return expected === 'allowed' ? 'yes' : 'no';
  if (outcome.result === 'name-not-resolved') return expected === 'allowed' ? 'no' : 'not-proven';
  const answers = control !== undefined && isConnected(control.result);
  if (expected === 'denied') return answers ? 'yes' : 'not-proven';
  return 'no';
}
