// The peers of an entry → whom they mean: pods by identity, the outside by address, nodes by whether the pod runs on them.
import type { Node } from '../../model/cluster.ts';
import { at, type Origin } from '../../model/origin.ts';
import type { BlockPeer, DnsNamesPeer, Peer } from '../../model/policy.ts';
import { type Labels, matches } from '../../model/selector.ts';
import { type Cidr, hostCidr } from '../../net/cidr.ts';
import { type Family, type Ip, sameIp } from '../../net/ip.ts';
import { EMPTY_IPS, ipSetOfCidrs, ipSetOfIps, isEmptyIps, subtractIps } from '../../net/ip-set.ts';
import { everything, selectorOf } from '../../objects/normalise-selector.ts';
import { get, isObject, listOf, textOf } from '../../objects/read.ts';
import { isIdentityLabel } from './labels.ts';
import { meansIdentity, podsMeant, scoped, type Terms, termsOf } from './selectors.ts';
import { type Around, cidrOf, nodeIdentity } from './surroundings.ts';

/** Nodes: all of these; `unknown` where the input has no Node objects and some are meant. */
export type Nodes = readonly Node[] | 'unknown';

/** Whom peers mean. Nodes are told apart by whether the pod that is asked about runs on them. */
export interface Meant {
  readonly peers: readonly Peer[];
  readonly ownNode: Nodes;
  readonly otherNodes: Nodes;
}

export const NOBODY: Meant = { peers: [], ownNode: [], otherNodes: [] };

export function together(all: readonly Meant[]): Meant {
  return all.reduce(
    (a, b) => ({
      peers: [...a.peers, ...b.peers],
      ownNode: both(a.ownNode, b.ownNode),
      otherNodes: both(a.otherNodes, b.otherNodes),
    }),
    NOBODY,
  );
}

function both(a: Nodes, b: Nodes): Nodes {
  return a === 'unknown' || b === 'unknown' ? 'unknown' : a.length === 0 ? b : [...new Set([...a, ...b])];
}

/** What a policy's peers are read with: its namespace, and the rest of the input. */
export interface Reader {
  readonly around: Around;
  readonly namespace: string | undefined;
  /** The policy is for pods whose labels are not known yet, which no scope is added for. */
  readonly isForInit: boolean;
}

/** An entry of fromEndpoints or toEndpoints. */
export function endpointsMeant(value: unknown, origin: Origin, { around, namespace, isForInit }: Reader): Meant {
  return identitiesMeant(scoped(termsOf(value, origin), namespace, around, origin, isForInit), origin, around);
}

/** `fromNodes`, `toNodes`: other nodes only, by label. */
export function nodesMeant(value: unknown, origin: Origin, { around }: Reader): Meant {
  if (around.nodes.length === 0) return { ...NOBODY, otherNodes: 'unknown' };
  const terms = termsOf(value, origin);
  const labelled = (node: Node): Labels => new Map([...nodeIdentity(node)].map(([key, label]) => [`node:${key}`, label]));
  return { ...NOBODY, otherNodes: around.nodes.filter((node) => meansIdentity(terms, labelled(node))) };
}

function identitiesMeant(terms: Terms, origin: Origin, around: Around): Meant {
  const pods = podsMeant(terms, around, origin);
  const nodes = (reserved: string): Nodes => {
    const labelsOf = (node: Node | undefined): Labels =>
      new Map([
        [`reserved:${reserved}`, ''],
        ...(node !== undefined && isApiServer(node, around) ? [['reserved:kube-apiserver', ''] as const] : []),
        ...(node === undefined ? [] : [...nodeIdentity(node)].map(([key, label]) => [`k8s:${key}`, label] as const)),
      ]);
    if (around.nodes.length > 0) return around.nodes.filter((node) => meansIdentity(terms, labelsOf(node)));
    return meansIdentity(terms, labelsOf(undefined)) ? 'unknown' : [];
  };
  return {
    peers: [
      ...(pods === undefined ? [] : [{ kind: 'pods', ...pods, origin } as const]),
      ...([4, 6] as const).flatMap((family) => outsideMeant(terms, family, origin, around)),
    ],
    ownNode: nodes('host'),
    otherNodes: nodes('remote-node'),
  };
}

/** Outside addresses of one family: all, those of the API server, or all but these. */
function outsideMeant(terms: Terms, family: Family, origin: Origin, around: Around): readonly Peer[] {
  const label = around.dualStack ? `reserved:world-ipv${family}` : 'reserved:world';
  const servers = (around.apiServers ?? []).filter((ip) => ip.family === family).map(hostCidr);
  const ordinary = meansIdentity(terms, new Map([[label, '']]));
  const serving = meansIdentity(
    terms,
    new Map([
      [label, ''],
      ['reserved:kube-apiserver', ''],
    ]),
  );
  if (ordinary) return [outside(everyAddress(family), serving ? [] : servers, origin)];
  return serving ? servers.map((cidr) => outside(cidr, [], origin)) : [];
}

function isApiServer({ addresses }: Node, { apiServers = [] }: Around): boolean {
  return addresses.some((ip) => apiServers.some((other) => sameIp(ip, other)));
}

function everyAddress(family: Family): Cidr {
  return { first: family === 4 ? { family, value: 0 } : { family, value: 0n }, prefixBits: 0 };
}

/** Addresses outside the cluster and no others. */
function outside(cidr: Cidr, except: readonly Cidr[], origin: Origin): BlockPeer {
  return { ...block(cidr, except, origin), includesCluster: false };
}

function block(cidr: Cidr, except: readonly Cidr[], origin: Origin): BlockPeer {
  const addresses = subtractIps(ipSetOfCidrs([cidr]), except.length > 0 ? ipSetOfCidrs(except) : EMPTY_IPS);
  return { kind: 'block', cidr, except, addresses, origin };
}

function everyOutside(origin: Origin): readonly Peer[] {
  return ([4, 6] as const).map((family) => outside(everyAddress(family), [], origin));
}

/** A CIDR rule: outside addresses, and nodes or pods where the agent is set so; never those for `/0`, which is the world's label. */
export function cidrMeant(cidr: Cidr, except: readonly Cidr[], origin: Origin, around: Around): Meant {
  const plain = block(cidr, except, origin);
  const { nodes, pods } = around.settings.cidrMatches;
  if (cidr.prefixBits === 0 || (!nodes && !pods)) return { ...NOBODY, peers: [{ ...plain, includesCluster: false }] };
  return { ...NOBODY, peers: [plain] };
}

/** `toCIDRSet` and `fromCIDRSet`: one of cidr, cidrGroupRef, cidrGroupSelector, and exceptions. */
export function cidrSetMeant(value: unknown, origin: Origin, around: Around): Meant {
  const except = listOf(get(value, 'except')).flatMap((text) => cidrOf(text) ?? []);
  const cidr = cidrOf(get(value, 'cidr'));
  if (cidr !== undefined) return cidrMeant(cidr, except, origin, around);
  const name = textOf(get(value, 'cidrGroupRef'));
  const selector = get(value, 'cidrGroupSelector');
  const groups =
    name !== undefined && name !== ''
      ? around.groups.filter((group) => group.name === name)
      : isObject(selector)
        ? around.groups.filter(({ labels }) => matches(selectorOf(selector, at(origin, 'cidrGroupSelector')), labels))
        : [];
  return together(groups.flatMap(({ cidrs }) => cidrs.map((one) => cidrMeant(one, except, origin, around))));
}

/** An entity that the agent knows → whom it means; undefined for any other word. */
export function entityMeant(entity: string, origin: Origin, around: Around): Meant | 'everyone' | undefined {
  const every: Nodes = around.nodes.length === 0 ? 'unknown' : around.nodes;
  const everyPod: Peer = { kind: 'pods', namespace: { by: 'any' }, pods: everything(origin), origin };
  switch (entity) {
    case 'all':
      return 'everyone';
    case 'world':
      return { ...NOBODY, peers: everyOutside(origin) };
    // With one family the outside has the label `world` and neither of these.
    case 'world-ipv4':
    case 'world-ipv6':
      return { ...NOBODY, peers: around.dualStack ? [everyOutside(origin)[entity === 'world-ipv4' ? 0 : 1] as Peer] : [] };
    case 'host':
      return { ...NOBODY, ownNode: every };
    case 'remote-node':
      return { ...NOBODY, otherNodes: every };
    case 'cluster':
    case 'cluster-mesh':
      return { peers: [everyPod, ...apiServerOutside(origin, around)], ownNode: every, otherNodes: every };
    case 'kube-apiserver':
      return apiServerMeant(origin, around);
    case 'init':
    case 'health':
    case 'ingress':
    case 'unmanaged':
    case 'none':
      return NOBODY;
    default:
      return undefined;
  }
}

function apiServerOutside(origin: Origin, { apiServers = [] }: Around): readonly Peer[] {
  return apiServers.map((ip) => outside(hostCidr(ip), [], origin));
}

/** Without its endpoints in the input any address outside and any node may be an API server. */
function apiServerMeant(origin: Origin, around: Around): Meant {
  if (around.apiServers === undefined)
    return { peers: [unresolved(['kube-apiserver'], origin)], ownNode: 'unknown', otherNodes: 'unknown' };
  const nodes = around.nodes.filter((node) => isApiServer(node, around));
  return { peers: apiServerOutside(origin, around), ownNode: nodes, otherNodes: nodes };
}

/** Outside addresses that only the running cluster knows. */
export function unresolved(names: readonly string[], origin: Origin, wildcard?: 'characters'): Peer {
  const named: DnsNamesPeer = { kind: 'dns-names', names, ...(wildcard === undefined ? {} : { wildcard }), origin };
  return { kind: 'all-of', of: [named, ...[outsideOfAnyFamily(origin)]], origin };
}

/** Whoever is no pod and no node. */
function outsideOfAnyFamily(origin: Origin): Peer {
  const [v4, v6] = everyOutside(origin) as [Peer, Peer];
  // Neither of the two: written with what there is, `all-of` and `not`.
  const not = (of: Peer): Peer => ({ kind: 'not', of, origin });
  return not({ kind: 'all-of', of: [not(v4), not(v6)], origin });
}

/** `toServices`: pods behind Services with a selector, endpoint addresses of the others. undefined: no Service fits. */
export function servicesMeant(value: unknown, origin: Origin, around: Around): Meant | undefined {
  const byName = get(value, 'k8sService');
  const bySelector = get(value, 'k8sServiceSelector');
  const namespace = textOf(get(byName ?? bySelector, 'namespace'));
  const name = textOf(get(byName, 'serviceName'));
  const selector = selectorOf(get(bySelector, 'selector'), at(origin, 'k8sServiceSelector', 'selector'));
  const found = around.services.filter(
    (service) =>
      (namespace === undefined || namespace === '' || service.namespace === namespace) &&
      (byName !== undefined ? service.name === name : bySelector !== undefined && matches(selector, service.labels)),
  );
  if (found.length === 0) return undefined;
  const peers = found.flatMap((service): readonly Peer[] => {
    if (service.selector === undefined) return service.endpoints.map((ip: Ip) => outside(hostCidr(ip), [], origin));
    const requirements = [...service.selector].map(([key, label]) => ({ key, operator: 'In' as const, values: [label], origin }));
    // A label outside the filter is in no identity, so nobody has it.
    if (requirements.some(({ key }) => !isIdentityLabel(key))) return [];
    return [{ kind: 'pods', namespace: { by: 'name', name: service.namespace }, pods: { requirements, origin }, origin }];
  });
  return { ...NOBODY, peers };
}

/** Nodes as a peer; undefined where none is meant. */
export function nodesPeer(nodes: Nodes, origin: Origin): Peer | undefined {
  if (nodes === 'unknown') return { kind: 'nodes', selector: everything(origin), addresses: undefined, origin };
  const addresses = ipSetOfIps(nodes.flatMap((node) => node.addresses));
  return isEmptyIps(addresses) ? undefined : { kind: 'nodes', selector: everything(origin), addresses, origin };
}

/** Are the two the same nodes? Then it does not matter where the pod runs. */
export function sameNodes(a: Nodes, b: Nodes): boolean {
  if (a === 'unknown' || b === 'unknown') return a === b;
  return a.length === b.length && a.every((node) => b.includes(node));
}
