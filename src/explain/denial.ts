// Why isolating policies deny a connection: the rules that came nearest, rules that are not in force, or no rule at all.
import type { Cluster, Service } from '../model/cluster.ts';
import type { Direction, Peer, Policy, RuleRef } from '../model/policy.ts';
import { matches } from '../model/selector.ts';
import { cidrHas, printCidr } from '../net/cidr.ts';
import { printIp } from '../net/ip.ts';
import { holdsEveryEnd } from '../net/ip-set.ts';
import { addressesOf, type Connection } from '../policy/end.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Cause, Context } from './causes.ts';
import { causeOfMiss } from './miss-causes.ts';
import { missesOfRule, type NearMiss } from './near-miss.ts';

export function causesOfDenial(
  cluster: Cluster,
  semantics: Semantics,
  direction: Direction,
  connection: Connection,
  policies: readonly Policy[],
  misses: readonly NearMiss[],
  context: Context,
): Cause[] {
  const unopened = direction === 'egress' ? misses.filter((miss) => miss.differences.length === 0) : [];
  if (unopened.length > 0) return unopened.slice(0, 1).flatMap((miss) => serviceNotOpened(miss, context));
  const ignored = ignoredRule(cluster, semantics, direction, connection, policies);
  if (misses.length === 0) {
    const none = [...ignored, ...noRules(direction, policies)];
    // All of their rules deny: Cilium and Calico isolate by them as well.
    return none.length > 0 ? none : [noRuleMatches(direction, policies, [])];
  }
  const best = misses[0]?.distance ?? 0;
  // Only the rules that came nearest are to blame; one that differs in three things was written for somebody else.
  const nearest = best > FARTHEST ? [] : misses.filter((miss) => miss.distance <= best + 0.45);
  const near = nearest.flatMap((miss) => causeOfMiss(cluster, direction, miss, connection, context));
  const dialled = misses.flatMap((miss) => serviceBlock(miss, connection, context) ?? []);
  const causes = [...dialled, ...ignored, ...(near.length > 0 || dialled.length > 0 ? near : [noRuleMatches(direction, policies, misses)])];
  // A policy that isolates by accident is worth a word even when a near miss explains the denial better.
  const accidents = noRules(direction, policies).filter((cause) => cause.code !== 'isolated-with-no-rules');
  return distinct([...causes, ...accidents]);
}

/** In things that differ (near-miss.ts, weight). */
const FARTHEST = 2.5;

/** The rule means the pod behind the Service, and not the Service's own address, which this CNI holds it against (semantics D.4, AWS). */
function serviceNotOpened(miss: NearMiss, { service: dialled }: Context): Cause[] {
  if (dialled === undefined) return [];
  const { service, port } = dialled;
  const selector = [...(service.selector ?? [])].map(([key, value]) => `${key}=${value}`);
  const facts = {
    rule: `${miss.ref.policy.ref} egress[${miss.ref.rule.index}]`,
    service: service.ref,
    port: port.port,
    selector,
    isOfPort: miss.ref.rule.peers === 'anyone' || selectsLike(miss.ref.rule.peers[miss.peer ?? 0], service),
  };
  return [{ code: 'service-address-not-opened', direction: 'egress', facts, at: miss.at }];
}

/** Do the labels of the Service's own selector satisfy this peer? Then only the port can be in the way. */
function selectsLike(peer: Peer | undefined, { selector }: Service): boolean {
  return peer?.kind === 'pods' && (peer.pods === undefined || (selector !== undefined && matches(peer.pods, selector)));
}

function noRuleMatches(direction: Direction, policies: readonly Policy[], misses: readonly NearMiss[]): Cause {
  const at = misses[0]?.at ?? policies[0]?.origin;
  return {
    code: 'no-rule-matches',
    direction,
    facts: { policies: policies.map((policy) => policy.ref) },
    ...(at === undefined ? {} : { at }),
  };
}

/** The same cause from several rules is said once, for the nearest of them. */
function distinct(causes: readonly Cause[]): Cause[] {
  const seen = new Set<string>();
  return causes.filter(({ code, facts }) => {
    const key = `${code} ${JSON.stringify(facts)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Why do these policies isolate although they have no rule here? Meant (default deny), or an accident of policyTypes. */
function noRules(direction: Direction, policies: readonly Policy[]): Cause[] {
  const without = policies.filter((policy) => policy[direction].length === 0);
  const other: Direction = direction === 'ingress' ? 'egress' : 'ingress';
  const causes = without.flatMap((policy): Cause[] => {
    const hasOther = policy[other] !== 'not-governed' && policy[other].length > 0;
    if (!hasOther) return [];
    const facts = { policy: policy.ref, direction };
    if (!policy.types.written) return [{ code: 'policy-types-defaulted', direction, facts, at: policy.types.origin }];
    return direction === 'egress' ? [{ code: 'egress-types-without-rules', direction, facts, at: policy.types.origin }] : [];
  });
  if (without.length < policies.length) return causes;
  const isolating: Cause = { code: 'isolated-with-no-rules', direction, facts: { policies: policies.map((policy) => policy.ref) } };
  return [...causes, { ...isolating, ...(policies[0] === undefined ? {} : { at: policies[0].origin }) }];
}

/** Rules that would have allowed it, written for a direction that policyTypes leaves out (in a policy that selects the same pod). */
function ignoredRule(
  cluster: Cluster,
  semantics: Semantics,
  direction: Direction,
  connection: Connection,
  isolating: readonly Policy[],
): Cause[] {
  const subject = direction === 'ingress' ? connection.destination : connection.source;
  const peer = direction === 'ingress' ? connection.source : connection.destination;
  if (subject.kind !== 'pod') return [];
  for (const policy of cluster.policies) {
    const rules = policy.ignored[direction];
    if (rules === undefined || isolating.includes(policy)) continue;
    if (policy.namespace !== subject.pod.namespace || !matches(policy.subject.pods, subject.pod.labels)) continue;
    for (const rule of rules) {
      const ref: RuleRef = { policy, direction, rule };
      const fits = missesOfRule(cluster, semantics, ref, peer, connection).some((miss) => miss.differences.length === 0);
      if (fits)
        return [{ code: 'rules-ignored-by-policy-types', direction, facts: { policy: policy.ref, direction }, at: policy.types.origin }];
    }
  }
  return [];
}

/** An ipBlock that covers the Service's own address and not the ends behind it: written by somebody who thought policies see it. */
function serviceBlock(miss: NearMiss, connection: Connection, { service }: Context): Cause | undefined {
  const wanted = miss.ref.rule.peers === 'anyone' ? undefined : miss.ref.rule.peers[miss.peer ?? 0];
  if (wanted?.kind !== 'block' || service === undefined || miss.ref.direction !== 'egress') return undefined;
  const address = service.service.clusterIps.find((ip) => cidrHas(wanted.cidr, ip));
  const behind = addressesOf(connection.destination);
  const isMeantForAll = address !== undefined && holdsEveryEnd(wanted.addresses, address.family);
  if (address === undefined || isMeantForAll || behind.some((ip) => cidrHas(wanted.cidr, ip))) return undefined;
  return {
    code: 'ipblock-for-a-service-address',
    direction: 'egress',
    facts: {
      rule: `${miss.ref.policy.ref} egress[${miss.ref.rule.index}]`,
      cidr: printCidr(wanted.cidr),
      address: printIp(address),
      service: service.service.ref,
      ...(connection.destination.kind === 'pod' ? {} : { endpoints: behind.map(printIp), port: connection.port }),
    },
    at: wanted.origin,
    miss,
  };
}
