// Pods behind a Service that a default deny isolates, and that no rule allows anything to reach.
import { firstNames } from '../../facts.ts';
import { isolationOf } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { servicePods } from '../../service-pods.ts';
import { spotsOf } from '../../walk.ts';

export const shutOffByDefaultDeny = defineRule({
  id: 'shut-off-by-default-deny',
  catalogue: ['NP132'],
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['service'],
  check(context, report) {
    const groups = new Map<
      string,
      { services: string[]; pods: string[]; origin: Parameters<typeof report>[2]; policy: string; namespace: string }
    >();
    for (const service of context.cluster.services.values()) {
      const pods = servicePods(context, service).filter((pod) => !pod.hostNetwork);
      const [first] = pods;
      if (first === undefined) continue;
      const isolations = pods.map((pod) => isolationOf(context, 'ingress', pod));
      const isShut = isolations.every(
        ({ isolated, certain, policies }) => isolated && certain && policies.every((policy) => spotsOf(policy, 'ingress').length === 0),
      );
      const wide = isolations[0]?.policies.find(({ subject }) => subject.pods.requirements.length === 0);
      // A policy that names these pods and admits nothing is intended.
      const isNamed = isolations[0]?.policies.some(({ subject }) => subject.pods.requirements.length > 0) === true;
      if (!isShut || wide === undefined || isNamed) continue;
      const group = groups.get(wide.ref) ?? { services: [], pods: [], origin: wide.origin, policy: wide.ref, namespace: service.namespace };
      group.services.push(service.name);
      group.pods.push(...pods.map(({ workload }) => workload));
      groups.set(wide.ref, group);
    }
    for (const { services, pods, origin, policy, namespace } of groups.values()) {
      report('service', { policy, namespace, services: firstNames(services), pods: firstNames([...new Set(pods)].sort()) }, origin);
    }
  },
});
