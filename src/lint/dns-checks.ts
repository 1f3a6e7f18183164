// Can the pods look up names? Asked for each kind of pod that some policy isolates for egress, over the union of its policies and
// the resolver that it really uses (route/dns.ts). Each question gets a small cluster: what can touch its answer, and nothing more.
import { type Cluster, isLive, type Pod } from '../model/cluster.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { type DnsCheck, dnsOf } from '../route/dns.ts';
import { usesNodeResolver } from '../route/dns-name.ts';
import { type LintContext, perRun } from './context.ts';
import { ruleKey } from './meaning.ts';
import { exampleOf, isolationOf, isolationOfClass, peerClasses, podsByClass, reachIn } from './reached.ts';
import { peersOf, type RuleSpot, spotsOf } from './walk.ts';

export interface DnsFinding {
  /** Pods that fare alike. */
  readonly pods: readonly Pod[];
  readonly check: DnsCheck;
  /** The readable policies that isolate them for egress. */
  readonly policies: readonly Policy[];
}

/** Pods that ask a resolver and are isolated for egress, by how they fare. Pods under a policy that cannot be read are left out. */
export const dnsChecks: (context: LintContext) => readonly DnsFinding[] = perRun((context) => {
  const servers = dnsServers(context.cluster);
  const serversAreIsolated = servers.some((pod) => isolationOf(context, 'ingress', pod).isolated);
  // A cache on the node is another pod for each node.
  const cached = servers.some((pod) => pod.hostNetwork);
  const small = smallCluster(context, servers);
  const byKey = new Map<string, { pods: Pod[]; policies: readonly Policy[]; alike: string }>();
  const { stacks } = reachIn(context);
  for (const [number, pods] of podsByClass(context).entries()) {
    const isolation = isolationOfClass(context, 'egress', number);
    const [first] = pods;
    if (first === undefined || !isolation.isolated || !isolation.certain) continue;
    // What differs between two pods under the same egress policies: their resolver, and how DNS servers that are isolated treat them.
    const stack = stacks.egress[number];
    for (const pod of alikeToDns(pods)) {
      const alike = JSON.stringify([serversAreIsolated ? number : 0, familiesOf(pod), dnsKey(pod), cached ? pod.node : '']);
      const key = `${stack} ${pod.namespace} ${alike}`;
      const group = byKey.get(key);
      const own = pods.filter((other) => dnsKey(other) === dnsKey(pod));
      if (group === undefined) byKey.set(key, { pods: [...own], policies: isolation.policies, alike });
      else group.pods.push(...own);
    }
  }
  const enough = new Map<string, Enough>();
  const keys = new Map<Rule, string>();
  const keyOf = (rule: Rule) => {
    const key = keys.get(rule) ?? ruleKey(rule);
    keys.set(rule, key);
    return key;
  };
  return [...byKey.values()].flatMap(({ pods, policies, alike }): DnsFinding[] => {
    const [pod] = pods;
    if (pod === undefined) return [];
    // Policies add up: what a rule lets one pod ask, a rule that says the same lets every other ask, whatever else they stand under.
    const known = enough.get(alike);
    const said = policies.flatMap((policy) => spotsOf(policy, 'egress').map(({ rule }) => keyOf(rule)));
    if (known?.rules.every((rule) => said.includes(rule)) === true) return [{ pods, policies, check: known.check }];
    const check = dnsOf(small(pod, policies), context.semantics, pod);
    if (check.outcome === 'allowed') enough.set(alike, { check, rules: letting(check).map(keyOf) });
    // DNS that is not in the input and a rule for 5353: these are the pods of OpenShift, not those that were assumed (semantics A.6).
    const isUnsure = check.resolver?.assumed === true && policies.some((policy) => spotsOf(policy, 'egress').some(opens5353));
    return isUnsure ? [] : [{ pods, policies, check }];
  });
});

/** A check that everything passed, and what the rules say that it passed by. */
interface Enough {
  readonly check: DnsCheck;
  readonly rules: readonly string[];
}

function letting({ resolver, others }: DnsCheck): readonly Rule[] {
  const legs = [resolver, ...others].flatMap(({ udp, tcp }) => [...udp.legs, ...tcp.legs]);
  const rules = legs.flatMap(({ answer: { verdict } }) => (verdict.egress.outcome === 'allowed' ? verdict.egress.rules[0].rule : []));
  return [...new Set(rules)];
}

function familiesOf({ addresses }: Pod): string {
  return [...new Set(addresses.map(({ family }) => family))].join();
}

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
function smallCluster(context: LintContext, servers: readonly Pod[]): (pod: Pod, egress: readonly Policy[]) => Cluster {
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
    const examples = named.flatMap((peer) => exampleOf(context, peerClasses(context, peer)) ?? []);
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
