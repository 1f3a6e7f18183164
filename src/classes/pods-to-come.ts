// Pods that nobody has created yet, one of every kind that the policies of a cluster can tell apart: in the namespaces there are, and in
// new ones with whatever labels a selector asks for. What holds of all of them holds of every pod that will ever be created.
import { type Cluster, type ContainerPort, type Namespace, namespaceLabels, type Pod } from '../model/cluster.ts';
import { newPod } from '../model/new-pod.ts';
import type { Origin } from '../model/origin.ts';
import { DIRECTIONS, type NamespaceMatch, type Peer, type Policy } from '../model/policy.ts';
import { type Labels, labelRequirements, matches, type Selector } from '../model/selector.ts';
import { labelSetsOf } from './label-sets.ts';

/** Which pods are asked about; absent: all. `{ namespaces: team=web, pods: app=cart }`. */
export interface PodScope {
  /** By name, for a namespace that has to be there; else by labels. */
  readonly namespaces?: NamespaceMatch;
  readonly pods?: Selector;
}

export type PodsToCome =
  | {
      readonly kind: 'pods';
      readonly pods: readonly Pod[];
      readonly namespaces: readonly Namespace[];
      /**
       * False where policies tell pods apart by what is no label (a ServiceAccount, a node), or name a namespace that is not there and may get
       * several labels: then some kinds are not among them.
       */
      readonly isComplete: boolean;
    }
  /** More than were asked for; `keys` are the label keys that multiply. */
  | { readonly kind: 'too-many'; readonly keys: readonly string[] };

export interface PodsToComeOptions {
  /** Pods of any of them, told apart by all of them. Absent: all pods. */
  readonly scopes?: readonly PodScope[];
  /** Containers' ports of the new pods: rules by port name match no pod that declares none. Absent: none are declared. */
  readonly ports?: readonly ContainerPort[];
  readonly most: number;
  /** Namespaces whose labels are not settled: their pods are told apart by every selector. */
  readonly relabelled?: ReadonlySet<string>;
}

/** Where such pods come from. */
const TO_COME: Origin = { document: { file: '(to come)', text: undefined, start: 0, end: 0, line: 0, format: 'yaml' }, path: [] };

export function isToCome({ origin }: Pick<Pod, 'origin'>): boolean {
  return origin === TO_COME;
}

/** The API server keeps a namespace's name in it. */
export const NAME_LABEL = 'kubernetes.io/metadata.name';

/**
 * `[shop/, shop/app=cart, new-namespace/team=…]`: one pod for every kind, in the order of the namespaces, and the namespaces that are new.
 * Pods in their node's network are no part of it: selectors do not see those. Never throws.
 */
export function podsToCome(cluster: Cluster, { scopes = [{}], ports = [], most, relabelled }: PodsToComeOptions): PodsToCome {
  const terms = cluster.policies.flatMap(termsOf);
  const created = newNamespaces(cluster, terms, scopes, most);
  if ('keys' in created) return { kind: 'too-many', keys: created.keys };
  const pods: Pod[] = [];
  for (const namespace of [...cluster.namespaces.values(), ...created.namespaces]) {
    const meant = scopes.filter((scope) => scope.namespaces === undefined || holds(scope.namespaces, namespace));
    if (meant.length === 0) continue;
    const selectors = [...terms, ...meant].flatMap((term) =>
      term.pods !== undefined && (relabelled?.has(namespace.name) === true || holds(term.namespaces ?? { by: 'any' }, namespace))
        ? [term.pods]
        : [],
    );
    const found = labelSetsOf(selectors, most - pods.length);
    if (found.kind === 'too-many') return { kind: 'too-many', keys: found.keys };
    for (const labels of found.sets) {
      if (!isPossible(labels)) continue;
      if (meant.some((scope) => scope.pods === undefined || matches(scope.pods, labels)))
        pods.push(newPod({ namespace: namespace.name, labels, origin: TO_COME, ports }));
    }
  }
  const isBeyondLabels = terms.some(({ pods: asked }) => asked !== undefined && labelRequirements(asked).some(({ key }) => isBeyond(key)));
  return { kind: 'pods', pods, namespaces: created.namespaces, isComplete: created.isComplete && !isBeyondLabels };
}

/** Is the pod one of those that the scope means? */
export function isInScope(cluster: Cluster, { namespaces, pods }: PodScope, pod: Pod): boolean {
  const namespace = { name: pod.namespace, labels: namespaceLabels(cluster, pod.namespace) };
  return (namespaces === undefined || holds(namespaces, namespace)) && (pods === undefined || matches(pods, pod.labels));
}

/** What no label is called: how selectors of some kinds ask for other things of a pod. */
function isBeyond(key: string): boolean {
  return key.includes(':');
}

function isPossible(labels: Labels): boolean {
  return ![...labels.keys()].some(isBeyond);
}

/** The cluster as if those pods and namespaces had been created. */
export function withPods(cluster: Cluster, pods: readonly Pod[], namespaces: readonly Namespace[]): Cluster {
  return {
    ...cluster,
    namespaces: new Map([...cluster.namespaces, ...namespaces.map((each) => [each.name, each] as const)]),
    pods: [...cluster.pods, ...pods],
    podByRef: new Map([...cluster.podByRef, ...pods.map((pod) => [pod.ref, pod] as const)]),
  };
}

/** What a policy says about pods by label, somewhere in it: in its subject, or in a peer. `pods` undefined: all pods of those namespaces. */
interface Term {
  readonly namespaces: NamespaceMatch;
  readonly pods: Selector | undefined;
}

function termsOf(policy: Policy): Term[] {
  const { subject } = policy;
  const peers = DIRECTIONS.flatMap((direction) => {
    const rules = policy[direction];
    return rules === 'not-governed' ? [] : rules.flatMap((rule) => (rule.peers === 'anyone' ? [] : rule.peers.flatMap(peerTerms)));
  });
  return [...(subject.nodes === undefined ? [{ namespaces: subject.namespace, pods: subject.pods }] : []), ...peers];
}

function peerTerms(peer: Peer): Term[] {
  switch (peer.kind) {
    case 'pods':
      return [{ namespaces: peer.namespace, pods: peer.pods }];
    case 'all-of':
      return peer.of.flatMap(peerTerms);
    case 'not':
      return peerTerms(peer.of);
    case 'block':
    case 'nodes':
    case 'dns-names':
    case 'unread':
    case 'unclear':
    case 'nothing':
      return [];
  }
}

function holds(match: NamespaceMatch, { name, labels }: { readonly name: string; readonly labels: Labels }): boolean {
  return match.by === 'any' || (match.by === 'name' ? match.name === name : matches(match.selector, labels));
}

/** Namespaces that could be created, one for every combination of answers that selectors of namespaces can give. */
function newNamespaces(
  cluster: Cluster,
  terms: readonly Term[],
  scopes: readonly PodScope[],
  most: number,
): { readonly namespaces: readonly Namespace[]; readonly isComplete: boolean } | { readonly keys: readonly string[] } {
  const asked = [...terms, ...scopes].flatMap(({ namespaces }) => namespaces ?? []);
  // A namespace that policies name and that is not there can be created; a scope's has to be there.
  const named = new Set(
    terms.flatMap(({ namespaces: match }) => (match.by === 'name' && !cluster.namespaces.has(match.name) ? [match.name] : [])),
  );
  const selectors = [...asked.flatMap((match) => (match.by === 'labels' ? [match.selector] : [])), ...[...named].map(selectorOfName)];
  const found = labelSetsOf(selectors, most);
  if (found.kind === 'too-many') return { keys: found.keys };
  const taken = new Set(cluster.namespaces.keys());
  const namespaces = new Map<string, Namespace>();
  found.sets.forEach((labels, i) => {
    const wanted = labels.get(NAME_LABEL);
    // A namespace has the name that its label says, so a name that is there already is no new namespace.
    if (wanted !== undefined && taken.has(wanted)) return;
    const name = wanted ?? freshName(taken, i);
    const set = new Map([...labels, [NAME_LABEL, name] as const]);
    const answers = selectors.map((selector) => (matches(selector, set) ? '1' : '0')).join('');
    if (!namespaces.has(answers)) namespaces.set(answers, { name, labels: set, implied: false, origin: undefined });
  });
  const created = [...namespaces.values()];
  const isComplete = [...named].every((name) => created.filter((each) => each.name === name).length <= 1);
  return { namespaces: apart(created), isComplete };
}

function selectorOfName(name: string): Selector {
  return { requirements: [{ key: NAME_LABEL, operator: 'In', values: [name], origin: TO_COME }], origin: TO_COME };
}

/**
 * Two that could be created under one name, but not at once: the second is kept as `prod (2)`, its label still says `prod`.
 * INVARIANT: no namespace can be called so, it has a blank in it.
 */
function apart(namespaces: readonly Namespace[]): readonly Namespace[] {
  const count = new Map<string, number>();
  return namespaces.map((namespace) => {
    const before = count.get(namespace.name) ?? 0;
    count.set(namespace.name, before + 1);
    return before === 0 ? namespace : { ...namespace, name: `${namespace.name} (${before + 1})` };
  });
}

function freshName(taken: ReadonlySet<string>, i: number): string {
  let name = i === 0 ? 'new-namespace' : `new-namespace-${i + 1}`;
  while (taken.has(name)) name = `${name}-x`;
  return name;
}
