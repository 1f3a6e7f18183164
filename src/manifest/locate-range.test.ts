import { describe, expect, it } from 'vitest';
import type { Path, SourceDocument } from '../model/origin.ts';
import { locateRange } from './locate.ts';
import { parseText } from './parse.ts';

/** `'3:5-3:12'`; `'3:5'` where the end is not known. */
function range(text: string, path: Path): string {
  const { documents } = parseText('shop.yaml', text);
  const { line, column, endLine, endColumn } = locateRange({ document: documents[0]?.document as SourceDocument, path });
  return endLine === undefined ? `${line}:${column}` : `${line}:${column}-${endLine}:${endColumn}`;
}

const policy = `apiVersion: networking.k8s.io/v1
kind: "NetworkPolicy" # of the shop
metadata: {name: cart, labels: { app: 'it''s', # in braces
  tier: }, list: [a, "b, c]" , ], none: {}, empty: [ ]}
spec:
  podSelector: {}
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: frontend   # who

    ports:
    - port: 8080

  -
  - {}
  egress:
  note: |
    - a text
      of two lines

  folded: >-
    more
    text
  plain: one
    and two  # lines
  quoted: "one
    and two"
  anchor: &a
    k: v
  again: *a
  last:
    key :   # empty
`;

describe('a range in YAML', () => {
  it.each<[string, Path, string]>([
    ['a plain value', ['kind'], '2:1-2:22'],
    ['a mapping in braces', ['metadata'], '3:1-4:56'],
    ['a value in braces', ['metadata', 'name'], '3:12-3:22'],
    ['single quotes with a quote in them', ['metadata', 'labels', 'app'], '3:34-3:46'],
    ['a comment in braces, and a last entry without a value', ['metadata', 'labels'], '3:24-4:10'],
    ['an entry in braces without a value', ['metadata', 'labels', 'tier'], '4:3-4:8'],
    ['a list in brackets with a bracket in quotes', ['metadata', 'list'], '4:12-4:33'],
    ['an item in brackets', ['metadata', 'list', 1], '4:22-4:29'],
    ['empty braces', ['metadata', 'none'], '4:35-4:43'],
    ['empty brackets', ['metadata', 'empty'], '4:45-4:55'],
    ['a block of blocks', ['spec', 'ingress'], '7:3-17:7'],
    ['an item, without the blank lines behind it', ['spec', 'ingress', 0], '8:5-14:17'],
    ['an entry, without the comment behind it', ['spec', 'ingress', 0, 'from'], '8:5-11:24'],
    ['an item that is empty', ['spec', 'ingress', 1], '16:3-16:4'],
    ['an entry without a value', ['spec', 'egress'], '18:3-18:10'],
    ['a literal text', ['spec', 'note'], '19:3-21:19'],
    ['a folded text', ['spec', 'folded'], '23:3-25:9'],
    ['a plain text of two lines', ['spec', 'plain'], '26:3-27:12'],
    ['quotes over two lines', ['spec', 'quoted'], '28:3-29:13'],
    ['a value with an anchor', ['spec', 'anchor'], '30:3-31:9'],
    ['an alias', ['spec', 'again'], '32:3-32:12'],
    ['what the alias stands for, where it is written', ['spec', 'again', 'k'], '31:5-31:9'],
    ['a last entry without a value, its colon apart', ['spec', 'last'], '33:3-34:10'],
    ['what is not there: the mapping that lacks it', ['spec', 'ingress', 0, 'ports', 0, 'protocol'], '14:7-14:17'],
    ['the document', [], '1:1-34:10'],
  ])('%s', (_, path, expected) => {
    expect(range(policy, path)).toBe(expected);
  });

  it('is the same with the line breaks of Windows', () => {
    expect(range(policy.replaceAll('\n', '\r\n'), ['spec', 'note'])).toBe('19:3-21:19');
    expect(range('a:\r\n- b: c\r\n- d\r\n', ['a', 0])).toBe('2:3-2:7');
  });

  it('has no end where a text is empty, because that would be a guess', () => {
    expect(range('a: |\nb: ""\n', ['a'])).toBe('1:1');
    expect(range('a: |\nb: ""\n', ['b'])).toBe('2:1-2:6');
  });

  it('the items of a long list have an end, the list itself has none', () => {
    const item = '- kind: Pod\n  metadata:\n    name: cart\n';
    const text = `kind: List\nitems:\n${item.repeat(10_000)}`;
    expect(range(text, ['items', 1])).toBe('6:3-8:15');
    expect(range(text, ['items', 1, 'metadata', 'name'])).toBe('8:5-8:15');
    expect(range(text, ['kind'])).toBe('1:1-1:11');
    expect(range(text, ['items'])).toBe('2:1');
    expect(range(text, [])).toBe('1:1');
  });
});

describe('a range in JSON', () => {
  const text = `{
  "kind": "List", "items": [
    {"name": "ca\\"}rt", "labels": {}},
    {"ports": [-1.5e3, true,
      "x"]}
  ]
}`;
  it.each<[string, Path, string]>([
    ['the document', [], '1:1-7:2'],
    ['a string', ['kind'], '2:3-2:17'],
    ['a string with a quote and a brace', ['items', 0, 'name'], '3:6-3:23'],
    ['an empty object', ['items', 0, 'labels'], '3:25-3:37'],
    ['a list over two lines', ['items', 1, 'ports'], '4:6-5:11'],
    ['a number', ['items', 1, 'ports', 0], '4:16-4:22'],
    ['a word', ['items', 1, 'ports', 1], '4:24-4:28'],
    ['an item', ['items', 1], '4:5-5:12'],
  ])('%s', (_, path, expected) => {
    expect(range(text, path)).toBe(expected);
  });

  it('a value that is longer than anybody marks has no end', () => {
    expect(range(`{"a": "${'x'.repeat(300_000)}", "b": 1}`, ['a'])).toBe('1:2');
    expect(range(`{"a": "${'x'.repeat(300_000)}", "b": 1}`, ['b'])).toMatch(/^1:\d+-1:\d+$/);
  });
});

it('what came from no text has no range', () => {
  const document: SourceDocument = { file: 'cluster:', text: undefined, start: 0, end: 0, line: 0, format: 'json' };
  expect(locateRange({ document, path: ['spec'] })).toEqual({ file: 'cluster:', line: 0, column: 0, path: 'spec' });
});
