import { expect, test } from 'vitest';
import { byteLength, goJson, goKindOf, goQuote } from './validate-go-text.ts';

// The right sides were printed by Go 1.26.
test.each([
  ['cart', '"cart"'],
  ['', '""'],
  ['a "b" \\', '"a \\"b\\" \\\\"'],
  ['é日本😀~', '"é日本😀~"'],
  ['\u001b[31m', '"\\x1b[31m"'],
  ['\u0000\u0007\b\t\n\u000b\f\r\u007f', '"\\x00\\a\\b\\t\\n\\v\\f\\r\\x7f"'],
  ['\u0080\u00a0\u00ad\u200b\u2028\ue000\ufeff', '"\\u0080\\u00a0\\u00ad\\u200b\\u2028\\ue000\\ufeff"'],
  ['\u{e0001}', '"\\U000e0001"'],
  ['half \ud83d pair', '"half \ufffd pair"'],
])('%j is quoted as Go does with %%q', (text, quoted) => {
  expect(goQuote(text)).toBe(quoted);
});

test('JSON is printed as Go does, with markup escaped', () => {
  expect(goJson(['Ingress', '<&>', '\u2028', "it's \u001b"])).toBe('["Ingress","\\u003c\\u0026\\u003e","\\u2028","it\'s \\u001b"]');
  expect(goJson('\u007f\u009b')).toBe('"\\u007f\\u009b"');
  expect(goJson({ Name: '', Port: 80, AppProtocol: null })).toBe('{"Name":"","Port":80,"AppProtocol":null}');
});

test.each([
  ['', 0],
  ['cart', 4],
  ['é', 2],
  ['日', 3],
  ['😀', 4],
])('%j is so many bytes: %i', (text, bytes) => {
  expect(byteLength(text)).toBe(bytes);
});

test('kinds of values have the names that encoding/json gives them', () => {
  expect([true, 1, 1.5, 10n, 'x', [], {}].map(goKindOf)).toEqual(['bool', 'number', 'number', 'number', 'string', 'array', 'object']);
});
