// Can the pods look up names? Asked for each kind of pod that some policy isolates for egress, over the union of its policies and
// the resolver that it really uses (route/dns.ts). Each question gets a small cluster: what can touch its answer, and nothing more.
import { type Cluster, isLive, type Pod } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import { type DnsCheck, dnsOf } from '../route/dns.ts';
import { usesNodeResolver } from '../route/dns-name.ts';
import { type LintContext, perRun } from './context.ts';
import { examplesOf, isolationOf, isolationOfClass, peerClasses, podsByClass, reachIn } from './reached.ts';
import { peersOf, type RuleSpot, spotsOf } from './walk.ts';

export interface DnsFinding {
  /** Pods that fare alike. */
  readonly pods: readonly Pod[];
  readonly check: DnsCheck;
  /** The readable policies that isolate them for egress. */
  readonly policies: readonly Policy[];
}

/** Pods that ask a resolver and are isolated for egress, by how they fare. Pods under a policy that can not be read are left out. */
export const dnsChecks: (context: LintContext) => readonly DnsFinding[] = perRun((context) => {
  const servers = dnsServers(context.cluster);
  const serversAreIsolated = servers.some((pod) => isolationOf(context, 'ingress', pod).isolated);
  const world = smallWorld(context, servers);
  const byKey = new Map<string, { pods: Pod[]; policies: readonly Policy[] }>();
  const { stacks } = reachIn(context);
  for (const [number, pods] of podsByClass(context).entries()) {
    const isolation = isolationOfClass(context, 'egress', number);
    const [first] = pods;
    if (first === undefined || !isolation.isolated || !isolation.certain) continue;
    // What differs between two pods under the same egress policies: their resolver, and how DNS servers that are isolated treat them.
    const stack = stacks.egress[number];
    for (const pod of alikeToDns(pods)) {
      const key = JSON.stringify([stack, serversAreIsolated ? number : 0, pod.namespace, dnsKey(pod)]);
      const group = byKey.get(key);
      const own = pods.filter((other) => dnsKey(other) === dnsKey(pod));
      if (group === undefined) byKey.set(key, { pods: [...own], policies: isolation.policies });
      else group.pods.push(...own);
    }
  }
  return [...byKey.values()].flatMap(({ pods, policies }): DnsFinding[] => {
    const [pod] = pods;
    if (pod === undefined) return [];
    const check = dnsOf(world(pod, policies), context.semantics, pod);
    // DNS that is not in the input and a rule for 5353: these are the pods of OpenShift, not those that were assumed (semantics A.6).
    const isUnsure = check.resolver?.assumed === true && policies.some((policy) => spotsOf(policy, 'egress').some(opens5353));
    return isUnsure ? [] : [{ pods, policies, check }];
  });
});

function opens5353({ rule }: RuleSpot): boolean {
  return (
    rule.ports !== 'every-port' &&
    rule.ports.some((port) => port.kind === 'range' && port.protocol === 'UDP' && port.from <= 5353 && 5353 <= port.to)
  );
}

/** One pod for each way of naming a resolver; nearly always one. */
function alikeToDns(pods: readonly Pod[]): readonly Pod[] {
  const found = new Map<string, Pod>();
  for (const pod of pods) {
    const key = dnsKey(pod);
    if (!found.has(key)) found.set(key, pod);
  }
  return [...found.values()];
}

function dnsKey({ dns }: Pod): string {
  return dns.policy === 'ClusterFirst' && dns.nameservers.length === 0 ? '' : `${dns.policy} ${dns.nameservers.join()}`;
}

/** Pods that answer DNS questions, and the caches on the nodes. */
export function dnsServers(cluster: Cluster): readonly Pod[] {
  return cluster.pods.filter(
    (pod) =>
      isLive(pod) &&
      (pod.labels.get('k8s-app') === 'kube-dns' ||
        pod.labels.get('k8s-app') === 'node-local-dns' ||
        pod.labels.has('dns.operator.openshift.io/daemonset-dns')),
  );
}

/** For a pod: the DNS servers, one pod of each kind that its policies name, and the policies on both ends. */
function smallWorld(context: LintContext, servers: readonly Pod[]): (pod: Pod, egress: readonly Policy[]) => Cluster {
  const { cluster } = context;
  const onServers = new Set(servers.flatMap((pod) => isolationOf(context, 'ingress', pod).policies));
  const unreadable = cluster.policies.filter(({ faults }) => faults.length > 0);
  const services = new Map(
    [...cluster.services].filter(([, { labels, selector, namespace }]) => {
      const isUsual = namespace === 'kube-system' || namespace === 'openshift-dns';
      return isUsual || labels.get('k8s-app') === 'kube-dns' || selector?.get('k8s-app') === 'kube-dns';
    }),
  );
  return (pod, egress) => {
    const named = egress
      .flatMap((policy) => spotsOf(policy, 'egress').flatMap(peersOf))
      .flatMap(({ peer }) => (peer.kind === 'pods' ? [peer] : []));
    // Of each peer one pod is enough: it is asked only whether the peer means anybody.
    const examples = named.flatMap((peer) => examplesOf(context, peerClasses(context, peer)).slice(0, 1));
    const pods = [...new Set([...servers, ...examples, pod])];
    const touching = unreadable.filter((policy) =>
      [pod, ...servers].some((end) => policy.namespace === undefined || policy.namespace === end.namespace),
    );
    const isOrdinary = pod.dns.policy !== 'None' && !usesNodeResolver(pod);
    return {
      ...cluster,
      pods,
      podByRef: new Map(pods.map((each) => [each.ref, each])),
      services: isOrdinary ? services : cluster.services,
      policies: [...new Set([...egress, ...onServers, ...touching])],
    };
  };
}
