// Pods that nobody wrote down and that are there all the same: the cluster's DNS, an ingress controller, the other replica of a workload.
// A verdict against an assumed pod is careful: a rule that may mean it keeps a denial from being certain.
import { type Cluster, isLive, type Namespace, type Pod, type Service } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { Direction, PodPeer, RuleRef } from '../model/policy.ts';
import type { Labels } from '../model/selector.ts';
import type { Family } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import { decide, policiesOn, rulesOf } from '../policy/decide.ts';
import type { Connection, End } from '../policy/end.ts';
import { podPeerMatches } from '../policy/peer-matches.ts';
import { icmpMatches, portsMatch } from '../policy/port-matches.ts';
import { type DialledService, withDialledAddress } from '../policy/service-address.ts';
import { join, type Verdict } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';

/** Where an assumed thing is written: nowhere. */
export const NOWHERE: Origin = {
  document: { file: '(assumed)', text: undefined, start: 0, end: 0, line: 0, format: 'yaml' },
  path: [],
};

interface AssumedShape {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: Protocol }[];
}

/** A pod of which only this much is believed; its addresses and node are not known. */
export function assumedPod({ namespace, name, labels, ports }: AssumedShape): Pod {
  const ref = `${namespace}/${name}`;
  return {
    name,
    namespace,
    ref,
    labels,
    labelsPath: [],
    addresses: [],
    node: undefined,
    hostAddresses: [],
    hostNetwork: false,
    ports: ports.map((port) => ({ ...port, container: name, role: 'main', path: [] })),
    phase: undefined,
    ready: undefined,
    terminating: false,
    workload: `${ref}[Pod]`,
    template: false,
    dns: { policy: 'Default', nameservers: [], searches: [], hostname: undefined, subdomain: undefined },
    origin: NOWHERE,
    spec: undefined,
  };
}

export function isAssumed(end: End): boolean {
  return end.kind === 'pod' && end.pod.origin === NOWHERE;
}

/** The conventional DNS pods and their Service, for input that has none (semantics A.6). */
export const ASSUMED_DNS_POD: Pod = assumedPod({
  namespace: 'kube-system',
  name: 'coredns',
  labels: new Map([['k8s-app', 'kube-dns']]),
  ports: [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  ],
});

const assumedService = (
  namespace: string,
  name: string,
  selector: Labels | undefined,
  ports: readonly [string, number, Protocol, number][],
): Service => ({
  name,
  namespace,
  ref: `${namespace}/${name}`,
  type: 'ClusterIP',
  selector,
  selectorOrigin: NOWHERE,
  clusterIps: [],
  headless: false,
  externalName: undefined,
  externalTrafficPolicy: undefined,
  publishNotReadyAddresses: false,
  ports: ports.map(([portName, port, protocol, targetPort]) => ({
    name: portName,
    port,
    protocol,
    targetPort,
    nodePort: undefined,
    origin: NOWHERE,
  })),
  endpoints: undefined,
  externalIps: [],
  labels: new Map(),
  annotations: new Map(),
  origin: NOWHERE,
});

const ASSUMED_DNS_SERVICE = assumedService('kube-system', 'kube-dns', ASSUMED_DNS_POD.labels, [
  ['dns', 53, 'UDP', 53],
  ['dns-tcp', 53, 'TCP', 53],
]);

/** Every cluster has it, and it exposes 443 alone (semantics A.6). Its endpoints are the control plane. */
const API_SERVER_SERVICE = assumedService('default', 'kubernetes', undefined, [['https', 443, 'TCP', 6443]]);

/** The Service of that name: from the input, or one that every cluster has. */
export function serviceAt(cluster: Cluster, namespace: string, name: string): Service | undefined {
  const ref = `${namespace}/${name}`;
  const builtIn = cluster.services.has('openshift-dns/dns-default') ? [API_SERVER_SERVICE] : [ASSUMED_DNS_SERVICE, API_SERVER_SERVICE];
  return cluster.services.get(ref) ?? builtIn.find((service) => service.ref === ref);
}

/** The cluster with the namespace of an assumed pod in it, which the API server labels with its name. */
function withNamespaceOf(cluster: Cluster, ends: readonly End[]): Cluster {
  const missing = ends.flatMap((end) =>
    end.kind === 'pod' && end.pod.origin === NOWHERE && isNamespaceName(end.pod.namespace) && !cluster.namespaces.has(end.pod.namespace)
      ? [end.pod.namespace]
      : [],
  );
  if (missing.length === 0) return cluster;
  const added = missing.map((name): [string, Namespace] => [
    name,
    { name, labels: new Map([['kubernetes.io/metadata.name', name]]), implied: true, origin: undefined },
  ]);
  return { ...cluster, namespaces: new Map([...cluster.namespaces, ...added]) };
}

/** An assumed controller lives in a namespace that we do not know the name of; it is called `{…}`. */
function isNamespaceName(name: string): boolean {
  return !name.startsWith('{');
}

/** A verdict, and the rules that may mean an assumed pod although they do not match what we believe of it. */
export interface CarefulVerdict {
  readonly verdict: Verdict;
  readonly outcome: Verdict['outcome'];
  /** Not empty only where they turned a denial into `undecided`. */
  readonly maybe: readonly RuleRef[];
}

export interface Asked {
  readonly source: End;
  readonly destination: End;
  readonly protocol: Connection['protocol'];
  readonly port: number;
  /** Of the address that was asked; absent: every family that both ends have. */
  readonly family?: Family;
  /** The Service that is dialled on the way, for CNIs that look at its address too. */
  readonly dialled?: DialledService | undefined;
}

/**
 * `decide`, with care for assumed ends. Against pods that are in the input it is the same answer.
 * A denial stands unless an isolating policy has a rule for this port whose peer selects nobody in the input: such a rule was
 * written for somebody, perhaps for the pod that we had to assume: a custom label, or OpenShift's namespace.
 */
export function decideCarefully(cluster: Cluster, semantics: Semantics, asked: Asked): CarefulVerdict {
  const known = withNamespaceOf(cluster, [asked.source, asked.destination]);
  const behind = decide(known, semantics, asked);
  const egress =
    asked.protocol === 'ICMP'
      ? behind.egress
      : withDialledAddress(known, semantics, asked.source, asked.dialled, asked.protocol, behind.egress);
  const verdict = join(egress, behind.ingress);
  const directions = (['egress', 'ingress'] as const).filter((direction) => verdict[direction].outcome === 'denied');
  const maybe = directions.map((direction) => rulesThatMayMean(known, semantics, direction, asked));
  const isCertain = maybe.length === 0 || maybe.some((rules) => rules.length === 0);
  return isCertain ? { verdict, outcome: verdict.outcome, maybe: [] } : { verdict, outcome: 'undecided', maybe: maybe.flat() };
}

function rulesThatMayMean(cluster: Cluster, semantics: Semantics, direction: Direction, asked: Asked): RuleRef[] {
  const [subject, peer] = direction === 'egress' ? [asked.source, asked.destination] : [asked.destination, asked.source];
  if (subject.kind !== 'pod' || peer.kind !== 'pod' || peer.pod.origin !== NOWHERE) return [];
  return policiesOn(cluster, direction, subject.pod)
    .flatMap((policy) => rulesOf(policy, direction))
    .filter(
      (ref) =>
        ref.rule.action === 'allow' &&
        ref.rule.peers !== 'anyone' &&
        variantsOf(asked).some((variant) => mayMeanPort(semantics, ref, asked, variant)) &&
        ref.rule.peers.some((other) => other.kind === 'pods' && mayMean(cluster, ref, other, peer.pod)),
    );
}

function mayMeanPort(
  semantics: Semantics,
  ref: RuleRef,
  { protocol, family }: Asked,
  { destination, port }: Pick<Asked, 'destination' | 'port'>,
): boolean {
  return protocol === 'ICMP' ? icmpMatches(ref, family, port, 0) : portsMatch(semantics, ref, destination, protocol, port) !== 'no';
}

/** Could this peer, which does not match the pod as we believe it to be, have been written for it? */
function mayMean(cluster: Cluster, ref: RuleRef, peer: PodPeer, assumed: Pod): boolean {
  if (cluster.pods.some((pod) => isLive(pod) && podPeerMatches(cluster, peer, { kind: 'pod', pod }))) return false;
  if (peer.namespace.by === 'any') return true;
  if (peer.namespace.by === 'name') return peer.namespace.name === assumed.namespace;
  const pinned = peer.namespace.selector.requirements.find(
    ({ key, operator }) => key === 'kubernetes.io/metadata.name' && operator === 'In',
  );
  if (pinned === undefined) return true;
  // A namespace whose pods are in the input is a namespace we know: what we had to assume is elsewhere.
  const homes = pinned.values.filter((name) => name === assumed.namespace || !cluster.pods.some((pod) => pod.namespace === name));
  if (assumed !== ASSUMED_DNS_POD || ref.rule.ports !== 'every-port') return homes.length > 0;
  return homes.some((name) => name === assumed.namespace || name.includes('dns'));
}

/** OpenShift's DNS pods listen on 5353 (semantics A.6): a rule for that port may be the DNS rule too. */
function variantsOf({ destination, port }: Asked): { destination: End; port: number }[] {
  const asBelieved = { destination, port };
  if (destination.kind !== 'pod' || destination.pod !== ASSUMED_DNS_POD) return [asBelieved];
  const ports = destination.pod.ports.map((declared) => ({ ...declared, port: 5353 }));
  return [asBelieved, { destination: { kind: 'pod', pod: { ...destination.pod, ports } }, port: 5353 }];
}
