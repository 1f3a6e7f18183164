import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { SHOP, stream } from '../../../../tests/lint/shop.ts';
import { priorityTakenTwice } from './rule.ts';

const policy = (
  name: string,
  priority: number,
  action: string,
  subject = '{ namespaces: {} }',
) => `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${name} }
spec:
  tier: Admin
  priority: ${priority}
  subject: ${subject}
  ingress: [{ action: ${action}, from: [{ namespaces: {} }] }]
`;

describe('priority-taken-twice', () => {
  it('finds two that do different things to the same pods', () => {
    expect(found(priorityTakenTwice, stream(policy('a', 10, 'Deny'), policy('b', 10, 'Accept'), SHOP))).toEqual(['10 error tie']);
  });
  it('has nothing to say about other priorities, the same action, or other pods', () => {
    expect(found(priorityTakenTwice, stream(policy('a', 10, 'Deny'), policy('b', 11, 'Accept'), SHOP))).toEqual([]);
    expect(found(priorityTakenTwice, stream(policy('a', 10, 'Deny'), policy('b', 10, 'Deny'), SHOP))).toEqual([]);
    const elsewhere = '{ namespaces: { matchLabels: { team: nobody } } }';
    expect(found(priorityTakenTwice, stream(policy('a', 10, 'Deny'), policy('b', 10, 'Accept', elsewhere), SHOP))).toEqual([]);
  });
});
