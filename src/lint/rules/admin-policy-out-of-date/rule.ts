// AdminNetworkPolicy and BaselineAdminNetworkPolicy, which ClusterNetworkPolicy replaced.
import { dig } from '../../../objects/read.ts';
import { defineRule } from '../../rule.ts';

export const adminPolicyOutOfDate = defineRule({
  id: 'admin-policy-out-of-date',
  catalogue: ['NP124'],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['replaced'],
  check(context, report) {
    for (const { kind, ref, origin, value } of context.cluster.policies) {
      if (kind !== 'AdminNetworkPolicy' && kind !== 'BaselineAdminNetworkPolicy') continue;
      const version = String(dig(value, 'apiVersion') ?? 'policy.networking.k8s.io/v1alpha1');
      report('replaced', { kind, policy: ref, version, tier: kind === 'AdminNetworkPolicy' ? 'Admin' : 'Baseline' }, origin);
    }
  },
});
