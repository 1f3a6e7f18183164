// Workloads that take requests from outside the cluster: behind a LoadBalancer or NodePort Service, an Ingress or a Route.

import type { Service } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import { dig, listOf, textOf } from '../objects/read.ts';
import { type LintContext, perRun } from './context.ts';
import { servicePods } from './service-pods.ts';

export interface FrontDoor {
  /** `Service shop/frontend (LoadBalancer)`, `Ingress shop/web`. */
  readonly name: string;
  readonly origin: Origin;
}

/** By workload, `shop/frontend[Deployment]`; the first door of each. */
export const frontDoors: (context: LintContext) => ReadonlyMap<string, FrontDoor> = perRun((context) => {
  const { services, ingresses, extras } = context.cluster;
  const found = new Map<string, FrontDoor>();
  const add = (service: Service | undefined, door: FrontDoor) => {
    if (service === undefined) return;
    for (const pod of servicePods(context, service)) if (!found.has(pod.workload)) found.set(pod.workload, door);
  };
  for (const service of services.values()) {
    const { type, ref, origin } = service;
    if (type === 'LoadBalancer' || type === 'NodePort') add(service, { name: `Service ${ref} (${type})`, origin });
  }
  for (const { ref, namespace, rules, origin } of ingresses) {
    for (const rule of rules) add(services.get(`${namespace}/${rule.service}`), { name: `Ingress ${ref}`, origin });
  }
  for (const kind of ['HTTPRoute', 'GRPCRoute']) {
    for (const route of extras.get(kind) ?? []) {
      const refs = listOf(dig(route.value, 'spec', 'rules')).flatMap((rule) => listOf(dig(rule, 'backendRefs')));
      for (const ref of refs) {
        const service = `${textOf(dig(ref, 'namespace')) ?? route.namespace}/${textOf(dig(ref, 'name'))}`;
        add(services.get(service), { name: `${kind} ${route.namespace}/${route.name}`, origin: route.origin });
      }
    }
  }
  for (const route of extras.get('Route') ?? []) {
    const service = textOf(dig(route.value, 'spec', 'to', 'name'));
    add(services.get(`${route.namespace}/${service}`), { name: `Route ${route.namespace}/${route.name}`, origin: route.origin });
  }
  return found;
});
