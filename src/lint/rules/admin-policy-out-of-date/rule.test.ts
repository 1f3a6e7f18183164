import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { adminPolicyOutOfDate } from './rule.ts';

describe('admin-policy-out-of-date', () => {
  it.each([
    ['AdminNetworkPolicy', 'v1alpha1', ['1 warning replaced']],
    ['BaselineAdminNetworkPolicy', 'v1alpha1', ['1 warning replaced']],
    ['ClusterNetworkPolicy', 'v1alpha2', []],
  ])('%s', (kind, version, expected) => {
    expect(
      found(
        adminPolicyOutOfDate,
        `apiVersion: policy.networking.k8s.io/${version}\nkind: ${kind}\nmetadata: { name: default }\nspec: {}\n`,
      ),
    ).toEqual(expected);
  });
  it('has nothing to say about a NetworkPolicy', () => {
    expect(found(adminPolicyOutOfDate, policy('p', 'podSelector: {}'))).toEqual([]);
  });
});
