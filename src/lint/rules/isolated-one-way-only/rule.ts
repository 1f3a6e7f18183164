// Pods that are isolated for ingress and may send anything anywhere.
import { firstNames } from '../../facts.ts';
import { isolationOf } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { isSystemNamespace, livePodsByNamespace } from '../../seen.ts';

export const isolatedOneWayOnly = defineRule({
  id: 'isolated-one-way-only',
  catalogue: ['NP091'],
  severity: 'note',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['ingressOnly'],
  check(context, report) {
    for (const [namespace, pods] of livePodsByNamespace(context)) {
      if (isSystemNamespace(namespace)) continue;
      const half = pods.filter(
        (pod) => !pod.hostNetwork && isolationOf(context, 'ingress', pod).isolated && !isolationOf(context, 'egress', pod).isolated,
      );
      const [first] = half;
      if (first === undefined) continue;
      const [policy] = isolationOf(context, 'ingress', first).policies;
      const facts = { namespace, pods: firstNames([...new Set(half.map(({ workload }) => workload))].sort()) };
      report('ingressOnly', facts, policy?.origin ?? first.origin);
    }
  },
});
