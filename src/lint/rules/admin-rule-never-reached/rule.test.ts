import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
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
    const other = deny.replace('namespaces: {}', 'namespaces: { matchLabels: { team: ops } }');
    expect(found(adminRuleNeverReached, policy(other, accept))).toEqual([]);
  });

  const team = (
    name: string,
    priority: number,
    rule: string,
    subject = '{ matchLabels: { team: payments } }',
  ) => `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${name} }
spec:
  tier: Admin
  priority: ${priority}
  subject: { namespaces: ${subject} }
  ingress: [${rule}]
`;
  it('finds a rule that a policy asked earlier decides for at least the same pods', () => {
    const everybody = team('first', 5, deny, '{}');
    expect(found(adminRuleNeverReached, `${everybody}---\n${team('second', 10, accept)}`)).toEqual(['17 warning elsewhere']);
    expect(found(adminRuleNeverReached, `${team('first', 5, deny)}---\n${team('second', 10, accept, '{}')}`)).toEqual([]);
    expect(found(adminRuleNeverReached, `${team('first', 10, deny)}---\n${team('second', 10, accept)}`)).toEqual([]);
    expect(
      found(
        adminRuleNeverReached,
        `${everybody.replace('tier: Admin', 'tier: Baseline').replace('  priority: 5\n', '  priority: 0\n')}---\n${team('second', 10, accept)}`,
      ),
    ).toEqual([]);
  });

  it('leaves out a policy that cannot be read, and one for the other direction', () => {
    const broken = team('first', 5, '{ action: Forbid, from: [{ namespaces: {} }] }', '{}');
    expect(found(adminRuleNeverReached, `${broken}---\n${team('second', 10, accept)}`)).toEqual([]);
    const out = team('first', 5, '{ action: Deny, to: [{ namespaces: {} }] }', '{}').replace('ingress:', 'egress:');
    expect(found(adminRuleNeverReached, `${out}---\n${team('second', 10, accept)}`)).toEqual([]);
  });

  it('knows narrower peers and ports', () => {
    const labelled =
      '{ action: Accept, from: [{ namespaces: { matchLabels: { team: ops } } }], protocols: [{ tcp: { destinationPort: { range: { start: 80, end: 90 } } } }] }';
    const one = labelled.replace('range: { start: 80, end: 90 }', 'number: 85').replace('team: ops', 'team: ops, stage: prod');
    expect(found(adminRuleNeverReached, policy(labelled, one))).toEqual(['10 warning behind']);
    expect(found(adminRuleNeverReached, policy(one, labelled))).toEqual([]);
  });

  it('removes only a rule that says what an earlier one of the same policy says', () => {
    const fixes = (yaml: string) => findings(adminRuleNeverReached, yaml).map(({ fix }) => fix !== undefined);
    expect(fixes(policy(accept, accept))).toEqual([true]);
    expect(fixes(policy(deny, accept))).toEqual([false]);
    const two = `${deny}, ${accept.replace('namespaces: {}', 'namespaces: { matchLabels: { team: ops } }')}`;
    expect(fixes(`${team('first', 5, deny, '{}')}---\n${team('second', 10, two)}`)).toEqual([false, false]);
  });
});
