// ClusterNetworkPolicy, AdminNetworkPolicy and BaselineAdminNetworkPolicy as they are written: for faults that can be read off without
// asking what the policies mean (semantics B.1, B.2).

import { type Cluster, isLive, type Pod } from '../model/cluster.ts';
import { at, type Origin } from '../model/origin.ts';
import { DIRECTIONS, type Direction, type Policy } from '../model/policy.ts';
import { matches } from '../model/selector.ts';
import { selectorOf } from '../objects/normalise-selector.ts';
import { dig, get, isObject, listOf } from '../objects/read.ts';

export interface AdminRule {
  readonly direction: Direction;
  readonly action: 'accept' | 'deny' | 'pass' | 'unknown';
  readonly peers: readonly unknown[];
  /** `undefined`: every port of every protocol. */
  readonly ports: unknown;
  /** `egress[1]`. */
  readonly name: string;
  readonly origin: Origin;
}

export interface AdminPolicy {
  readonly policy: Policy;
  readonly tier: 'Admin' | 'Baseline';
  /** Lower comes first; undefined for a BaselineAdminNetworkPolicy, of which there is one. */
  readonly priority: number | undefined;
  readonly rules: readonly AdminRule[];
}

/** In input order. What is not readable as a rule is left out: the API server refuses it. */
export function adminPolicies({ policies }: Cluster): readonly AdminPolicy[] {
  return policies.flatMap((policy): AdminPolicy[] => {
    const tier = tierOf(policy);
    if (tier === undefined) return [];
    const priority = dig(policy.value, 'spec', 'priority');
    return [
      {
        policy,
        tier,
        priority: typeof priority === 'number' ? priority : undefined,
        rules: DIRECTIONS.flatMap((each) => rulesOf(policy, each)),
      },
    ];
  });
}

function tierOf({ kind, value }: Policy): AdminPolicy['tier'] | undefined {
  if (kind === 'AdminNetworkPolicy') return 'Admin';
  if (kind === 'BaselineAdminNetworkPolicy') return 'Baseline';
  if (kind !== 'ClusterNetworkPolicy') return undefined;
  return dig(value, 'spec', 'tier') === 'Baseline' ? 'Baseline' : 'Admin';
}

const ACTIONS: ReadonlyMap<unknown, AdminRule['action']> = new Map([
  ['Accept', 'accept'],
  ['Allow', 'accept'],
  ['Deny', 'deny'],
  ['Pass', 'pass'],
]);

function rulesOf({ value, origin }: Policy, direction: Direction): AdminRule[] {
  return listOf(dig(value, 'spec', direction)).flatMap((rule, i): AdminRule[] => {
    if (!isObject(rule)) return [];
    const ports = get(rule, 'ports') ?? get(rule, 'protocols');
    return [
      {
        direction,
        action: ACTIONS.get(get(rule, 'action')) ?? 'unknown',
        peers: listOf(get(rule, direction === 'ingress' ? 'from' : 'to')),
        ports: Array.isArray(ports) && ports.length > 0 ? ports : undefined,
        name: `${direction}[${i}]`,
        origin: at(origin, 'spec', direction, i),
      },
    ];
  });
}

/** Live pods that the policy is about; hostNetwork pods never are. */
export function subjectsOf({ pods, namespaces }: Cluster, { policy }: AdminPolicy): readonly Pod[] {
  const subject = dig(policy.value, 'spec', 'subject');
  const inPods = get(subject, 'pods');
  const byNamespace = selectorOf(inPods === undefined ? get(subject, 'namespaces') : get(inPods, 'namespaceSelector'), policy.origin);
  const byPod = selectorOf(get(inPods, 'podSelector'), policy.origin);
  const meant = new Set([...namespaces.values()].filter(({ labels }) => matches(byNamespace, labels)).map(({ name }) => name));
  return pods.filter((pod) => isLive(pod) && !pod.hostNetwork && meant.has(pod.namespace) && matches(byPod, pod.labels));
}

/** A peer `namespaces: {}`, which means every pod of the cluster. */
export function isEveryPod(peer: unknown): boolean {
  const namespaces = get(peer, 'namespaces');
  return isObject(namespaces) && Object.keys(namespaces).length === 0;
}

/** One of the networks of a peer is all addresses of a family. */
export function hasEveryAddress(peer: unknown): boolean {
  return listOf(get(peer, 'networks')).some((network) => network === '0.0.0.0/0' || network === '::/0');
}
