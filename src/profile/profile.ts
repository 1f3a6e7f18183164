// What a CNI profile is: for every behaviour that Kubernetes leaves to the network plugin, the plugin's answer and what it rests on.
// Knows the questions (cells) and their possible answers. Which plugin answers what is in profiles/, how answers are
// combined in choose.ts, and the text of the evidence in words/en/profiles.

import type { SettingSeen } from './setting.ts';

/**
 * The questions, each with every answer that a profile can decide on. One list serves the types, the engine and the check of a user's file.
 * Besides these a cell can be `unknown` (nobody established it) or `not-applicable` (the plugin does not enforce policies at all).
 */
export const CELL_VALUES = {
  /** Does it enforce networking.k8s.io/v1 NetworkPolicy at all? */
  enforces: ['yes', 'no'],
  /** Does an ipBlock that covers a pod's address admit that pod? The API means ipBlock for addresses outside the cluster. */
  ipBlockMatchesPod: ['yes', 'no'],
  /** Does an ipBlock that covers a node's address admit that node and its host-network pods? */
  ipBlockMatchesNode: ['yes', 'no'],
  /** Is an egress rule held against the Service's own address, before it is translated to a pod? */
  ipBlockMatchesServiceAddress: ['yes', 'no'],
  /** Can podSelector and namespaceSelector of a peer match a host-network pod? */
  selectorsMatchHostNetwork: ['yes', 'no'],
  /** Is a host-network pod that `spec.podSelector` selects really isolated? */
  policesHostNetworkSubject: ['yes', 'no'],
  /** Traffic from a node to a pod that runs on it (probes of the kubelet, port-forward): passes always, unless a rule denies it, or only as policies say? */
  localNodeToPod: ['always', 'unless-denied', 'policed'],
  /** The other way: from a pod to the node it runs on. */
  podToOwnNode: ['always', 'policed'],
  /** Is `endPort` honoured? Where not, only the first port of the range is open. */
  endPort: ['yes', 'no'],
  /** Are rules with `protocol: SCTP` enforced? */
  sctp: ['yes', 'no'],
  /** Are port names looked up in the destination pod? */
  namedPorts: ['yes', 'no'],
  /** Does a port name find containers that are not in `spec.containers`: sidecars and plain init containers? */
  namedPortsOfInitContainers: ['yes', 'no'],
  /** Ping to or from an isolated pod, when no rule without ports admits the peer. */
  icmpWhenIsolated: ['dropped', 'passes'],
  /** A connection that is open when a policy starts to deny it: ended at once, or kept until it closes. */
  establishedCutOnDeny: ['cut', 'kept'],
  /** What a new pod can do before its policies are in place: everything, nothing, or there is no such moment. */
  startup: ['open-window', 'closed-window', 'none'],
  /** What the death of a node's agent leaves for pods that it had programmed: their rules stay in force, or everything passes. */
  agentDown: ['rules-stay', 'pods-open'],
  /** What happens to a denied packet: it vanishes (the client sees a timeout) or it is answered (connection refused). */
  denyResponse: ['drop', 'reject'],
  /** Cluster-wide policies of the network-policy API: ClusterNetworkPolicy, Admin- and BaselineAdminNetworkPolicy, by version both, or none. */
  adminPolicies: ['cnp', 'anp', 'both', 'none'],
  /** Whose own kinds of policies does it enforce beside NetworkPolicies: Cilium's, Calico's, or neither's? */
  ownPolicies: ['cilium', 'calico', 'none'],
  /** Does it enforce some shapes of NetworkPolicy otherwise than the API means them, and the way of which program? */
  departures: ['none', 'kube-router'],
  /**
   * What keeps a pod out of the Baseline tier: a NetworkPolicy that isolates it in this direction (as the API text says), a NetworkPolicy
   * of either direction, or nothing, so that a Baseline Accept opens an isolated pod.
   */
  baselineAfterNetworkPolicy: ['direction', 'any', 'neither'],
  /** Whose address arrives at a pod behind a node port or load balancer with externalTrafficPolicy Cluster: a node's, or the client's? */
  nodePortSource: ['node', 'client'],
} as const;

export type CellName = keyof typeof CELL_VALUES;
/** What a profile can decide for a cell: `CellValue<'denyResponse'>` is `'drop' | 'reject'`. */
export type CellValue<C extends CellName> = (typeof CELL_VALUES)[C][number];

/** All cell names, in the order of the table above. */
export const CELL_NAMES = Object.keys(CELL_VALUES) as readonly CellName[];

/**
 * Where an answer comes from. `measured`: seen on the enforcer that the evidence names, with packets really sent. `sourced`: read in the
 * document that the evidence names. `memory`: engineering knowledge that nobody has
 * checked against a source; probable. `unknown`: the evidence does not say. `user`: from the user's own override file.
 */
export type EvidenceTag = 'measured' | 'sourced' | 'memory' | 'unknown' | 'user';

/** An answer and where it comes from: `{ value: 'reject', tag: 'sourced' }`. The text of its evidence is in words/en/profiles. */
export interface CellFact<V extends string> {
  readonly value: V | 'unknown' | 'not-applicable';
  readonly tag: EvidenceTag;
}

/** One fact for every cell. */
export type CellFacts = { readonly [C in CellName]: CellFact<CellValue<C>> };

export interface Profile {
  /** As typed after `--cni`: `calico-iptables`. */
  readonly name: string;
  readonly cells: CellFacts;
  /** The setting of this cluster that keeps a plugin that can enforce from doing so. */
  readonly switchedOff?: SettingSeen;
}

/**
 * What the evaluators read, made by `semanticsOf`: the name to show, and every cell decided or `open`.
 * `{ name: 'calico', enforces: 'yes', ipBlockMatchesPod: 'yes', podToOwnNode: 'open', … }`. `unknown` and `not-applicable` are open here.
 */
export type Semantics = {
  readonly name: string;
  readonly switchedOff?: SettingSeen;
  /** Cells that the user answered: what the settings in the input say does not change them. */
  readonly written?: readonly CellName[];
} & { readonly [C in CellName]: CellValue<C> | 'open' };

/** A fact seen on a running enforcer. */
export const measured = <V extends string>(value: V): CellFact<V> => ({ value, tag: 'measured' });

/** A fact read in a document that its evidence names. */
export const sourced = <V extends string>(value: V): CellFact<V> => ({ value, tag: 'sourced' });

/** A probable fact that was not checked against a source. */
export const fromMemory = <V extends string>(value: V): CellFact<V> => ({ value, tag: 'memory' });

/** A fact whose evidence does not say where it comes from. */
export const untagged = <V extends string>(value: V): CellFact<V> => ({ value, tag: 'unknown' });

/** A question that nobody could answer for this plugin. */
export const notEstablished: CellFact<never> = { value: 'unknown', tag: 'unknown' };

/** A question that has no answer because the plugin enforces nothing. */
export const notApplicable: CellFact<never> = { value: 'not-applicable', tag: 'unknown' };
