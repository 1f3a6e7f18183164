// What the destination's name leads to, before ports: pods, a Service, an Ingress rule, addresses, or nowhere.
// DNS names are read as the source's resolver would.
import type { Cluster, Pod, Service } from '../model/cluster.ts';
import { type Ip, printIp, sameIp } from '../net/ip.ts';
import { ipSetOfRanges } from '../net/ip-set.ts';
import { namesMatter } from '../policy/dns-names.ts';
import { addressEnd, addressesOf, type End } from '../policy/end.ts';
import { controlPlanePods, isApiServerName } from './api-server.ts';
import { serviceAt } from './assumed.ts';
import { type HostAnswer, type HostMeaning, type Missing, resolveHost } from './dns-name.ts';
import { publishedState } from './endpoints.ts';
import { type Found, findNode, findObject } from './find.ts';
import { hypotheticalNote, hypotheticalPod } from './hypothetical.ts';
import { isBeforeController } from './ingress-controllers.ts';
import { type IngressChoice, ingressFor } from './ingress-host.ts';
import { type HostName, isError, type Name, type ObjectName, type PortPart } from './name.ts';
import { addressNamedEnd, type NamedEnd, nodeNamedEnd, plain, podNamedEnd, serviceEnd, workloadEnd } from './named-end.ts';
import { type EndError, endError, type Note, type Obstacle } from './obstacle.ts';
import { anywhereOutside, internet } from './outside.ts';
import { endRef, type Party } from './party.ts';
import { resolversOf } from './resolver.ts';
import { type AddressRange, podsOf, rangeMeaning, type Source } from './source.ts';
import { type HostPort, hostPortAt, type NodePort, nodePortAt, serviceWithAddress } from './translate.ts';

export type Aim = Target & {
  readonly end: NamedEnd;
  /**
   * Is a lookup in DNS part of the way? `asked`: a host name was pasted. `usual`: a Service was named as an object, and programs reach
   * Services by name. `no`: addresses and pods.
   */
  readonly dns: 'asked' | 'usual' | 'no';
  /** The destination was named by this address, or its name stands for it, so only the family of it is meant. */
  readonly address?: Ip;
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly Note[];
};

export type Target =
  /** `hostPort`: a port of the node was asked, which leads to these pods. */
  | { readonly kind: 'pods'; readonly pods: readonly Pod[]; readonly hostPort?: HostPort }
  /** `through`: a node port of this node was asked. */
  | { readonly kind: 'service'; readonly service: Service; readonly portName: string | undefined; readonly through?: ThroughNode }
  | { readonly kind: 'ingress'; readonly choice: IngressChoice }
  /** Ends that listen on any port, for all that we know: nodes. */
  | { readonly kind: 'ends'; readonly parties: readonly Party[] }
  /** `alternatives`: the destination is one of these addresses and the input does not say which. */
  | { readonly kind: 'outside'; readonly range: AddressRange; readonly alternatives: boolean }
  /** The source itself: localhost. */
  | { readonly kind: 'self' }
  | { readonly kind: 'nowhere' };

/** `10.20.0.11:31080`: the node that was asked, and the Service port behind it. */
export interface ThroughNode extends NodePort {
  readonly node: Extract<End, { kind: 'node' }>;
}

/** `namespace`: where a name without one lives. Names that mean nothing come back as an EndError. Never throws. */
export function aimOf(cluster: Cluster, name: Name, source: Source, namespace: string): Aim | EndError {
  switch (name.kind) {
    case 'object':
      return object(cluster, name, source);
    case 'host':
      return host(cluster, name, source, namespace);
    case 'node': {
      const node = findNode(cluster, name.name);
      if (isError(node)) return node;
      return atNode(cluster, nodeNamedEnd(node.name), { kind: 'node', ...node }, name, undefined);
    }
    case 'address':
      return atEntry(cluster, name) ?? address(cluster, name.address, name);
    case 'range': {
      const { parties, range, notes } = rangeMeaning(cluster, ipSetOfRanges([name.range]), name.label);
      const target: Target = range === undefined ? { kind: 'ends', parties } : { kind: 'outside', range, alternatives: false };
      return { ...aim(plain('range', name.label), target), notes };
    }
    case 'internet':
      return aim(plain('internet', 'internet'), {
        kind: 'outside',
        range: { ips: internet(cluster), name: 'internet' },
        alternatives: false,
      });
    case 'kubelet':
      return kubeletOf(cluster, source);
    case 'ingress-controller':
      return endError('bad-name', { text: '{ingress-controller}', name: '{ingress-controller}' });
    case 'labels': {
      const pod = hypotheticalPod(cluster, name);
      // What its containers would declare nobody has said.
      if (typeof name.port !== 'number') return endError('port-needed', { to: pod.ref, ports: [] });
      return aim(podNamedEnd(pod), { kind: 'pods', pods: [pod] }, 'no', [hypotheticalNote(cluster, pod)]);
    }
  }
}

function aim(end: NamedEnd, target: Target, dns: Aim['dns'] = 'no', notes: readonly Note[] = []): Aim {
  return { ...target, end, dns, obstacles: [], notes };
}

function ofFound(found: Found): Aim {
  switch (found.kind) {
    case 'workload':
      return aim(workloadEnd(found.workload), { kind: 'pods', pods: found.workload.pods });
    case 'pod':
      return aim(podNamedEnd(found.pod), { kind: 'pods', pods: [found.pod] });
    case 'service':
      return aim(serviceEnd(found.service), { kind: 'service', service: found.service, portName: undefined }, 'usual');
  }
}

/** A bare word is an object first. What the source's DNS makes of it counts where there is no such object, and must not contradict it. */
function object(cluster: Cluster, name: ObjectName, source: Source): Aim | EndError {
  const found = findObject(cluster, name);
  const apiServer = isError(found) && isApiServerName(name) ? serviceAt(cluster, 'default', 'kubernetes') : undefined;
  // Programs in a pod find it by the address in their environment, without a lookup.
  if (apiServer !== undefined) return { ...ofFound({ kind: 'service', service: apiServer }), dns: 'no' };
  const pods = isError(found) && found.code === 'unknown-name' ? (controlPlanePods(cluster, name) ?? []) : [];
  if (pods.length > 0) return aim({ ...plain('node', name.name), pods: pods.map(({ ref }) => ref) }, { kind: 'pods', pods });
  const [asking] = podsOf(source);
  if (!name.bare || asking === undefined || asking.namespace === name.namespace) return isError(found) ? found : ofFound(found);
  const { meaning } = answerFor(cluster, asking, name.name, false);
  if (meaning.kind !== 'service') return isError(found) ? found : ofFound(found);
  const inDns = `${meaning.service.namespace}/svc/${meaning.service.name}`;
  if (isError(found)) {
    return found.code === 'ambiguous-name' ? found : { ...ofFound({ kind: 'service', service: meaning.service }), dns: 'asked' };
  }
  return endError('ambiguous-name', { name: name.name, candidates: [ofFound(found).end.notation, inDns] });
}

function answerFor(cluster: Cluster, asking: Pod, host: string, absolute: boolean): HostAnswer {
  // A resolver of which the input does not tell what it knows is given the benefit of the doubt, and an obstacle says so.
  const knowsCluster = resolversOf(cluster, asking).some((resolver) => resolver.knowsCluster !== 'no');
  return resolveHost(cluster, { pod: asking, knowsCluster }, host, absolute);
}

function host(cluster: Cluster, name: HostName, source: Source, namespace: string): Aim | EndError {
  const [asking] = podsOf(source);
  const answer =
    asking === undefined
      ? resolveHost(cluster, { pod: undefined, knowsCluster: false }, name.host, name.absolute)
      : answerFor(cluster, asking, name.host, name.absolute);
  const { meaning } = answer;
  if (meaning.kind === 'self' && asking === undefined && name.scheme !== undefined) {
    // kind, k3d and minikube publish their ingress controller on the machine itself.
    const choice = ingressFor(cluster, { ...name, withHostless: isWebUrl(name.scheme) });
    if (choice !== undefined) return throughRule(name.host, name, choice, 'asked');
  }
  if (meaning.kind === 'external' || meaning.kind === 'missing') {
    // A client outside that asks for a name of the world may well mean a rule without a host; a pod that does rather means the world.
    const choice = ingressFor(cluster, { ...name, withHostless: asking === undefined && isWebUrl(name.scheme) });
    if (choice !== undefined) return throughRule(name.host, name, choice, 'asked');
    const dotted = name.written ? undefined : objectWithDots(cluster, name, namespace);
    if (dotted !== undefined) return dotted;
  }
  if (meaning.kind === 'missing') return nowhere(cluster, name, answer, meaning);
  return withDoubt(cluster, asking, meaning, reached(cluster, name, meaning));
}

function isWebUrl(scheme: string | undefined): boolean {
  return scheme === 'http' || scheme === 'https' || scheme === 'ws' || scheme === 'wss';
}

function throughRule(
  host: string,
  url: { readonly scheme: string | undefined; readonly path: string | undefined },
  choice: IngressChoice,
  dns: Aim['dns'],
): Aim {
  const text = `${url.scheme === undefined ? '' : `${url.scheme}://`}${host}${url.path ?? ''}`;
  return aim({ ...plain('ingress', host), text }, { kind: 'ingress', choice }, dns);
}

/** Pods and workloads may have dots in their names: `api.v2`. */
function objectWithDots(cluster: Cluster, name: HostName, namespace: string): Aim | undefined {
  const { port, protocol } = name;
  const asked = {
    kind: 'object',
    namespace,
    objectKind: undefined,
    name: name.host,
    bare: false,
    namespaceWritten: false,
    port,
    protocol,
  } as const;
  const found = findObject(cluster, asked);
  return isError(found) ? undefined : ofFound(found);
}

function reached(cluster: Cluster, name: HostName, meaning: Exclude<HostMeaning, Missing>): Aim {
  const { host } = name;
  switch (meaning.kind) {
    case 'service':
      return aim(serviceEnd(meaning.service), { kind: 'service', service: meaning.service, portName: meaning.portName }, 'asked');
    case 'service-pod':
      return ofOnePod(cluster, host, meaning.service, meaning.pod);
    case 'address':
      return { ...address(cluster, meaning.address, name), dns: 'asked' };
    case 'hosts-file':
      return address(cluster, meaning.address, name);
    case 'self':
      return aim(plain('self', host), { kind: 'self' });
    case 'external':
      return external(cluster, host);
  }
}

/** `db-0.db.payments`. Kubernetes: "DNS for Services and Pods": a record needs a ready pod, unless publishNotReadyAddresses is set. */
function ofOnePod(cluster: Cluster, host: string, service: Service, pod: Pod): Aim {
  const found = aim(podNamedEnd(pod), { kind: 'pods', pods: [pod] }, 'asked', [{ code: 'headless', facts: { service: service.ref } }]);
  const state = publishedState(cluster, service, pod);
  if (state === 'ready' || state === 'scaled-to-zero') return found;
  const facts = { host, service: service.ref, pod: pod.ref, state: state.replace('-', ' ') };
  const obstacle: Obstacle = { code: 'name-not-published', severity: 'broken', facts, origin: service.origin, also: [pod.origin] };
  return { ...found, obstacles: [obstacle] };
}

/** A host of which the input has no address: one of all that are outside, and policies can only name addresses. */
export function external(cluster: Cluster, host: string): Aim {
  const range = { ips: anywhereOutside(cluster), name: host, host };
  return aim(plain('host', host), { kind: 'outside', range, alternatives: true }, 'asked', [
    { code: 'external-host', facts: { host, ...(namesMatter(cluster) && { byName: true }) } },
  ]);
}

function withDoubt(cluster: Cluster, asking: Pod | undefined, meaning: HostMeaning, found: Aim): Aim {
  const isOurs = meaning.kind === 'service' || meaning.kind === 'service-pod';
  const resolvers = asking === undefined || !isOurs ? [] : resolversOf(cluster, asking);
  if (asking === undefined || resolvers.length === 0 || resolvers.some(({ knowsCluster }) => knowsCluster === 'yes')) return found;
  const facts = { pod: asking.ref, nameservers: resolvers.map(({ ref }) => ref) };
  const obstacle: Obstacle = { code: 'resolver-unknown', severity: 'open', facts, origin: asking.origin };
  return { ...found, obstacles: [obstacle, ...found.obstacles] };
}

/** The name leads nowhere. Where only the resolver is wrong, the way beyond it is still told. */
function nowhere(cluster: Cluster, name: HostName, { tried }: HostAnswer, missing: Missing): Aim {
  const obstacle: Obstacle = {
    code: 'name-not-in-dns',
    severity: 'broken',
    facts: {
      host: name.host,
      tried,
      reason: missing.reason,
      works: missing.works,
      ...(missing.means !== undefined && { means: missing.means }),
    },
  };
  const beyond =
    missing.service && aim(serviceEnd(missing.service), { kind: 'service', service: missing.service, portName: undefined }, 'asked');
  const found = beyond ?? aim(plain('host', name.host), { kind: 'nowhere' }, 'asked');
  const [pod] = cluster.pods.filter(({ ref }) => ref === missing.means);
  return { ...found, obstacles: [pod === undefined ? obstacle : { ...obstacle, also: [pod.origin] }] };
}

function address(cluster: Cluster, ip: Ip, asked: PortPart): Aim {
  return { ...heldBy(cluster, ip, asked), address: ip };
}

/** The address of a load balancer before the ingress controller: with a URL the rule that takes its path, without one the first that takes `/`. */
function atEntry(cluster: Cluster, { address: ip, url }: Extract<Name, { kind: 'address' }>): Aim | undefined {
  const holds = (addresses: readonly Ip[]) => addresses.some((other) => sameIp(other, ip));
  const isInStatus = cluster.ingresses.some(({ addresses }) => holds(addresses));
  const service = serviceWithAddress(cluster, ip);
  const isWeb = url !== undefined && isWebUrl(url.scheme);
  const isEntry = isInStatus ? service === undefined || isWeb : isWeb && service !== undefined && isBeforeController(cluster, service);
  if (!isEntry) return undefined;
  const choice = ingressFor(cluster, {
    host: printIp(ip),
    path: url?.path,
    withHostless: true,
    isMeant: (ingress) => !isInStatus || holds(ingress.addresses),
  });
  return choice && { ...throughRule(printIp(ip), { scheme: url?.scheme, path: url?.path }, choice, 'no'), address: ip };
}

/** The nodes of the pods that ask. */
function kubeletOf(cluster: Cluster, source: Source): Aim {
  const nodes = new Map<string, Party>();
  for (const { end } of source.parties) {
    const name = end.kind === 'pod' ? end.pod.node : end.kind === 'node' ? end.name : undefined;
    const addresses =
      (name === undefined ? undefined : cluster.nodes.get(name)?.addresses) ??
      (end.kind === 'pod' ? end.pod.hostAddresses : addressesOf(end));
    const ref = name === undefined ? 'kubelet' : `node/${name}`;
    nodes.set(ref, { end: { kind: 'node', name, addresses }, ref });
  }
  const parties =
    nodes.size > 0 ? [...nodes.values()] : [{ end: { kind: 'node', name: undefined, addresses: [] }, ref: 'kubelet' } as const];
  return aim(plain('kubelet', 'kubelet'), { kind: 'ends', parties });
}

/** The address book: a pod, a node and what its port leads to, a Service's own address, or outside. */
function heldBy(cluster: Cluster, ip: Ip, asked: PortPart): Aim {
  const end = addressEnd(cluster, ip);
  if (end.kind === 'pod') return aim({ ...addressNamedEnd(ip), pods: [end.pod.ref] }, { kind: 'pods', pods: [end.pod] });
  if (end.kind === 'node') return atNode(cluster, addressNamedEnd(ip), end, asked, ip);
  const service = serviceWithAddress(cluster, ip);
  if (service !== undefined) {
    const note: Note = { code: 'by-service-address', facts: { service: service.ref, address: printIp(ip) } };
    return aim(serviceEnd(service), { kind: 'service', service, portName: undefined }, 'no', [note]);
  }
  if (isLoopback(ip)) return aim(plain('self', printIp(ip)), { kind: 'self' });
  return aim(addressNamedEnd(ip), { kind: 'ends', parties: [{ end, ref: endRef(end) }] });
}

/** A port of a node: a node port, a host port, or a process of the node itself. A host port is taken first, as its rules come first. */
function atNode(cluster: Cluster, named: NamedEnd, end: Extract<End, { kind: 'node' }>, asked: PortPart, ip: Ip | undefined): Aim {
  const hostPort = hostPortAt(cluster, end, asked, ip);
  if (hostPort !== undefined) {
    const { pods, port, certain } = hostPort;
    const facts = { node: endRef(end), hostPort: asked.port ?? 0, port, pods: pods.map(({ ref }) => ref) };
    const unplaced: Obstacle = { code: 'host-port-pod-unplaced', severity: 'open', facts };
    const found = aim({ ...named, pods: facts.pods }, { kind: 'pods', pods, hostPort }, 'no', [{ code: 'host-port', facts }]);
    return certain ? found : { ...found, obstacles: [unplaced] };
  }
  const nodePort = nodePortAt(cluster, asked);
  if (nodePort === undefined) return aim(named, { kind: 'ends', parties: [{ end, ref: endRef(end) }] });
  const { service, port } = nodePort;
  const note: Note = {
    code: 'node-port',
    facts: { node: endRef(end), nodePort: port.nodePort ?? 0, service: service.ref, targetPort: port.targetPort },
    origin: port.origin,
  };
  return aim(named, { kind: 'service', service, portName: undefined, through: { ...nodePort, node: end } }, 'no', [note]);
}

function isLoopback(ip: Ip): boolean {
  return ip.family === 4 ? ip.value >>> 24 === 127 : ip.value === 1n;
}
