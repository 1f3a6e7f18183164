import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { objectDefinedTwice } from './reading.ts';

const cart = policy('cart', 'podSelector: {}');

describe('object-defined-twice', () => {
  it('points at the second', () => {
    expect(found(objectDefinedTwice, stream(cart, cart))).toEqual(['7 warning twice']);
  });
  it('is a note for other kinds', () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [] }\n';
    expect(found(objectDefinedTwice, stream(pod, pod))).toEqual(['6 note twice']);
  });
  it.each([
    ['another name', policy('checkout', 'podSelector: {}')],
    ['another namespace', policy('cart', 'podSelector: {}', 'stage')],
  ])('%s is another object', (_, other) => {
    expect(found(objectDefinedTwice, stream(cart, other))).toEqual([]);
  });
});
