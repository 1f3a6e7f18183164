// Through a Service: its port, the target port, the pods behind it that are ready. NetworkPolicy knows nothing of Services, so this
// has to be settled before any policy is asked (semantics A.5).
import type { Cluster, ContainerPort, Pod, Service, ServicePort } from '../model/cluster.ts';
import type { Protocol } from '../net/port-set.ts';
import { type Backend, backendsOf, fromPods, namedPort, selectedPods } from './endpoints.ts';
import type { PortPart } from './name.ts';
import type { Note, Obstacle } from './obstacle.ts';
import type { Party } from './party.ts';
import { selectorMisses } from './selector-misses.ts';

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

function portObstacle(cluster: Cluster, service: Service, asked: PortPart, otherProtocol: readonly ServicePort[]): Obstacle {
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
  const target = service.ports.find(({ targetPort, ...own }) => targetPort === port || (targetPort !== own.port && leadsTo(containers, targetPort, own.protocol) === port));
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
  return typeof target === 'number' ? target : containers.find((declared) => declared.name === target && declared.protocol === protocol)?.port;
}

/** `http 80/TCP → 8080`. */
function printServicePort({ name, port, protocol, targetPort }: ServicePort): string {
  return `${name === undefined ? '' : `${name} `}${port}/${protocol} → ${targetPort}`;
}

/** `http 8080/TCP`. */
export function printContainerPort({ name, port, protocol }: ContainerPort): string {
  return `${name === undefined ? '' : `${name} `}${port}/${protocol}`;
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
    obstacles: obstaclesOf(cluster, service, port, believed, ready),
    notes: notesOf(cluster, service, believed),
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

function obstaclesOf(
  cluster: Cluster,
  service: Service,
  port: ServicePort,
  backends: readonly Backend[],
  ready: readonly Backend[],
): readonly Obstacle[] {
  if (backends.length === 0 && service.selector !== undefined && selectedPods(cluster, service).length === 0) {
    const selector = [...service.selector].map(([key, value]) => `${key}=${value}`).join(',');
    return [{ code: 'selector-matches-nothing', severity: 'broken', facts: { service: service.ref, selector }, origin: service.selectorOrigin }];
  }
  const live = backends.filter(({ state }) => state !== 'completed');
  const lacking = live.filter((backend) => backend.port === undefined);
  const found: Obstacle[] = [];
  if (lacking.length > 0) found.push(targetPortMissing(service, port, lacking, lacking.length === live.length));
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
    also: sameName.map(({ origin }) => origin),
  };
}

/**
 * Declarations are informational (semantics A.3), so a port that none declares may work. Pods that declare nothing say nothing.
 * undefined when there is nothing to warn of.
 */
export function undeclaredPort(
  pods: readonly { readonly pod: Pod | undefined }[],
  port: number,
  protocol: Protocol,
  service?: Service,
): Obstacle | undefined {
  const silent = pods.flatMap(({ pod }) => pod ?? []).filter((pod) => pod.ports.some(({ role }) => role !== 'init'));
  const lacking = silent.filter((pod) => !pod.ports.some((declared) => declared.port === port && declared.protocol === protocol));
  const [first] = lacking;
  if (first === undefined) return undefined;
  return {
    code: 'target-port-undeclared',
    severity: 'warning',
    facts: {
      ...(service && { service: service.ref }),
      pods: lacking.map(({ ref }) => ref),
      port,
      protocol,
      declared: [...new Set(lacking.flatMap((pod) => pod.ports.map(printContainerPort)))],
    },
    origin: first.ports[0]?.origin ?? first.origin,
  };
}

/** What keeps a pod from answering, or from calling. Behind a Service it is a warning, since others may be ready. */
export function podObstacles(pod: Pod, state: Backend['state'], side: 'source' | 'destination', isAlone = false): readonly Obstacle[] {
  const severity = isAlone ? 'broken' : 'warning';
  const { origin, ref } = pod;
  if (state === 'completed') return [{ code: 'pod-completed', severity, facts: { pod: ref, phase: pod.phase ?? '', side }, origin }];
  if (state === 'pending') return [{ code: 'pod-pending', severity, facts: { pod: ref, side }, origin }];
  // A pod that is not ready has an address all the same, and its processes may answer.
  if (state === 'ready' || state === 'scaled-to-zero') return [];
  return [{ code: 'pod-not-ready', severity: 'warning', facts: { pod: ref, terminating: state === 'terminating', side }, origin }];
}

function notesOf(cluster: Cluster, service: Service, backends: readonly Backend[]): readonly Note[] {
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

  const wrong = plain.targets.filter(({ port: target, end }) => target !== asked.port && end.kind === 'pod' && !declares(end.pod, asked.port, port.protocol));
  const obstacle: Obstacle = {
    code: 'headless-port-not-translated',
    severity: 'broken',
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

/** A port name asked of a pod itself: the number in each pod, and what is missing. */
export function namedPorts(pods: readonly Pod[], name: string, protocol: Protocol | undefined) {
  const found = pods.map((pod) => {
    const declared = protocol === undefined ? pod.ports.find((port) => port.name === name && port.role !== 'init') : namedPort(pod, name, protocol);
    return { pod, declared };
  });
  const lacking = found.filter(({ declared }) => declared === undefined).map(({ pod }) => pod);
  const declared = lacking.flatMap((pod) => pod.ports);
  const sameName = declared.filter((port) => port.name === name);
  const obstacle: Obstacle | undefined =
    lacking.length === 0
      ? undefined
      : {
          code: 'port-name-missing',
          severity: lacking.length === pods.length ? 'broken' : 'warning',
          facts: {
            port: name,
            ...(protocol !== undefined && { protocol }),
            pods: lacking.map(({ ref }) => ref),
            declared: [...new Set(declared.map(printContainerPort))],
            ...(sameName.length > 0 && { otherProtocol: [...new Set(sameName.map((port) => port.protocol))] }),
          },
          ...(lacking[0] && { origin: lacking[0].origin }),
          also: sameName.map(({ origin }) => origin),
        };
  return { found, obstacle };
}
