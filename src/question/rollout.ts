// `rollout`: an order in which a change can be applied, so that no connection that is allowed before and after is cut on the way, and none that
// is denied before and after opens. Facts only. How states are judged is in rollout-spots.ts, how orders are found in rollout-search.ts.
import type { Cluster } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import type { PortSet } from '../net/port-set.ts';
import type { Doubt } from '../policy/verdict.ts';
import { type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import type { Semantics } from '../profile/profile.ts';
import { asReadBy } from '../program/in-force.ts';
import { withKinds } from './new-access.ts';
import { type Scene, sceneOf } from './rollout-scene.ts';
import { type Found, searchWaves } from './rollout-search.ts';
import { serviceSpots } from './rollout-services.ts';
import { type Spot, spotsOf } from './rollout-spots.ts';
import { precedenceOf, type Step, type Steps, stepsBetween } from './rollout-steps.ts';
import { stepsOfTemporary, type Temporary, temporariesFor } from './rollout-temporary.ts';

/** What a step would do to a connection after others. */
export interface Trouble {
  readonly after: readonly Step[];
  readonly step: Step;
  readonly effect: 'cut' | 'opened' | 'doubt';
  /** `shop/cart[Deployment]`, `10.0.0.0-10.0.0.255`, `shop/svc/cart`. */
  readonly from: string;
  readonly to: string;
  readonly ports: PortSet;
  readonly because: readonly Doubt[];
}

export type RolloutDoubt =
  /** What these policies say depends on another object that changes, and is not known for each order. */
  | { readonly code: 'derived'; readonly policies: readonly string[] }
  /** Policies of the new state that the API server refuses, or that cannot be read: applying them fails, or does nobody knows what. */
  | { readonly code: 'refused'; readonly policies: readonly string[] }
  /** More steps act on the same connections than can be tried. */
  | { readonly code: 'too-many-steps'; readonly steps: number }
  /** The two states set the CNI in two ways. */
  | { readonly code: 'settings-differ' }
  /** Each order passes a state that the profile or the input leaves open: see `troubles`. */
  | { readonly code: 'open-states' };

export interface RolloutAnswer {
  readonly profile: string;
  /** `temporary`: the change alone has no order, and with the temporary policies it has. `none`: every order was ruled out. */
  readonly outcome: 'unchanged' | 'ordered' | 'temporary' | 'none' | 'undecided';
  /** The objects that differ, as far as connections depend on them. */
  readonly steps: readonly Step[];
  /** Every interleaving inside a wave is safe. [] without an order; of `undecided`, the order that is safe but for what is open. */
  readonly waves: readonly (readonly Step[])[];
  readonly temporary: readonly Temporary[];
  /** Why there is no order, or none that is proved, without the temporary policies: examples. */
  readonly troubles: readonly Trouble[];
  /** [] unless undecided. */
  readonly doubts: readonly RolloutDoubt[];
  /** Kinds of pods that nobody has created yet, of which it holds too; undefined: it was checked for the pods there are only. */
  readonly toCome: number | undefined;
}

/** Two states as they were read. */
export interface RolloutStates {
  readonly before: Cluster;
  readonly after: Cluster;
  readonly choice: ProfileChoice;
  /** They set the CNI in two ways. */
  readonly settingsDiffer: boolean;
}

const NOTHING = { waves: [], temporary: [], troubles: [], doubts: [], toCome: undefined } as const;
/** Kinds of pods to come that are looked at: every pair of them is asked. With more, only the pods that there are. */
const MOST_KINDS = 60;
/** Steps that may act on one connection: each of their 2^n states is asked. And the steps of a group for which temporary policies are looked for. */
const MOST_ACTING = 7;
const MOST_HELPED = 6;
/** Temporary policies that are tried, and rounds of adding some for the next group of steps without an order. */
const MOST_TEMPORARY = 16;
const MOST_ROUNDS = 8;

/** Never throws. */
export function rollout({ before, after, choice, settingsDiffer }: RolloutStates): RolloutAnswer {
  const semantics = semanticsOf(choice);
  return { profile: choice.name, ...rolloutOf(asReadBy(before, semantics), asReadBy(after, semantics), semantics, settingsDiffer) };
}

/** The same of clusters as a profile reads them. `settingsDiffer`: see RolloutStates. */
export function rolloutOf(before: Cluster, after: Cluster, semantics: Semantics, settingsDiffer = false): Omit<RolloutAnswer, 'profile'> {
  const { steps, derived } = stepsBetween(before, after);
  const facts = { steps, ...NOTHING };
  const unordered = unorderedBecause({ steps, derived }, settingsDiffer);
  if (unordered !== undefined) return { ...facts, outcome: 'undecided', doubts: [unordered] };
  if (steps.length === 0) return { ...facts, outcome: 'unchanged' };
  const setting = settingOf(before, after, semantics);
  const { toCome } = setting;
  const plain = wavesFor(setting, steps);
  if (plain.found.kind === 'waves')
    return { ...facts, outcome: 'ordered', waves: wavesIn(plain), toCome: plain.coversAll ? toCome : undefined };
  const troubles = troublesIn(plain);
  const helped = plain.found.kind === 'none' ? withTemporaries(setting, plain) : undefined;
  if (helped !== undefined) {
    const { search, temporary } = helped;
    return { ...facts, outcome: 'temporary', waves: wavesIn(search), temporary, troubles, toCome: search.coversAll ? toCome : undefined };
  }
  if (plain.found.kind === 'too-many') {
    return { ...facts, outcome: 'undecided', doubts: [{ code: 'too-many-steps', steps: plain.found.together }] };
  }
  const lenient = searchWaves({ ...problemOf(plain), acceptDoubt: true });
  if (lenient.kind === 'none') return { ...facts, outcome: 'none', troubles };
  const waves = lenient.kind === 'waves' ? wavesIn({ ...plain, found: lenient }) : [];
  return { ...facts, outcome: 'undecided', waves, troubles, doubts: [{ code: 'open-states' }] };
}

/** Why no state on the way can be known; undefined where they can. */
function unorderedBecause({ steps, derived }: Steps, settingsDiffer: boolean): RolloutDoubt | undefined {
  const named = (list: readonly { readonly kind: string; readonly ref: string }[]) => list.map(({ kind, ref }) => `${kind} ${ref}`);
  if (derived.length > 0) return { code: 'derived', policies: named(derived) };
  const refused = steps.filter((step) => step.of === 'policy' && step.after.some(({ faults }) => faults.length > 0));
  if (refused.length > 0) return { code: 'refused', policies: named(refused) };
  return settingsDiffer ? { code: 'settings-differ' } : undefined;
}

interface RolloutSetting {
  readonly before: Cluster;
  readonly after: Cluster;
  readonly semantics: Semantics;
  readonly toCome: number | undefined;
}

function settingOf(before: Cluster, after: Cluster, semantics: Semantics): RolloutSetting {
  const kinds = withKinds(before, after, MOST_KINDS);
  return { before: kinds.before, after: kinds.after, semantics, toCome: kinds.doubts.length > 0 ? undefined : kinds.toCome };
}

interface Search {
  readonly steps: readonly Step[];
  readonly scene: Scene;
  /** Of the pods that there are. */
  readonly spots: readonly Spot[];
  readonly found: Found<Spot>;
  /** Does it hold of pods to come, too? */
  readonly coversAll: boolean;
}

/** For pods to come, too, where that is possible; else for those that there are. */
function wavesFor(setting: RolloutSetting, steps: readonly Step[]): Search {
  const scene = sceneOf(setting.before, setting.after, steps, setting.semantics);
  const isWhole = setting.toCome !== undefined;
  const all = [...spotsOf(scene), ...serviceSpots(scene, setting.before, setting.after, steps)];
  const spots = all.filter(({ isToCome }) => !isToCome);
  const search = { steps, scene, spots };
  const precedence = precedenceWith(steps);
  // Temporary policies are tried for few steps only, so that theirs need no limit.
  const isHelped = steps.some(({ of }) => of === 'temporary');
  const acting = (list: readonly Spot[]) => (isHelped ? 0 : list.reduce((most, spot) => Math.max(most, spot.steps.length), 0));
  if (acting(spots) > MOST_ACTING) return { ...search, found: { kind: 'too-many', together: acting(spots) }, coversAll: false };
  if (all.length > spots.length && acting(all) <= MOST_ACTING) {
    const found = searchWaves({ steps: steps.length, constraints: all, precedence });
    if (found.kind === 'waves') return { ...search, found, coversAll: isWhole };
  }
  const found = searchWaves({ steps: steps.length, constraints: spots, precedence });
  return { ...search, found, coversAll: isWhole && all.length === spots.length };
}

function problemOf({ steps, spots }: Search) {
  return { steps: steps.length, constraints: spots, precedence: precedenceWith(steps) };
}

/** What is temporary is applied before it is deleted. */
function precedenceWith(steps: readonly Step[]): readonly (readonly [number, number])[] {
  const temporary = steps.flatMap((step, i) => (step.of === 'temporary' && step.action === 'apply' ? [[i, i + 1] as const] : []));
  return [...precedenceOf(steps), ...temporary];
}

function wavesIn({ steps, found }: Pick<Search, 'steps' | 'found'>): readonly (readonly Step[])[] {
  return found.kind === 'waves' ? found.waves.map((wave) => wave.map((i) => steps[i] as Step)) : [];
}

function troublesIn({ steps, found }: Search): readonly Trouble[] {
  if (found.kind !== 'none') return [];
  return found.obstacles.map(({ applied, step, constraint, verdict }) => troubleOf(steps, constraint, verdict, [...applied, step]));
}

/** `applied`: the step that does it is the last. */
function troubleOf(steps: readonly Step[], spot: Spot, effect: Trouble['effect'], applied: readonly number[]): Trouble {
  const { cut, opened, doubtful, because } = spot.harm((one) => applied.includes(one));
  const ports = effect === 'cut' ? cut : effect === 'opened' ? opened : doubtful;
  const taken = applied.map((one) => steps[one] as Step);
  return { after: taken.slice(0, -1), step: taken.at(-1) as Step, effect, from: spot.from, to: spot.to, ports, because };
}

/** The temporary policies that make an order, as few as each by itself cannot be left out; undefined: none was found. */
function withTemporaries(
  setting: RolloutSetting,
  plain: Search,
): { readonly search: Search; readonly temporary: readonly Temporary[] } | undefined {
  let chosen: readonly Temporary[] = [];
  let search = plain;
  const tried = (temporary: readonly Temporary[]) => wavesFor(setting, [...plain.steps, ...temporary.flatMap(stepsOfTemporary)]);
  for (let round = 0; round < MOST_ROUNDS && search.found.kind === 'none'; round++) {
    const group = new Set(search.found.group.map((i) => search.steps[i] as Step));
    if (round === 0 && group.size > MOST_HELPED) return undefined;
    const candidates = temporariesFor(
      plain.steps.filter((step) => group.has(step)),
      [...setting.before.policies, ...setting.after.policies],
    );
    const known = new Set(chosen.map(nameOf));
    const more = harmless(
      candidates.filter((one) => !known.has(nameOf(one))),
      tried,
    );
    if (more.length === 0 || chosen.length + more.length > MOST_TEMPORARY) return undefined;
    chosen = [...chosen, ...more];
    search = tried(chosen);
  }
  if (search.found.kind !== 'waves') return undefined;
  for (const one of chosen) {
    const fewer = chosen.filter((other) => other !== one);
    const again = tried(fewer);
    if (again.found.kind === 'waves') [chosen, search] = [fewer, again];
  }
  return { search, temporary: chosen };
}

/** Those that can be applied to what there is now; the others would have to be deleted before they help. */
function harmless(candidates: readonly Temporary[], tried: (temporary: readonly Temporary[]) => Search): readonly Temporary[] {
  if (candidates.length === 0 || candidates.length > MOST_TEMPORARY) return candidates;
  const { steps, spots } = tried(candidates);
  return candidates.filter(({ policies }) => {
    const own = steps.findIndex((step) => step.of === 'temporary' && step.policies === policies);
    return spots.every((spot) => !spot.steps.includes(own) || spot.verdict((step) => step === own) === 'safe');
  });
}

function nameOf({ policies }: Temporary): string {
  const [{ kind, ref }] = policies as [Policy, ...Policy[]];
  return `${kind} ${ref}`;
}

/** What an order that is given does on the way. */
export interface Walked {
  readonly profile: string;
  readonly steps: readonly Step[];
  /** By step, in the given order: what is cut, open or in doubt after it and was not so before it. Examples of each step. */
  readonly troubles: readonly Trouble[];
  readonly outcome: 'safe' | 'unsafe' | 'undecided';
  readonly doubts: readonly RolloutDoubt[];
}

const MOST_TROUBLES = 5;

/** `ordered`: puts the steps in the order in which they are applied, one after the other. Of the pods that there are. Never throws. */
export function walkOrder(
  { before: earlier, after: later, choice, settingsDiffer }: RolloutStates,
  ordered: (steps: readonly Step[]) => readonly Step[],
): Walked {
  const semantics = semanticsOf(choice);
  const [before, after] = [asReadBy(earlier, semantics), asReadBy(later, semantics)];
  const { steps: found, derived } = stepsBetween(before, after);
  const steps = ordered(found);
  const facts = { profile: choice.name, steps };
  const unordered = unorderedBecause({ steps, derived }, settingsDiffer);
  if (unordered !== undefined) return { ...facts, troubles: [], outcome: 'undecided', doubts: [unordered] };
  const scene = sceneOf(before, after, steps, semantics);
  const spots = [...spotsOf(scene), ...serviceSpots(scene, before, after, steps)];
  const applied: number[] = [];
  const troubles: Trouble[] = [];
  let bad = new Set<Spot>();
  for (const step of steps.keys()) {
    applied.push(step);
    const now = new Set<Spot>();
    let told = 0;
    for (const spot of spots) {
      const verdict = spot.verdict((one) => one <= step);
      if (verdict === 'safe') continue;
      now.add(spot);
      if (!bad.has(spot) && told++ < MOST_TROUBLES) troubles.push(troubleOf(steps, spot, verdict, applied));
    }
    bad = now;
  }
  const isSure = troubles.some(({ effect }) => effect !== 'doubt');
  return { ...facts, troubles, outcome: isSure ? 'unsafe' : troubles.length > 0 ? 'undecided' : 'safe', doubts: [] };
}
