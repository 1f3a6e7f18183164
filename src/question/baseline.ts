// `baseline`: policies that close namespaces and let through what their manifests declare. Nothing is handed out unchecked: the engine is
// asked whether every declared connection is allowed under them, and what else is.
import { loadCluster } from '../manifest/load.ts';
import { type Cluster, isLive, type Pod, type Workload } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import { isNoPorts, NO_PORTS, type PortSet, type Protocol, portSet, subtractPorts, unionPorts } from '../net/port-set.ts';
import { type End, podEnd } from '../policy/end.ts';
import type { Verdict } from '../policy/verdict.ts';
import { type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import { connectionsOf } from '../reach/connections.ts';
import { reachOf } from '../reach/reach.ts';
import { fastVerdict } from '../reach/verdict-of.ts';
import { dnsOf } from '../route/dns.ts';
import { type Elsewhere, type Need, needsOf, type OpenNeed } from './baseline-needs.ts';
import { type DnsKind, type PolicyObject, policiesFor } from './baseline-policies.ts';

export interface BaselineOptions extends Elsewhere {
  /** Those that get a baseline. */
  readonly namespaces: readonly string[];
  readonly dns: DnsKind;
}

/** A declared connection, and what the engine says of it with these policies beside those that are there. */
export interface Declared {
  /** `shop/frontend`, `anyone`, `every pod of ingress-nginx`. */
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly because: string;
  readonly outcome: 'allowed' | 'denied' | 'undecided';
}

/** Allowed under the baseline alone, and declared by nobody: two workloads that no label tells apart. */
export interface Besides {
  readonly from: string;
  readonly to: string;
  readonly ports: PortSet;
}

export interface Baseline {
  readonly namespaces: readonly string[];
  readonly policies: readonly PolicyObject[];
  readonly declared: readonly Declared[];
  /** Workloads that could not look up names. */
  readonly withoutDns: readonly string[];
  readonly besides: readonly Besides[];
  readonly open: readonly OpenNeed[];
  /** Policies that are in these namespaces already; they stay in force and add to what is allowed. */
  readonly present: readonly string[];
  readonly dnsAssumed: boolean;
  /** Which DNS the rules name where it is not in the input. */
  readonly dns: DnsKind;
  /** Workloads of which nothing is declared: closed, but for DNS. */
  readonly silent: readonly string[];
}

/** Where the cluster's own programs live: closing these by guess stops the cluster (semantics F NP133). OpenShift has many more. */
export const SYSTEM_NAMESPACES: readonly string[] = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'kube-flannel',
  'calico-system',
  'calico-apiserver',
  'tigera-operator',
  'cilium',
  'cilium-system',
  'local-path-storage',
  'openshift',
];

export function isSystemNamespace(name: string): boolean {
  return SYSTEM_NAMESPACES.includes(name) || name.startsWith('openshift-');
}

/** Namespaces with pods or workloads that are none of the system's, by name. */
export function usualNamespaces(cluster: Cluster): readonly string[] {
  const found = new Set([...cluster.workloads.values()].map(({ namespace }) => namespace));
  return [...found].filter((name) => !isSystemNamespace(name)).sort();
}

/** Throws only when the policies that it made itself cannot be read, which is a defect of ours. */
export function baseline(cluster: Cluster, choice: ProfileChoice, options: BaselineOptions): Baseline {
  const semantics = semanticsOf(choice);
  const inScope = (namespace: string) => options.namespaces.includes(namespace);
  const { needs, open } = needsOf(cluster, choice, options);
  const concerned = needs.filter(
    ({ source, to }) => inScope(to.namespace) || (source.kind === 'workload' && inScope(source.workload.namespace)),
  );
  const dns = options.dns === 'auto' && isOpenShift(cluster) ? 'openshift' : options.dns;
  const made = policiesFor(cluster, options.namespaces, concerned, dns);
  const own = readBack(made.policies);
  const elsewhere = cluster.policies.filter(({ namespace }) => namespace === undefined || !inScope(namespace));
  const names = new Set(own.map(({ ref }) => ref));
  const present = cluster.policies.filter(({ namespace, ref }) => namespace !== undefined && inScope(namespace) && !names.has(ref));
  const whole: Cluster = { ...cluster, policies: [...elsewhere, ...present, ...own] };
  const reach = reachOf(whole, semantics);
  const alone: Cluster = { ...cluster, policies: [...elsewhere, ...own] };
  return {
    namespaces: options.namespaces,
    policies: made.policies,
    declared: concerned.flatMap((need) => declaredBy(whole, need, (ends) => fastVerdict(reach, ends).outcome)),
    withoutDns: workloadsIn(cluster, options.namespaces)
      .filter((workload) => {
        const pod = workload.pods.find((each) => isLive(each) && !each.hostNetwork);
        if (pod === undefined) return false;
        const { outcome, resolver } = dnsOf(whole, semantics, pod);
        // What somebody says of a DNS that is not in the input can not be checked against the one that is assumed.
        if (resolver.assumed && dns !== 'auto' && dns !== 'kube-dns') return false;
        return outcome === 'denied' || outcome === 'partial' || outcome === 'broken';
      })
      .map(({ namespace, name }) => `${namespace}/${name}`),
    besides: besidesOf(alone, choice, concerned, inScope),
    open: distinctOpen([...open.filter(({ who }) => inScope(who.split('/')[0] ?? '')), ...made.open]),
    present: present.map(({ ref }) => ref).sort(),
    dnsAssumed: made.dnsAssumed,
    dns,
    silent: workloadsIn(cluster, options.namespaces)
      .filter((workload) => workload.pods.some(isLive))
      .filter(
        (workload) => !concerned.some(({ source, to }) => to === workload || (source.kind === 'workload' && source.workload === workload)),
      )
      .map(({ namespace, name }) => `${namespace}/${name}`),
  };
}

/** Routes are OpenShift's own. */
function isOpenShift({ extras }: Cluster): boolean {
  return (extras.get('Route') ?? []).length > 0;
}

/** Through the door that everybody's YAML comes through, so that what is checked is what will be applied. */
function readBack(policies: readonly PolicyObject[]): readonly Policy[] {
  const items = policies.map(({ namespace, name, spec }) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace, name },
    spec,
  }));
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const read = loadCluster([{ file: 'baseline', text }]);
  const [problem] = read.problems.filter(({ severity }) => severity === 'error');
  if (problem !== undefined || read.policies.length !== policies.length)
    throw new Error(`the baseline cannot be read back: ${problem?.code ?? `${read.policies.length} of ${policies.length} policies`}`);
  return read.policies;
}

function workloadsIn(cluster: Cluster, namespaces: readonly string[]): readonly Workload[] {
  return [...cluster.workloads.values()].filter(({ namespace }) => namespaces.includes(namespace)).sort((a, b) => (a.ref < b.ref ? -1 : 1));
}

type Asked = { readonly source: End; readonly destination: End; readonly protocol: Protocol; readonly port: number };

/** The worst of all pairs of pods: a connection that one replica lacks is not there. */
function declaredBy(cluster: Cluster, { source, to, ports, because }: Need, ask: (ends: Asked) => Verdict['outcome']): readonly Declared[] {
  const from =
    source.kind === 'workload'
      ? `${source.workload.namespace}/${source.workload.name}`
      : source.kind === 'anyone'
        ? 'anyone'
        : `pods of ${source.name}`;
  const sources: readonly End[] =
    source.kind === 'workload' ? endsOf(source.workload) : source.kind === 'anyone' ? OUTSIDE : podsOf(cluster, source.name);
  return ports.map(({ protocol, port }): Declared => {
    const outcomes = sources.flatMap((end) =>
      endsOf(to)
        .filter((target) => !(end.kind === 'pod' && target.kind === 'pod' && end.pod.ref === target.pod.ref))
        .map((destination) => ask({ source: end, destination, protocol, port })),
    );
    // One family shut is a need that is not met. Ends without a common family never connect, whatever policies say.
    const isShut = outcomes.includes('denied') || outcomes.includes('partial');
    const outcome = isShut ? 'denied' : outcomes.includes('undecided') ? 'undecided' : 'allowed';
    return { from, to: `${to.namespace}/${to.name}`, protocol, port, because, outcome };
  });
}

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
function besidesOf(
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
    else want(anyoneTo, source.kind === 'anyone' ? to.ref : `${source.name} ${to.ref}`, ports);
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

function distinctOpen(open: readonly OpenNeed[]): readonly OpenNeed[] {
  return [...new Map(open.map((each) => [`${each.code} ${each.who} ${each.what}`, each])).values()];
}
