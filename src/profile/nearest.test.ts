import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.ts';

const PLUGINS = ['antrea', 'calico', 'cilium', 'kube-router', 'weave'];

describe('the nearest name', () => {
  it.each([
    ['one letter left out', 'calco', ['calico']],
    ['one letter too many', 'ciliumm', ['cilium']],
    ['one letter wrong', 'weafe', ['weave']],
    ['two neighbours swapped', 'calcio', ['calico']],
    ['upper case', 'ANTREA', ['antrea']],
    ['the beginning of a name', 'kube', ['kube-router']],
    ['nothing alike', 'checkout', []],
    ['nothing typed', '', []],
    ['far too much typed', 'calico'.repeat(100_000), []],
  ])('of %s', (_, typed, expected) => {
    expect(nearest(typed, PLUGINS)).toEqual(expected);
  });

  it('comes first, and at most three come', () => {
    expect(nearest('cart', ['cert', 'carts', 'cart', 'card', 'dart'])).toEqual(['cart', 'cert', 'carts']);
  });

  it('is none of no names', () => {
    expect(nearest('cart', [])).toEqual([]);
  });
});
