import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { purposeNotWritten } from './rule.ts';

const with_ = (metadata: string) => policy('cart', 'podSelector: {}').replace('name: cart,', `name: cart, ${metadata}`);

describe('purpose-not-written', () => {
  it.each([
    ['nothing', '', ['1 note nothing']],
    ['an unrelated label', 'labels: { app: cart },', ['1 note nothing']],
    ['an owner', 'labels: { example.com/owner: retail },', []],
    ['a description', 'annotations: { description: x },', []],
  ])('a policy with %s', (_, metadata, expected) => {
    expect(found(purposeNotWritten, with_(metadata))).toEqual(expected);
  });
});
