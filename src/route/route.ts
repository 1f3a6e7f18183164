// The way there: from the two names that a person gives to the connections that policies are asked about, or what is broken before that.
// Half of all policy questions end here. Verdicts are made by policy/decide.ts (through `decideCarefully`), words in explain/.
import type { Cluster, Pod } from '../model/cluster.ts';
import type { Protocol } from '../net/port-set.ts';
import { namesMatter } from '../policy/dns-names.ts';
import { type Connection, type End, isSamePod } from '../policy/end.ts';
import type { DialledService } from '../policy/service-address.ts';
import type { Semantics } from '../profile/profile.ts';
import { type Aim, aimOf } from './aim.ts';
import { arriving, hopOver, isFromOutside } from './arrival.ts';
import { inFamilies } from './cases.ts';
import { type DnsCheck, type DnsOutcome, dnsOf } from './dns.ts';
import { type Draft, draftsOf, type IngressHop } from './drafts.ts';
import { ingressBefore } from './ingress-entry.ts';
import { isError, type PortPart, parseName } from './name.ts';
import { type NamedEnd, withPort } from './named-end.ts';
import type { EndError, Note, Obstacle } from './obstacle.ts';
import { outsideParties, replicaOf } from './outside.ts';
import { type Leg, legsBetween, type Party, podKinds } from './party.ts';
import { atHome } from './resolver.ts';
import type { ServiceWay } from './service.ts';
import { controllers, partiesOf, podsOf, type Source, sourceOf } from './source.ts';
import { unreadError, withUnread } from './unread.ts';

export interface RouteQuestion {
  /** As typed: `web/frontend`, `internet`. */
  readonly from: string;
  /** As typed: `payments/svc/api:8080`, `https://shop.example/cart`. */
  readonly to: string;
  /** Where names without a namespace live. */
  readonly namespace: string;
  /** Asked for beside the name; what the name itself says (`/udp`) comes first. */
  readonly protocol?: Protocol;
}

export type RouteResult =
  | { readonly errors: readonly EndError[] }
  | { readonly errors?: undefined; readonly from: NamedEnd; readonly to: NamedEnd; readonly routes: readonly Route[] };

/** The way to one port of the destination. */
export interface Route {
  /** `payments/svc/api:8080`. */
  readonly to: string;
  readonly protocol: Connection['protocol'];
  /** What the client asks for; undefined where the way ends before there is a port. */
  readonly port: number | string | undefined;
  readonly service: ServiceWay | undefined;
  /** The type of the ICMP message that was asked about. */
  readonly icmp?: number;
  /** The port of a node that was asked, where it leads to the Service. */
  readonly nodePort?: number;
  readonly ingress: IngressHop | undefined;
  /**
   * The lookup, checked for every kind of source pod, the worst first. `asked`: a host name was pasted, so it comes before everything.
   * `usual`: a Service was named as an object, and programs look those up. undefined: no name on the way, or the source is no pod.
   */
  readonly dns: { readonly need: 'asked' | 'usual'; readonly checks: readonly DnsCheck[] } | undefined;
  /** Empty when nothing is there to talk to. */
  readonly legs: readonly Leg[];
  /** True when one of the legs is the real one and the input does not say which: where they differ, the answer is undecided. */
  readonly alternatives: boolean;
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly Note[];
}

/**
 * `route(cluster, semantics, { from: 'web/frontend', to: 'payments/svc/api:8080', namespace: 'default' })` →
 * `{ from, to, routes: [{ protocol: 'TCP', port: 8080, service: { targetPorts: [8080], ready: 2, total: 2 }, legs: [...], obstacles: [] }] }`.
 * One route for every port that the destination declares when none was asked. Names that mean nothing are `errors`. Never throws.
 */
export function route(cluster: Cluster, semantics: Semantics, question: RouteQuestion): RouteResult {
  const from = parseName(question.from, question);
  const to = parseName(question.to, { namespace: question.namespace, knowsIcmp: true });
  const source = isError(from) ? from : sourceOf(cluster, from);
  if (isError(source) || isError(to)) return { errors: [source, to].filter(isError).map((error) => unreadError(cluster, error)) };
  const aim = aimOf(cluster, { ...to, protocol: to.protocol ?? question.protocol }, source, question.namespace);
  if (isError(aim)) return { errors: [unreadError(cluster, aim)] };
  // Which controllers carry the traffic depends on the Ingress in front of the destination.
  const start = !isError(from) && from.kind === 'ingress-controller' ? controllers(cluster, ingressBefore(cluster, aim)) : source;
  const asked: PortPart = { port: to.port, protocol: to.protocol ?? question.protocol, ...(to.icmp !== undefined && { icmp: to.icmp }) };
  const drafts = draftsOf(cluster, semantics, start, aim, asked);
  if (isError(drafts)) return { errors: [drafts] };
  const dns = dnsFor(cluster, semantics, start, aim);
  const routes = drafts.map((draft) => withUnread(cluster, finish(cluster, semantics, start, aim, draft, dns), [start.end, aim.end]));
  return { from: start.end, to: aim.end, routes };
}

function dnsFor(cluster: Cluster, semantics: Semantics, source: Source, aim: Aim): Route['dns'] {
  if (aim.dns === 'no') return undefined;
  // The node matters only where dnsConfig may name an address of it.
  const kinds = podKinds(cluster, source.parties, ({ dns: { policy, nameservers, searches }, node }) =>
    JSON.stringify([policy, nameservers, searches, policy === 'None' ? (node ?? '') : '']),
  );
  const checks = kinds.flatMap((parties) => {
    const [pod] = podsOf({ ...source, parties });
    return pod === undefined ? [] : [{ ...dnsOf(cluster, semantics, pod), sources: parties.map(({ ref }) => ref) }];
  });
  if (checks.length === 0) return undefined;
  const order: readonly DnsOutcome[] = ['denied', 'broken', 'partial', 'undecided', 'allowed'];
  return { need: aim.dns, checks: checks.sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome)) };
}

function finish(cluster: Cluster, semantics: Semantics, source: Source, aim: Aim, draft: Draft, dns: Route['dns']): Route {
  const start = draft.carriers ?? source;
  const { outside } = draft;
  const known = draft.targets;
  const arrival = arrivalOf(cluster, semantics, start, draft);
  const sources = arrival.parties;
  const beyond = outside === undefined ? [] : outsideParties(cluster, 'egress', sources, outside.range.ips, outside.range.name);
  const targets = [...known, ...beyond.map((party) => ({ ...byName(cluster, party, outside?.range.host), port: outside?.port ?? 0 }))];
  // localhost: every source to itself, of which one is as good as all.
  const isSelf = aim.kind === 'self';
  const all =
    start.end.kind === 'kubelet'
      ? kubeletLegs(cluster, targets, draft.protocol)
      : isSelf
        ? legsBetween(cluster, sources.slice(0, 1), targets.slice(0, 1), draft.protocol)
        : legsBetween(cluster, sources, apart(cluster, sources, targets), draft.protocol);
  const { legs, obstacles } = inFamilies(all, {
    source: draft.carriers === undefined ? source.address : undefined,
    destination: draft.ingress === undefined ? aim.address : undefined,
    service: draft.service?.service,
  });
  const dialled = draft.through?.port.nodePort === undefined ? dialledThrough(draft.service) : undefined;
  const hairpins = legs.filter((leg) => draft.service !== undefined && isSamePod(leg.source, leg.destination));
  return {
    to: withPort(aim.end, aim.kind === 'ingress' ? undefined : draft.port),
    protocol: draft.protocol,
    port: draft.port,
    ...(draft.icmp !== undefined && { icmp: draft.icmp }),
    service: draft.service,
    ...(draft.through?.port.nodePort !== undefined && { nodePort: draft.through.port.nodePort }),
    ingress: draft.ingress,
    dns,
    legs: [...(draft.entry ?? []), ...arrival.entry, ...legs.map((leg) => (dialled === undefined ? leg : { ...leg, dialled }))],
    alternatives: draft.alternatives === true || source.alternatives || arrival.alternatives,
    obstacles: [...source.obstacles, ...aim.obstacles, ...draft.obstacles, ...obstacles],
    notes: [
      ...source.notes,
      ...aim.notes,
      ...draft.notes,
      ...arrival.notes,
      ...hairpins.map(({ sourceRef }): Note => ({ code: 'hairpin', facts: { pod: sourceRef, service: draft.service?.service.ref ?? '' } })),
    ],
  };
}

/** The end with the name that it was asked for by, where rules look at names. A name with a wildcard stands for several. */
function byName(cluster: Cluster, party: Party, host: string | undefined): Party {
  const { end } = party;
  if (end.kind !== 'outside' || host === undefined || host.includes('*') || !namesMatter(cluster)) return party;
  return { ...party, end: { ...end, name: host } };
}

/** undefined where no address of a Service is dialled: pods by their own addresses, a headless Service, a port that it does not have. */
function dialledThrough(way: Draft['service']): DialledService | undefined {
  if (way?.servicePort === undefined || way.service.headless) return undefined;
  return { addresses: way.service.clusterIps, port: way.servicePort.port, selector: way.service.selector, hasAddress: true };
}

/** From each pod's own node, whichever that is: pods that no policy tells apart once. */
function kubeletLegs(cluster: Cluster, targets: readonly Party[], protocol: Connection['protocol']): readonly Leg[] {
  return podKinds(cluster, targets, ({ node }) => node ?? '').flatMap((parties) =>
    parties.slice(0, 1).flatMap(({ end, ref, port }) => {
      if (end.kind !== 'pod') return [];
      const pod = atHome(end.pod);
      const kubelet: Party = { end: { kind: 'node', name: pod.node, addresses: pod.hostAddresses }, ref: 'kubelet' };
      const legs = legsBetween(cluster, [kubelet], [{ end: { kind: 'pod', pod }, ref, ...(port !== undefined && { port }) }], protocol);
      return legs.map((leg) => ({ ...leg, destinations: parties.map((party) => party.ref) }));
    }),
  );
}

/** The sources as the pods at the end see them. Outside, only node ports and load balancers lead to a Service. */
function arrivalOf(cluster: Cluster, semantics: Semantics, start: Source, draft: Draft): ReturnType<typeof hopOver> {
  const { service: way, through, targets, protocol, ingress } = draft;
  const asIs = { parties: partiesOf(cluster, start, targets), entry: [], alternatives: false, notes: [] };
  if (way === undefined || ingress !== undefined) return asIs;
  const { service } = way;
  if (isFromOutside(start)) {
    const isInside = service.type === 'ClusterIP' && service.externalIps.length === 0;
    if (isInside) return { ...asIs, notes: [{ code: 'cluster-ip-from-outside', facts: { service: service.ref } }] };
    return { ...arriving(cluster, semantics, start, { service, node: through?.node }, targets), entry: [] };
  }
  if (through?.port.nodePort === undefined || protocol === 'ICMP') return asIs;
  const { node, port } = through;
  return hopOver(cluster, semantics, { parties: start.parties, node, service, nodePort: port.nodePort ?? 0, protocol });
}

/**
 * A template stands for all pods that a workload would make. When such a workload talks to itself, it is one replica to another:
 * only a pod with the same address is the same pod.
 */
function apart(cluster: Cluster, sources: readonly Party[], targets: readonly Party[]): readonly Party[] {
  const isTwin = (pod: Pod) =>
    pod.template &&
    pod.replica !== true &&
    cluster.workloads.get(pod.workload)?.replicas !== 1 &&
    sources.some(({ end }) => isSame(end, pod));
  return targets.map((target) =>
    target.end.kind === 'pod' && isTwin(target.end.pod) ? { ...target, end: { kind: 'pod', pod: replicaOf(target.end.pod) } } : target,
  );
}

function isSame(end: End, pod: Pod): boolean {
  return end.kind === 'pod' && end.pod.ref === pod.ref;
}
