import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { isolatedOneWayOnly } from './rule.ts';

describe('isolated-one-way-only', () => {
  it.each([
    ['[Ingress]', ['1 note ingressOnly']],
    ['[Ingress, Egress]', []],
    ['[Egress]', []],
  ])('%s', (types, expected) => {
    expect(found(isolatedOneWayOnly, stream(policy('deny', `podSelector: {}\npolicyTypes: ${types}`), SHOP))).toEqual(expected);
  });
});
