// Pods that hold secrets, on a CNI where a new pod is open until its policies arrive.

import type { Pod } from '../../../model/cluster.ts';
import { dig, listOf } from '../../../objects/read.ts';
import { listed } from '../../list-words.ts';
import { isolationOf } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { livePodsByNamespace } from '../../seen.ts';

export const startsUnprotected = defineRule({
  id: 'starts-unprotected',
  catalogue: ['NP098'],
  summary: 'isolated pods with secrets on a CNI where a new pod starts open',
  severity: 'warning',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: {
    window: {
      text: 'on {cni} a new pod is open until its policies arrive; {pods} of `{namespace}` hold Secrets and count on them',
      hint: '{advice}',
    },
  },
  check(context, report) {
    if (context.semantics.startup !== 'open-window') return;
    const cni = context.semantics.name;
    const advice = cni.startsWith('aws')
      ? 'the strict mode of the agent (NETWORK_POLICY_ENFORCING_MODE=strict) starts pods shut'
      : 'a readiness gate does not help; let the application itself refuse strangers';
    for (const [namespace, pods] of livePodsByNamespace(context)) {
      const exposed = pods.filter((pod) => !pod.hostNetwork && isolationOf(context, 'ingress', pod).isolated && holdsSecret(pod));
      const [first] = exposed;
      if (first === undefined) continue;
      const [policy] = isolationOf(context, 'ingress', first).policies;
      report(
        'window',
        { cni, namespace, advice, pods: listed([...new Set(exposed.map(({ workload }) => workload))].sort()) },
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
