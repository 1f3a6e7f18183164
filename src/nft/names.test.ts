import { describe, expect, it } from 'vitest';
import { nftComment, nftName, uniquely } from './names.ts';

/** What nft 1.0.6 reads as one name (scanner.l, `string`), in at most 255 bytes. */
const NAME = /^[A-Za-z_][A-Za-z0-9/_.-]{0,254}$/;

describe('names in the table', () => {
  it('keep what Kubernetes calls a thing', () => {
    expect(nftName('shop/cart-ingress')).toBe('shop/cart-ingress');
    expect(nftName('shop/a.b-c')).toBe('shop/a.b-c');
  });

  it.each([
    ['a digit first', '1password/vault'],
    ['a blank', 'netverdict control/open'],
    ['letters that nft does not know', 'shop/größe'],
    ['quotes, braces and line ends', 'shop/a"; }\ndrop'],
    ['a dash first', '-/x'],
    ['nothing', ''],
    ['the longest namespace and name', `${'n'.repeat(63)}/${'p'.repeat(253)}`],
  ])('are made readable for nft: %s', (_, text) => {
    expect(nftName(text)).toMatch(NAME);
    // Room for what is appended: the parts of a rule, and `.denied`.
    expect(nftName(text).length).toBeLessThanOrEqual(200);
  });

  it('never become the same for two texts that only differ in what nft cannot say', () => {
    const texts = ['shop/a b', 'shop/a_b ', 'shop/a\tb', 'shop/ab', `${'x'.repeat(300)}1`, `${'x'.repeat(300)}2`];
    expect(new Set(texts.map(nftName)).size).toBe(texts.length);
  });

  it('of two policies with one name, which the input may hold by mistake, are told apart', () => {
    const name = uniquely(({ ref }: { ref: string }) => ref);
    const [first, second] = [{ ref: 'shop/cart' }, { ref: 'shop/cart' }];
    expect([name(first), name(second), name(first)]).toEqual(['shop/cart', 'shop/cart.2', 'shop/cart']);
  });

  it('are kept harmless and short in comments', () => {
    expect(nftComment('no "quotes" \\ and no \u001b[2J')).toBe('no _quotes_ _ and no _[2J');
    expect(nftComment('x'.repeat(500)).length).toBeLessThanOrEqual(127);
  });
});
