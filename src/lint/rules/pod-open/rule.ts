// Pods that no policy isolates for ingress, in a namespace where others are isolated.
import { listed } from '../../list-words.ts';
import { isolationOf } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { isSystemNamespace, livePodsByNamespace } from '../../seen.ts';
import { readablePolicies } from '../../walk.ts';

export const podOpen = defineRule({
  id: 'pod-open',
  catalogue: ['NP090'],
  summary: 'pods that no policy selects, beside others that are isolated',
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: {
    open: {
      text: 'no policy isolates {pods} of `{namespace}` for ingress: everybody in the cluster may reach {them}',
      hint: 'a default deny for the namespace (`podSelector: {}`, policyTypes [Ingress], no rule) shuts what nobody has thought of',
    },
  },
  check(context, report) {
    const cared = new Set(readablePolicies(context).flatMap(({ namespace }) => namespace ?? []));
    for (const [namespace, pods] of livePodsByNamespace(context)) {
      if (!cared.has(namespace) || isSystemNamespace(namespace)) continue;
      const open = pods.filter((pod) => !pod.hostNetwork && !isShortLived(pod.workload) && !isolationOf(context, 'ingress', pod).isolated);
      const workloads = [...new Set(open.map(({ workload }) => workload))].sort();
      const [first] = open;
      if (first === undefined) continue;
      const related = open.slice(1, 4).map(({ origin }) => origin);
      report('open', { namespace, pods: listed(workloads), them: workloads.length === 1 ? 'it' : 'them' }, first.labelsOrigin, { related });
    }
  },
});

/** Jobs call others; nobody calls them. */
function isShortLived(workload: string): boolean {
  return workload.endsWith('[Job]') || workload.endsWith('[CronJob]');
}
