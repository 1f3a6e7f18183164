// Do two states of a cluster give the same verdicts, also to pods that do not exist yet? Only where their policies differ is weighed.

import { policyIdentity, sameMeaning, samePolicy } from '../compare/states.ts';
import type { Cluster } from '../model/cluster.ts';
import { allRules, DIRECTIONS, ownRules, type Peer, type Policy, type PortRule, type Rule } from '../model/policy.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Weighed } from '../reach/weighing.ts';
import { sceneOf } from './simplify-scene.ts';

/** Two states of a cluster: `same` when every direction of every pod answers the same in both, pods to come and isolation included. */
export function sameVerdicts(before: Cluster, after: Cluster, semantics: Semantics): Weighed {
  const later = new Map<string, Policy[]>();
  for (const policy of after.policies) later.set(policyIdentity(policy), [...(later.get(policyIdentity(policy)) ?? []), policy]);
  const [old, now] = [new Set<Policy>(), new Set(after.policies)];
  /** By namespace: the rules by which the states differ. */
  const changed = new Map<string | undefined, Rule[]>();
  for (const policy of before.policies) {
    const alike = later.get(policyIdentity(policy)) ?? [];
    const same = alike.find((other) => samePolicy(policy, other));
    old.add(policy);
    if (same !== undefined) continue;
    const [only, ...others] = alike;
    const isPart = only !== undefined && others.length === 0 && sameMeaning(policy.subject, only.subject) && policy.order === only.order;
    const rules = changed.get(policy.namespace) ?? [];
    changed.set(policy.namespace, rules);
    if (only !== undefined && isPart)
      rules.push(...DIRECTIONS.flatMap((direction) => differing(ownRules(policy, direction), ownRules(only, direction))));
    else rules.push(...allRules(policy), ...alike.flatMap(allRules));
  }
  const identities = new Set(before.policies.map(policyIdentity));
  if (after.policies.some((policy) => !identities.has(policyIdentity(policy)))) return 'differs';
  const both = [...old, ...after.policies.filter((policy) => !old.has(policy))];
  let found: Weighed = 'same';
  const everywhere = changed.get(undefined) ?? [];
  for (const [home, own] of changed) {
    const scene = sceneOf(before, home, both, semantics);
    if ('because' in scene) return scene.because === 'port-names' ? 'port-names' : 'undecided';
    for (const direction of DIRECTIONS) {
      const weighed = scene.weighing.weigh({
        direction,
        before: (policy) => (old.has(policy) ? policy : undefined),
        after: (policy) => (now.has(policy) ? policy : undefined),
        rules: home === undefined ? [...changed.values()].flat() : [...own, ...everywhere],
      });
      if (weighed === 'differs') return weighed;
      if (found === 'same') found = weighed;
    }
  }
  return found;
}

/**
 * By which rules two lists differ: those without a partner in the other list, and of a rule that lost peers or ports, the rule with those
 * alone. Partners are found in order, so that the order of what stays is the same in both.
 */
function differing(old: readonly Rule[], now: readonly Rule[]): readonly Rule[] {
  const found: Rule[] = [];
  let next = 0;
  for (const rule of now) {
    const place = old.findIndex((wider, i) => i >= next && wider.action === rule.action && isWithin(rule, wider));
    if (place < 0) {
      found.push(rule);
      continue;
    }
    const wider = old[place] as Rule;
    found.push(...old.slice(next, place));
    next = place + 1;
    const peers = lacking(wider.peers, rule.peers);
    const ports = lacking(wider.ports, rule.ports);
    if (peers.length > 0) found.push({ ...wider, peers });
    if (ports.length > 0) found.push({ ...wider, ports });
  }
  return [...found, ...old.slice(next)];
}

function isWithin(rule: Rule, wider: Rule): boolean {
  return (['peers', 'ports'] as const).every((key) => {
    const [own, others] = [rule[key], wider[key]];
    if (typeof own === 'string' || typeof others === 'string') return own === others;
    return lacking<Peer | PortRule>(own, others).length === 0;
  });
}

/** Items of which the other list has none that says the same. */
function lacking<T>(list: string | readonly T[], others: string | readonly T[]): readonly T[] {
  if (typeof list === 'string' || typeof others === 'string') return [];
  return list.filter((item) => !others.some((other) => sameMeaning(item, other)));
}
