import { describe, expect, it } from 'vitest';
import type { Path, SourceDocument } from '../model/origin.ts';
import { locate } from './locate.ts';
import { parseText } from './parse.ts';

function documentOf(text: string, which = 0): SourceDocument {
  const { documents, problems } = parseText('shop.yaml', text);
  expect(problems.filter(({ code }) => code !== 'duplicate-key')).toEqual([]);
  return documents[which]?.document as SourceDocument;
}

/** `'3:5'` */
function place(text: string, path: Path, which = 0): string {
  const { line, column } = locate({ document: documentOf(text, which), path });
  return `${line}:${column}`;
}

const policy = `# who may reach the cart
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cart, "namespace": shop}
spec:
  podSelector: {}
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: frontend
    -
      namespaceSelector: {}
    ports:
    - port: 8080
    - protocol: TCP
  - {}
  -
  -   # nothing
  - from: []
  note: |
    - a text
`;

describe('a place in YAML', () => {
  it.each<[string, Path, string]>([
    ['a document is its first key', [], '2:1'],
    ['an entry is its key, also when the value is a block', ['spec'], '5:1'],
    ['a key in braces', ['metadata', 'name'], '4:12'],
    ['a quoted key, with its quote', ['metadata', 'namespace'], '4:24'],
    ['a list item is what follows the dash', ['spec', 'ingress', 0], '8:5'],
    ['an item inside it', ['spec', 'ingress', 0, 'from', 0], '9:7'],
    ['an item on the line after its dash', ['spec', 'ingress', 0, 'from', 1], '13:7'],
    ['deep inside', ['spec', 'ingress', 0, 'from', 0, 'podSelector', 'matchLabels', 'app'], '11:11'],
    ['the second of two', ['spec', 'ingress', 0, 'ports', 1], '16:7'],
    ['an item in braces', ['spec', 'ingress', 1], '17:5'],
    ['an empty item is its dash', ['spec', 'ingress', 2], '18:3'],
    ['an empty item with a comment too', ['spec', 'ingress', 3], '19:3'],
    ['what comes after empty items', ['spec', 'ingress', 4, 'from'], '20:5'],
    ['a key that is not there is the mapping that lacks it', ['spec', 'egress'], '5:1'],
    ['an item that is not there is the list', ['spec', 'ingress', 9, 'from'], '7:3'],
    ['something inside a text is the text', ['spec', 'note', 'x'], '21:3'],
  ])('%s', (_, path, expected) => {
    expect(place(policy, path)).toBe(expected);
  });

  it('counts lines of the file in its second document', () => {
    expect(place(`kind: Pod\n---\n${policy}`, ['spec', 'podSelector'], 1)).toBe('8:3');
    expect(place('kind: Pod\r\n--- # cart\r\nspec:\r\n  podSelector: {}\r\n', ['spec', 'podSelector'], 1)).toBe('4:3');
  });

  it('empty items at the end, in a row and as the first', () => {
    const text = 'a:\n- \n- \n- b:\n-\nc: [ , ]\n'.replace('c: [ , ]\n', '');
    expect([0, 1, 2, 3].map((i) => place(text, ['a', i]))).toEqual(['2:1', '3:1', '4:3', '5:1']);
  });

  it('is where the thing is really written, through aliases and merge keys', () => {
    const text = `base: &base
  app: cart
  tier: web
labels: *base
merged:
  <<: *base
  tier: shop
many:
  <<: [*base, {app: x, more: z}]
list:
- *base
`;
    expect(place(text, ['labels'])).toBe('4:1');
    expect(place(text, ['labels', 'app'])).toBe('2:3');
    expect(place(text, ['merged', 'app'])).toBe('2:3');
    expect(place(text, ['merged', 'tier'])).toBe('7:3');
    expect(place(text, ['many', 'app'])).toBe('2:3');
    expect(place(text, ['many', 'more'])).toBe('9:24');
    expect(place(text, ['list', 0])).toBe('11:3');
    expect(place(text, ['list', 0, 'tier'])).toBe('3:3');
  });

  it('an anchor that is written twice means the last one before', () => {
    expect(place('a: &x {k: 1}\nb: &x {k: 2}\nc: *x\nd: &x {k: 3}\n', ['c', 'k'])).toBe('2:8');
  });

  it('of a key that is written twice it is the one that counts', () => {
    expect(place('a: 1\nb: 2\na: 3\n', ['a'])).toBe('3:1');
  });
});

describe('a place in JSON', () => {
  const text = `{
  "kind": "List", "a\\"b": 1,
  "items": [
    {"kind": "Pod", "metadata": {"name": "ca\\"}rt", "labels": {}}},
    {"spec": {"ingress": [{}, {"from": [null]}], "ports": [-1.5e3, true, "x"]}, "kind": "A", "kind": "B"}
  ], "n": {"__proto__": 1}
}`;

  it.each<[string, Path, string]>([
    ['the document', [], '1:1'],
    ['a key, with its quote', ['items'], '3:3'],
    ['a key with an escape', ['a"b'], '2:19'],
    ['an item', ['items', 1], '5:5'],
    ['a key after a string with a brace', ['items', 0, 'metadata', 'labels'], '4:53'],
    ['an item of an item', ['items', 1, 'spec', 'ingress', 1, 'from', 0], '5:41'],
    ['after numbers and words', ['items', 1, 'spec', 'ports', 2], '5:74'],
    ['the last of two equal keys', ['items', 1, 'kind'], '5:94'],
    ['a prototype’s name', ['n', '__proto__'], '6:12'],
    ['nothing there: the deepest part that is', ['items', 1, 'spec', 'egress', 0], '5:6'],
    ['no such item: the list', ['items', 7, 'spec'], '3:3'],
    ['no such list: the document', ['things', 7], '1:1'],
  ])('%s', (_, path, expected) => {
    expect(place(text, path)).toBe(expected);
  });

  it('of the second of two documents on one line', () => {
    expect(place('{"a": 1} {"b": 2}', ['b'], 1)).toBe('1:11');
  });
});

it('a document without a text has no lines, and says where in the object', () => {
  const document: SourceDocument = { file: 'cluster:', text: undefined, start: 0, end: 0, line: 0, format: 'json' };
  expect(locate({ document, path: ['spec', 'egress', 0] })).toEqual({ file: 'cluster:', line: 0, column: 0, path: 'spec.egress[0]' });
  expect(locate({ document, path: [] })).toEqual({ file: 'cluster:', line: 0, column: 0 });
});

it('every key and item of a document has the place that its text shows', () => {
  // Each value is its own line number, so the place can be checked without a second opinion about YAML.
  const text = ['a:', '  b: {x: 2, y: [2, 2]}', '  c:', '  - 4', '  - d: 5', '    e:', '    - - 7', '      - 8', 'f: "9"'].join('\n');
  const { documents } = parseText('shop.yaml', text);
  let checked = 0;
  const walk = (value: unknown, path: Path): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) walk(each, [...path, Array.isArray(value) ? Number(key) : key]);
      return;
    }
    checked++;
    expect(locate({ document: documents[0]?.document as SourceDocument, path }).line).toBe(Number(value));
  };
  walk(documents[0]?.value, []);
  expect(checked).toBe(8);
});
