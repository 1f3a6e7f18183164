// Pods of Helm hooks and tests that a policy on every pod lets send nothing.

import type { Pod } from '../../../model/cluster.ts';
import { dig } from '../../../objects/read.ts';
import type { LintContext } from '../../context.ts';
import { isDnsRule } from '../../meaning.ts';
import { isolationOfClass, podsByClass } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { spotsOf } from '../../walk.ts';

export const hookPodDenied = defineRule({
  id: 'hook-pod-denied',
  catalogue: ['NP134'],
  severity: 'note',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['denied'],
  check(context, report) {
    for (const [number, pods] of podsByClass(context).entries()) {
      const { isolated, certain, policies } = isolationOfClass(context, 'egress', number);
      if (!isolated || !certain || policies.some((policy) => spotsOf(policy, 'egress').some(({ rule }) => !isDnsRule(rule)))) continue;
      for (const pod of pods) {
        const hook = hookOf(context, pod);
        if (hook !== undefined) report('denied', { pod: pod.workload, hook }, policies[0]?.origin, { related: [pod.origin] });
      }
    }
  },
});

function hookOf({ cluster }: LintContext, pod: Pod): string | undefined {
  const value = cluster.workloads.get(pod.workload)?.value;
  const hook = dig(pod.metadata, 'annotations', 'helm.sh/hook') ?? dig(value, 'metadata', 'annotations', 'helm.sh/hook');
  return typeof hook === 'string' ? hook : undefined;
}
