// Which of the input's policies a profile goes by, where plugins read the same objects differently or have kinds of their own.
import type { Cluster } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import type { Problem } from '../model/problem.ts';
import type { Semantics } from '../profile/profile.ts';
import { asConfigured } from './cilium-settings.ts';
import { readingsOf } from './stages.ts';

/**
 * The cluster with the policies that this profile reads, each as it reads it; the same value where plugins agree about all of them. Kinds that
 * it does not enforce are left out, and `problems` says so, once for a kind.
 */
export function asReadBy(cluster: Cluster, profile: Semantics): Cluster {
  const semantics = asConfigured(cluster, profile);
  const unserved = notServed(cluster, semantics);
  if (!cluster.policies.some(isReadDifferently))
    return unserved.length === 0 ? cluster : { ...cluster, problems: [...cluster.problems, ...unserved] };
  const readings = readingsOf(cluster.policies, semantics);
  const policies = cluster.policies.filter((policy) => !isReadDifferently(policy) || readings.some(({ isInForce }) => isInForce(policy)));
  return { ...cluster, policies, problems: [...cluster.problems, ...notEnforced(cluster, semantics), ...unserved] };
}

/** ClusterNetworkPolicies under a Cilium that does not read them. */
function notServed({ policies, problems }: Cluster, { ownPolicies, adminPolicies, name: cni }: Semantics): readonly Problem[] {
  if (ownPolicies !== 'cilium' || adminPolicies !== 'none') return [];
  const [first, ...others] = policies.filter(({ needs }) => needs === 'cnp');
  const isSaid = problems.some(({ code, facts }) => code === 'unsupported-policy' && facts.setting !== undefined);
  if (first === undefined || isSaid) return [];
  const facts = {
    kind: first.kind,
    name: first.ref,
    more: new Set(others.map(({ ref }) => ref)).size,
    decides: 'network-policy-api',
    inertUnder: cni,
    setting: 'enable-k8s-cluster-network-policy',
  };
  return [{ code: 'unsupported-policy', severity: 'warning', facts, origin: first.origin }];
}

function isReadDifferently({ needs }: Policy): boolean {
  return needs === 'cilium' || needs === 'not-cilium' || needs === 'cilium-open';
}

/** Where the plugin is known, and is another one. */
function notEnforced({ policies, problems }: Cluster, { ownPolicies, name: cni }: Semantics): readonly Problem[] {
  if (ownPolicies === 'cilium' || ownPolicies === 'open') return [];
  const byKind = new Map<string, Policy[]>();
  for (const policy of policies) if (policy.needs === 'cilium-open') byKind.set(policy.kind, [...(byKind.get(policy.kind) ?? []), policy]);
  return [...byKind].flatMap(([kind, found]): readonly Problem[] => {
    const [first] = found;
    const isSaid = problems.some(({ code, facts }) => code === 'unsupported-policy' && facts.kind === kind && facts.inertUnder === cni);
    if (first === undefined || isSaid) return [];
    const facts = { kind, name: first.ref, more: found.length - 1, decides: 'Cilium', inertUnder: cni };
    return [{ code: 'unsupported-policy', severity: 'warning', facts, origin: first.origin }];
  });
}
