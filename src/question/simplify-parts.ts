// What can be taken out of a policy: itself, a rule, a peer, a port. And the policy without it, with every rule that stays the same value.
import type { Origin } from '../model/origin.ts';
import { allRules, DIRECTIONS, type Direction, type Policy, type Rule } from '../model/policy.ts';

export type PartKind = 'policy' | 'rule' | 'peer' | 'port';

export interface Part {
  readonly of: PartKind;
  readonly policy: Policy;
  readonly direction?: Direction;
  readonly rule?: Rule;
  /** Where it is written: the object, or the item of a list. */
  readonly at: Origin;
  /** Of a peer or a port: which of the rule's, for one item may be several. */
  readonly items?: ReadonlySet<unknown>;
  /** How much there is to read in it, to take the largest first. */
  readonly size: number;
}

/** The rules and items that were taken out so far; and whole policies. */
export interface Taken {
  readonly policies: ReadonlySet<Policy>;
  readonly rules: ReadonlySet<Rule>;
  readonly items: ReadonlySet<unknown>;
}

export const NOTHING_TAKEN: Taken = { policies: new Set(), rules: new Set(), items: new Set() };

export function withTaken({ policies, rules, items }: Taken, part: Part): Taken {
  switch (part.of) {
    case 'policy':
      return { policies: new Set([...policies, part.policy]), rules, items };
    case 'rule':
      return { policies, rules: new Set([...rules, part.rule as Rule]), items };
    case 'peer':
    case 'port':
      return { policies, rules, items: new Set([...items, ...(part.items ?? [])]) };
  }
}

/** The policy without what was taken; undefined when it is gone, the same value when nothing of it was taken. */
export function policyWithout(policy: Policy, taken: Taken): Policy | undefined {
  if (taken.policies.has(policy)) return undefined;
  let isChanged = false;
  const sides = DIRECTIONS.map((direction) => {
    const rules = policy[direction];
    if (rules === 'not-governed') return rules;
    const kept = rules.flatMap((rule) => {
      const left = ruleWithout(rule, taken);
      if (left !== rule) isChanged = true;
      return left === undefined ? [] : [left];
    });
    // Of an ordered tier a direction without rules says nothing at all.
    return kept.length === 0 && policy.tier !== 'namespaced' ? ('not-governed' as const) : kept;
  });
  if (!isChanged) return policy;
  const [ingress, egress] = sides as [Policy['ingress'], Policy['egress']];
  return { ...policy, ingress, egress };
}

function ruleWithout(rule: Rule, { rules, items }: Taken): Rule | undefined {
  if (rules.has(rule)) return undefined;
  const { peers, ports } = rule;
  const [keptPeers, keptPorts] = [
    peers === 'anyone' ? peers : peers.filter((peer) => !items.has(peer)),
    ports === 'every-port' ? ports : ports.filter((port) => !items.has(port)),
  ];
  if (keptPeers.length === peers.length && keptPorts.length === ports.length) return rule;
  return { ...rule, peers: keptPeers, ports: keptPorts };
}

/** The parts of one kind that can go from what is left, the largest first, of equal ones the last. */
export function partsOf(kind: PartKind, policies: readonly Policy[], taken: Taken): readonly Part[] {
  const found: Part[] = [];
  for (const policy of policies) {
    if (taken.policies.has(policy)) continue;
    if (kind === 'policy') found.push({ of: kind, policy, at: policy.origin, size: sizeOf(policyWithout(policy, taken) ?? policy) });
    else for (const direction of DIRECTIONS) found.push(...partsIn(kind, policy, direction, taken));
  }
  return found
    .map((part, place) => ({ part, place }))
    .sort((a, b) => b.part.size - a.part.size || b.place - a.place)
    .map(({ part }) => part);
}

function partsIn(kind: Exclude<PartKind, 'policy'>, policy: Policy, direction: Direction, taken: Taken): readonly Part[] {
  const rules = policy[direction];
  if (rules === 'not-governed') return [];
  const left = rules.filter((rule) => !taken.rules.has(rule));
  if (kind === 'rule') {
    return left.map((rule) => ({ of: kind, policy, direction, rule, at: rule.origin, size: ruleSize(ruleWithout(rule, taken) ?? rule) }));
  }
  return left.flatMap((rule) => {
    const list = kind === 'peer' ? rule.peers : rule.ports;
    if (typeof list === 'string') return [];
    const byItem = new Map<string, { readonly at: Origin; readonly items: Set<unknown> }>();
    for (const item of list as readonly { readonly origin: Origin }[]) {
      if (taken.items.has(item)) continue;
      // One item of YAML can be several peers or ports: a list of networks, of protocols.
      const { document, path } = item.origin;
      const origin: Origin = { document, path: path.slice(0, rule.origin.path.length + 2) };
      const key = origin.path.join('/');
      const known = byItem.get(key) ?? { at: origin, items: new Set() };
      known.items.add(item);
      byItem.set(key, known);
    }
    return [...byItem.values()].map(({ at: place, items }) => ({ of: kind, policy, direction, rule, at: place, items, size: items.size }));
  });
}

/**
 * Would what is left be written as something else? A list of peers or ports without an item means all of them; and where policyTypes is left
 * out, a NetworkPolicy without an egress rule does not govern egress.
 */
export function leavesGap({ of, policy, direction, rule }: Part, next: Taken): boolean {
  if (of === 'policy' || direction === undefined || rule === undefined) return false;
  if (of !== 'rule') {
    const left = ruleWithout(rule, next);
    return left?.[of === 'peer' ? 'peers' : 'ports'].length === 0;
  }
  const left = policyWithout(policy, next)?.egress;
  return direction === 'egress' && policy.tier === 'namespaced' && !policy.types.written && left?.length === 0;
}

/** The rules whose answers the part takes with it: of a peer or port, the rule with that alone. */
export function rulesTaken({ of, policy, rule, items }: Part, taken: Taken): readonly Rule[] {
  if (of === 'policy') {
    const left = policyWithout(policy, taken);
    return left === undefined ? [] : allRules(left);
  }
  const left = rule === undefined ? undefined : ruleWithout(rule, taken);
  if (left === undefined) return [];
  const only = <T>(list: string | readonly T[]) => (list as readonly T[]).filter((item) => items?.has(item));
  if (of === 'peer') return [{ ...left, peers: only(left.peers) } as Rule];
  return of === 'port' ? [{ ...left, ports: only(left.ports) } as Rule] : [left];
}

function sizeOf(policy: Policy): number {
  return DIRECTIONS.reduce((sum, direction) => {
    const rules = policy[direction];
    return sum + (rules === 'not-governed' ? 0 : rules.reduce((total, rule) => total + ruleSize(rule), 0));
  }, 1);
}

function ruleSize({ peers, ports }: Rule): number {
  return 1 + (peers === 'anyone' ? 0 : peers.length) + (ports === 'every-port' ? 0 : ports.length);
}

export interface Counts {
  readonly policies: number;
  readonly rules: number;
  readonly peers: number;
  readonly ports: number;
}

export function countsOf(policies: readonly Policy[]): Counts {
  const rules = policies.flatMap((policy) =>
    DIRECTIONS.flatMap((direction) => (policy[direction] === 'not-governed' ? [] : policy[direction])),
  );
  const sum = (of: (rule: Rule) => string | readonly unknown[]) =>
    rules.reduce((total, rule) => total + (typeof of(rule) === 'string' ? 0 : of(rule).length), 0);
  return { policies: policies.length, rules: rules.length, peers: sum(({ peers }) => peers), ports: sum(({ ports }) => ports) };
}
