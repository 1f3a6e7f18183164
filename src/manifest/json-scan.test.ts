import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonLimits, scanJson } from './json-scan.ts';

const limits = (more: Partial<JsonLimits> = {}): JsonLimits => ({
  depth: 500,
  values: 1000,
  duplicates: 20,
  strict: true,
  escapes: { next: -1 },
  ...more,
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('a scan of JSON', () => {
  it.each([
    ['{"a": 1', 7, 'unexpected-end'],
    ['{"a', 3, 'unexpected-end'],
    ['[1, 2,]', 5, 'trailing-comma'],
    ['{"a": 1, }', 7, 'trailing-comma'],
    ['[1, // two\n 2]', 4, 'comment'],
    ['{"a": 1} # one', 9, undefined],
    ["{'a': 1}", 1, 'single-quotes'],
    ['{a: 1}', 1, 'unquoted-key'],
    ['["a\nb"]', 3, 'control-character'],
    ['["\\x"]', 2, 'bad-escape'],
    ['[08]', 1, 'bad-number'],
    ['[1 2]', 3, 'bad-number'],
    ['[}', 1, 'unexpected-character'],
    ['tru', 0, 'unexpected-character'],
    ['{"a" 1}', 5, 'bad-number'],
    ['', 0, 'unexpected-end'],
  ])('%j stops at %i: %s', (text, end, fault) => {
    expect(scanJson(text, 0, limits())).toMatchObject({ end, fault });
  });

  it('stops at its limits', () => {
    expect(scanJson('[[[1]]]', 0, limits({ depth: 2 }))).toMatchObject({ end: 2, fault: 'too-deep' });
    expect(scanJson('[[[1]]]', 0, limits({ depth: 3 }))).toMatchObject({ end: 7, fault: undefined });
    expect(scanJson('[1,2,3]', 0, limits({ values: 3 }))).toMatchObject({ end: 5, fault: 'too-many-values' });
    expect(scanJson('{"a":1,"a":1,"a":1}', 0, limits({ duplicates: 1 })).duplicates).toEqual([['a']]);
  });

  it('ends where the value ends, for the next one to begin there', () => {
    const text = '{"a": [1]} "b" 3';
    const first = scanJson(text, 0, limits());
    const second = scanJson(text, first.end, limits());
    expect(text.slice(0, first.end).trim()).toBe('{"a": [1]}');
    expect(text.slice(first.end, second.end).trim()).toBe('"b"');
  });

  it('takes what JSON.parse takes and refuses what it refuses, however the text is broken', () => {
    const broken = fc
      .tuple(
        fc.json(),
        fc.array(
          fc.tuple(fc.nat(60), fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', ':', ' ', '0', '-', '.', 'e', 't', '\n', "'")),
          { maxLength: 3 },
        ),
      )
      .map(([text, edits]) => edits.reduce((all, [at, put]) => all.slice(0, at) + put + all.slice(at + 1), text));
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(fc.json(), broken), (text) => {
        const { fault, end } = scanJson(text, 0, limits());
        const isOne = fault === undefined && text.slice(end).trim() === '';
        taken += isOne ? 1 : 0;
        expect(isOne).toBe(parses(text));
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(300);
  });

  it('the quick scan finds the same end and the same duplicates as the strict one', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(scanJson(text, 0, limits({ strict: false }))).toEqual(scanJson(text, 0, limits()));
      }),
    );
  });

  it('finds a duplicate key exactly when JSON.parse loses one', () => {
    const key = fc.constantFrom('app', 'tier', 'ap', 'a\\u0070p', 'app\\n', '', 'apq', '__proto__');
    const entries = fc.array(fc.tuple(key, fc.constantFrom('1', '{"app":1}', '[{"app":1},{"app":2}]')), { maxLength: 40 });
    fc.assert(
      fc.property(entries, (list) => {
        const text = `{${list.map(([name, value]) => `"${name}":${value}`).join(',')}}`;
        const lost = list.length - Object.keys(JSON.parse(text)).length;
        expect(scanJson(text, 0, limits({ duplicates: 100, strict: false })).duplicates).toHaveLength(lost);
      }),
    );
  });
}); // prettier-ignore
