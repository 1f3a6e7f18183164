// For a name that DNS does not have: what was probably meant, and the name that would have worked.
import type { Cluster, Pod, Service } from '../model/cluster.ts';
import { nearest } from '../profile/nearest.ts';
import { selects } from './endpoints.ts';

/** Names for what was probably meant, best first, as short as they work from this pod. */
export function namesThatWork(
  cluster: Cluster,
  pod: Pod | undefined,
  host: string,
  domain: string,
): { works: readonly string[]; means: string | undefined } {
  const inside = host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : host;
  const labels = inside.replace(/\.svc(\..*)?$/, '').split('.');
  const [first = '', second] = labels;
  const namespace = second ?? pod?.namespace ?? 'default';
  const services = [...cluster.services.values()];
  const shortest = (service: Service) => (service.namespace === pod?.namespace ? service.name : `${service.name}.${service.namespace}`);

  const object = objectsCalled(cluster, first, second, pod).find(({ pods }) => pods.length > 0);
  const inFront = services.filter((service) => object?.pods.some((other) => selects(service, other)));
  const elsewhere = services.filter(({ name, namespace: other }) => name === first && other !== namespace);
  const near = nearest(
    first,
    services.filter((service) => service.namespace === namespace).map(({ name }) => name),
  );
  const nearNamespaces = nearest(namespace, [...cluster.namespaces.keys()]);
  const typos = services.filter(
    (service) =>
      (service.namespace === namespace && near.includes(service.name)) ||
      (service.name === first && nearNamespaces.includes(service.namespace)),
  );
  return { works: [...new Set([...inFront, ...elsewhere, ...typos].map(shortest))], means: object?.ref };
}

/** Pods and workloads of that name, which have no name in DNS. The pod's own namespace first. */
function objectsCalled(cluster: Cluster, name: string, namespace: string | undefined, pod: Pod | undefined) {
  const pods = cluster.pods
    .filter((other) => other.name === name && !other.template)
    .map((other) => ({ ref: other.ref, namespace: other.namespace, pods: [other] }));
  const workloads = [...cluster.workloads.values()].filter((workload) => workload.name === name && workload.kind !== 'Pod');
  const all = [...workloads.map((workload) => ({ ref: workload.ref, namespace: workload.namespace, pods: workload.pods })), ...pods];
  if (namespace !== undefined) return all.filter((other) => other.namespace === namespace);
  const isOwn = (other: { namespace: string }) => Number(other.namespace === pod?.namespace);
  return all.sort((a, b) => isOwn(b) - isOwn(a));
}
