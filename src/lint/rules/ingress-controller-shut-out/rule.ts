// Backends of an Ingress, a Route or an HTTPRoute that the pods which carry its traffic cannot reach.

import type { Ingress, Pod, ServicePort } from '../../../model/cluster.ts';
import { type End, podEnd } from '../../../policy/end.ts';
import { fastVerdict } from '../../../reach/verdict-of.ts';
import { decideCarefully } from '../../../route/assumed.ts';
import { targetPortOf } from '../../../route/endpoints.ts';
import { type Carriers, carriersOf } from '../../../route/ingress-controllers.ts';
import { type LintContext, perRun } from '../../context.ts';
import { firstNames } from '../../facts.ts';
import { admitsAddresses, openingAt } from '../../openings.ts';
import { classOfPod, isolationOf, reachIn } from '../../reached.ts';
import { backendPortsOf, routeBackends } from '../../routes.ts';
import { defineRule } from '../../rule.ts';
import { servicePods } from '../../service-pods.ts';
import { smallCluster } from '../../small-cluster.ts';

export const ingressControllerShutOut = defineRule({
  id: 'ingress-controller-shut-out',
  catalogue: ['NP073'],
  severity: 'error',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['controller', 'loadBalancer'],
  check(context, report) {
    const done = new Set<string>();
    for (const backend of routeBackends(context)) {
      const { route, origin, ingress } = backend;
      const service = context.cluster.services.get(`${backend.namespace}/${backend.name}`);
      if (service === undefined) continue;
      for (const port of backendPortsOf(service, backend)) {
        for (const pod of servicePods(context, service)) {
          const number = targetPortOf(pod, port);
          const key = `${route} ${classOfPod(context, pod)} ${number}`;
          if (number === undefined || pod.hostNetwork || done.has(key)) continue;
          done.add(key);
          const { isolated, certain, policies } = isolationOf(context, 'ingress', pod);
          if (!isolated || !certain) continue;
          const carriers = carriersFor(context, ingress);
          const facts = { route, pod: pod.workload, port: number, policies: firstNames(policies.map(({ ref }) => ref)) };
          if (carriers.kind === 'load-balancer') {
            if (!admitsAddresses(openingAt(context, 'ingress', pod, port.protocol, number)))
              report('loadBalancer', facts, policies[0]?.origin, { related: [origin] });
            continue;
          }
          // Of Cilium's proxy on the node the parties show nothing.
          if (carriers.obstacles.length > 0) continue;
          if (carriers.parties.some(({ end }) => passes(context, carriers, end, pod, port, number))) continue;
          const known = carriers.assumed ? {} : { carriers: firstNames(carriers.parties.map(({ ref }) => ref)) };
          report('controller', { ...facts, ...known }, policies[0]?.origin, { related: [origin] });
        }
      }
    }
  },
});

function passes(
  context: LintContext,
  { assumed }: Extract<Carriers, { kind: 'pods' }>,
  source: End,
  pod: Pod,
  { protocol }: ServicePort,
  port: number,
): boolean {
  const asked = { source, destination: podEnd(pod), protocol, port };
  if (!assumed) return fastVerdict(reachIn(context), asked).ingress.outcome !== 'denied';
  // A controller that is not in the input: any rule whose peer matches nothing here may have been written for it.
  return decideCarefully(smallCluster(context, { ingressOf: [pod] }), context.semantics, asked).outcome !== 'denied';
}

const carriersByClass = perRun((_context) => new Map<string, Carriers>());

function carriersFor(context: LintContext, ingress: Ingress | undefined): Carriers {
  const known = carriersByClass(context);
  const key = ingress === undefined ? '-' : `class ${ingress.className ?? ''} ${ingress.gateways.join()}`;
  const found = known.get(key) ?? carriersOf(context.cluster, ingress);
  known.set(key, found);
  return found;
}
