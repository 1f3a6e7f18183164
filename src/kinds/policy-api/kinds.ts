// The kinds of policy.networking.k8s.io, by name.
import { adminNetworkPolicy } from '../admin-network-policy/kind.ts';
import { baselineAdminNetworkPolicy } from '../baseline-admin-network-policy/kind.ts';
import { clusterNetworkPolicy } from '../cluster-network-policy/kind.ts';
import type { PolicyKind } from '../kind.ts';

const KINDS: ReadonlyMap<string, PolicyKind> = new Map(
  [clusterNetworkPolicy, adminNetworkPolicy, baselineAdminNetworkPolicy].map((kind) => [kind.kind, kind]),
);

/** `policyApiKind('ClusterNetworkPolicy')`; undefined for kinds of other APIs. */
export function policyApiKind(kind: string): PolicyKind | undefined {
  return KINDS.get(kind);
}

export function isPolicyApiKind(kind: string): boolean {
  return KINDS.has(kind);
}
