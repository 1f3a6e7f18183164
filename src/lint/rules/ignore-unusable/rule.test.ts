import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { ignoreUnusable } from './rule.ts';

const above = (comment: string) => `${comment}\n${policy('cart', 'podSelector: {}')}`;

describe('ignore-unusable', () => {
  it.each([
    ['# netverdict-ignore ignore-unusable', ['1 warning noReason']],
    ['# netverdict-ignore', ['1 warning noRule']],
    ['# netverdict-ignore : because', ['1 warning noRule']],
    ['# netverdict-ignore ignore-unusabel: because', ['1 warning unknownRule']],
    ['# netverdict-ignore ignore-unusable: because', []],
    ['# a word about netverdict-ignore', []],
  ])('%s', (comment, expected) => {
    expect(found(ignoreUnusable, above(comment))).toEqual(expected);
  });
  it('reads the annotation too', () => {
    const yaml = policy('cart', 'podSelector: {}').replace(
      'name: cart,',
      'name: cart, annotations: { netverdict.dev/ignore: ignore-unusable },',
    );
    expect(found(ignoreUnusable, yaml)).toEqual(['3 warning noReason']);
  });
});
