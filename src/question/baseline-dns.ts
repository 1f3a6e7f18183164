// Which rules let the pods of a baseline look up names: the resolvers of the input, or the one that somebody says the cluster has.
import { type Cluster, isLive, type Pod, type Workload } from '../model/cluster.ts';
import { printIp } from '../net/ip.ts';
import { type Resolver, resolversOf } from '../route/resolver.ts';
import type { OpenNeed } from './baseline-needs.ts';
import { distinctPorts, inNamespace, type LabelMap, PASSING, type PeerObject, type RuleObject } from './baseline-parts.ts';
import { type DnsAsked, distinctFacts } from './baseline-reasons.ts';

/** Which DNS the pods ask, where the input does not show it. */
export type DnsKind = 'auto' | 'kube-dns' | 'openshift' | 'node-local';

export interface DnsRules {
  readonly shared: readonly RuleObject[];
  /** By workload: what a pod with a dnsConfig of its own asks. */
  readonly special: ReadonlyMap<string, readonly RuleObject[]>;
  /** At least one where `shared` is not empty. */
  readonly who: readonly DnsAsked[];
  readonly assumed: boolean;
  readonly open: readonly OpenNeed[];
}

/** Semantics A.6: the pods behind the DNS Service by their labels and their own port, never the Service's address; UDP and TCP. */
export function dnsRules(cluster: Cluster, workloads: readonly Workload[], kind: DnsKind): DnsRules {
  const shared = new Map<string, RuleObject>();
  const special = new Map<string, readonly RuleObject[]>();
  const open: OpenNeed[] = [];
  const who: DnsAsked[] = [];
  let assumed = false;
  const add = (rules: readonly RuleObject[]) => {
    for (const rule of rules) shared.set(JSON.stringify(rule), rule);
  };
  for (const workload of workloads) {
    const pod = workload.pods.find((each) => isLive(each) && !each.hostNetwork);
    if (pod === undefined) continue;
    for (const resolver of resolversOf(cluster, pod)) {
      if (resolver.kind === 'node') {
        open.push({
          who: `${workload.namespace}/${workload.name}`,
          what: { code: 'written', text: 'dnsPolicy: Default' },
          code: 'resolver-on-node',
          origin: pod.origin,
        });
      } else if (resolver.kind === 'named') {
        special.set(workload.ref, [...(special.get(workload.ref) ?? []), ...rulesOf(cluster, resolver)]);
      } else if (resolver.assumed && kind !== 'auto') {
        assumed = true;
        add(GIVEN[kind]);
        who.push({ given: kind });
      } else {
        assumed ||= resolver.assumed;
        who.push({ service: resolver.ref });
        add(rulesOf(cluster, resolver));
        // The cache hands on what it does not know by itself, but a pod falls back to the Service when the cache is away.
        if (resolver.kind === 'node-local') add(behindTheCache(cluster, pod));
      }
    }
  }
  return { shared: [...shared.values()], special, who: distinctFacts(who), assumed, open };
}

function rule(to: readonly PeerObject[], port: number, tcp = port): RuleObject {
  return {
    to,
    ports: distinctPorts([
      { protocol: 'UDP', port },
      { protocol: 'TCP', port: tcp },
    ]),
  };
}

const dnsPods = (namespace: string, labels: LabelMap): PeerObject => ({
  namespaceSelector: inNamespace(namespace),
  podSelector: { matchLabels: labels },
});
const KUBE_DNS = rule([dnsPods('kube-system', { 'k8s-app': 'kube-dns' })], 53);
const LINK_LOCAL = '169.254.20.10/32';

/** For input without DNS: what somebody says that the cluster has. */
const GIVEN: Readonly<Record<Exclude<DnsKind, 'auto'>, readonly RuleObject[]>> = {
  'kube-dns': [KUBE_DNS],
  // There the pods listen on 5353, behind a Service on 53.
  openshift: [rule([dnsPods('openshift-dns', { 'dns.operator.openshift.io/daemonset-dns': 'default' })], 5353)],
  'node-local': [rule([{ ipBlock: { cidr: LINK_LOCAL } }], 53), KUBE_DNS],
};

function rulesOf(cluster: Cluster, resolver: Resolver): readonly RuleObject[] {
  const rules = new Map<string, RuleObject>();
  const serviceAddresses = new Set([...cluster.services.values()].flatMap(({ clusterIps }) => clusterIps.map(printIp)));
  for (const server of resolver.servers.UDP) {
    const port = server.port ?? 53;
    const tcp = resolver.servers.TCP.find(({ ref }) => ref === server.ref)?.port ?? port;
    const { end } = server;
    const peers: readonly PeerObject[] =
      end.kind === 'pod'
        ? [dnsPods(end.pod.namespace, dnsLabels(cluster, end.pod))]
        : (end.kind === 'outside' ? [end.address] : end.addresses)
            .filter((ip) => !serviceAddresses.has(printIp(ip)))
            .map((ip) => ({ ipBlock: { cidr: `${printIp(ip)}/${ip.family === 4 ? 32 : 128}` } }));
    for (const peer of peers) {
      const made = rule([peer], port, tcp);
      rules.set(JSON.stringify(made), made);
    }
  }
  return [...rules.values()];
}

function behindTheCache(cluster: Cluster, pod: Pod): readonly RuleObject[] {
  const withoutCache = { ...cluster, pods: cluster.pods.filter(({ labels }) => labels.get('k8s-app') !== 'node-local-dns') };
  return resolversOf(withoutCache, pod).flatMap((resolver) => rulesOf(withoutCache, resolver));
}

/** What the DNS Service selects its pods by; else the label that every distribution gives them. */
function dnsLabels(cluster: Cluster, pod: Pod): LabelMap {
  for (const { namespace, selector } of cluster.services.values()) {
    if (namespace !== pod.namespace || selector === undefined || selector.size === 0) continue;
    if ([...selector].every(([key, value]) => pod.labels.get(key) === value)) return Object.fromEntries(selector);
  }
  const usual = ['k8s-app', 'dns.operator.openshift.io/daemonset-dns', 'app.kubernetes.io/name', 'app'];
  const key = usual.find((each) => pod.labels.has(each));
  return key === undefined
    ? Object.fromEntries([...pod.labels].filter(([each]) => !PASSING.test(each)))
    : { [key]: pod.labels.get(key) ?? '' };
}
