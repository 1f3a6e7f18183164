// Whose address a pod sees of a client that came by a node port or a load balancer: its own, or that of the node that passed it on.
import type { Cluster, Service } from '../model/cluster.ts';
import type { Protocol } from '../net/port-set.ts';
import type { End } from '../policy/end.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Note } from './obstacle.ts';
import { endRef, type Leg, legsBetween, type Party } from './party.ts';
import { partiesOf, type Source } from './source.ts';
import { hidesClients, nodesOf } from './translate.ts';

/** The sources that the pods behind a Service see. `alternatives`: either the client or a node, and the input does not say which. */
export interface Arrival {
  readonly parties: readonly Party[];
  readonly alternatives: boolean;
  readonly notes: readonly Note[];
}

/** How a connection comes into the cluster. `node`: the one whose address was asked; undefined: a load balancer may choose any. */
export interface Entry {
  readonly service: Service;
  readonly node: { readonly name: string | undefined; readonly addresses: Extract<End, { kind: 'node' }>['addresses'] } | undefined;
}

/** Is everything that this source stands for outside the cluster? */
export function isFromOutside({ range, parties }: Source): boolean {
  return range !== undefined || (parties.length > 0 && parties.every(({ end }) => end.kind === 'outside'));
}

/**
 * Kubernetes: externalTrafficPolicy Cluster lets a node send on to a pod of another node, and masquerades so that the answer comes back
 * (semantics A.4). Which data planes keep the client's address all the same is a cell of the profile.
 */
export function arriving(
  cluster: Cluster,
  { nodePortSource }: Semantics,
  source: Source,
  { service, node }: Entry,
  others: readonly Party[],
): Arrival {
  const clients = partiesOf(cluster, source, others);
  const isHidden = hidesClients(service) || (node !== undefined && service.externalTrafficPolicy !== 'Local');
  if (!isHidden || nodePortSource === 'client') return { parties: clients, alternatives: false, notes: [] };
  const nodes = node === undefined ? nodesOf(cluster) : [node];
  const passing = (nodes.length > 0 ? nodes : [{ name: undefined, addresses: [] }]).map(({ name, addresses }): Party => {
    const end: End = { kind: 'node', name, addresses, forwards: true };
    return { end, ref: endRef(end) };
  });
  const facts = { service: service.ref, client: source.end.text, nodes: passing.slice(0, MOST_NAMED).map(({ ref }) => ref) };
  if (nodePortSource === 'node') return { parties: passing, alternatives: false, notes: [{ code: 'source-is-node', facts }] };
  return { parties: [...clients, ...passing], alternatives: true, notes: [{ code: 'source-may-be-node', facts }] };
}

const MOST_NAMED = 5;

/** Connections of pods or nodes to a port of a node. */
export interface NodeHop {
  readonly parties: readonly Party[];
  readonly node: Extract<End, { kind: 'node' }>;
  readonly service: Service;
  readonly nodePort: number;
  readonly protocol: Protocol;
}

/**
 * Inside the cluster a node port of another node is two connections as policies see it: to the node's address, then from that node to the
 * pod. kube-proxy on the own node translates first, so there it is like the Service itself.
 */
export function hopOver(cluster: Cluster, { nodePortSource }: Semantics, hop: NodeHop): Arrival & { readonly entry: readonly Leg[] } {
  const { parties, node, service, nodePort, protocol } = hop;
  const isNear = ({ end }: Party) =>
    node.name !== undefined && (end.kind === 'pod' ? end.pod.node : end.kind === 'node' ? end.name : undefined) === node.name;
  const near = parties.filter(isNear);
  const far = parties.filter((party) => !isNear(party));
  if (far.length === 0 || nodePortSource === 'client') return { parties, entry: [], alternatives: false, notes: [] };
  const entry = legsBetween(cluster, far, [{ end: node, ref: endRef(node), port: nodePort }], protocol, 'entry');
  if (service.externalTrafficPolicy === 'Local') return { parties, entry, alternatives: false, notes: [] };
  const passing: Party = { end: { ...node, forwards: true }, ref: endRef(node) };
  const isOpen = nodePortSource === 'open';
  const code = isOpen ? 'source-may-be-node' : 'source-is-node';
  const facts = { service: service.ref, client: far.slice(0, MOST_NAMED).map(({ ref }) => ref), nodes: [passing.ref] };
  return { parties: [...near, ...(isOpen ? far : []), passing], entry, alternatives: isOpen, notes: [{ code, facts }] };
}
