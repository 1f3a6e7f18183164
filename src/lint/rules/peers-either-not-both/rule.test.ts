import { describe, expect, it } from 'vitest';
import { found, only } from '../../../../tests/lint/lint-yaml.ts';
import { DNS, policy, SHOP, stream } from '../../../../tests/lint/shop.ts';

const split = (labels: string, namespace = 'kube-system') =>
  policy(
    'dns',
    `podSelector: {}\npolicyTypes: [Egress]\negress:\n- to:\n  - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${namespace} } }\n  - podSelector: { matchLabels: { ${labels} } }`,
  );

describe('peers-either-not-both', () => {
  it('is sure when the pods are in the other namespace, and joins the two', () => {
    const yaml = stream(split('k8s-app: kube-dns'), SHOP, DNS);
    expect(found('peers-either-not-both', yaml)).toEqual(['10 warning splitSurely']);
    expect(only('peers-either-not-both', yaml)[0]?.fix?.edits).toMatchObject([{ kind: 'join-to-previous' }]);
  });
  it('lets "these, or those namespaces" be', () => {
    expect(found('peers-either-not-both', stream(split('app: cart'), SHOP, DNS))).toEqual([]);
  });
  it('warns of DNS without seeing it, and is a note for other labels when there are no pods', () => {
    expect(found('peers-either-not-both', split('k8s-app: kube-dns'))).toEqual(['10 warning splitPerhaps']);
    expect(found('peers-either-not-both', split('app: prometheus', 'monitoring'))).toEqual(['10 note splitPerhaps']);
  });
});
