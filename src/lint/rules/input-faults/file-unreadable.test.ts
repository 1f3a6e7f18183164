import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { fileUnreadable } from './reading.ts';

describe('file-unreadable', () => {
  it('names a file that is no text', () => {
    expect(found(fileUnreadable, 'kind: NetworkPolicy\nspec: \0\n')).toEqual(['2 error unreadable']);
  });
  it('has nothing to say about text', () => {
    expect(found(fileUnreadable, policy('cart', 'podSelector: {}'))).toEqual([]);
  });
});
