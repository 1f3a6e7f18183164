// Through a Service: its port, the target port, the pods behind it that are ready. NetworkPolicy knows nothing of Services, so this
// has to be settled before any policy is asked (semantics A.5).
import type { Cluster, Pod, Service, ServicePort } from '../model/cluster.ts';
import type { Protocol } from '../net/port-set.ts';
import { type Backend, backendsOf, fromPods } from './endpoints.ts';
import type { PortPart } from './name.ts';
import type { Note, Obstacle } from './obstacle.ts';
import type { Party } from './party.ts';
import { backendNotes, backendObstacles, portObstacle } from './service-obstacles.ts';

/** The way through one port of a Service. */
export interface ServiceWay {
  readonly service: Service;
  /** undefined when the Service has no such port. */
  readonly servicePort: ServicePort | undefined;
  /** What the client asks for: the Service port; of a headless Service, the port of the pods. undefined: not known. */
  readonly port: number | string | undefined;
  readonly protocol: Protocol;
  /** Numbers that it leads to in the pods: `[8080]`; several when a named port differs from pod to pod. */
  readonly targetPorts: readonly number[];
  readonly ready: number;
  readonly total: number;
  /** Ready pods. When none is: those that would serve, so that what policies would say is known too. */
  readonly targets: readonly Party[];
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly Note[];
  /** The port to ask of addresses that the input does not tell: endpoints made by hand, the control plane. */
  readonly unknownAddresses: number | undefined;
}

/**
 * `waysThrough(cluster, service, { port: 80, protocol: undefined })` → one way per Service port that is meant, every port when none
 * was asked. What is wrong is in `obstacles`. An ExternalName Service has no ways: its name leads elsewhere. Never throws.
 */
export function waysThrough(cluster: Cluster, service: Service, asked: PortPart): readonly ServiceWay[] {
  const { chosen, obstacle } = choosePorts(cluster, service, asked);
  if (obstacle !== undefined) return [failed(service, asked, obstacle)];
  if (service.headless) return chosen.map((port) => headlessWay(cluster, service, port, asked));
  return chosen.map((port) => way(cluster, service, port));
}

function failed(service: Service, asked: PortPart, obstacle: Obstacle): ServiceWay {
  return {
    service,
    servicePort: undefined,
    port: asked.port,
    protocol: asked.protocol ?? 'TCP',
    targetPorts: [],
    ready: 0,
    total: 0,
    targets: [],
    obstacles: [obstacle],
    notes: [],
    unknownAddresses: undefined,
  };
}

function choosePorts(
  cluster: Cluster,
  service: Service,
  asked: PortPart,
): { readonly chosen: readonly ServicePort[]; readonly obstacle?: Obstacle } {
  const ofProtocol = service.ports.filter(({ protocol }) => asked.protocol === undefined || protocol === asked.protocol);
  if (asked.port === undefined && ofProtocol.length > 0) return { chosen: ofProtocol };
  const isAsked = ({ port, name }: ServicePort) => (typeof asked.port === 'number' ? port === asked.port : name === asked.port);
  const chosen = ofProtocol.filter(isAsked);
  if (chosen.length > 0) return { chosen };
  // Clients of a headless Service talk to its pods, on any port that they like.
  if (service.headless && typeof asked.port === 'number') {
    const protocol = asked.protocol ?? 'TCP';
    return {
      chosen: [{ name: undefined, port: asked.port, protocol, targetPort: asked.port, nodePort: undefined, origin: service.origin }],
    };
  }
  return { chosen: [], obstacle: portObstacle(cluster, service, asked, service.ports.filter(isAsked)) };
}

function way(cluster: Cluster, service: Service, port: ServicePort): ServiceWay {
  const backends = backendsOf(cluster, service, port);
  if (backends === undefined) return wayToNobodyKnown(service, port);
  // An empty list of endpoints says that there are none; the selected pods say why.
  const believed = backends.length > 0 || service.selector === undefined ? backends : fromPods(cluster, service, port);
  const isEmptyList = backends.length === 0 && service.endpoints !== undefined;
  const ready = isEmptyList ? [] : believed.filter(isReady);
  const serving = believed.filter((backend) => backend.port !== undefined && backend.state !== 'completed');
  const targets = ready.length > 0 ? ready : serving;
  return {
    service,
    servicePort: port,
    port: port.port,
    protocol: port.protocol,
    targetPorts: [...new Set(targets.flatMap((backend) => backend.port ?? []))],
    ready: ready.length,
    total: believed.length,
    targets: targets.flatMap(({ end, ref, port: number }) => (number === undefined ? [] : [{ end, ref, port: number }])),
    obstacles: backendObstacles(cluster, service, port, believed, ready),
    notes: backendNotes(cluster, service, believed),
    unknownAddresses: undefined,
  };
}

function isReady({ state, port }: Backend): boolean {
  return state === 'ready' && port !== undefined;
}

/** No selector and no endpoints in the input: `default/kubernetes` leads to the control plane, any other to whatever somebody wrote. */
function wayToNobodyKnown(service: Service, port: ServicePort): ServiceWay {
  const isControlPlane = service.ref === 'default/kubernetes';
  const number = typeof port.targetPort === 'number' ? port.targetPort : port.port;
  return {
    service,
    servicePort: port,
    port: port.port,
    protocol: port.protocol,
    targetPorts: [number],
    ready: 0,
    total: 0,
    targets: [],
    obstacles: isControlPlane
      ? []
      : [{ code: 'endpoints-unknown', severity: 'open', facts: { service: service.ref }, origin: service.origin }],
    notes: isControlPlane ? [{ code: 'control-plane', facts: { service: service.ref } }] : [],
    unknownAddresses: number,
  };
}

/**
 * A headless Service hands out the addresses of its pods and translates nothing: the port that the client asks for is the port it gets.
 * Without a port in the question it is the one that the pods listen on.
 */
function headlessWay(cluster: Cluster, service: Service, port: ServicePort, asked: PortPart): ServiceWay {
  const plain = way(cluster, service, port);
  const isNumber = typeof asked.port === 'number';
  const targets = isNumber ? plain.targets.map((target) => ({ ...target, port: asked.port as number })) : plain.targets;
  const notes: Note[] = [{ code: 'headless', facts: { service: service.ref } }, ...plain.notes];
  if (!isNumber) return { ...plain, port: plain.targetPorts[0] ?? port.port, targets, notes };

  const wrong = plain.targets.filter(
    ({ port: target, end }) => target !== asked.port && end.kind === 'pod' && !declares(end.pod, asked.port, port.protocol),
  );
  const isPartly = wrong.length < plain.targets.length;
  const obstacle: Obstacle = {
    code: 'headless-port-not-translated',
    severity: isPartly ? 'warning' : 'broken',
    ...(isPartly && { partly: true as const }),
    facts: { service: service.ref, port: asked.port, targetPort: port.targetPort, pods: wrong.map(({ ref }) => ref) },
    origin: port.origin,
  };
  return {
    ...plain,
    port: asked.port,
    targetPorts: [asked.port as number],
    targets,
    obstacles: wrong.length > 0 ? [obstacle, ...plain.obstacles] : plain.obstacles,
    notes,
  };
}

function declares(pod: Pod, port: number | string | undefined, protocol: Protocol): boolean {
  return pod.ports.some((declared) => declared.port === port && declared.protocol === protocol);
}
