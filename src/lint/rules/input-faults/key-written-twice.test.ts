import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { keyWrittenTwice } from './reading.ts';

describe('key-written-twice', () => {
  it('points at the one that counts', () => {
    expect(found(keyWrittenTwice, policy('cart', 'podSelector: {}\ningress: []\ningress: [{}]'))).toEqual(['7 error twice']);
  });
  it('lets the same key stand in two mappings', () => {
    expect(found(keyWrittenTwice, policy('cart', 'podSelector: {}\ningress: [{ from: [{ podSelector: {} }] }]'))).toEqual([]);
  });
});
