// Pods that no policy isolates for ingress, in a namespace where others are isolated.
import { labelsOrigin } from '../../../model/cluster.ts';
import { firstNames } from '../../facts.ts';
import { isolationOf } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { isSystemNamespace, livePodsByNamespace } from '../../seen.ts';
import { readablePolicies } from '../../walk.ts';

export const podOpen = defineRule({
  id: 'pod-open',
  catalogue: ['NP090'],
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['open'],
  check(context, report) {
    const cared = new Set(readablePolicies(context).flatMap(({ namespace }) => namespace ?? []));
    for (const [namespace, pods] of livePodsByNamespace(context)) {
      if (!cared.has(namespace) || isSystemNamespace(namespace)) continue;
      const open = pods.filter((pod) => !pod.hostNetwork && !isShortLived(pod.workload) && !isolationOf(context, 'ingress', pod).isolated);
      const workloads = [...new Set(open.map(({ workload }) => workload))].sort();
      const [first] = open;
      if (first === undefined) continue;
      const related = open.slice(1, 4).map(({ origin }) => origin);
      report('open', { namespace, pods: firstNames(workloads) }, labelsOrigin(first), { related });
    }
  },
});

/** Jobs call others; nothing calls them. */
function isShortLived(workload: string): boolean {
  return workload.endsWith('[Job]') || workload.endsWith('[CronJob]');
}
