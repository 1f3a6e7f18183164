// A policy as the evaluators read it: defaulted, unambiguous. Absent, empty and everything are three values.
import type { Cidr } from '../net/cidr.ts';
import type { Family } from '../net/ip.ts';
import type { IpSet } from '../net/ip-set.ts';
import type { PortRange, Protocol } from '../net/port-set.ts';
import type { Origin } from './origin.ts';
import type { Problem } from './problem.ts';
import type { Selector } from './selector.ts';

export type Direction = 'ingress' | 'egress';
export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/**
/**
 * Which step of the evaluation a policy belongs to; NetworkPolicies are `namespaced` (semantics B.2). What a step does with its policies,
 * and in which order the steps come, is program/stages.ts. `further`: enforced behind all of them by something else (a mesh, a security
 * group); it can only take away, and it is never read. `tier security`: one that the input itself names, as Calico's Tier objects do.
 */
export type Tier = 'admin' | 'namespaced' | 'baseline' | 'further' | `tier ${string}`;

/** The last stage of a Cilium whose agent isolates every pod. */
export const CILIUM_MODE = 'tier enable-policy';

export interface Policy {
  /** `NetworkPolicy`, `ClusterNetworkPolicy`, `AdminNetworkPolicy`… */
  readonly kind: string;
  readonly tier: Tier;
  /** Lower comes first inside a tier; 0 for every NetworkPolicy, where order means nothing. -Infinity: not readable, so it may come first. */
  readonly order: number;
  /**
   * What the CNI must be for the policy to be in force; absent for kinds that all have. `cnp`, `anp`: it has that network-policy API (cell
   * adminPolicies). `cilium`: it enforces Cilium's kinds (cell ownPolicies); `not-cilium`: it does not, or nobody knows; `cilium-open`: nobody
   * knows. `calico`: it enforces Calico's. One object is several policies where that changes what it says.
   */
  readonly needs?: 'cnp' | 'anp' | 'cilium' | 'not-cilium' | 'cilium-open' | 'calico';
  /** Where a tier that the input names stands, and what it does with a pod that it selects and no rule decides about. */
  readonly stage?: { readonly order: number; readonly end: 'deny' | 'next' };
  /** Set where one object is several policies here, such as one with a rule for some of its subjects only: their order. */
  readonly part?: number;
  /** Directions in which the policy opens or denies and isolates nobody by selecting (Cilium's enableDefaultDeny: false). */
  readonly opensOnly?: readonly Direction[];
  readonly name: string;
  /** undefined for cluster-scoped kinds. */
  readonly namespace: string | undefined;
  /** `shop/cart-ingress`, or `cart-ingress` for a cluster-scoped kind: how answers name it. */
  readonly ref: string;
  readonly subject: Subject;
  readonly ingress: Rules;
  readonly egress: Rules;
  /** What policyTypes said: `['ingress']` written, or defaulted because it was absent or empty. */
  readonly types: { readonly written: boolean; readonly directions: readonly Direction[]; readonly origin: Origin };
  /** Rules that stand in the YAML for a direction which policyTypes leaves out: they do nothing (semantics E 54, F NP021). */
  readonly ignored: Readonly<Partial<Record<Direction, readonly Rule[]>>>;
  /**
   * Not empty: the API server would refuse this policy, or a part could not be read. Whether it is in force, and with what
   * content, is not known, so verdicts that it could touch are undecided.
   * `ingress`/`egress`/`subject` then hold the widest thing it could be.
   */
  readonly faults: readonly Problem[];
  /** With faults, and yet its rules say whom it can touch (see UnreadPeer). Absent: with faults it can touch anybody. */
  readonly knownEnds?: true;
  readonly origin: Origin;
  /** The object as parsed, for what has no meaning to an evaluator (annotations, `from: []` or no `from`). Not validated. */
  readonly value?: unknown;
}

/** Whom a policy selects. One namespace by name (NetworkPolicy), or namespaces by label (cluster-scoped kinds). */
export interface Subject {
  readonly namespace: NamespaceMatch;
  readonly pods: Selector;
  /** Set where nodes and the processes in their network are selected instead: their names. `pods` then means nobody. */
  readonly nodes?: readonly string[];
}

export type NamespaceMatch =
  | { readonly by: 'name'; readonly name: string }
  | { readonly by: 'labels'; readonly selector: Selector }
  | { readonly by: 'any' };

/** `not-governed`: the policy says nothing about this direction. `[]`: it isolates and allows nothing. */
export type Rules = 'not-governed' | readonly Rule[];

export interface Rule {
  readonly index: number;
  readonly action: 'allow' | 'deny' | 'pass';
  /** How the kind itself calls the rule, where that is not `ingress[0]`: `ingressDeny[0]`. */
  readonly label?: string;
  /** `anyone`: from/to was absent or empty, which admits every address in and outside the cluster. */
  readonly peers: 'anyone' | readonly Peer[];
  /** `every-port`: ports was absent or empty, which admits every port of every protocol. */
  readonly ports: 'every-port' | readonly PortRule[];
  /** The ICMP messages it means; absent: all of them where it means every port of every protocol, and else none. */
  readonly icmp?: readonly IcmpMatch[];
  /** Of an allow: what is let in is checked further, request by request, or for who is at the other end. */
  readonly further?: 'requests' | 'authentication';
  /** Of `further: requests`: which pass. Absent where something else than requests of HTTP or DNS is looked at. */
  readonly requests?: Requests;
  readonly origin: Origin;
}

/** Requests that pass: those that any of these means. A protocol without entries is not looked at. */
export interface Requests {
  readonly http: readonly HttpMatch[];
  /** `['*.example.com']`: names that may be looked up, as Cilium's patterns. */
  readonly dns: readonly string[];
}

/** `{ method: 'GET', path: '/public/.*' }`: extended regular expressions that mean the whole text; absent: any. */
export interface HttpMatch {
  readonly method?: string;
  /** Held against path and query. */
  readonly path?: string;
  readonly host?: string;
  /** It asks for headers as well, which no URL shows. */
  readonly asksHeaders?: boolean;
  readonly origin: Origin;
}

/** ICMP messages by type and code, each a range: a ping is `{ types: { from: 8, to: 8 }, codes: { from: 0, to: 255 } }`. */
export interface IcmpMatch {
  /** 4: ICMP, 6: ICMPv6; absent: both. */
  readonly family?: Family;
  readonly types: PortRange;
  readonly codes: PortRange;
}

export type Peer = PodPeer | BlockPeer | NodesPeer | DnsNamesPeer | AllOfPeer | NotPeer | UnreadPeer | UnclearPeer | NothingPeer;

/** Pods by namespace and label. `namespace.by === 'name'` with the policy's own namespace: no namespaceSelector was written. */
export interface PodPeer {
  readonly kind: 'pods';
  readonly namespace: NamespaceMatch;
  /** `undefined`: no podSelector was written, so all pods of the namespaces. */
  readonly pods: Selector | undefined;
  readonly origin: Origin;
}

export interface BlockPeer {
  readonly kind: 'block';
  readonly cidr: Cidr;
  readonly except: readonly Cidr[];
  /** cidr minus except. */
  readonly addresses: IpSet;
  /**
   * `true`: the kind's API says that addresses of pods and nodes count like any other (`networks`). `false`: it means the outside and nothing
   * else. Absent: it means the outside, and what becomes of pods and nodes is left to the CNI (`ipBlock`).
   */
  readonly includesCluster?: boolean;
  /** True when its one address is a Service's, which no pod or node has. */
  readonly ofService?: true;
  readonly origin: Origin;
}

/** Nodes by label: whoever has one of their addresses, pods in their node's network among them. Never pods of their own. */
export interface NodesPeer {
  readonly kind: 'nodes';
  readonly selector: Selector;
  /** The addresses of the nodes that the selector means; undefined: the input has no Node objects, so nobody knows. */
  readonly addresses: IpSet | undefined;
  readonly origin: Origin;
}

/** `['*.example.com', 'example.com']`: addresses that DNS has answered for such a name. Which those are shows at run time only. */
export interface DnsNamesPeer {
  readonly kind: 'dns-names';
  readonly names: readonly string[];
  /** What `*` stands for: whole labels, or characters of a label. Absent: these are no names of DNS, and only the cluster knows whom they mean. */
  readonly wildcard?: 'labels' | 'characters';
  readonly origin: Origin;
}

/** Who is meant by every one of them. `of` is not empty. */
export interface AllOfPeer {
  readonly kind: 'all-of';
  readonly of: readonly Peer[];
  readonly origin: Origin;
}

/** Everybody whom `of` does not mean, nodes and the outside included. */
export interface NotPeer {
  readonly kind: 'not';
  readonly of: Peer;
  readonly origin: Origin;
}

/** Nodes and the outside, as far as an object says that is not read here. Never pods: where all that is known of a policy is this. */
export interface UnreadPeer {
  readonly kind: 'unread';
  readonly origin: Origin;
}

/** Whoever it may be: what would tell is not in the input, or no policy can tell. Beside others in `all-of` it leaves only their yes in doubt. */
export interface UnclearPeer {
  readonly kind: 'unclear';
  readonly because: Unclear;
  readonly origin: Origin;
}

export const UNCLEAR = [
  'http', // the rule looks at requests, which only a proxy sees
  'no-endpoints', // it names a Service, and the input has no EndpointSlices
  'service-namespace', // it names a Service without a namespace, which is read in two ways
  'client-port', // it names ports of the client that its system may or may not choose
  'port-names', // it leaves out ports by number and names others
  'service-account', // it asks for labels of a ServiceAccount that is not in the input
  'own-address', // it means the pod by its address, which is not in the input
  'authentication', // it asks for a handshake that is made to fail
] as const;
export type Unclear = (typeof UNCLEAR)[number];

/** A peer with no field: the API refuses it; offline it matches nothing (semantics A.1). Its policy carries the fault. */
export interface NothingPeer {
  readonly kind: 'nothing';
  readonly origin: Origin;
}

export type PortRule =
  | { readonly kind: 'protocol'; readonly protocol: Protocol; readonly origin: Origin } // every port of it
  | {
      readonly kind: 'range';
      readonly protocol: Protocol;
      readonly from: number;
      readonly to: number;
      readonly exceptNames?: readonly string[];
      readonly origin: Origin;
    } // but for those names
  | NamedPortRule;

/** What the pod that listens calls so. `to`: from the number behind the name up to this one, where that is not less. */
export interface NamedPortRule {
  readonly kind: 'named';
  readonly protocol: Protocol;
  readonly name: string;
  readonly to?: number;
  readonly origin: Origin;
}

/** `ingress[0]` of a policy: how answers name a rule. */
export interface RuleRef {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly rule: Rule;
}

/** [] also where the policy leaves the direction alone; who has to tell that apart reads `policy.ingress` or `policy.egress`. */
export function ownRules(policy: Policy, direction: Direction): readonly Rule[] {
  const rules = policy[direction];
  return rules === 'not-governed' ? [] : rules;
}

/** Those of both directions, ingress first. */
export function allRules(policy: Policy): readonly Rule[] {
  return DIRECTIONS.flatMap((direction) => ownRules(policy, direction));
}

/** `shop/cart-ingress ingress[0]`. */
export function printRuleRef(ref: RuleRef): string {
  return `${ref.policy.ref} ${ruleName(ref)}`;
}

/** `from[0]`, or where the kind has it: `fromEndpoints[0]`. */
export function peerName({ direction, rule }: Pick<RuleRef, 'direction' | 'rule'>, peer: number): string {
  const [field, index] = rule.label === undefined || rule.peers === 'anyone' ? [] : (rule.peers[peer]?.origin.path.slice(-2) ?? []);
  if (typeof field === 'string' && typeof index === 'number') return `${field}[${index}]`;
  return `${direction === 'ingress' ? 'from' : 'to'}[${peer}]`;
}

/** `ingress[0]`, or what the kind calls it: `ingressDeny[0]`. */
export function ruleName({ direction, rule }: Pick<RuleRef, 'direction' | 'rule'>): string {
  return rule.label ?? `${direction}[${rule.index}]`;
}

/** What is still checked after these rules let a connection in: only where every one of them does so; undefined: nothing. */
export function furtherOf(rules: readonly RuleRef[]): Rule['further'] {
  if (rules.some(({ rule }) => rule.further === undefined)) return undefined;
  return rules.find(({ rule }) => rule.further === 'requests')?.rule.further ?? rules[0]?.rule.further;
}
