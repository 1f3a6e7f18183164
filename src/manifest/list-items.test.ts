import { describe, expect, it } from 'vitest';
import type { SourceDocument } from '../model/origin.ts';
import { cutList } from './list-items.ts';
import { locate } from './locate.ts';
import { parseText } from './parse.ts';
import { CUT_FROM } from './yaml.ts';

function cut(text: string): string[][] | undefined {
  const list = cutList({ file: 'shop.yaml', text, start: 0, end: text.length, line: 1, format: 'yaml' });
  const show = ({ start, end, line }: SourceDocument) => `${line}|${text.slice(start, end)}`;
  return list && [list.around.map(show), list.items.map(show)];
}

describe('a List is cut at its items', () => {
  it.each([
    [
      'as kubectl prints it',
      'kind: List\nitems:\n- a: 1\n  b: 2\n# x\n\n- c: 3\nmetadata: {}\n',
      [
        ['1|kind: List\n', '8|metadata: {}\n'],
        ['3|- a: 1\n  b: 2\n# x\n\n', '7|- c: 3\n'],
      ],
    ],
    [
      'with indented dashes',
      '---\nitems:   # all\n  - a:\n    - 1\n  -\n    b: |\n      - x\n',
      [['1|---\n'], ['3|  - a:\n    - 1\n', '5|  -\n    b: |\n      - x\n']],
    ],
    ['without a line break at the end', 'items:\n- a', [[], ['2|- a']]],
    ['with Windows line breaks', 'items:\r\n- a: 1\r\n\r\n- b\r\n', [[], ['2|- a: 1\r\n\r\n', '4|- b\r\n']]],
  ])('%s', (_, text, expected) => {
    expect(cut(text)).toEqual(expected);
  }); // prettier-ignore

  it.each([
    ['no items', 'kind: Pod\nspec: {}\n'],
    ['items that are no list', 'items:\n  a: 1\n'],
    ['items in brackets', 'items: [\n- a\n]\n'],
    ['items twice', 'items:\n- a\nkind: List\nitems:\n- b\n'],
    ['a list and no mapping', '- items:\n- a\n'],
    ['a text', '--- |\nitems:\n- a\n'],
    ['something between the items', 'items:\n  - a\n  b\n  - c\n'],
    ['a tab', 'items:\n- a\n\tb\n'],
  ])('not with %s', (_, text) => {
    expect(cut(text)).toBeUndefined();
  });
});

describe('a long List reads as it would in one piece', () => {
  const item = (i: number) =>
    `- kind: Pod\n  metadata:\n    name: cart-${i}\n    labels: {app: cart}\n    note: |\n      - ${i}\n    \n      # no comment\n  spec: "a\n    b"\n`;
  const count = Math.ceil((CUT_FROM * 1.3) / item(0).length);
  const items = Array.from({ length: count }, (_, i) => item(i)).join('');
  const list = `apiVersion: v1\nitems:\n${items}kind: List\n`;

  it('the same value and the same places', () => {
    const { documents, problems } = parseText('shop.yaml', list);
    expect(problems).toEqual([]);
    const value = documents[0]?.value as { items: unknown[] };
    expect(Object.keys(value)).toEqual(['apiVersion', 'kind', 'items']);
    expect(value.items).toHaveLength(count);
    const alone = parseText('shop.yaml', item(count - 1)).documents[0]?.value as unknown[];
    expect(value.items.at(-1)).toEqual(alone[0]);

    const document = documents[0]?.document as SourceDocument;
    const line = (path: (string | number)[]) => locate({ document, path }).line;
    expect(line(['items', count - 1, 'metadata', 'labels', 'app'])).toBe(2 + (count - 1) * 10 + 4);
    expect(line(['items', 0])).toBe(3);
    expect(line(['items', count + 5])).toBe(2);
    expect([line([]), line(['apiVersion']), line(['items']), line(['kind']), line(['absent'])]).toEqual([1, 1, 2, 3 + count * 10, 1]);
  });

  it('also when one item uses the anchor of another', () => {
    const text = `items:\n- &first {kind: Pod}\n${items}- *first\n- {<<: *first, x: 1}\n`;
    const { documents, problems } = parseText('shop.yaml', text);
    expect(problems).toEqual([]);
    const value = documents[0]?.value as { items: unknown[] };
    expect(value.items.slice(-2)).toEqual([{ kind: 'Pod' }, { kind: 'Pod', x: 1 }]);
    expect(locate({ document: documents[0]?.document as SourceDocument, path: ['items', count + 2, 'kind'] })).toMatchObject({
      line: 2,
      column: 11,
    });
  });

  it('what is wrong in one item is told with its place, and nothing is taken from the rest', () => {
    const broken = parseText('shop.yaml', list.replace('name: cart-700\n', 'name: [\n'));
    expect(broken.documents).toEqual([]);
    expect(broken.problems).toMatchObject([{ code: 'not-yaml', place: { line: 2 + 700 * 10 + 5 } }]);
    const twice = parseText('shop.yaml', list.replace('name: cart-700\n', 'name: a\n    name: b\n'));
    expect(twice.problems).toMatchObject([{ code: 'duplicate-key', origin: { path: ['items', 700, 'metadata', 'name'] } }]);
    expect(twice.problems[0]?.origin && locate(twice.problems[0].origin)).toMatchObject({ line: 2 + 700 * 10 + 4 });
  });
});
