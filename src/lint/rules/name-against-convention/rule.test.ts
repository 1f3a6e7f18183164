import { expect, it } from 'vitest';
import { found, said } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { nameAgainstConvention } from './rule.ts';

const house = { names: ['allow-*', 'deny-*'] };

it.each([
  ['allow-cart', house, []],
  ['cart', house, ['1 warning name']],
  ['to-allow-cart', house, ['1 warning name']],
  ['cart', {}, []],
])('%s with %j', (name, rules, expected) => {
  expect(found(nameAgainstConvention, policy(name, 'podSelector: {}'), { house: rules })).toEqual(expected);
});

it('says the patterns', () => {
  expect(said(nameAgainstConvention, policy('cart', 'podSelector: {}'), { house })).toEqual([
    '`shop/cart` does not match the naming convention `allow-*`, `deny-*`',
  ]);
});
