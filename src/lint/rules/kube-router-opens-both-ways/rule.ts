// One policy of both directions over both ends: kube-router lets rules of one direction open the other (semantics D.5, `leak`).
import { isLive, type Pod } from '../../../model/cluster.ts';
import type { Policy } from '../../../model/policy.ts';
import type { Protocol } from '../../../net/port-set.ts';
import { decide } from '../../../policy/decide.ts';
import { departureOf } from '../../../policy/departures.ts';
import { podEnd } from '../../../policy/end.ts';
import { kubeRouterOn } from '../../../policy/kube-router.ts';
import { subjectMatches } from '../../../policy/peer-matches.ts';
import type { LintContext } from '../../context.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies } from '../../walk.ts';

export const kubeRouterOpensBothWays = defineRule({
  id: 'kube-router-opens-both-ways',
  catalogue: ['NP070'],
  severity: 'error',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['leak'],
  check(context, report) {
    if (context.semantics.departures !== 'kube-router') return;
    for (const policy of readablePolicies(context)) {
      if (policy.tier !== 'namespaced' || policy.ingress === 'not-governed' || policy.egress === 'not-governed') continue;
      if (policy.ingress.length + policy.egress.length === 0) continue;
      const found = leakOf(context, policy);
      if (found !== undefined) report('leak', { policy: policy.ref, ...found }, policy.types.origin);
    }
  },
});

/** Pods of a policy that are tried with each other; the shape does not hang on how many there are. */
const MOST_PODS = 6;

/** One connection that the policy's own rules of the other direction let through. */
function leakOf({ cluster, semantics }: LintContext, policy: Policy) {
  const pods: Pod[] = [];
  for (const pod of cluster.pods) {
    if (pods.length < MOST_PODS && isLive(pod) && subjectMatches(cluster, policy.subject, pod)) pods.push(pod);
  }
  for (const from of pods) {
    for (const to of pods) {
      if (from === to) continue;
      for (const { port, protocol } of portsToTry(policy, to)) {
        const connection = { source: podEnd(from), destination: podEnd(to), protocol, port };
        const departure = departureOf(kubeRouterOn(cluster), connection, decide(cluster, semantics, connection));
        const isLeak = departure?.shapes.some((together) => together.includes('leak')) === true;
        if (isLeak && departure.rules.some((ref) => ref.policy === policy)) return { from: from.workload, to: to.workload, port, protocol };
      }
    }
  }
  return undefined;
}

/** A port of every rule: its number, what its name means on the pod, or one that the pod listens on. */
function portsToTry(policy: Policy, to: Pod): readonly { readonly port: number; readonly protocol: Protocol }[] {
  const own = to.ports[0] ?? { port: 80, protocol: 'TCP' as const };
  const rules = [policy.ingress, policy.egress].flatMap((side) => (side === 'not-governed' ? [] : side));
  return rules.flatMap(({ ports }) => {
    const [first] = ports === 'every-port' ? [] : ports;
    if (first === undefined) return [own];
    if (first.kind === 'range') return [{ port: first.from, protocol: first.protocol }];
    const named = first.kind === 'named' ? to.ports.find(({ name }) => name === first.name)?.port : undefined;
    return [{ port: named ?? own.port, protocol: first.protocol }];
  });
}
