// AdminNetworkPolicy of policy.networking.k8s.io/v1alpha1.
import type { PolicyKind } from '../kind.ts';
import { checkObject, GROUP } from '../policy-api/check.ts';
import { lowerPolicy, orderOf } from '../policy-api/lower.ts';
import { V1ALPHA1_RULES } from './ports.ts';
import { ADMIN_NETWORK_POLICY_SPEC } from './schema.ts';

export const adminNetworkPolicy: PolicyKind = {
  kind: 'AdminNetworkPolicy',
  group: GROUP,
  scope: 'cluster',
  lower(object, surroundings) {
    const { problems, faults } = checkObject(object, 'v1alpha1', ADMIN_NETWORK_POLICY_SPEC);
    const standing = { tier: 'admin', order: orderOf(object.value, -Infinity), needs: 'anp' } as const;
    return { policies: [lowerPolicy(object, surroundings, standing, V1ALPHA1_RULES, faults)], problems };
  },
};
