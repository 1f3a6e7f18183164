import { describe, expect, test } from 'vitest';
import { valueChanges } from './value-changes.ts';

const words = (before: unknown, after: unknown) =>
  valueChanges(before, after).map((change) => `${change.before?.join('.') ?? '-'} > ${change.after?.join('.') ?? '-'}`);

describe('where two values differ', () => {
  test.each([
    ['nothing', { port: 80 }, { port: 80 }, []],
    ['key order is nothing', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ['a value', { spec: { port: 80 } }, { spec: { port: 81 } }, ['spec.port > spec.port']],
    ['an entry that came', {}, { port: 80 }, ['- > port']],
    ['an entry that went', { port: 80 }, {}, ['port > -']],
    ['null and absent are two texts', { port: null }, {}, ['port > -']],
    ['an item that was put in front', { from: ['web'] }, { from: ['cart', 'web'] }, ['- > from.0']],
    ['an item that was taken out of the middle', ['a', 'b', 'c'], ['a', 'c'], ['1 > -']],
    ['an item that changed', [{ port: 80 }, { port: 443 }], [{ port: 80 }, { port: 444 }], ['1.port > 1.port']],
    ['an item that changed behind one that went', ['gone', { port: 80 }], [{ port: 81 }], ['0 > 0', '1 > -']],
    ['another type', { port: 80 }, { port: 'http' }, ['port > port']],
    ['a list that became a mapping', { from: [] }, { from: {} }, ['from > from']],
    ['the whole', 1, 2, [' > ']],
    ['an own key that every object has', { constructor: 'a' }, {}, ['constructor > -']],
  ])('%s', (_, before, after, expected) => {
    expect(words(before, after)).toEqual(expected);
  });

  test('of long lists every item is compared with the one in its place', () => {
    const list = Array.from({ length: 1000 }, (_, i) => i);
    expect(words(list, list.toSpliced(500, 1, -1))).toEqual(['500 > 500']);
  });
});
