import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { selectsByRolloutLabel } from './table.ts';

describe('selects-by-rollout-label', () => {
  it.each([
    ['podSelector: { matchLabels: { pod-template-hash: abc } }', ['5 warning hash']],
    ['podSelector: { matchLabels: { app.kubernetes.io/version: "2.1" } }', ['5 warning release']],
    ['podSelector: {}\ningress: [{ from: [{ podSelector: { matchLabels: { helm.sh/chart: cart-1.0 } } }] }]', ['6 warning release']],
    ['podSelector: { matchExpressions: [{ key: pod-template-hash, operator: Exists }] }', []],
    ['podSelector: { matchLabels: { app: cart, version: v1 } }', []],
  ])('%s', (spec, expected) => {
    expect(found(selectsByRolloutLabel, policy('cart', spec))).toEqual(expected);
  });
});
