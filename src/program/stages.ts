// The steps that decide a direction, one after the other, as data: which policies stand in each, how they are combined, and what happens
// to a pod that a step selects and none of its clauses decides. Whoever evaluates reads this list and knows no tier by name.
import type { Cluster } from '../model/cluster.ts';
import type { Direction, Policy, Tier } from '../model/policy.ts';
import type { Semantics } from '../profile/profile.ts';

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
  /** Two policies of one order that decide differently: undecided (`open`), or the name that sorts first comes first (`by-name`). */
  readonly ties: 'open' | 'by-name';
}

/** What the texts of Kubernetes' own kinds say (semantics B.2). */
const API_STAGES: readonly Stage[] = [
  { tier: 'admin', combine: 'ordered', end: 'next', ties: 'by-name' },
  { tier: 'namespaced', combine: 'union', end: 'deny', ties: 'by-name' },
  { tier: 'baseline', combine: 'ordered', end: 'next', ties: 'by-name' },
  { tier: 'further', combine: 'veto', end: 'next', ties: 'by-name' },
];

/** The stages under this profile, in the order in which they are asked. */
export function stagesOf(_cluster: Pick<Cluster, 'policies'>, _semantics: Semantics): readonly Stage[] {
  return API_STAGES;
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
