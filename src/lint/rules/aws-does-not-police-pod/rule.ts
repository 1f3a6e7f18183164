// Pods that the AWS VPC CNI does not police: alone, on Fargate, on Windows.

import { specialPlace } from '../../../explain/unpoliced.ts';
import type { Cluster, Pod } from '../../../model/cluster.ts';
import { isolationOfClass, podsByClass } from '../../reached.ts';
import { defineRule } from '../../rule.ts';

export const awsDoesNotPolicePod = defineRule({
  id: 'aws-does-not-police-pod',
  catalogue: ['NP104'],
  severity: 'warning',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['alone', 'fargate', 'windows'],
  check(context, report) {
    if (!context.choice.members.every(({ name }) => name.startsWith('aws-vpc-cni'))) return;
    const named = new Set<string>();
    for (const [number, pods] of podsByClass(context).entries()) {
      const [ingress, egress] = [isolationOfClass(context, 'ingress', number), isolationOfClass(context, 'egress', number)];
      if (!ingress.isolated && !egress.isolated) continue;
      for (const pod of pods) {
        const message = reasonOf(context.cluster, pod);
        if (message === undefined || named.has(pod.workload)) continue;
        named.add(pod.workload);
        report(message, { pod: pod.workload }, pod.origin, { related: [[...ingress.policies, ...egress.policies][0]?.origin] });
      }
    }
  },
});

function reasonOf(cluster: Cluster, pod: Pod): 'alone' | 'fargate' | 'windows' | undefined {
  return specialPlace(cluster, pod) ?? (pod.workload.endsWith('[Pod]') ? 'alone' : undefined);
}
