// Pods that nobody has created yet, one of every kind that the policies of a cluster can tell apart: in the namespaces there are, and in
// new ones with whatever labels a selector asks for. What holds of all of them holds of every pod that will ever be created.
import type { Cluster, ContainerPort, Namespace, Pod } from '../model/cluster.ts';
import { newPod } from '../model/new-pod.ts';
import type { Origin } from '../model/origin.ts';
import { DIRECTIONS, type NamespaceMatch, type Peer, type Policy } from '../model/policy.ts';
import { type Labels, matches, type Selector } from '../model/selector.ts';
import { labelSetsOf } from './label-sets.ts';

/** Which pods are asked about; absent: all. `{ namespaces: team=web, pods: app=cart }`. */
export interface PodScope {
  /** By name, for a namespace that has to be there; else by labels. */
  readonly namespaces?: NamespaceMatch;
  readonly pods?: Selector;
}

export type PodsToCome =
  | { readonly kind: 'pods'; readonly pods: readonly Pod[]; readonly namespaces: readonly Namespace[] }
  /** More than were asked for; `keys` are the label keys that multiply. */
  | { readonly kind: 'too-many'; readonly keys: readonly string[] };

export interface PodsToComeOptions {
  readonly scope?: PodScope;
  /** Containers' ports of the new pods: rules by port name match no pod that declares none. Absent: none are declared. */
  readonly ports?: readonly ContainerPort[];
  readonly most: number;
}

/** Where such pods come from. */
const TO_COME: Origin = { document: { file: '(to come)', text: undefined, start: 0, end: 0, line: 0, format: 'yaml' }, path: [] };

export function isToCome({ origin }: Pick<Pod, 'origin'>): boolean {
  return origin === TO_COME;
}

const NAME_LABEL = 'kubernetes.io/metadata.name';

/**
 * `[shop/, shop/app=cart, new-namespace/team=…]`: one pod for every kind, in the order of the namespaces, and the namespaces that are new.
 * Pods in their node's network are no part of it: selectors do not see those. Never throws.
 */
export function podsToCome(cluster: Cluster, { scope = {}, ports = [], most }: PodsToComeOptions): PodsToCome {
  const terms = cluster.policies.flatMap(termsOf);
  const created = newNamespaces(cluster, terms, scope, most);
  if ('keys' in created) return { kind: 'too-many', keys: created.keys };
  const pods: Pod[] = [];
  for (const namespace of [...cluster.namespaces.values(), ...created.namespaces]) {
    if (scope.namespaces !== undefined && !holds(scope.namespaces, namespace)) continue;
    const selectors = terms.flatMap((term) => (term.pods !== undefined && holds(term.namespaces, namespace) ? [term.pods] : []));
    const found = labelSetsOf(scope.pods === undefined ? selectors : [...selectors, scope.pods], most - pods.length);
    if (found.kind === 'too-many') return { kind: 'too-many', keys: found.keys };
    for (const labels of found.sets) {
      if (scope.pods === undefined || matches(scope.pods, labels))
        pods.push(newPod({ namespace: namespace.name, labels, origin: TO_COME, ports }));
    }
  }
  return { kind: 'pods', pods, namespaces: created.namespaces };
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
  scope: PodScope,
  most: number,
): { readonly namespaces: readonly Namespace[] } | { readonly keys: readonly string[] } {
  const asked = [...terms.map(({ namespaces }) => namespaces), ...(scope.namespaces === undefined ? [] : [scope.namespaces])];
  const selectors = asked.flatMap((match) => (match.by === 'labels' ? [match.selector] : []));
  const found = labelSetsOf(selectors, most);
  if (found.kind === 'too-many') return { keys: found.keys };
  const taken = new Set([...cluster.namespaces.keys(), ...asked.flatMap((match) => (match.by === 'name' ? [match.name] : []))]);
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
  return { namespaces: [...namespaces.values()] };
}

function freshName(taken: ReadonlySet<string>, i: number): string {
  let name = i === 0 ? 'new-namespace' : `new-namespace-${i + 1}`;
  while (taken.has(name)) name = `${name}-x`;
  return name;
}
