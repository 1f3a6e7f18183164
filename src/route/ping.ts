// The way of an ICMP message: to pods, nodes and addresses as they are. It has no port, so no Service, Ingress or host port takes it on.
import type { Cluster, Service } from '../model/cluster.ts';
import type { Aim } from './aim.ts';
import { selects } from './endpoints.ts';
import type { Obstacle } from './obstacle.ts';
import { type PodWay, pingToPods } from './pod-ports.ts';
import { type AddressRange, podsOf, type Source } from './source.ts';

/** Where the message goes; `alternatives`: to one of these addresses, and the input does not say which. */
interface PingWay extends Pick<PodWay, 'targets' | 'obstacles' | 'notes'> {
  readonly outside?: { readonly range: AddressRange; readonly port: number };
  readonly alternatives?: boolean;
}

/** `type`: of the message, 8 for a ping; it stands where other ways have the port. Never throws. */
export function pingWay(cluster: Cluster, source: Source, aim: Aim, type: number): PingWay {
  const nothing: PingWay = { targets: [], obstacles: [], notes: [] };
  switch (aim.kind) {
    case 'pods':
      return { ...nothing, ...pingToPods(cluster, aim.pods, type) };
    case 'service': {
      const { service } = aim;
      const pods = cluster.pods.filter((pod) => selects(service, pod));
      // The name of a headless Service is the addresses of its pods.
      if (service.headless) return { ...nothing, ...pingToPods(cluster, pods, type) };
      return { ...nothing, obstacles: [takenByService(service, [...new Set(pods.map(({ workload }) => workload))])] };
    }
    case 'ingress': {
      const { service } = aim.choice;
      return service === undefined ? nothing : { ...nothing, obstacles: [takenByService(service, [])] };
    }
    case 'ends':
      return { ...nothing, targets: aim.parties.map((party) => ({ ...party, port: type })) };
    case 'outside':
      return { ...nothing, outside: { range: aim.range, port: type }, alternatives: aim.alternatives };
    case 'self':
      return { ...nothing, ...pingToPods(cluster, podsOf(source), type) };
    case 'nowhere':
      return nothing;
  }
}

function takenByService({ ref, origin }: Service, pods: readonly string[]): Obstacle {
  return { code: 'ping-to-a-service', severity: 'open', facts: { service: ref, pods }, origin };
}
