// A small cluster, a profile and a question as plain JSON, and how the values of the engine are made of it. Random tests draw
// plans, and a plan that once failed is kept in tests/corpus as it is.

import { networkPolicyOf } from '../../src/kinds/network-policy/lower.ts';
import type { Cluster, ContainerPort, Namespace, Node, Pod, Workload } from '../../src/model/cluster.ts';
import type { Origin } from '../../src/model/origin.ts';
import type { Direction, NamespaceMatch, Peer, Policy, PortRule, Rules, Tier } from '../../src/model/policy.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Selector } from '../../src/model/selector.ts';
import { parseCidr } from '../../src/net/cidr.ts';
import { type Family, type Ip, parseIp } from '../../src/net/ip.ts';
import { ipSetOfCidrs, ipSetOfIps, subtractIps } from '../../src/net/ip-set.ts';
import type { Protocol } from '../../src/net/port-set.ts';
import { everything, selectorOf } from '../../src/objects/normalise-selector.ts';
import { addressEnd, type Connection, type End, nodeEnd, podEnd } from '../../src/policy/end.ts';
import type { CELL_NAMES, Semantics } from '../../src/profile/profile.ts';

export interface Plan {
  /** Cells that differ from those of `PLAIN`. */
  readonly semantics: Partial<Semantics>;
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly nodes: readonly { readonly name: string; readonly addresses: readonly string[]; readonly tunnels?: readonly string[] }[];
  readonly pods: readonly PodPlan[];
  readonly policies: readonly PolicyPlan[];
  readonly tiers: readonly TierPolicyPlan[];
}

export interface PodPlan {
  readonly namespace: string;
  readonly name: string;
  /** Name of the Deployment that owns it. */
  readonly owner?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly name?: string;
    readonly port: number;
    readonly protocol: Protocol;
    readonly role: ContainerPort['role'];
  }[];
  readonly hostNetwork?: boolean;
  readonly phase?: NonNullable<Pod['phase']>;
  readonly addresses: readonly string[];
  readonly node?: string;
  readonly hostAddresses?: readonly string[];
}

/** `spec` as a person could write it; `faults`: field paths that validation complained about. */
export interface PolicyPlan {
  readonly namespace: string;
  readonly name: string;
  readonly spec: unknown;
  readonly faults?: readonly (readonly (string | number)[])[];
}

/** A policy of an ordered tier, which has no manifest form here yet. */
export interface TierPolicyPlan {
  readonly needs?: 'cnp' | 'anp';
  readonly tier: Exclude<Tier, 'namespaced'>;
  readonly order: number;
  readonly name: string;
  readonly namespaces: NamespacePlan;
  readonly pods: unknown;
  readonly ingress: 'not-governed' | readonly TierRulePlan[];
  readonly egress: 'not-governed' | readonly TierRulePlan[];
  readonly faulty?: boolean;
}
/** A namespace by name, by a LabelSelector, or any. */
export type NamespacePlan = { readonly name: string } | { readonly selector: unknown } | 'any';
export interface TierRulePlan {
  readonly action: 'allow' | 'deny' | 'pass';
  readonly peers: 'anyone' | readonly TierPeerPlan[];
  readonly ports: 'every-port' | readonly TierPortPlan[];
}
export type TierPeerPlan =
  | { readonly namespaces: NamespacePlan; readonly pods?: unknown }
  | { readonly cidr: string; readonly except?: readonly string[]; readonly includesCluster?: boolean }
  | { readonly nodes: readonly string[] | 'unknown' }
  | { readonly names: readonly string[] }
  | { readonly not: TierPeerPlan }
  | { readonly all: readonly TierPeerPlan[] }
  | 'nothing';
export interface TierPortPlan {
  readonly protocol: Protocol;
  readonly from?: number;
  readonly to?: number;
  readonly name?: string;
}

/** `shop/cart-1`, `node:n1`, `node:?` (one without name or address), or an address. */
export interface QuestionPlan {
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly family?: Family;
}

/** Every question that Kubernetes leaves to the plugin is decided, the usual way. */
export const PLAIN: Semantics = {
  name: 'plain',
  enforces: 'yes',
  ipBlockMatchesPod: 'yes',
  ipBlockMatchesNode: 'yes',
  ipBlockMatchesServiceAddress: 'no',
  selectorsMatchHostNetwork: 'no',
  policesHostNetworkSubject: 'no',
  localNodeToPod: 'always',
  podToOwnNode: 'always',
  endPort: 'yes',
  sctp: 'yes',
  namedPorts: 'yes',
  namedPortsOfInitContainers: 'open',
  icmpWhenIsolated: 'dropped',
  establishedCutOnDeny: 'kept',
  startup: 'none',
  agentDown: 'rules-stay',
  denyResponse: 'drop',
  adminPolicies: 'both',
  ownPolicies: 'none',
  departures: 'none',
  baselineAfterNetworkPolicy: 'direction',
  nodePortSource: 'node',
} satisfies Semantics & Record<(typeof CELL_NAMES)[number], unknown>;

export function semanticsOfPlan({ semantics }: Plan): Semantics {
  return { ...PLAIN, ...semantics };
}

const origin: Origin = { document: { file: 'plan.yaml', text: undefined, start: 0, end: 0, line: 1, format: 'yaml' }, path: [] };

export function clusterOfPlan(plan: Plan): Cluster {
  const pods = plan.pods.map(podOfPlan);
  const namespaces = new Map<string, Namespace>();
  const mentioned = [
    ...Object.keys(plan.namespaces),
    ...pods.map(({ namespace }) => namespace),
    ...plan.policies.map(({ namespace }) => namespace),
  ];
  for (const name of mentioned) {
    const labels = new Map([...Object.entries(plan.namespaces[name] ?? {}), ['kubernetes.io/metadata.name', name]]);
    namespaces.set(name, { name, labels, implied: !Object.hasOwn(plan.namespaces, name), origin: undefined });
  }
  return {
    namespaces,
    pods,
    podByRef: new Map(pods.map((pod) => [pod.ref, pod])),
    workloads: workloadsOf(pods),
    services: new Map(),
    ingresses: [],
    nodes: new Map(
      plan.nodes.map(({ name, addresses, tunnels = [] }): [string, Node] => [
        name,
        {
          name,
          labels: new Map(),
          addresses: addresses.map(ip),
          podCidrs: [],
          ...(tunnels.length > 0 && { tunnelAddresses: tunnels.map(ip) }),
          ready: true,
          origin: undefined,
        },
      ]),
    ),
    policies: [
      ...plan.policies.map(({ name, namespace, spec, faults = [] }) =>
        networkPolicyOf(name, namespace, { spec }, origin, faults.map(faultAt)),
      ),
      ...plan.tiers.map((one) => tierPolicyOf(one, plan)),
    ],
    problems: [],
    otherKinds: new Map(),
    objectCount: 0,
    extras: new Map(),
  };
}

function podOfPlan(plan: PodPlan): Pod {
  const { name, namespace, owner } = plan;
  return {
    name,
    namespace,
    ref: `${namespace}/${name}`,
    labels: new Map(Object.entries(plan.labels)),
    labelsPath: [],
    addresses: plan.addresses.map(ip),
    node: plan.node,
    hostAddresses: (plan.hostAddresses ?? []).map(ip),
    hostNetwork: plan.hostNetwork === true,
    ports: plan.ports.map((port) => ({ ...port, name: port.name, container: 'main', path: [] })),
    phase: plan.phase,
    ready: true,
    terminating: false,
    workload: owner === undefined ? `${namespace}/${name}[Pod]` : `${namespace}/${owner}[Deployment]`,
    template: false,
    dns: { policy: 'ClusterFirst', nameservers: [], searches: [], hostname: undefined, subdomain: undefined },
    origin,
    spec: {},
  };
}

function workloadsOf(pods: readonly Pod[]): Map<string, Workload> {
  const members = new Map<string, Pod[]>();
  for (const pod of pods) members.set(pod.workload, [...(members.get(pod.workload) ?? []), pod]);
  return new Map(
    [...members].map(([ref, own]) => {
      const [, name, kind] = /^[^/]*\/(.*)\[(.*)\]$/.exec(ref) as unknown as [string, string, string];
      const namespace = ref.slice(0, ref.indexOf('/'));
      return [
        ref,
        { ref, kind, name, namespace, replicas: undefined, pods: own, labels: new Map(), origin, written: true, value: undefined },
      ];
    }),
  );
}

function ip(text: string): Ip {
  const found = parseIp(text);
  if (found === undefined) throw new Error(`no address: ${text}`);
  return found;
}

function faultAt(path: readonly (string | number)[]): Problem {
  return { code: 'invalid', severity: 'error', facts: {}, origin: { ...origin, path } };
}

function tierPolicyOf(plan: TierPolicyPlan, { nodes }: Plan): Policy {
  const rulesOf = (direction: Direction): Rules => {
    const rules = plan[direction];
    if (rules === 'not-governed') return rules;
    return rules.map(({ action, peers, ports }, index) => ({
      index,
      action,
      peers: peers === 'anyone' ? peers : peers.map((peer) => tierPeerOf(peer, nodes)),
      ports: ports === 'every-port' ? ports : ports.map(tierPortOf),
      origin,
    }));
  };
  return {
    kind: plan.needs === 'anp' ? 'AdminNetworkPolicy' : 'ClusterNetworkPolicy',
    ...(plan.needs === undefined ? {} : { needs: plan.needs }),
    tier: plan.tier,
    order: plan.order,
    name: plan.name,
    namespace: undefined,
    ref: plan.name,
    subject: { namespace: namespaceMatchOf(plan.namespaces), pods: selectorOfPlan(plan.pods) },
    ingress: rulesOf('ingress'),
    egress: rulesOf('egress'),
    types: { written: true, directions: ['ingress', 'egress'], origin },
    ignored: {},
    faults: plan.faulty === true ? [faultAt(['spec'])] : [],
    origin,
  };
}

function namespaceMatchOf(plan: NamespacePlan): NamespaceMatch {
  if (plan === 'any') return { by: 'any' };
  return 'name' in plan ? { by: 'name', name: plan.name } : { by: 'labels', selector: selectorOfPlan(plan.selector) };
}

function selectorOfPlan(value: unknown): Selector {
  return selectorOf(value, origin);
}

function tierPeerOf(plan: TierPeerPlan, nodes: Plan['nodes']): Peer {
  if (plan === 'nothing') return { kind: 'nothing', origin };
  if ('names' in plan) return { kind: 'dns-names', names: plan.names, origin };
  if ('not' in plan) return { kind: 'not', of: tierPeerOf(plan.not, nodes), origin };
  if ('all' in plan) return { kind: 'all-of', of: plan.all.map((peer) => tierPeerOf(peer, nodes)), origin };
  if ('nodes' in plan) {
    const meant = nodes.filter(({ name }) => plan.nodes.includes(name)).flatMap(({ addresses }) => addresses.map(ip));
    return { kind: 'nodes', selector: everything(origin), addresses: plan.nodes === 'unknown' ? undefined : ipSetOfIps(meant), origin };
  }
  if ('namespaces' in plan) {
    return {
      kind: 'pods',
      namespace: namespaceMatchOf(plan.namespaces),
      pods: plan.pods === undefined ? undefined : selectorOfPlan(plan.pods),
      origin,
    };
  }
  const cidrs = [plan.cidr, ...(plan.except ?? [])].map((text) => {
    const cidr = parseCidr(text);
    if (cidr === undefined) throw new Error(`no CIDR: ${text}`);
    return cidr;
  });
  const [cidr, ...except] = cidrs as [(typeof cidrs)[0], ...typeof cidrs];
  return {
    kind: 'block',
    cidr,
    except,
    addresses: subtractIps(ipSetOfCidrs([cidr]), ipSetOfCidrs(except)),
    ...(plan.includesCluster === true ? { includesCluster: true } : {}),
    origin,
  };
}

function tierPortOf({ protocol, from, to, name }: TierPortPlan): PortRule {
  if (name !== undefined) return { kind: 'named', protocol, name, origin };
  return from === undefined ? { kind: 'protocol', protocol, origin } : { kind: 'range', protocol, from, to: to ?? from, origin };
}

function endOfPlan(cluster: Cluster, text: string): End {
  if (text === 'node:?') return { kind: 'node', name: undefined, addresses: [] };
  if (text.startsWith('node:')) {
    const node = cluster.nodes.get(text.slice('node:'.length));
    return node === undefined ? { kind: 'node', name: text.slice('node:'.length), addresses: [] } : nodeEnd(node);
  }
  const pod = cluster.podByRef.get(text);
  return pod === undefined ? addressEnd(cluster, ip(text)) : podEnd(pod);
}

export function connectionOfPlan(cluster: Cluster, { from, to, protocol, port, family }: QuestionPlan): Connection {
  return {
    source: endOfPlan(cluster, from),
    destination: endOfPlan(cluster, to),
    protocol,
    port,
    ...(family === undefined ? {} : { family }),
  };
}
