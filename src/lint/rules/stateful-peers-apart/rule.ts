// Replicas of a StatefulSet that may not talk to each other.
import { dig, textOf } from '../../../objects/read.ts';
import { decide } from '../../../policy/decide.ts';
import { podEnd } from '../../../policy/end.ts';
import { replicaOf } from '../../../route/outside.ts';
import { isolationOf } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { smallCluster } from '../../small-cluster.ts';

export const statefulPeersApart = defineRule({
  id: 'stateful-peers-apart',
  catalogue: ['NP078'],
  severity: 'warning',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['apart'],
  check(context, report) {
    for (const workload of context.cluster.workloads.values()) {
      const [pod, second] = workload.pods.filter((each) => !each.hostNetwork);
      const service = context.cluster.services.get(`${workload.namespace}/${textOf(dig(workload.value, 'spec', 'serviceName'))}`);
      const isGroup = workload.kind === 'StatefulSet' && (workload.replicas ?? 1) > 1 && service?.headless === true;
      if (pod === undefined || !isGroup) continue;
      const ports = pod.ports.filter(({ role }) => role !== 'init');
      const isolations = [isolationOf(context, 'ingress', pod), isolationOf(context, 'egress', pod)];
      if (ports.length === 0 || isolations.some(({ isolated, certain }) => isolated && !certain)) continue;
      const other = second ?? replicaOf(pod);
      // The replica that is not in the input stands under the same policies, which its labels say.
      const small = smallCluster(context, { egressOf: [pod], ingressOf: [pod], more: [other] });
      const passes = ports.some(
        ({ protocol, port }) =>
          decide(small, context.semantics, { source: podEnd(pod), destination: podEnd(other), protocol, port }).outcome !== 'denied',
      );
      if (passes) continue;
      const [first] = isolations.flatMap(({ policies }) => policies);
      const facts = {
        workload: workload.ref,
        replicas: workload.replicas ?? 0,
        ports: ports.map(({ protocol, port }) => `${port}/${protocol}`).join(', '),
      };
      report('apart', facts, first?.origin, { related: [workload.origin] });
    }
  },
});
