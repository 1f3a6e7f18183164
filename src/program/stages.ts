// The steps that decide a direction, one after the other, as data: which policies stand in each, how they are combined, and what happens
// to a pod that a step selects and none of its clauses decides. Whoever evaluates reads this list and knows no tier by name.
import { CILIUM_MODE, type Direction, type Policy, type Tier } from '../model/policy.ts';
import type { CellName, CellValue, Semantics } from '../profile/profile.ts';

export interface Stage {
  /** The policies of this tier stand in the stage. */
  readonly tier: Tier;
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

/** What the texts of Kubernetes' own kinds say (semantics B.2). */
const API_STAGES: readonly Stage[] = [
  { tier: 'admin', combine: 'ordered', end: 'next', ties: 'open' },
  { tier: 'namespaced', combine: 'union', end: 'deny', ties: 'open' },
  { tier: 'baseline', combine: 'ordered', end: 'next', ties: 'open' },
  { tier: 'further', combine: 'veto', end: 'next', ties: 'open' },
];

/** Where a policy stands in the order in which the API's stages are asked: 0 for the first. */
export function stageNumber({ tier }: Pick<Policy, 'tier'>): number {
  return API_STAGES.findIndex((stage) => stage.tier === tier);
}

const CILIUM_STAGE: Stage = { tier: CILIUM_MODE, combine: 'ordered', end: 'next', ties: 'by-name' };

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
    needs.size === 0 ? ['both' as const] : semantics.adminPolicies === 'open' ? (['both', 'none'] as const) : [semantics.adminPolicies];
  const orders = !hasBaseline
    ? ['direction' as const]
    : semantics.baselineAfterNetworkPolicy === 'open'
      ? (['direction', 'any', 'neither'] as const)
      : [semantics.baselineAfterNetworkPolicy];
  const last: readonly Stage[] = policies.some(({ tier }) => tier === CILIUM_MODE) ? [CILIUM_STAGE] : [];
  return served.flatMap((apis, i) =>
    orders.map(
      (order, j): Reading => ({
        stages: [...API_STAGES.map((stage) => (stage.tier === 'namespaced' ? { ...stage, ...UNION_END[order] } : stage)), ...last],
        isInForce: ({ needs: what }) =>
          what === undefined ||
          (what === 'cnp' || what === 'anp' ? apis === 'both' || apis === what : isReadSo(what, semantics.ownPolicies)),
        unlike: [...(i > 0 ? ['adminPolicies' as const] : []), ...(j > 0 ? ['baselineAfterNetworkPolicy' as const] : [])],
      }),
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
  return (
    policy[direction] !== 'not-governed' || stages.some(({ tier, endsForSelected }) => endsForSelected === true && tier === policy.tier)
  );
}

/** Does selecting a pod make this policy end the direction where nothing decides? */
export function isolates(policy: Policy, direction: Direction): boolean {
  return policy[direction] !== 'not-governed' && policy.opensOnly?.includes(direction) !== true;
}

/**
 * The policies of an ordered stage, lower numbers first. Each group is of one number: its members may be applied in any order.
 * A member is the parts of one policy, in their own order. Under `by-name` every group has one member.
 */
export function orderedGroups(policies: readonly Policy[], { tier, ties }: Stage): readonly (readonly (readonly Policy[])[])[] {
  const groups: Policy[][][] = [];
  let last: Policy | undefined;
  for (const policy of policies.filter((one) => one.tier === tier).sort(byOrder)) {
    const sameOrder = last !== undefined && last.order === policy.order;
    if (last !== undefined && sameOrder && isSamePolicy(last, policy)) groups.at(-1)?.at(-1)?.push(policy);
    else if (sameOrder && ties === 'open') groups.at(-1)?.push([policy]);
    else groups.push([[policy]]);
    last = policy;
  }
  return groups;
}

function isSamePolicy(a: Policy, b: Policy): boolean {
  return a.part !== undefined && b.part !== undefined && a.kind === b.kind && a.ref === b.ref;
}

function byOrder(a: Policy, b: Policy): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  return compare(a.name, b.name) || compare(a.ref, b.ref) || compare(a.kind, b.kind) || (a.part ?? 0) - (b.part ?? 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
