// Services as a lab has them: each with addresses, and with the pods that stand behind each port now. Pure.
import type { Cluster, Service } from '../model/cluster.ts';
import { type Family, type Ip, ipKey, parseIp } from '../net/ip.ts';
import { backendsOf } from '../route/endpoints.ts';
import { dashed } from './dns-zone.ts';
import type { LabService } from './netns-plan.ts';
import { addressGiver } from './usable.ts';

/** Addresses that were given out, by `shop/cart`, `shop/svc/cart`, `node/node-1`; a change must not give others. */
export type Addresses = Readonly<Record<string, readonly string[]>>;

/** What kubeadm gives to kube-dns: the tenth address of its usual Service network. */
export const KUBE_DNS = '10.96.0.10';

export function serviceKey({ namespace, name }: Pick<Service, 'namespace' | 'name'>): string {
  return `${namespace}/svc/${name}`;
}

export function parsed(texts: readonly string[]): Ip[] {
  return texts.flatMap((text) => parseIp(text) ?? []);
}

/** Gives each Service without an address one of the usual network, IPv4 and IPv6. Headless ones and aliases have none. */
export function withServiceAddresses(cluster: Cluster, given: Addresses = {}): Cluster {
  const services = [...cluster.services.values()];
  const taken = new Set(
    [
      ...services.flatMap(({ clusterIps }) => clusterIps),
      ...cluster.pods.flatMap(({ addresses }) => addresses),
      ...Object.values(given).flatMap(parsed),
      ...parsed([KUBE_DNS]),
    ].map(ipKey),
  );
  const give = addressGiver(taken, { 4: '10.96.0.11', 6: 'fd00:10:96::11' });
  const families = new Set<Family>(cluster.pods.flatMap(({ addresses }) => addresses.map(({ family }) => family)));
  const addressed = services.map((service): Service => {
    if (service.headless || service.type === 'ExternalName' || service.clusterIps.length > 0) return service;
    const own = given[serviceKey(service)];
    const clusterIps = own !== undefined && own.length > 0 ? parsed(own) : [...families].sort().map(give);
    return { ...service, clusterIps };
  });
  return { ...cluster, services: new Map(addressed.map((service) => [service.ref, service])) };
}

/** Of a cluster whose pods have addresses. [] for one without Services. */
export function servicesIn(cluster: Cluster): readonly LabService[] {
  return [...cluster.services.values()].map((service) => labService(cluster, service));
}

function labService(cluster: Cluster, service: Service): LabService {
  return {
    ref: service.ref,
    namespace: service.namespace,
    name: service.name,
    addresses: service.clusterIps,
    headless: service.headless,
    externalName: service.externalName,
    ports: service.ports.map((port) => ({
      name: port.name,
      protocol: port.protocol,
      port: port.port,
      backends: (backendsOf(cluster, service, port) ?? []).flatMap(({ ref, pod, state, port: number }) => {
        // Endpoints that are no pods are outside of the lab: nobody is there.
        const addresses = pod?.addresses ?? [];
        if (state !== 'ready' || number === undefined || addresses.length === 0) return [];
        const isNamed = pod?.dns.subdomain === service.name && pod.dns.hostname !== undefined;
        const first = addresses[0];
        return [{ ref, addresses, port: number, hostname: isNamed ? (pod?.dns.hostname ?? '') : first === undefined ? '' : dashed(first) }];
      }),
    })),
  };
}
