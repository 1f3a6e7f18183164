import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { peerNeedsNamespaceSelector } from './table.ts';

const dns = policy(
  'dns',
  'podSelector: {}\npolicyTypes: [Egress]\negress:\n- to:\n  - podSelector: { matchLabels: { k8s-app: kube-dns } }',
);

describe('peer-needs-namespace-selector', () => {
  it('says where such pods are, and adds the namespace', () => {
    const yaml = stream(dns, SHOP, DNS);
    expect(found(peerNeedsNamespaceSelector, yaml)).toEqual(['9 warning elsewhere']);
    expect(findings(peerNeedsNamespaceSelector, yaml)[0]?.fix?.edits).toMatchObject([
      { kind: 'add-entry', key: 'namespaceSelector', value: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } },
    ]);
  });
  it('cannot tell when the pods of the own namespace are not in the input', () => {
    expect(found(peerNeedsNamespaceSelector, stream(dns, DNS))).toEqual([]);
  });
  it('is silent when the own namespace has such pods', () => {
    expect(found(peerNeedsNamespaceSelector, stream(dns.replace('k8s-app: kube-dns', 'app: cart'), SHOP, DNS))).toEqual([]);
  });
});
