// A denial by a deny rule, as the tiers of cluster-wide policies have them: which rule it is, what it keeps from deciding, and which rules
// before it came near to letting the connection through.
import type { Cluster } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import { type Direction, type Policy, printRuleRef, type RuleRef } from '../model/policy.ts';
import { policiesOn, rulesOf } from '../policy/decide.ts';
import type { Semantics } from '../profile/profile.ts';
import { readingsOf } from '../program/stages.ts';
import { type AskedConnection, missesOfRule, type NearMiss, nearMisses } from './near-miss.ts';
import { printPlace } from './place.ts';

export interface DenyingRule {
  /** One, or none where the subject is no pod. */
  readonly causes: readonly {
    readonly code: 'denied-by-rule';
    readonly direction: Direction;
    readonly facts: Readonly<Record<string, string>>;
    readonly at: Origin;
  }[];
  /** Rules that allow or pass and are asked before it, nearest first. */
  readonly misses: readonly NearMiss[];
}

export function deniedByRule(
  cluster: Cluster,
  semantics: Semantics,
  direction: Direction,
  asked: AskedConnection,
  rule: RuleRef,
): DenyingRule {
  const { connection } = asked;
  const subject = direction === 'ingress' ? connection.destination : connection.source;
  const peer = direction === 'ingress' ? connection.source : connection.destination;
  if (subject.kind !== 'pod') return { causes: [], misses: [] };
  const { policy } = rule;
  const [reading] = readingsOf(cluster.policies, semantics);
  const tiers = reading?.stages.map(({ tier }) => tier) ?? [];
  const policies = policiesOn(cluster, direction, subject.pod).filter(({ faults }) => faults.length === 0);
  const place = (each: Policy) => tiers.indexOf(each.tier);
  // Behind the rule: the rest of its policy, worse priorities of its tier, and the tiers after that, in the order in which they would be asked.
  const shadowed = policies
    .filter((each) => place(each) > place(policy) || (place(each) === place(policy) && each.order >= policy.order))
    .sort((a, b) => place(a) - place(b) || a.order - b.order)
    .flatMap((each) => rulesOf(each, direction))
    .find(
      (ref) =>
        ref.rule.action !== 'deny' &&
        (ref.policy !== policy || ref.rule.index > rule.rule.index) &&
        missesOfRule(cluster, semantics, ref, peer, connection).some(({ differences }) => differences.length === 0),
    );
  const before = policies.filter((each) => each.tier === policy.tier && each.order <= policy.order);
  const isAsked = ({ ref }: NearMiss) => ref.policy !== policy || ref.rule.index < rule.rule.index;
  return {
    misses: nearMisses(cluster, semantics, before, direction, asked).filter(isAsked),
    causes: [
      {
        code: 'denied-by-rule',
        direction,
        facts: {
          kind: policy.kind,
          policy: policy.ref,
          rule: printRuleRef(rule),
          tier: policy.tier,
          ...(shadowed === undefined
            ? {}
            : {
                shadowed: printRuleRef(shadowed),
                shadowedKind: shadowed.policy.kind,
                shadowedAction: shadowed.rule.action,
                shadowedAt: printPlace(shadowed.rule.origin, 'object'),
              }),
        },
        at: rule.rule.origin,
      },
    ],
  };
}
