// Pods that hold secrets, on a CNI where a new pod is open until its policies arrive.

import type { Pod } from '../../../model/cluster.ts';
import { dig, listOf } from '../../../objects/read.ts';
import { firstNames } from '../../facts.ts';
import { isolationOf } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { livePodsByNamespace } from '../../seen.ts';

export const startsUnprotected = defineRule({
  id: 'starts-unprotected',
  catalogue: ['NP098'],
  severity: 'warning',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['window'],
  check(context, report) {
    if (context.semantics.startup !== 'open-window') return;
    const cni = context.semantics.name;
    // Which setting of the agent closes the window, where it has one.
    const advice = cni.startsWith('aws') ? 'NETWORK_POLICY_ENFORCING_MODE=strict' : '';
    for (const [namespace, pods] of livePodsByNamespace(context)) {
      const exposed = pods.filter((pod) => !pod.hostNetwork && isolationOf(context, 'ingress', pod).isolated && holdsSecret(pod));
      const [first] = exposed;
      if (first === undefined) continue;
      const [policy] = isolationOf(context, 'ingress', first).policies;
      report(
        'window',
        { cni, namespace, advice, pods: firstNames([...new Set(exposed.map(({ workload }) => workload))].sort()) },
        policy?.origin,
        { related: [first.origin] },
      );
    }
  },
});

function holdsSecret({ spec }: Pod): boolean {
  const containers = listOf(dig(spec, 'containers'));
  return (
    listOf(dig(spec, 'volumes')).some((volume) => dig(volume, 'secret') !== undefined) ||
    containers.some((container) =>
      listOf(dig(container, 'env')).some((variable) => dig(variable, 'valueFrom', 'secretKeyRef') !== undefined),
    ) ||
    containers.some((container) => listOf(dig(container, 'envFrom')).some((source) => dig(source, 'secretRef') !== undefined))
  );
}
