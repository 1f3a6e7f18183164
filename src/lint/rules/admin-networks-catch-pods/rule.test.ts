import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { adminNetworksCatchPods } from './rule.ts';

const policy = (...rules: readonly string[]) => `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: no-internet }
spec:
  tier: Admin
  priority: 10
  subject: { namespaces: {} }
  egress: [${rules.join(', ')}]
`;
const deny = '{ action: Deny, to: [{ networks: [0.0.0.0/0] }] }';

describe('admin-networks-catch-pods', () => {
  it('finds a denial of all addresses, in either family', () => {
    expect(found(adminNetworksCatchPods, policy(deny))).toEqual(['8 warning podsToo']);
    expect(found(adminNetworksCatchPods, policy(deny.replace('0.0.0.0', '::')))).toEqual(['8 warning podsToo']);
  });
  it('only notes it in the Baseline tier, where NetworkPolicies come first', () => {
    expect(found(adminNetworksCatchPods, policy(deny).replace('Admin', 'Baseline'))).toEqual(['8 note podsToo']);
  });
  it('has nothing to say where pods are let through before it, and does where they are behind it', () => {
    const pass = '{ action: Pass, to: [{ namespaces: {} }] }';
    expect(found(adminNetworksCatchPods, policy(pass, deny))).toEqual([]);
    expect(found(adminNetworksCatchPods, policy(deny, pass))).toHaveLength(1);
  });
  it('has nothing to say about smaller networks, and about what is accepted', () => {
    expect(found(adminNetworksCatchPods, policy('{ action: Deny, to: [{ networks: [203.0.113.0/24] }] }'))).toEqual([]);
    expect(found(adminNetworksCatchPods, policy('{ action: Accept, to: [{ networks: [0.0.0.0/0] }] }'))).toEqual([]);
  });
});
