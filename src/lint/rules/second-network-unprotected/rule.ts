// Pods with further network interfaces, which NetworkPolicies do not cover.

import type { Pod } from '../../../model/cluster.ts';
import { dig } from '../../../objects/read.ts';
import { isolationOfClass, podsByClass } from '../../reached.ts';
import { defineRule } from '../../rule.ts';

export const secondNetworkUnprotected = defineRule({
  id: 'second-network-unprotected',
  catalogue: ['NP111'],
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['second'],
  check(context, report) {
    const named = new Set<string>();
    for (const [number, pods] of podsByClass(context).entries()) {
      if (!isolationOfClass(context, 'ingress', number).isolated && !isolationOfClass(context, 'egress', number).isolated) continue;
      for (const pod of pods) {
        const networks = networksOf(pod);
        if (networks === undefined || named.has(pod.workload)) continue;
        named.add(pod.workload);
        report('second', { pod: pod.workload, networks: networks.slice(0, 80) }, pod.origin);
      }
    }
  },
});

/** What Multus reads; `undefined` for a pod with one network. */
function networksOf({ metadata }: Pod): string | undefined {
  const text = dig(metadata, 'annotations', 'k8s.v1.cni.cncf.io/networks');
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}
