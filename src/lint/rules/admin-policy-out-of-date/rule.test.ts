import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { loadCluster } from '../../../manifest/load.ts';
import { type EditedText, editTexts } from '../../../repair/edit.ts';
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

  const anp = (rules: string, kind = 'AdminNetworkPolicy') => `apiVersion: policy.networking.k8s.io/v1alpha1
kind: ${kind}   # ask #platform
metadata: { name: default }
spec:
${kind === 'AdminNetworkPolicy' ? '  priority: 7\n' : ''}  subject: { namespaces: {} }
  ingress:
${rules}`;
  const RULES = `    # the shop
    - action: Allow
      from: [{ namespaces: {} }]
      ports:   # three
        - portNumber: { port: 80 }
        - portRange: { protocol: UDP, start: 8000, end: 9000 }
        - namedPort: http
    - action: Deny
      from: [{ namespaces: {} }]
`;
  const NOW = `    # the shop
    - action: Accept
      from: [{ namespaces: {} }]
      protocols:   # three
        - tcp:
            destinationPort:
              number: 80
        - udp:
            destinationPort:
              range:
                start: 8000
                end: 9000
        - destinationNamedPort: http
    - action: Deny
      from: [{ namespaces: {} }]
`;
  const converted = (yaml: string, cni = 'kube-network-policies') => {
    const edits = findings(adminPolicyOutOfDate, yaml, { cni }).flatMap(({ fix }) => fix?.edits ?? []);
    const { texts = [] } = editTexts(edits) as { texts?: readonly EditedText[] };
    return texts[0]?.after;
  };

  it('rewrites an AdminNetworkPolicy that means the same, comments and all', () => {
    const after = converted(anp(RULES)) ?? '';
    expect(after.replace(/(.*spec:\n)/s, '')).toBe(`  priority: 7\n  subject: { namespaces: {} }\n  ingress:\n${NOW}  tier: Admin\n`);
    expect(after).toContain('apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy   # ask #platform\n');
    const [old, now] = [anp(RULES), after].map((text) => loadCluster([{ file: 'in.yaml', text }]));
    expect(now?.problems).toEqual([]);
    const meaning = (cluster = old) =>
      JSON.stringify(
        cluster?.policies.map(({ tier, order, subject, ingress, egress }) => ({ tier, order, subject, ingress, egress })),
        (key, value: unknown) => (key === 'origin' ? undefined : typeof value === 'bigint' ? String(value) : value),
      );
    expect(meaning(now)).toBe(meaning(old));
  });

  it('makes the BaselineAdminNetworkPolicy a policy of the baseline tier', () => {
    expect(converted(anp(RULES, 'BaselineAdminNetworkPolicy'))).toContain(`${NOW}  tier: Baseline\n  priority: 0\n`);
  });

  const DENY = '    - { action: Deny, from: [{ namespaces: {} }] }\n';
  it.each([
    ['25 rules', anp(DENY.repeat(25)), 'kube-network-policies', true],
    ['26 rules', anp(DENY.repeat(26)), 'kube-network-policies', false],
    ['a range that ends before it starts', anp(RULES.replace('9000', '7000')), 'kube-network-policies', false],
    ['a protocol that there is not', anp(RULES.replace('UDP', 'udp')), 'kube-network-policies', false],
    ['a CNI that only knows v1alpha1', anp(RULES), 'ovn-kubernetes', false],
    ['a CNI about which it is not known', anp(RULES), 'kubernetes', false],
  ])('rewrites what v1alpha2 can hold, where it is enforced: %s', (_, yaml, cni, isConverted) => {
    expect(converted(yaml, cni) !== undefined).toBe(isConverted);
    expect(found(adminPolicyOutOfDate, yaml, { cni })).toEqual(['1 warning replaced']);
  });
});
