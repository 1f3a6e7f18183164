import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { adminRuleNeverReached } from './rule.ts';

const policy = (...rules: readonly string[]) => `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: protect }
spec:
  tier: Admin
  priority: 10
  subject: { namespaces: {} }
  ingress:
${rules.map((rule) => `    - ${rule}`).join('\n')}
`;
const deny = '{ action: Deny, from: [{ namespaces: {} }] }';
const accept = '{ action: Accept, from: [{ namespaces: {} }], protocols: [{ tcp: { destinationPort: { number: 9090 } } }] }';

describe('admin-rule-never-reached', () => {
  it('finds the exception that stands behind the rule', () => {
    expect(found(adminRuleNeverReached, policy(deny, accept))).toEqual(['10 warning behind']);
    expect(found(adminRuleNeverReached, policy(accept, accept))).toEqual(['10 warning behind']);
  });
  it('has nothing to say where it stands before it, or means somebody else', () => {
    expect(found(adminRuleNeverReached, policy(accept, deny))).toEqual([]);
    const other = accept.replace('namespaces: {}', 'namespaces: { matchLabels: { team: ops } }');
    expect(found(adminRuleNeverReached, policy(deny, other))).toEqual([]);
  });
});
