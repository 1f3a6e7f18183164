import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { selectsOneReplica } from './table.ts';

describe('selects-one-replica', () => {
  it.each([
    ['podSelector: { matchLabels: { statefulset.kubernetes.io/pod-name: orders-0 } }', ['5 note one']],
    ['podSelector: {}\ningress: [{ from: [{ podSelector: { matchLabels: { apps.kubernetes.io/pod-index: "0" } } }] }]', ['6 note one']],
    ['podSelector: { matchLabels: { app: orders } }', []],
  ])('%s', (spec, expected) => {
    expect(found(selectsOneReplica, policy('orders', spec))).toEqual(expected);
  });
});
