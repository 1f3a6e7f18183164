import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { SHOP, stream } from '../../../../tests/lint/shop.ts';
import { adminDenyShutsDns } from './rule.ts';

const policy = (rules: string, tier = 'Admin', priority = 10) => `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: p${priority} }
spec:
  tier: ${tier}
  priority: ${priority}
  subject: { namespaces: {} }
  egress: [${rules}]
`;
const deny = '{ action: Deny, to: [{ namespaces: {} }] }';
const pass = '{ action: Pass, to: [{ namespaces: {} }], protocols: [{ udp: { destinationPort: { number: 53 } } }] }';

describe('admin-deny-shuts-dns', () => {
  it('finds a denial of all pods, and of all addresses', () => {
    expect(found(adminDenyShutsDns, stream(policy(deny), SHOP))).toEqual(['8 error dns']);
    expect(found(adminDenyShutsDns, stream(policy('{ action: Deny, to: [{ networks: [0.0.0.0/0] }] }'), SHOP))).toEqual(['8 error dns']);
  });
  it('has nothing to say where something is let through before it, here or in a policy before it', () => {
    expect(found(adminDenyShutsDns, stream(policy(`${pass}, ${deny}`), SHOP))).toEqual([]);
    expect(found(adminDenyShutsDns, stream(policy(deny), policy(pass, 'Admin', 5), SHOP))).toEqual([]);
  });
  it('has nothing to say about the Baseline tier, which NetworkPolicies come before, and about no pods', () => {
    expect(found(adminDenyShutsDns, stream(policy(deny, 'Baseline'), SHOP))).toEqual([]);
    expect(found(adminDenyShutsDns, policy(deny))).toEqual([]);
  });
});
