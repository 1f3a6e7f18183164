// The steps that decide a direction, one after the other, as data: which policies stand in each, how they are combined, and what happens
// to a pod that a step selects and none of its clauses decides. Whoever evaluates reads this list and knows no tier by name.
import { CILIUM_MODE, type Direction, type Policy, type Tier } from '../model/policy.ts';
import type { CellName, CellValue, Semantics } from '../profile/profile.ts';

export interface Stage {
  /** The policies of this tier stand in the stage. */
  readonly tier: Tier;
  /** Set where two states are read at once and give the tier two places: those of its policies that have this one. */
  readonly place?: Policy['stage'];
  /** Those of Kubernetes' own kinds that this tier stands for, too, and the order they have there; absent: their own. */
  readonly also?: { readonly tier: Tier; readonly order?: number };
  /**
   * `ordered`: the first clause that matches decides. `union`: a deny that matches decides, else an allow that matches. `veto`: asked about
   * what all the others let through, and able to deny it.
   */
  readonly combine: 'ordered' | 'union' | 'veto';
  /**
   * What a pod meets that a policy of the stage isolates, where no clause decided. `next`: the stages after this one, as if it were not
   * there. `deny`: nothing passes. `deny-last`: the stages after this one may still decide; else nothing passes.
   */
  readonly end: 'next' | 'deny' | 'deny-last';
  /** A pod that its policies select in the other direction alone gets no further stage: nothing is left to deny it. */
  readonly endsForSelected?: boolean;
  /** Two policies of one order that decide differently: undecided (`open`), or the name that sorts first comes first (`by-name`). */
  readonly ties: 'open' | 'by-name';
}

const VETO: Stage = { tier: 'further', combine: 'veto', end: 'next', ties: 'open' };

/** What the texts of Kubernetes' own kinds say (semantics B.2). */
const API_STAGES: readonly Stage[] = [
  { tier: 'admin', combine: 'ordered', end: 'next', ties: 'open' },
  { tier: 'namespaced', combine: 'union', end: 'deny', ties: 'open' },
  { tier: 'baseline', combine: 'ordered', end: 'next', ties: 'open' },
  VETO,
];

/** The orders of Calico's tiers that hold the policies of the API's stages. */
const API_PLACES = [1000, 1_000_000, Number.POSITIVE_INFINITY];

/** Where a policy stands in the order in which the API's stages are asked: 0 for the first. */
export function stageNumber({ tier, stage }: Pick<Policy, 'tier' | 'stage'>): number {
  const placed = stage === undefined ? undefined : API_PLACES.findIndex((order) => stage.order <= order);
  return placed ?? API_STAGES.findIndex((one) => one.tier === tier);
}

const CILIUM_STAGE: Stage = { tier: CILIUM_MODE, combine: 'ordered', end: 'next', ties: 'by-name' };

/**
 * Where Calico is in force with tiers of its own: one ordered stage a tier, with Kubernetes' kinds in the tiers that Calico converts them
 * into (reference, part 3). Unreadable policies of other kinds may come before everything.
 */
function calicoStages(policies: readonly Policy[]): readonly Stage[] {
  const fixed = new Map<Tier, PlacedTier>(FIXED_TIERS.map((one) => [one.tier, one]));
  const own = new Map<string, PlacedTier>();
  for (const { tier, stage } of policies) {
    if (stage === undefined) continue;
    const known = fixed.get(tier);
    if (known !== undefined) fixed.set(tier, { ...known, ...stage });
    else own.set(`${tier} ${stage.order} ${stage.end}`, { tier, ...stage, place: stage });
  }
  const ordered = [...fixed.values(), ...own.values()].sort((a, b) =>
    a.order === b.order ? compare(a.tier, b.tier) : a.order < b.order ? -1 : 1,
  );
  return [
    { tier: UNPLACED, combine: 'ordered', end: 'next', ties: 'by-name', also: { tier: 'admin' } },
    ...ordered.map(({ order: _, ...placed }): Stage => ({ ...placed, combine: 'ordered', ties: 'by-name' })),
    VETO,
  ];
}

/** A tier of Calico with the number by which it has its turn. */
interface PlacedTier extends Pick<Stage, 'tier' | 'place' | 'also'> {
  readonly order: number;
  readonly end: 'deny' | 'next';
}

const UNPLACED: Tier = 'tier (unread)';

/** Every Calico has these. */
const FIXED_TIERS: readonly PlacedTier[] = [
  { tier: 'tier kube-admin', order: 1000, end: 'next', also: { tier: 'admin' } },
  { tier: 'tier default', order: 1_000_000, end: 'deny', also: { tier: 'namespaced', order: 1000 } },
  { tier: 'tier kube-baseline', order: 10_000_000, end: 'next', also: { tier: 'baseline' } },
];

/** Does the policy stand in this stage? Cluster-wide ones that could not be read and have no place of their own come first of all. */
export function standsIn(policy: Policy, { tier, place, also }: Stage): boolean {
  if (policy.tier === tier) return place === undefined || (policy.stage?.order === place.order && policy.stage.end === place.end);
  if (also?.tier !== policy.tier) return false;
  return policy.tier !== 'admin' || (policy.order === Number.NEGATIVE_INFINITY) === (tier === UNPLACED);
}

/** The number by which a policy has its place in the stage. */
function orderIn({ tier, order }: Policy, { also }: Stage): number {
  return also?.order !== undefined && also.tier === tier ? also.order : order;
}

/** One way to read the policies that a profile leaves possible. */
export interface Reading {
  /** In the order in which they are asked. */
  readonly stages: readonly Stage[];
  readonly isInForce: (policy: Policy) => boolean;
  /** The open cells that this reading answers otherwise than the first one; [] of the first. */
  readonly unlike: readonly CellName[];
}

/**
 * The readings under this profile, one where it decides everything that matters to these policies. A verdict in which they differ is
 * undecided. `readingsOf(shop, kubernetes)` → the stages of the API, every policy in force.
 */
export function readingsOf(policies: readonly Policy[], semantics: Semantics): readonly Reading[] {
  const needs = new Set(policies.flatMap(({ needs: what }) => (what === 'cnp' || what === 'anp' ? [what] : [])));
  const hasBaseline = policies.some(({ tier }) => tier === 'baseline');
  const served =
    !needs.has('cnp') && !needs.has('anp')
      ? ['both' as const]
      : semantics.adminPolicies === 'open'
        ? (['both', 'none'] as const)
        : [semantics.adminPolicies];
  const orders = !hasBaseline
    ? ['direction' as const]
    : semantics.baselineAfterNetworkPolicy === 'open'
      ? (['direction', 'any', 'neither'] as const)
      : [semantics.baselineAfterNetworkPolicy];
  const last: readonly Stage[] = policies.some(({ tier }) => tier === CILIUM_MODE) ? [CILIUM_STAGE] : [];
  const kinds = !policies.some(({ needs: what }) => what === 'calico')
    ? ['none' as const]
    : semantics.ownPolicies === 'open'
      ? (['calico', 'none'] as const)
      : [semantics.ownPolicies];
  const tiers = kinds.includes('calico') ? calicoStages(policies) : [];
  return kinds.flatMap((kind, k) =>
    served.flatMap((apis, i) =>
      (kind === 'calico' ? orders.slice(0, 1) : orders).map(
        (order, j): Reading => ({
          stages:
            kind === 'calico'
              ? [...tiers, ...last]
              : [...API_STAGES.map((stage) => (stage.tier === 'namespaced' ? { ...stage, ...UNION_END[order] } : stage)), ...last],
          isInForce: ({ needs: what }) => {
            if (what === undefined) return true;
            if (what === 'calico') return kind === 'calico';
            return what === 'cnp' || what === 'anp' ? apis === 'both' || apis === what : isReadSo(what, semantics.ownPolicies);
          },
          unlike: [
            ...(k > 0 ? ['ownPolicies' as const] : []),
            ...(i > 0 ? ['adminPolicies' as const] : []),
            ...(j > 0 ? ['baselineAfterNetworkPolicy' as const] : []),
          ],
        }),
      ),
    ),
  );
}

/** Does a CNI that enforces these kinds of its own take the policy as it stands here? */
function isReadSo(what: 'cilium' | 'not-cilium' | 'cilium-open', own: Semantics['ownPolicies']): boolean {
  if (what === 'cilium') return own === 'cilium';
  return what === 'not-cilium' ? own !== 'cilium' : own === 'open';
}

/** What keeps a pod out of the Baseline tier (cell baselineAfterNetworkPolicy). */
const UNION_END: Readonly<Record<CellValue<'baselineAfterNetworkPolicy'>, Partial<Stage>>> = {
  direction: {},
  any: { endsForSelected: true },
  neither: { end: 'deny-last' },
};

/** Does a policy that selects a pod have to be asked about this direction? */
export function takesPart(policy: Policy, direction: Direction, { stages, isInForce }: Reading): boolean {
  if (!isInForce(policy)) return false;
  return policy[direction] !== 'not-governed' || stages.some((stage) => stage.endsForSelected === true && standsIn(policy, stage));
}

/** Does selecting a pod make this policy end the direction where nothing decides? */
export function isolates(policy: Policy, direction: Direction): boolean {
  return policy[direction] !== 'not-governed' && policy.opensOnly?.includes(direction) !== true;
}

/**
 * The policies of an ordered stage, lower numbers first. Each group is of one number: its members may be applied in any order.
 * A member is the parts of one policy, in their own order. Under `by-name` every group has one member.
 */
export function orderedGroups(policies: readonly Policy[], stage: Stage): readonly (readonly (readonly Policy[])[])[] {
  const groups: Policy[][][] = [];
  let last: Policy | undefined;
  for (const policy of policies.filter((one) => standsIn(one, stage)).sort((a, b) => byOrder(a, b, stage))) {
    const sameOrder = last !== undefined && orderIn(last, stage) === orderIn(policy, stage);
    if (last !== undefined && sameOrder && isSamePolicy(last, policy)) groups.at(-1)?.at(-1)?.push(policy);
    else if (sameOrder && stage.ties === 'open') groups.at(-1)?.push([policy]);
    else groups.push([[policy]]);
    last = policy;
  }
  return groups;
}

function isSamePolicy(a: Policy, b: Policy): boolean {
  return a.part !== undefined && b.part !== undefined && a.kind === b.kind && a.ref === b.ref;
}

function byOrder(a: Policy, b: Policy, stage: Stage): number {
  const [x, y] = [orderIn(a, stage), orderIn(b, stage)];
  if (x !== y) return x < y ? -1 : 1;
  return compare(tieKey(a), tieKey(b)) || (a.part ?? 0) - (b.part ?? 0);
}

/** Felix: PolKVLess, calc/policy_sorter.go. `p//GlobalNetworkPolicy`, `p/shop/NetworkPolicy`; Kubernetes' own kinds under names of their own. */
function tieKey({ kind, name, namespace, needs }: Policy): string {
  const [plain = kind] = kind.split('.');
  return `${name}/${namespace ?? ''}/${needs === 'calico' ? plain : `Kubernetes${plain}`}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
