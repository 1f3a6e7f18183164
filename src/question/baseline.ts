// `baseline`: policies that close namespaces and let through what their manifests declare. Nothing is handed out unchecked: the engine is
// asked whether every declared connection is allowed under them, and what else is.
import { loadCluster } from '../manifest/load.ts';
import { type Cluster, isLive, type Pod, type Workload } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import { type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import { reachOf } from '../reach/reach.ts';
import { fastVerdict } from '../reach/verdict-of.ts';
import { dnsOf } from '../route/dns.ts';
import { resolversOf } from '../route/resolver.ts';
import { type Asked, type Besides, besidesOf, type Declared, declaredBy, declaredToApiServer } from './baseline-checks.ts';
import type { DnsKind } from './baseline-dns.ts';
import { type Elsewhere, type Need, needsOf, type OpenNeed } from './baseline-needs.ts';
import type { PolicyObject } from './baseline-parts.ts';
import { policiesFor } from './baseline-policies.ts';
import { factsKey } from './baseline-reasons.ts';

export interface BaselineOptions extends Elsewhere {
  /** Those that get a baseline. */
  readonly namespaces: readonly string[];
  readonly dns: DnsKind;
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
export function baseline(input: Cluster, choice: ProfileChoice, options: BaselineOptions): Baseline {
  const cluster = withNextRuns(input);
  const semantics = semanticsOf(choice);
  const inScope = (namespace: string) => options.namespaces.includes(namespace);
  const { needs, toApiServer, open } = needsOf(cluster, choice, options);
  const concerned = needs.filter(
    ({ source, to }) => inScope(to.namespace) || (source.kind === 'workload' && inScope(source.workload.namespace)),
  );
  const dns = options.dns === 'auto' && isOpenShift(cluster) ? 'openshift' : options.dns;
  const made = policiesFor(cluster, semantics, { namespaces: options.namespaces, needs: concerned, toApiServer, dns });
  const own = readBack(made.policies);
  const elsewhere = cluster.policies.filter(({ namespace }) => namespace === undefined || !inScope(namespace));
  const names = new Set(own.map(({ ref }) => ref));
  const present = cluster.policies.filter(({ namespace, ref }) => namespace !== undefined && inScope(namespace) && !names.has(ref));
  const whole: Cluster = { ...cluster, policies: [...elsewhere, ...present, ...own] };
  const reach = reachOf(whole, semantics);
  const alone: Cluster = { ...cluster, policies: [...elsewhere, ...own] };
  const ask = (ends: Asked) => fastVerdict(reach, ends).outcome;
  const concerning = withItsPolicies(whole);
  const clients = toApiServer.filter(({ workload }) => inScope(workload.namespace));
  return {
    namespaces: options.namespaces,
    policies: made.policies,
    declared: [
      ...concerned.flatMap((need) => declaredBy(whole, need, ask)),
      ...clients.flatMap((need) => declaredToApiServer(whole, need, ask)),
    ],
    withoutDns: workloadsIn(cluster, options.namespaces)
      .filter((workload) => {
        const pod = workload.pods.find((each) => isLive(each) && !each.hostNetwork);
        if (pod === undefined) return false;
        const { outcome, resolver } = dnsOf(concerning(pod), semantics, pod);
        // What somebody says of a DNS that is not in the input can not be checked against the one that is assumed.
        if (resolver.assumed && dns !== 'auto' && dns !== 'kube-dns') return false;
        return outcome === 'denied' || outcome === 'partial' || outcome === 'broken';
      })
      .map(({ namespace, name }) => `${namespace}/${name}`),
    besides: besidesOf(alone, choice, concerned, inScope),
    open: distinctOpen([...open.filter((each) => concerns(each, concerned, inScope)), ...made.open]),
    present: present.map(({ ref }) => ref).sort(),
    dnsAssumed: made.dnsAssumed,
    dns,
    silent: workloadsIn(cluster, options.namespaces)
      .filter((workload) => workload.pods.some(isLive))
      .filter(
        (workload) =>
          !clients.some((need) => need.workload === workload) &&
          !concerned.some(({ source, to }) => to === workload || (source.kind === 'workload' && source.workload === workload)),
      )
      .map(({ namespace, name }) => `${namespace}/${name}`),
  };
}

/** What is said of an end elsewhere (a controller in its own namespace) belongs here when a connection of these namespaces needs it. */
function concerns({ who, what }: OpenNeed, needs: readonly Need[], inScope: (namespace: string) => boolean): boolean {
  return inScope(who.split('/')[0] ?? '') || needs.some(({ because }) => factsKey(because) === factsKey(what));
}

/** A CronJob between two runs has completed pods only; the pod of its next run will be like the last one. */
function withNextRuns(cluster: Cluster): Cluster {
  const next = new Map<string, Pod>();
  for (const { kind, pods } of cluster.workloads.values()) {
    const last = pods.at(-1);
    if (kind === 'CronJob' && last !== undefined && !pods.some(isLive)) next.set(last.ref, { ...last, phase: undefined, addresses: [] });
  }
  if (next.size === 0) return cluster;
  const current = (pods: readonly Pod[]) => pods.map((pod) => next.get(pod.ref) ?? pod);
  const pods = current(cluster.pods);
  return {
    ...cluster,
    pods,
    podByRef: new Map(pods.map((pod) => [pod.ref, pod])),
    workloads: new Map([...cluster.workloads].map(([ref, workload]) => [ref, { ...workload, pods: current(workload.pods) }])),
  };
}

/** Routes are OpenShift's own. */
function isOpenShift({ extras }: Cluster): boolean {
  return (extras.get('Route') ?? []).length > 0;
}

/**
 * The cluster with the policies alone that may select a pod or one of its resolvers: the DNS of each of ten thousand workloads is not
 * looked for among ten thousand policies. One cluster for all pods with the same namespaces at both ends.
 */
function withItsPolicies(whole: Cluster): (pod: Pod) => Cluster {
  const everywhere: Policy[] = [];
  const byNamespace = new Map<string, Policy[]>();
  for (const policy of whole.policies) {
    const { namespace } = policy.subject;
    if (namespace.by !== 'name') {
      everywhere.push(policy);
      continue;
    }
    const here = byNamespace.get(namespace.name);
    if (here === undefined) byNamespace.set(namespace.name, [policy]);
    else here.push(policy);
  }
  const made = new Map<string, Cluster>();
  return (pod) => {
    const ends = resolversOf(whole, pod).flatMap(({ servers }) => [...servers.UDP, ...servers.TCP].map(({ end }) => end));
    const resolvers = ends.flatMap((end) => (end.kind === 'outside' || end.pod === undefined ? [] : [end.pod.namespace]));
    const namespaces = [...new Set([pod.namespace, ...resolvers])].sort();
    const key = namespaces.join(' ');
    let cluster = made.get(key);
    if (cluster === undefined) {
      cluster = { ...whole, policies: [...everywhere, ...namespaces.flatMap((namespace) => byNamespace.get(namespace) ?? [])] };
      made.set(key, cluster);
    }
    return cluster;
  };
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

function distinctOpen(open: readonly OpenNeed[]): readonly OpenNeed[] {
  return [...new Map(open.map((each) => [`${each.code} ${each.who} ${factsKey(each.what)}`, each])).values()];
}

/** What is declared and stays closed: a host that no policy can name, a Service without a pod, an API server at an unknown address. */
export function closedNeeds({ open }: Pick<Baseline, 'open'>): readonly OpenNeed[] {
  return open.filter(({ code }) => CLOSED.has(code));
}

/** All that is declared is allowed, as far as the engine can tell, and every pod has DNS. */
export function isWhole(made: Baseline): boolean {
  return made.declared.every(({ outcome }) => outcome === 'allowed') && closedNeeds(made).length === 0 && made.withoutDns.length === 0;
}

const CLOSED: ReadonlySet<OpenNeed['code']> = new Set(['api-server-closed', 'no-pods', 'outside-host']);
