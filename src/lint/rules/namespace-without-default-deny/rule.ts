// Namespaces whose next pod would be open, although its present pods are isolated.
import { DIRECTIONS, type Direction, type Policy } from '../../../model/policy.ts';
import { isEverything } from '../../meaning.ts';
import { isolationOf } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { isSystemNamespace, isWholeCluster, livePodsByNamespace } from '../../seen.ts';

export const namespaceWithoutDefaultDeny = defineRule({
  id: 'namespace-without-default-deny',
  catalogue: ['NP089'],
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['gap', 'noPolicy'],
  check(context, report) {
    const byNamespace = new Map<string, Policy[]>();
    for (const policy of context.cluster.policies) {
      for (const name of policy.namespace === undefined ? context.cluster.namespaces.keys() : [policy.namespace]) {
        const list = byNamespace.get(name);
        if (list === undefined) byNamespace.set(name, [policy]);
        else list.push(policy);
      }
    }
    for (const [namespace, pods] of livePodsByNamespace(context)) {
      if (isSystemNamespace(namespace)) continue;
      const policies = byNamespace.get(namespace) ?? [];
      const object = context.cluster.namespaces.get(namespace);
      const origin = object?.origin ?? pods[0]?.origin;
      // A chart brings its pods and their policies; the default deny of the namespace it lands in is for whoever owns that namespace.
      const isGoverned = object?.implied === false || isWholeCluster(context);
      const policed = pods.filter((pod) => !pod.hostNetwork);
      if (policed.length === 0) continue;
      if (policies.length === 0) {
        report('noPolicy', { namespace, count: policed.length }, origin, { severity: 'note' });
        continue;
      }
      for (const direction of DIRECTIONS) {
        if (hasDefaultDeny(policies, direction)) continue;
        // Where some pods are open today, pod-open and isolated-one-way-only name them.
        if (!policed.every((pod) => isolationOf(context, direction, pod).isolated)) continue;
        const type = direction === 'ingress' ? 'Ingress' : 'Egress';
        report('gap', { namespace, direction, type }, origin, {
          severity: direction === 'ingress' && isGoverned ? 'warning' : 'note',
          related: [policies[0]?.origin],
        });
      }
    }
  },
});

/** A policy on every pod of the namespace that does not open the direction again; an unreadable one may be that. */
function hasDefaultDeny(policies: readonly Policy[], direction: Direction): boolean {
  return policies.some((policy) => {
    if (policy.tier === 'further') return false;
    if (policy.faults.length > 0) return true;
    const rules = policy[direction];
    return (
      policy.tier === 'namespaced' && policy.subject.pods.requirements.length === 0 && rules !== 'not-governed' && !rules.some(isEverything)
    );
  });
}
