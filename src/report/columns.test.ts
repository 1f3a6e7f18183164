import { describe, expect, it } from 'vitest';
import { columns, few } from './columns.ts';

describe('text in columns', () => {
  it('pads every cell but the last of a row', () => {
    expect(
      columns([
        ['FROM', 'PORTS'],
        ['shop/frontend', '80'],
        ['x', ''],
      ]),
    ).toEqual(['FROM           PORTS', 'shop/frontend  80', 'x']);
    expect(columns([])).toEqual([]);
  });

  it('folds the widest column where there is no room, and keeps the others', () => {
    expect(columns([['pods with app=frontend in namespace shop', '7070/TCP', 'ingress[0]']], 50)).toEqual([
      'pods with app=frontend in     7070/TCP  ingress[0]',
      '  namespace shop',
    ]);
  });

  it('does not fold for ever: a column keeps some room', () => {
    expect(columns([['shop/a-name-that-is-very-long', 'another-name-that-is-long']], 10)).toEqual([
      'shop/a-name-that-is-very-long  another-name-that-is-long',
    ]);
  });
});

describe('a long list', () => {
  it.each([
    [['cart', 'pay'], 2, 'cart, pay'],
    [['cart', 'pay', 'web'], 2, 'cart, pay and 1 more'],
    [[], 2, ''],
  ])('%j, at most %i → %j', (items, most, text) => {
    expect(few(items, most)).toBe(text);
  });
});
