import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { peersBothNotEither } from './table.ts';

const both = (labels: string) =>
  policy(
    'cart',
    `podSelector: { matchLabels: { app: cart } }\ningress:\n- from:\n  - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }\n    podSelector: { matchLabels: { ${labels} } }`,
  );

describe('peers-both-not-either', () => {
  it('speaks when pods of the own namespace have the labels and nobody fits both', () => {
    expect(found(peersBothNotEither, stream(both('app: frontend'), SHOP, DNS))).toEqual(['9 warning joined']);
  });
  it('is silent when somebody fits both', () => {
    expect(found(peersBothNotEither, stream(both('k8s-app: kube-dns'), SHOP, DNS))).toEqual([]);
  });
  it('is silent when nobody has the labels, and when the other namespace is not in the input', () => {
    expect(found(peersBothNotEither, stream(both('app: nobody'), SHOP, DNS))).toEqual([]);
    expect(found(peersBothNotEither, stream(both('app: frontend'), SHOP))).toEqual([]);
  });
});
