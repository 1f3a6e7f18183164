import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wholeMatch } from './whole-match.ts';

describe('an extended regular expression', () => {
  it.each<[string, string, boolean | undefined]>([
    ['GET', 'GET', true],
    ['GET', 'GETS', false],
    ['GET|HEAD', 'HEAD', true],
    ['/public/.*', '/public/', true],
    ['/public/.*', '/admin', false],
    ['^/cart$', '/cart', true],
    ['/items/[0-9]+', '/items/42', true],
    ['/items/[^/]+/price', '/items/a/b/price', false],
    ['/v(1|2)(/.*)?', '/v2', true],
    ['(?:a|b){2,3}', 'abab', false],
    ['a{2}', 'aa', true],
    ['a{2,}', 'aaaa', true],
    ['\\d\\.\\d', '1.2', true],
    ['[]a]+', ']a', true],
    ['', '', true],
    ['(?i)get', 'GET', undefined],
    ['(a', 'a', undefined],
    ['a)b', 'a', undefined],
    ['[[:alpha:]]', 'a', undefined],
    ['a\\b', 'a', undefined],
    ['(a{999}){999}', 'a', undefined],
    [`${'('.repeat(9)}${'){999}'.repeat(9)}`, 'a', undefined],
    ['a**', 'a', undefined],
  ])('%s on %s: %s', (expression, text, wanted) => {
    expect(wholeMatch(expression, text)).toBe(wanted);
  });

  it('that keeps a backtracking engine busy for ever is answered at once', () => {
    expect(wholeMatch('(a+)+b', 'a'.repeat(2000))).toBe(false);
    expect(wholeMatch(`${'.*'.repeat(50)}b`, 'a'.repeat(2000))).toBe(false);
  });

  it('of the common kind means what JavaScript says', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\.', '(a|b)', '(?:(ab)?)', '(?:a*b)');
    const piece = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{1,2}')).map(([one, many]) => `${one}${many}`);
    const expression = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(expression, fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.'), maxLength: 6 }), (source, text) => {
        expect(wholeMatch(source, text)).toBe(new RegExp(`^(?:${source})$`).test(text));
      }),
    );
  });
});
