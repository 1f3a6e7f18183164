import { describe, expect, it } from 'vitest';
import { found, said } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { podOpen } from './rule.ts';

const cart = policy('cart', 'podSelector: { matchLabels: { app: cart } }');

describe('pod-open', () => {
  it('is one finding for all open workloads of a namespace', () => {
    expect(said(podOpen, stream(cart, SHOP))).toEqual([
      '`shop/checkout[Deployment]`, `shop/frontend[Deployment]` in `shop` are not isolated for ingress, so every pod in the cluster can reach them',
    ]);
  });
  it.each([
    ['every pod is selected', stream(policy('deny', 'podSelector: {}'), SHOP)],
    ['the namespace has no policies', SHOP],
    ['it is a system namespace', stream(policy('dns', 'podSelector: { matchLabels: { a: b } }', 'kube-system'), DNS)],
  ])('is silent when %s', (_, yaml) => {
    expect(found(podOpen, yaml)).toEqual([]);
  });
  it('does not take an egress policy for protection', () => {
    expect(found(podOpen, stream(policy('out', 'podSelector: {}\npolicyTypes: [Egress]'), SHOP))).toHaveLength(1);
  });
  it('does not speak of Jobs', () => {
    const job =
      'apiVersion: batch/v1\nkind: Job\nmetadata: { name: j, namespace: shop }\nspec: { template: { spec: { containers: [] } } }\n';
    expect(found(podOpen, stream(cart, job))).toEqual([]);
  });
});
