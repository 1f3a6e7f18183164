// Workloads that take requests from outside the cluster: behind a LoadBalancer or NodePort Service, an Ingress or a Route.

import type { Service } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import { type LintContext, perRun } from './context.ts';
import { routeBackends } from './routes.ts';
import { servicePods } from './service-pods.ts';

export interface FrontDoor {
  /** `Service shop/frontend (LoadBalancer)`, `Ingress shop/web`. */
  readonly name: string;
  readonly origin: Origin;
}

/** By workload, `shop/frontend[Deployment]`; the first door of each. */
export const frontDoors: (context: LintContext) => ReadonlyMap<string, FrontDoor> = perRun((context) => {
  const { services } = context.cluster;
  const found = new Map<string, FrontDoor>();
  const add = (service: Service | undefined, door: FrontDoor) => {
    if (service === undefined) return;
    for (const pod of servicePods(context, service)) if (!found.has(pod.workload)) found.set(pod.workload, door);
  };
  for (const service of services.values()) {
    const { type, ref, origin } = service;
    if (type === 'LoadBalancer' || type === 'NodePort') add(service, { name: `Service ${ref} (${type})`, origin });
  }
  for (const { namespace, name, route, origin } of routeBackends(context))
    add(services.get(`${namespace}/${name}`), { name: route, origin });
  return found;
});
