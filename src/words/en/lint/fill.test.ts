import { describe, expect, it } from 'vitest';
import { firstNames } from '../../../lint/facts.ts';
import { filled, listed, meant } from './fill.ts';

describe('a template', () => {
  const facts = {
    policy: 'shop/cart',
    port: 8080,
    pods: firstNames(['cart', 'web']),
    one: firstNames(['cart']),
    none: firstNames([]),
    count: 1,
  };
  it.each([
    ['`{policy}` opens {port}', '`shop/cart` opens 8080'],
    ['{pods} {pods?is|are} open', '`cart`, `web` are open'],
    ['{one} {one?is|are} open', '`cart` is open'],
    ['{none}', ''],
    ['{count:pod} {count?is|are} open', '1 pod is open'],
    ['{port:policy}', '8080 policies'],
    // A fact that is missing is seen, and YAML in a sentence is left alone.
    ['{nobody} and {toString}', '{nobody} and {toString}'],
    ['to: [{ namespaces: {} }]', 'to: [{ namespaces: {} }]'],
  ])('%s', (template, expected) => {
    expect(filled(template, facts)).toBe(expected);
  });

  it('does not fill what a fact brings along, and cuts what is endless', () => {
    expect(filled('{policy}', { policy: '{port}', port: 80 })).toBe('{port}');
    expect(filled('{policy}', { policy: 'a'.repeat(5_000_000) }).length).toBeLessThan(2000);
    expect(filled('{pods}', { pods: firstNames(['a'.repeat(5_000_000)]) }).length).toBeLessThan(2000);
  });
});

describe('a list of names', () => {
  it('shows the first, each once, and counts the rest', () => {
    expect(listed(firstNames(['a', 'b', 'a', 'c', 'd', 'e']))).toBe('`a`, `b`, `c` and 2 more');
    expect(firstNames([])).toEqual({ names: [], count: 0 });
    expect(meant(firstNames(['a', 'b']))).toBe('did you mean `a` or `b`?');
    expect(meant(firstNames([]))).toBeUndefined();
  });
});
