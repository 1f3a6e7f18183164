import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { peersEitherNotBoth } from './rule.ts';

const split = (labels: string, namespace = 'kube-system') =>
  policy(
    'dns',
    `podSelector: {}\npolicyTypes: [Egress]\negress:\n- to:\n  - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${namespace} } }\n  - podSelector: { matchLabels: { ${labels} } }`,
  );

describe('peers-either-not-both', () => {
  it('is sure when the pods are in the other namespace, and joins the two', () => {
    const yaml = stream(split('k8s-app: kube-dns'), SHOP, DNS);
    expect(found(peersEitherNotBoth, yaml)).toEqual(['10 warning splitSurely']);
    expect(findings(peersEitherNotBoth, yaml)[0]?.fix?.edits).toMatchObject([{ kind: 'join-to-previous' }]);
  });
  it('lets "these, or those namespaces" be', () => {
    expect(found(peersEitherNotBoth, stream(split('app: cart'), SHOP, DNS))).toEqual([]);
  });
  it('warns of DNS without seeing it, and is a note for other labels when there are no pods', () => {
    expect(found(peersEitherNotBoth, split('k8s-app: kube-dns'))).toEqual(['10 warning splitPerhaps']);
    expect(found(peersEitherNotBoth, split('app: prometheus', 'monitoring'))).toEqual(['10 note splitPerhaps']);
  });
});
