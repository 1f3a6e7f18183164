// From what the destination is to ways with a port each, before sources are paired with targets: through Services and their other names,
// through Ingress rules, or straight to pods and addresses.
import type { Cluster } from '../model/cluster.ts';
import type { Connection, End } from '../policy/end.ts';
import type { Semantics } from '../profile/profile.ts';
import { type Aim, external, type ThroughNode } from './aim.ts';
import { resolveHost } from './dns-name.ts';
import { carriersOf } from './ingress-controllers.ts';
import { entryLegs } from './ingress-entry.ts';
import { type IngressChoice, titleOf } from './ingress-host.ts';
import { isError, type PortPart } from './name.ts';
import { type EndError, endError, type Note, type Obstacle } from './obstacle.ts';
import { anywhereOutside } from './outside.ts';
import type { Leg, Party } from './party.ts';
import { pingWay } from './ping.ts';
import { waysToPods } from './pod-ports.ts';
import { type ServiceWay, waysThrough } from './service.ts';
import { type AddressRange, controllers, podsOf, type Source } from './source.ts';
import type { HostPort } from './translate.ts';

/** The rule of an Ingress that was taken, and who carries its traffic: `controllers: ['ingress-nginx/controller-7d9']`. */
export type IngressHop = IngressChoice & { readonly controllers: readonly string[]; readonly assumed: boolean };

/** A route before its ends are paired. */
export interface Draft {
  readonly port: number | string | undefined;
  readonly protocol: Connection['protocol'];
  /** The type of an ICMP message, which has no port. */
  readonly icmp?: number;
  readonly service?: ServiceWay;
  readonly ingress?: IngressHop;
  /** Where the connection to the targets starts, when that is not the question's source: ingress controllers. */
  readonly carriers?: Source;
  readonly entry?: readonly Leg[];
  readonly targets: readonly Party[];
  readonly outside?: { readonly range: AddressRange; readonly port: number };
  readonly alternatives?: boolean;
  /** The node port that was dialled, and on which node. */
  readonly through?: ThroughNode;
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly Note[];
}

/** One draft for every port that is meant; `port-needed` where nothing says which. */
export function draftsOf(cluster: Cluster, semantics: Semantics, source: Source, aim: Aim, asked: PortPart): readonly Draft[] | EndError {
  const { icmp } = asked;
  if (icmp !== undefined) return [{ port: undefined, protocol: 'ICMP', icmp, ...pingWay(cluster, source, aim, icmp) }];
  const nothing = { targets: [], obstacles: [], notes: [] } as const;
  switch (aim.kind) {
    case 'pods':
      return aim.hostPort === undefined
        ? waysToPods(cluster, aim.end.text, aim.pods, asked)
        : toHostPort(cluster, aim, aim.hostPort, asked);
    case 'service':
      if (aim.through !== undefined) return toNodePort(cluster, aim.through);
      return throughService(cluster, semantics, source, aim.service, { ...asked, port: asked.port ?? aim.portName }, 0);
    case 'ingress':
      return throughIngress(cluster, semantics, source, aim.choice, asked);
    case 'nowhere':
      return [{ ...nothing, port: asked.port, protocol: asked.protocol ?? 'TCP' }];
    case 'self':
      return toSelf(cluster, source, asked);
    case 'ends':
      return withNumber(aim, asked, (port) => ({
        ...nothing,
        port,
        protocol: asked.protocol ?? 'TCP',
        targets: aim.parties.map((party) => ({ ...party, port })),
      }));
    case 'outside':
      return withNumber(aim, asked, (port) => ({
        ...nothing,
        port,
        protocol: asked.protocol ?? 'TCP',
        outside: { range: aim.range, port },
        alternatives: aim.alternatives,
      }));
  }
}

/** The answer is about the port that was asked, and policies about the one behind it. */
function toHostPort(cluster: Cluster, aim: Aim, { pods, port, protocol }: HostPort, asked: PortPart): readonly Draft[] | EndError {
  const ways = waysToPods(cluster, aim.end.text, pods, { port, protocol });
  return isError(ways) ? ways : ways.map((way): Draft => ({ ...way, port: asked.port }));
}

/** With externalTrafficPolicy Local a node sends to its own pods alone, and drops what comes in when it has none. */
function toNodePort(cluster: Cluster, through: ThroughNode): readonly Draft[] {
  const { service, port, node } = through;
  return waysThrough(cluster, service, { port: port.port, protocol: port.protocol }).map((way): Draft => {
    const isLocal = service.externalTrafficPolicy === 'Local' && node.name !== undefined;
    const here = isLocal
      ? way.targets.filter(({ end }) => end.kind === 'outside' || nodeOf(end) === undefined || nodeOf(end) === node.name)
      : way.targets;
    const none: Obstacle = {
      code: 'no-endpoint-on-node',
      severity: 'broken',
      facts: { service: service.ref, node: node.name ?? '', pods: way.targets.map(({ ref }) => ref) },
      origin: service.origin,
    };
    const obstacles = here.length === 0 && way.targets.length > 0 ? [none, ...way.obstacles] : way.obstacles;
    return { port: port.nodePort, protocol: port.protocol, service: way, targets: here, through, obstacles, notes: way.notes };
  });
}

function nodeOf(end: Exclude<End, { kind: 'outside' }>): string | undefined {
  return end.kind === 'pod' ? end.pod.node : end.name;
}

/** Nodes and addresses outside declare no ports and have no names for them. */
function withNumber(aim: Aim, { port }: PortPart, make: (port: number) => Draft): readonly Draft[] | EndError {
  return typeof port === 'number'
    ? [make(port)]
    : endError('port-needed', { to: aim.end.text, ports: [], ...(port !== undefined && { name: port }) });
}

function toSelf(cluster: Cluster, source: Source, asked: PortPart): readonly Draft[] | EndError {
  const pods = podsOf(source);
  if (pods.length > 0) return waysToPods(cluster, 'localhost', pods, asked);
  if (typeof asked.port !== 'number') return endError('port-needed', { to: 'localhost', ports: [] });
  const port = asked.port;
  return [
    { port, protocol: asked.protocol ?? 'TCP', targets: source.parties.map((party) => ({ ...party, port })), obstacles: [], notes: [] },
  ];
}

/** An ExternalName is a CNAME: the client looks up the other name, and its port is the one it asked for. */
const MOST_NAMES = 8;

function throughService(
  cluster: Cluster,
  semantics: Semantics,
  source: Source,
  service: ServiceWay['service'],
  asked: PortPart,
  depth: number,
): readonly Draft[] | EndError {
  if (service.type !== 'ExternalName') {
    return waysThrough(cluster, service, asked).map((way): Draft => {
      const { port, protocol, targets, obstacles, notes, unknownAddresses } = way;
      const draft = { port, protocol, service: way, targets, obstacles, notes };
      if (unknownAddresses === undefined) return draft;
      const name = service.ref === 'default/kubernetes' ? 'control-plane' : 'endpoints';
      return { ...draft, outside: { range: { ips: anywhereOutside(cluster), name }, port: unknownAddresses }, alternatives: true };
    });
  }
  const name = (service.externalName ?? '').toLowerCase().replace(/\.$/, '');
  const [pod] = podsOf(source);
  const { meaning, tried } = resolveHost(cluster, { pod, knowsCluster: true }, name, true);
  const inside = meaning.kind === 'service' || meaning.kind === 'service-pod';
  const note: Note = { code: 'external-name', facts: { service: service.ref, externalName: name, inside }, origin: service.origin };
  if (depth >= MOST_NAMES) {
    const loop: Obstacle = {
      code: 'external-name-loop',
      severity: 'broken',
      facts: { service: service.ref, names: [service.ref, name] },
      origin: service.origin,
    };
    return [{ port: asked.port, protocol: asked.protocol ?? 'TCP', targets: [], obstacles: [loop], notes: [note] }];
  }
  const ports: readonly PortPart[] =
    asked.port === undefined
      ? service.ports.map(({ port, protocol }) => ({ port, protocol }))
      : [typeof asked.port === 'string' ? (service.ports.find((own) => own.name === asked.port) ?? asked) : asked];
  if (ports.length === 0) return endError('port-needed', { to: `${service.namespace}/svc/${service.name}`, ports: [] });
  const drafts: Draft[] = [];
  for (const each of ports) {
    const found = beyond(each);
    if (isError(found)) return found;
    drafts.push(...found.map((draft) => ({ ...draft, notes: [note, ...draft.notes] })));
  }
  return drafts;

  function beyond(part: PortPart): readonly Draft[] | EndError {
    if (meaning.kind === 'service') return throughService(cluster, semantics, source, meaning.service, part, depth + 1);
    if (meaning.kind === 'service-pod') return waysToPods(cluster, name, [meaning.pod], part);
    if (meaning.kind === 'missing') {
      const facts = { host: name, tried, reason: meaning.reason, works: meaning.works };
      const obstacle: Obstacle = { code: 'name-not-in-dns', severity: 'broken', facts, origin: service.origin };
      return [{ port: part.port, protocol: part.protocol ?? 'TCP', targets: [], obstacles: [obstacle], notes: [] }];
    }
    const aim = external(cluster, name);
    const found = draftsOf(cluster, semantics, source, aim, part);
    return isError(found) ? found : found.map((draft) => ({ ...draft, notes: [...aim.notes, ...draft.notes] }));
  }
}

/** controller → Service → pods. The client's own way to the controller is a leg of its own where the input shows it. */
function throughIngress(
  cluster: Cluster,
  semantics: Semantics,
  source: Source,
  choice: IngressChoice,
  asked: PortPart,
): readonly Draft[] | EndError {
  const carriers = controllers(cluster, choice.ingress);
  const assumed = carriersOf(cluster, choice.ingress);
  const names = carriers.parties.map(({ ref }) => ref);
  const ingress = { ...choice, controllers: names, assumed: assumed.kind === 'pods' && assumed.assumed };
  const protocol = asked.protocol ?? 'TCP';
  const { legs, notes: entryNotes } = entryLegs(cluster, semantics, source, carriers, { port: asked.port, host: choice.host });
  const base = { port: asked.port, protocol, ingress, carriers, entry: legs } as const;
  const backends = [choice, ...choice.shares];
  const isShared = backends.length > 1;
  const services = backends.map(({ service }, i) => service?.ref ?? `${choice.ingress.ref}[${i}]`);
  const notes: readonly Note[] = [
    ...choice.notes,
    ...(isShared ? [{ code: 'route-shares-traffic', facts: { route: titleOf(choice.ingress), services } } as const] : []),
    ...(backends.some(({ service }) => service !== undefined) ? [...carriers.notes, ...entryNotes] : []),
  ];
  const found: Draft[] = [];
  for (const { service, backendPort, obstacles } of backends) {
    if (service === undefined) {
      found.push({ ...base, targets: [], obstacles, notes });
      continue;
    }
    const drafts = throughService(cluster, semantics, carriers, service, backendPort, 0);
    if (isError(drafts)) return drafts;
    for (const draft of drafts)
      found.push({
        ...draft,
        ...base,
        ingress: { ...ingress, service, backendPort, obstacles },
        alternatives: draft.alternatives === true || carriers.alternatives,
        obstacles: [...carriers.obstacles, ...obstacles, ...draft.obstacles],
        notes: [...notes, ...draft.notes],
      });
  }
  return found;
}
