import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/lint-yaml.ts';
import { policy } from '../../../../tests/lint/shop.ts';

describe('file-unreadable', () => {
  it('names a file that is no text', () => {
    expect(found('file-unreadable', 'kind: NetworkPolicy\nspec: \0\n')).toEqual(['2 error unreadable']);
  });
  it('has nothing to say about text', () => {
    expect(found('file-unreadable', policy('cart', 'podSelector: {}'))).toEqual([]);
  });
});
