// What the engine says of a baseline: is each declared connection allowed under it, and what is allowed that nobody declared?
import { type Cluster, isLive, type Pod, type Workload } from '../model/cluster.ts';
import { isNoPorts, NO_PORTS, type PortSet, type Protocol, portSet, subtractPorts, unionPorts } from '../net/port-set.ts';
import { addressEnd, type End, podEnd } from '../policy/end.ts';
import type { Verdict } from '../policy/verdict.ts';
import { type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import { connectionsOf } from '../reach/connections.ts';
import { reachOf } from '../reach/reach.ts';
import { assumedPod } from '../route/assumed.ts';
import type { ApiNeed, Need } from './baseline-needs.ts';
import type { DeclaredEnd, NeedReason } from './baseline-reasons.ts';

/** A declared connection, and what the engine says of it with these policies beside those that are there. */
export interface Declared {
  readonly from: DeclaredEnd;
  readonly to: DeclaredEnd;
  readonly protocol: Protocol;
  readonly port: number;
  readonly because: NeedReason;
  readonly outcome: 'allowed' | 'denied' | 'undecided';
}

/** Allowed under the baseline alone, and declared by nobody: two workloads that no label tells apart. */
export interface Besides {
  readonly from: string;
  readonly to: string;
  readonly ports: PortSet;
}

export type Asked = { readonly source: End; readonly destination: End; readonly protocol: Protocol; readonly port: number };

/** The worst of all pairs of pods: a connection that one replica lacks is not there. */
export function declaredBy(
  cluster: Cluster,
  { source, to, ports, because }: Need,
  ask: (ends: Asked) => Verdict['outcome'],
): readonly Declared[] {
  const { name: from, ends: sources } = sourceEnds(cluster, source);
  return ports.map(({ protocol, port }): Declared => {
    const outcomes = sources.flatMap((end) =>
      endsOf(to)
        .filter((target) => !(end.kind === 'pod' && target.kind === 'pod' && end.pod.ref === target.pod.ref))
        .map((destination) => ask({ source: end, destination, protocol, port })),
    );
    return { from, to: named(to), protocol, port, because, outcome: worst(outcomes) };
  });
}

function sourceEnds(cluster: Cluster, source: Need['source']): { readonly name: DeclaredEnd; readonly ends: readonly End[] } {
  switch (source.kind) {
    case 'workload':
      return { name: named(source.workload), ends: endsOf(source.workload) };
    case 'anyone':
      return { name: { kind: 'anyone' }, ends: OUTSIDE };
    case 'cluster':
      return { name: { kind: 'every-pod' }, ends: [podEnd(SOME_POD)] };
    case 'namespace':
      return { name: { kind: 'pods-of', namespace: source.name }, ends: podsOf(cluster, source.name) };
    case 'addresses':
      return { name: source.of, ends: source.addresses.map((address) => addressEnd(cluster, address)) };
  }
}

function named({ namespace, name }: Workload): DeclaredEnd {
  return { kind: 'named', name: `${namespace}/${name}` };
}

/** The API server is asked at every address that it has. */
export function declaredToApiServer(
  cluster: Cluster,
  { workload, addresses, ports, because }: ApiNeed,
  ask: (ends: Asked) => Verdict['outcome'],
): readonly Declared[] {
  const servers = addresses.map((address) => addressEnd(cluster, address));
  return ports.map((port): Declared => {
    const sources = endsOf(workload).filter(({ kind }) => kind === 'pod');
    const outcomes = sources.flatMap((source) => servers.map((destination) => ask({ source, destination, protocol: 'TCP', port })));
    return {
      from: named(workload),
      to: { kind: 'api-server' },
      protocol: 'TCP',
      port,
      because,
      outcome: worst(outcomes),
    };
  });
}

/** One family shut is a need that is not met. Ends without a common family never connect, whatever policies say. */
function worst(outcomes: readonly Verdict['outcome'][]): Declared['outcome'] {
  const isShut = outcomes.includes('denied') || outcomes.includes('partial');
  return isShut ? 'denied' : outcomes.includes('undecided') ? 'undecided' : 'allowed';
}

/** A pod of which nothing is known, in a namespace that the input does not have: whoever it is, its own policies are elsewhere. */
const SOME_POD: Pod = assumedPod({ namespace: '{elsewhere}', name: 'pod', labels: new Map(), ports: [] });

/** Any address will do, because the rule for everybody names none; a pod that has no IPv4 is asked about over IPv6. */
const OUTSIDE: readonly End[] = [
  { kind: 'outside', address: { family: 4, value: 0xcb007109 } }, // 203.0.113.9
  { kind: 'outside', address: { family: 6, value: 0x20010db8n << 96n } }, // 2001:db8::
];

function endsOf({ pods }: Workload): readonly End[] {
  return pods.filter(isLive).map(podEnd);
}

function podsOf(cluster: Cluster, namespace: string): readonly End[] {
  return cluster.pods.filter((pod: Pod) => pod.namespace === namespace && isLive(pod) && !pod.hostNetwork).map(podEnd);
}

/** Rows of the map under the baseline alone, without those that were asked for. DNS was asked for, too. */
export function besidesOf(
  alone: Cluster,
  choice: ProfileChoice,
  needs: readonly Need[],
  inScope: (namespace: string) => boolean,
): readonly Besides[] {
  const wanted = new Map<string, PortSet>();
  const anyoneTo = new Map<string, PortSet>();
  const want = (map: Map<string, PortSet>, key: string, ports: Need['ports']) => {
    for (const { protocol, port } of ports) map.set(key, unionPorts(map.get(key) ?? NO_PORTS, portSet(protocol, port, port)));
  };
  for (const { source, to, ports } of needs) {
    if (source.kind === 'workload') want(wanted, `${source.workload.ref} ${to.ref}`, ports);
    else want(anyoneTo, source.kind === 'namespace' ? `${source.name} ${to.ref}` : to.ref, ports);
  }
  const isDns = (ref: string) => alone.workloads.get(ref)?.pods.some(isResolver) === true;
  // What has run to its end, and what is in its node's network, no policy holds.
  const isHeld = (ref: string) => alone.workloads.get(ref)?.pods.some((pod) => isLive(pod) && !pod.hostNetwork) !== false;
  const namespaceOf = (ref: string) => (ref.includes('[') ? (ref.split('/')[0] ?? '') : undefined);
  return connectionsOf(reachOf(alone, semanticsOf(choice))).connections.flatMap(({ from, to, allowed }): readonly Besides[] => {
    const [a, b] = [namespaceOf(from), namespaceOf(to)];
    if (![a, b].some((namespace) => namespace !== undefined && inScope(namespace)) || isDns(to) || !isHeld(from) || !isHeld(to)) return [];
    // Nodes and addresses that DNS rules name are no workloads; what goes out is compared with the rules, not with workloads.
    if (b === undefined) return [];
    const asked = [wanted.get(`${from} ${to}`), anyoneTo.get(to), anyoneTo.get(`${a} ${to}`)].reduce<PortSet>(
      (sum, each) => (each === undefined ? sum : unionPorts(sum, each)),
      NO_PORTS,
    );
    const ports = subtractPorts(allowed, asked);
    return isNoPorts(ports) ? [] : [{ from, to, ports }];
  });
}

function isResolver({ labels }: Pod): boolean {
  return ['kube-dns', 'node-local-dns'].includes(labels.get('k8s-app') ?? '') || labels.has('dns.operator.openshift.io/daemonset-dns');
}
