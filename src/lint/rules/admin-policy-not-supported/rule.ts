// Cluster-wide policies, and those of Cilium and Calico, on a CNI that does not know them.
import { defineRule } from '../../rule.ts';

export const adminPolicyNotSupported = defineRule({
  id: 'admin-policy-not-supported',
  catalogue: ['NP125'],
  severity: 'error',
  needs: ['policies', 'profile'],
  since: '0.1.0',
  messages: ['unknownToCni', 'notDefault'],
  check(context, report) {
    const { adminPolicies, ownPolicies, name: cni } = context.semantics;
    for (const { kind, ref, name, origin, needs, part = 0 } of context.cluster.policies) {
      const isForeign = (needs === 'calico' || needs === 'cilium') && ownPolicies !== 'open' && ownPolicies !== needs;
      if (isForeign && part === 0) report('unknownToCni', { cni, kind, policy: ref }, origin);
      const version = VERSIONS.get(kind);
      if (version === undefined) continue;
      if (kind === 'BaselineAdminNetworkPolicy' && name !== 'default') report('notDefault', { policy: ref }, origin);
      const isKnown = adminPolicies === 'open' || adminPolicies === 'both' || adminPolicies === version;
      if (!isKnown) report('unknownToCni', { cni, kind, policy: ref }, origin);
    }
  },
});

const VERSIONS: ReadonlyMap<string, 'anp' | 'cnp'> = new Map([
  ['AdminNetworkPolicy', 'anp'],
  ['BaselineAdminNetworkPolicy', 'anp'],
  ['ClusterNetworkPolicy', 'cnp'],
]);
