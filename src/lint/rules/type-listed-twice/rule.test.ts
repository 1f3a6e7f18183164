import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/lint-yaml.ts';
import { policy } from '../../../../tests/lint/shop.ts';

describe('type-listed-twice', () => {
  it.each([
    ['[Ingress, Ingress]', ['6 note twice']],
    ['[Ingress, Egress]', []],
    ['[Egress]', []],
  ])('%s', (types, expected) => {
    expect(found('type-listed-twice', policy('cart', `podSelector: {}\npolicyTypes: ${types}`))).toEqual(expected);
  });
});
