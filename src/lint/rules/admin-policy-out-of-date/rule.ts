// AdminNetworkPolicy and BaselineAdminNetworkPolicy, which ClusterNetworkPolicy replaced.
import { dig } from '../../../objects/read.ts';
import type { LintContext } from '../../context.ts';
import { defineRule } from '../../rule.ts';
import { conversionOf } from './conversion.ts';

export const adminPolicyOutOfDate = defineRule({
  id: 'admin-policy-out-of-date',
  catalogue: ['NP124'],
  severity: 'warning',
  needs: ['policies', 'profile'],
  fixable: true,
  since: '0.1.0',
  messages: ['replaced'],
  check(context, report) {
    for (const policy of context.cluster.policies) {
      const { kind, ref, origin, value } = policy;
      if (kind !== 'AdminNetworkPolicy' && kind !== 'BaselineAdminNetworkPolicy') continue;
      const version = String(dig(value, 'apiVersion') ?? 'policy.networking.k8s.io/v1alpha1');
      const edits = mayConvert(context, kind) ? conversionOf(policy) : undefined;
      const facts = { kind, policy: ref, version, tier: kind === 'AdminNetworkPolicy' ? 'Admin' : 'Baseline' };
      report('replaced', facts, origin, edits === undefined ? {} : { fix: { edits, keepsMeaning: false } });
    }
  },
});

/**
 * Only for a CNI that is known to enforce both versions: on another one the protection would be gone, or would begin. Beside other policies
 * of the baseline tier a person has to say which comes first.
 */
function mayConvert({ semantics, cluster }: LintContext, kind: string): boolean {
  // `kubernetes` is what the API promises, and no CNI that runs somewhere.
  if (semantics.adminPolicies !== 'both' || semantics.name === 'kubernetes') return false;
  return kind === 'AdminNetworkPolicy' || cluster.policies.filter(({ tier }) => tier === 'baseline').length === 1;
}
