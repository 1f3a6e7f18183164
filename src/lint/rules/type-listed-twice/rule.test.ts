import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { typeListedTwice } from './rule.ts';

describe('type-listed-twice', () => {
  it.each([
    ['[Ingress, Ingress]', ['6 note twice']],
    ['[Ingress, Egress]', []],
    ['[Egress]', []],
  ])('%s', (types, expected) => {
    expect(found(typeListedTwice, policy('cart', `podSelector: {}\npolicyTypes: ${types}`))).toEqual(expected);
  });
});
