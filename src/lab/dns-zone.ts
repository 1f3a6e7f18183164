// What the cluster's DNS knows, as records by name (Kubernetes DNS specification 1.1.0): Services, the pods behind headless ones, and pods
// by their address. Pure; how it is said on the wire is dns-wire.ts.
import type { Cluster } from '../model/cluster.ts';
import { type Ip, printIp } from '../net/ip.ts';
import { CLUSTER_DOMAIN, type LabService } from './netns-plan.ts';

/** Everything in lower case, without the last dot. A name with an entry and no record of the asked type exists, and has no such record. */
export type Zone = Readonly<Record<string, Records>>;

export interface Records {
  readonly addresses?: readonly string[];
  readonly services?: readonly { readonly port: number; readonly target: string }[];
  readonly alias?: string;
}

/** `{ 'cart.shop.svc.cluster.local': { addresses: ['10.96.0.11'] }, '_grpc._tcp.cart.shop.svc.cluster.local': { services: […] }, … }` */
export function zoneOf(cluster: Cluster, services: readonly LabService[]): Zone {
  const zone = new Map<string, { addresses: string[]; services: { port: number; target: string }[]; alias?: string }>();
  const entry = (name: string) => {
    const key = name.toLowerCase();
    const found = zone.get(key) ?? { addresses: [], services: [] };
    zone.set(key, found);
    return found;
  };
  const addTo = (name: string, ips: readonly Ip[]) => {
    const { addresses } = entry(name);
    for (const text of ips.map(printIp)) if (!addresses.includes(text)) addresses.push(text);
  };
  entry(CLUSTER_DOMAIN);
  entry(`svc.${CLUSTER_DOMAIN}`);
  for (const namespace of cluster.namespaces.keys()) entry(`${namespace}.svc.${CLUSTER_DOMAIN}`);

  for (const service of services) {
    const name = `${service.name}.${service.namespace}.svc.${CLUSTER_DOMAIN}`;
    if (service.externalName !== undefined) {
      entry(name).alias = service.externalName.toLowerCase().replace(/\.$/, '');
      continue;
    }
    // A headless Service without ready pods has no records at all, and its name does not exist.
    if (!service.headless) addTo(name, service.addresses);
    for (const port of service.ports) {
      const targets = service.headless
        ? port.backends.map((backend) => ({ port: backend.port, target: `${backend.hostname}.${name}`, addresses: backend.addresses }))
        : [{ port: port.port, target: name, addresses: service.addresses }];
      for (const { target, addresses } of targets) {
        addTo(target, addresses);
        if (service.headless) addTo(name, addresses);
      }
      if (port.name !== undefined && targets.length > 0) {
        const found = entry(`_${port.name}._${port.protocol.toLowerCase()}.${name}`);
        found.services.push(...targets.map(({ port: number, target }) => ({ port: number, target: target.toLowerCase() })));
      }
    }
  }
  for (const pod of cluster.pods) {
    for (const ip of pod.addresses) addTo(`${dashed(ip)}.${pod.namespace}.pod.${CLUSTER_DOMAIN}`, [ip]);
  }
  return Object.fromEntries(zone);
}

/** 10.244.0.7 → `10-244-0-7`: a name that an address has in the zone. */
export function dashed(ip: Ip): string {
  return printIp(ip).replace(/[.:]/g, '-');
}
