// A policy that selects no pod: inert, and the pods it was written for are open.
import { labelsOrigin, operatedIn, type Pod, type Workload } from '../../../model/cluster.ts';
import { matches, printSelector } from '../../../model/selector.ts';
import { type LintContext, perRun } from '../../context.ts';
import { editsFor, labelledPods, nearestLabel } from '../../label-misses.ts';
import { subjectClasses } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { livePodsIn } from '../../seen.ts';
import { readablePolicies } from '../../walk.ts';
import { writtenNamespace } from '../../written.ts';

export const selectsNothing = defineRule({
  id: 'selects-nothing',
  catalogue: ['NP042', 'NP044', 'NP045'],
  severity: 'warning',
  needs: ['cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['nearMiss', 'onWorkloadOnly', 'operated', 'nobody'],
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      const { subject, namespace } = policy;
      if (namespace === undefined || subject.pods.requirements.length === 0 || subjectClasses(context, policy).members.length > 0) continue;
      const here = livePodsIn(context, namespace);
      // No pods of this namespace in the input, or pods in their node's network, which another rule speaks about.
      if (here.length === 0 || here.some((pod) => matches(subject.pods, pod.labels))) continue;
      // Without a namespace it may be meant for another one; namespace-not-written says so.
      if (writtenNamespace(policy) === undefined && isElsewhere(context, policy.subject.pods, namespace)) continue;
      const selector = printSelector(subject.pods);
      const facts = { policy: policy.ref, namespace, selector };
      const made = operatedIn(context.cluster, namespace);
      if (made !== undefined) {
        report('operated', { ...facts, made: `${made.kind} \`${made.name}\`` }, subject.pods.origin, {
          severity: 'note',
          related: [made.origin],
        });
        continue;
      }
      const workload = workloadsIn(context, namespace).find(({ labels }) => matches(subject.pods, labels));
      const miss = nearestLabel(subject.pods, labelledPods(here));
      if (workload !== undefined) {
        report('onWorkloadOnly', { ...facts, owner: `\`${workload.ref}\`` }, subject.pods.origin, {
          related: [...workload.pods.slice(0, 1).map(labelsOrigin)],
        });
      } else if (miss !== undefined) {
        const edits = miss.isSlip ? editsFor(miss) : [];
        const fix = edits.length > 0 ? { fix: { edits, keepsMeaning: false } } : {};
        const said = { ...facts, wanted: miss.wanted, nearest: miss.nearest, owner: `\`${miss.owner.name}\`` };
        report('nearMiss', said, miss.requirement.origin, { related: [miss.at], ...fix });
      } else report('nobody', facts, subject.pods.origin);
    }
  },
});

const workloadsByNamespace = perRun(({ cluster }) => {
  const found = new Map<string, Workload[]>();
  for (const workload of cluster.workloads.values()) {
    if (workload.kind === 'Pod' || !workload.written) continue;
    const list = found.get(workload.namespace);
    if (list === undefined) found.set(workload.namespace, [workload]);
    else list.push(workload);
  }
  return found;
});

function workloadsIn(context: LintContext, namespace: string): readonly Workload[] {
  return workloadsByNamespace(context).get(namespace) ?? [];
}

function isElsewhere({ cluster }: LintContext, selector: Parameters<typeof matches>[0], namespace: string): boolean {
  return cluster.pods.some((pod: Pod) => pod.namespace !== namespace && matches(selector, pod.labels));
}
