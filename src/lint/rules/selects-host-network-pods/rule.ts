// A policy for pods in their node's network, which nearly no CNI enforces.
import { matches } from '../../../model/selector.ts';
import { firstNames } from '../../facts.ts';
import { subjectClasses } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { livePodsIn } from '../../seen.ts';
import { readablePolicies } from '../../walk.ts';

export const selectsHostNetworkPods = defineRule({
  id: 'selects-host-network-pods',
  catalogue: ['NP080'],
  severity: 'error',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['only', 'some'],
  check(context, report) {
    if (context.semantics.policesHostNetworkSubject === 'yes') return;
    for (const policy of readablePolicies(context)) {
      const { subject, namespace } = policy;
      if (namespace === undefined) continue;
      const onNode = livePodsIn(context, namespace).filter((pod) => pod.hostNetwork && matches(subject.pods, pod.labels));
      if (onNode.length === 0) continue;
      const facts = { policy: policy.ref, pods: firstNames(onNode.map(({ workload }) => workload)) };
      const related = [onNode[0]?.origin];
      const isWide = subject.pods.requirements.length === 0;
      if (subjectClasses(context, policy).members.length === 0 && !isWide) report('only', facts, subject.pods.origin, { related });
      else report('some', facts, subject.pods.origin, { severity: isWide ? 'note' : 'warning', related });
    }
  },
});
