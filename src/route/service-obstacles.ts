// What is broken between a Service's name and its pods: ports, selectors, pods that are not ready.
import type { Cluster, ContainerPort, Endpoint, Service, ServicePort } from '../model/cluster.ts';
import type { Protocol } from '../net/port-set.ts';
import { type Backend, selectedPods } from './endpoints.ts';
import type { PortPart } from './name.ts';
import type { Note, Obstacle } from './obstacle.ts';
import { originsOfPorts, podObstacles, printContainerPort, undeclaredPort } from './pod-obstacles.ts';
import { selectorMisses } from './selector-misses.ts';

/** The Service has no such port. `otherProtocol`: its ports of that number with another protocol than was asked. */
export function portObstacle(cluster: Cluster, service: Service, asked: PortPart, otherProtocol: readonly ServicePort[]): Obstacle {
  const [other] = otherProtocol;
  const port = asked.port ?? '';
  if (other !== undefined && asked.protocol !== undefined) {
    const found = otherProtocol.map(({ protocol }) => protocol);
    return {
      code: 'protocol-mismatch',
      severity: 'broken',
      facts: { service: service.ref, port, protocol: asked.protocol, found },
      origin: other.origin,
    };
  }
  const containers = selectedPods(cluster, service).flatMap((pod) => pod.ports);
  const target = service.ports.find(
    ({ targetPort, ...own }) => targetPort === port || (targetPort !== own.port && leadsTo(containers, targetPort, own.protocol) === port),
  );
  const inContainer = containers.some((declared) => declared.port === port || declared.name === port);
  const nodePort = service.ports.find((own) => own.nodePort === port);
  return {
    code: 'service-port-missing',
    severity: 'broken',
    facts: {
      service: service.ref,
      port,
      ...(asked.protocol !== undefined && { protocol: asked.protocol }),
      ports: service.ports.map(printServicePort),
      ...(target !== undefined && { targetPortOf: target.port }),
      ...(inContainer && { containerPort: true }),
      ...(nodePort !== undefined && { nodePortOf: nodePort.port }),
    },
    origin: service.origin,
  };
}

function leadsTo(containers: readonly ContainerPort[], target: number | string, protocol: Protocol): number | undefined {
  return typeof target === 'number'
    ? target
    : containers.find((declared) => declared.name === target && declared.protocol === protocol)?.port;
}

/** `http 80/TCP → 8080`. */
function printServicePort({ name, port, protocol, targetPort }: ServicePort): string {
  return `${name === undefined ? '' : `${name} `}${port}/${protocol} → ${targetPort}`;
}

/** What stands between a Service port and its backends. The obstacle that breaks the way comes first. */
export function backendObstacles(
  cluster: Cluster,
  service: Service,
  port: ServicePort,
  backends: readonly Backend[],
  ready: readonly Backend[],
): readonly Obstacle[] {
  if (backends.length === 0 && service.selector !== undefined && selectedPods(cluster, service).length === 0) {
    const selector = [...service.selector].map(([key, value]) => `${key}=${value}`).join(',');
    return [
      { code: 'selector-matches-nothing', severity: 'broken', facts: { service: service.ref, selector }, origin: service.selectorOrigin },
    ];
  }
  const live = backends.filter(({ state }) => state !== 'completed');
  const lacking = live.filter((backend) => backend.port === undefined);
  const found: Obstacle[] = [];
  if (lacking.length > 0) {
    const isAll = lacking.length === live.length;
    const byHand = service.selector === undefined ? endpointPortMissing(service, port, isAll) : undefined;
    found.push(byHand ?? targetPortMissing(service, port, lacking, isAll));
  }
  const undeclared = typeof port.targetPort === 'number' ? undeclaredPort(live, port.targetPort, port.protocol, service) : undefined;
  if (undeclared !== undefined) found.push(undeclared);
  if (ready.length === 0 && (lacking.length < live.length || live.length === 0)) found.unshift(noneReady(cluster, service, backends));
  return [...found, ...backends.flatMap(({ pod, state }) => (pod === undefined ? [] : podObstacles(pod, state, 'destination')))];
}

function noneReady(cluster: Cluster, service: Service, backends: readonly Backend[]): Obstacle {
  const workloads = [...new Set(backends.flatMap(({ pod }) => pod?.workload ?? []))];
  if (backends.length > 0 && backends.every(({ state }) => state === 'scaled-to-zero')) {
    const [first = ''] = workloads;
    const origin = cluster.workloads.get(first)?.origin;
    return { code: 'scaled-to-zero', severity: 'broken', facts: { service: service.ref, workload: workloads }, ...(origin && { origin }) };
  }
  return {
    code: 'no-ready-endpoint',
    severity: 'broken',
    facts: { service: service.ref, ready: 0, total: backends.length, source: service.endpoints === undefined ? 'pods' : 'endpoints' },
    origin: service.origin,
  };
}

/**
 * Endpoints that nobody but their author keeps in step with the Service: their port goes by the name of the Service's port, and a port without
 * a name only by none (EndpointPort.name). `endpointName`: the one name that they have instead.
 */
function endpointPortMissing(service: Service, port: ServicePort, isAll: boolean): Obstacle | undefined {
  const isServed = ({ ports }: Endpoint) =>
    ports.some(({ name = '', protocol }) => name === (port.name ?? '') && protocol === port.protocol);
  const lacking = (service.endpoints ?? []).filter((endpoint) => !isServed(endpoint));
  const [first] = lacking;
  if (first === undefined) return undefined;
  const ports = lacking.flatMap((endpoint) => endpoint.ports);
  const names = new Set(ports.filter(({ protocol }) => protocol === port.protocol).map(({ name = '' }) => name));
  const [only = ''] = names;
  const isFree = names.size === 1 && only !== '' && service.ports.every(({ name }) => name !== only);
  return {
    code: 'endpoint-port-missing',
    severity: isAll ? 'broken' : 'warning',
    facts: {
      service: service.ref,
      port: port.port,
      name: port.name ?? '',
      protocol: port.protocol,
      found: [...new Set(ports.map((own) => `${own.name || 'unnamed'} ${own.port ?? 'any port'}/${own.protocol}`))],
      ...(isFree && { endpointName: only }),
    },
    origin: port.origin,
    also: [first.origin],
  };
}

function targetPortMissing(service: Service, port: ServicePort, lacking: readonly Backend[], isAll: boolean): Obstacle {
  const pods = lacking.flatMap(({ pod }) => pod ?? []);
  const declared = pods.flatMap((pod) => pod.ports);
  const sameName = declared.filter(({ name }) => name === port.targetPort);
  const otherProtocol = sameName.filter(({ protocol }) => protocol !== port.protocol).map(({ protocol }) => protocol);
  return {
    code: 'target-port-missing',
    severity: isAll ? 'broken' : 'warning',
    facts: {
      service: service.ref,
      port: port.port,
      targetPort: port.targetPort,
      protocol: port.protocol,
      pods: lacking.map(({ ref }) => ref),
      declared: [...new Set(declared.map(printContainerPort))],
      ...(otherProtocol.length > 0 && { otherProtocol: [...new Set(otherProtocol)] }),
      ...(sameName.some(({ role, protocol }) => role === 'init' && protocol === port.protocol) && { inInitContainer: true }),
    },
    origin: port.origin,
    also: originsOfPorts(pods, port.targetPort),
  };
}

export function backendNotes(cluster: Cluster, service: Service, backends: readonly Backend[]): readonly Note[] {
  const notes: Note[] = [];
  if (backends.length === 0) notes.push(...selectorMisses(cluster, service));
  if (service.selector === undefined) {
    notes.push({ code: service.ref === 'default/kubernetes' ? 'control-plane' : 'endpoints-by-hand', facts: { service: service.ref } });
  }
  const onNode = backends.filter(({ pod }) => pod?.hostNetwork === true).map(({ ref }) => ref);
  if (onNode.length > 0) notes.push({ code: 'host-network', facts: { pods: onNode } });
  for (const { pod } of backends) {
    if (pod !== undefined && service.endpoints !== undefined && !cluster.podByRef.has(pod.ref)) {
      notes.push({ code: 'endpoint-pod-not-in-input', facts: { service: service.ref, pod: pod.ref } });
    }
  }
  return notes;
}
