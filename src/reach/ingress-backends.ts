// What an ingress controller can send on: for every backend of an Ingress or of a Gateway API route, the Service, the workloads behind it and their target
// ports. Knows nothing of policies.
import { type Cluster, type IngressPath, isLive, type Pod, type Service, type ServicePort } from '../model/cluster.ts';
import type { Labels } from '../model/selector.ts';
import { NO_PORTS, type PortSet, portSet, unionPorts } from '../net/port-set.ts';
import type { MapEnd } from './map-ends.ts';

/**
 * The ports that Ingresses lead to, by end: `cart → TCP 8080`. TCP only, and only target ports that a selected pod declares: a
 * backend whose port nobody declares leads nowhere that we know.
 */
export function backendPorts(cluster: Cluster, ends: readonly MapEnd[]): ReadonlyMap<MapEnd, PortSet> {
  if (cluster.ingresses.length === 0) return new Map();
  const endsIn = new Map<string, MapEnd[]>();
  for (const end of ends) {
    const namespace = (end.pods[0] as Pod).namespace;
    endsIn.set(namespace, [...(endsIn.get(namespace) ?? []), end]);
  }
  const found = new Map<MapEnd, PortSet>();
  for (const ingress of cluster.ingresses) {
    for (const path of ingress.rules) {
      const service = cluster.services.get(`${path.namespace}/${path.service}`);
      // A backend that only seems to be one (its Gateway may be in other files) is one until it is known that it is not.
      if (service === undefined || path.fault?.isOpen === false) continue;
      const ports = portsOf(service, path);
      for (const end of endsIn.get(path.namespace) ?? []) {
        for (const pod of end.pods) {
          if (!isBehind(service, pod)) continue;
          for (const port of ports)
            for (const target of targetsOn(pod, port))
              found.set(end, unionPorts(found.get(end) ?? NO_PORTS, portSet('TCP', target, target)));
        }
      }
    }
  }
  return found;
}

/** By number or name; by target port, too, as Routes write it; every port where the backend names none. */
function portsOf({ ports }: Service, { port: wanted }: IngressPath): readonly ServicePort[] {
  return ports.filter(
    ({ protocol, port, name, targetPort }) =>
      protocol === 'TCP' && (wanted === undefined || wanted === port || wanted === name || wanted === targetPort),
  );
}

/** By selector; a Service without one is followed to the pods that its endpoints name. */
function isBehind({ selector, endpoints }: Service, pod: Pod): boolean {
  if (!isLive(pod)) return false;
  if (selector === undefined) return (endpoints ?? []).some((endpoint) => endpoint.pod === pod.ref);
  return hasAll(pod.labels, selector);
}

function hasAll(labels: Labels, wanted: Labels): boolean {
  for (const [key, value] of wanted) if (labels.get(key) !== value) return false;
  return true;
}

function targetsOn(pod: Pod, { targetPort }: ServicePort): readonly number[] {
  return pod.ports
    .filter(
      ({ name, port, protocol }) => protocol === 'TCP' && (typeof targetPort === 'number' ? port === targetPort : name === targetPort),
    )
    .map(({ port }) => port);
}
