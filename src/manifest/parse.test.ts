import { describe, expect, it } from 'vitest';
import { MAX_PROBLEMS } from './limits.ts';
import { locate } from './locate.ts';
import { parseText } from './parse.ts';

const values = (text: string, file = 'shop.yaml') => parseText(file, text).documents.map(({ value }) => value);

/** `['duplicate-key 4:5 app']`: code, place, and what the facts say. */
const faults = (text: string, file = 'shop.yaml') =>
  parseText(file, text).problems.map(({ code, facts, place, origin }) => {
    const at = place ?? (origin && locate(origin));
    return [code, `${at?.line}:${at?.column}`, ...Object.values(facts)].join(' ');
  });

describe('text becomes documents', () => {
  it.each([
    ['one YAML document', 'kind: Pod\n', [{ kind: 'Pod' }]],
    ['several, with comments between', '# a\n---\nkind: Pod\n--- # b\nkind: Service\n...\n', [{ kind: 'Pod' }, { kind: 'Service' }]],
    ['a value behind the mark', '--- {kind: Pod}\n', [{ kind: 'Pod' }]],
    ['a JSON object', '\n {"kind": "Pod"} \n', [{ kind: 'Pod' }]],
    ['JSON objects one after the other', '{"kind":"Pod"}{"kind":"Service"}\n{}', [{ kind: 'Pod' }, { kind: 'Service' }, {}]],
    ['JSON between document marks', '---\n{"kind":"Pod"}\n---\n{"kind":"Service"}\n', [{ kind: 'Pod' }, { kind: 'Service' }]],
    ['JSON that only YAML takes', '{"kind": "Pod", } # cart\n', [{ kind: 'Pod' }]],
    ['YAML in flow style', '{kind: Pod}\n', [{ kind: 'Pod' }]],
    ['a byte order mark', '\ufeffkind: Pod\n', [{ kind: 'Pod' }]],
    ['Windows line breaks', 'kind: Pod\r\nmetadata:\r\n  name: cart\r\n', [{ kind: 'Pod', metadata: { name: 'cart' } }]],
    ['line breaks of an old Mac', 'kind: Pod\rmetadata:\r  name: cart\r', [{ kind: 'Pod', metadata: { name: 'cart' } }]],
    ['nothing', '', []],
    ['comments only', '# nothing here\n---\n# nor here\n', []],
  ])('%s', (_, text, expected) => {
    expect(values(text)).toEqual(expected);
    expect(faults(text)).toEqual([]);
  });

  it('keys are JSON keys, whatever is written', () => {
    expect(values('80: a\nyes: b\n"<<": c\n')).toEqual([{ '80': 'a', true: 'b', '<<': 'c' }]);
    expect(faults('null: a\n')).toEqual(['not-yaml 1:1 key-is-null']);
    expect(faults('[a]: b\n')).toEqual(['not-yaml 1:1 key-not-scalar']);
  });

  it('keys of object prototypes are keys like any other', () => {
    for (const text of ['__proto__: {kind: Pod}\nconstructor: 1\n', '{"__proto__": {"kind": "Pod"}, "constructor": 1}']) {
      const [value] = values(text);
      expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor']);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect((value as Record<string, unknown>).kind).toBeUndefined();
    }
  });

  it('aliases and merge keys are unfolded as kubectl unfolds them', () => {
    expect(values('a: &a {app: cart, tier: web}\nb: *a\n')).toEqual([{ a: { app: 'cart', tier: 'web' }, b: { app: 'cart', tier: 'web' } }]);
    expect(values('a: &a {app: cart, tier: web}\nb: {<<: *a, app: shop}\n')).toMatchObject([{ b: { app: 'shop', tier: 'web' } }]);
    // go-yaml v2 lets a merge overrule what stands before it.
    expect(values('a: &a {app: cart}\nb: {app: shop, <<: *a}\n')).toMatchObject([{ b: { app: 'cart' } }]);
    expect(values('a: &a {app: cart}\nb: &b {app: shop, x: 1}\nc: {<<: [*a, *b]}\n')).toMatchObject([{ c: { app: 'cart', x: 1 } }]);
    expect(faults('a: &a [1]\nb: {<<: *a}\n')).toEqual(['not-yaml 2:9 merge-of-no-mapping']);
  });

  it('numbers that JSON has not are refused, as by kubectl', () => {
    expect(faults('port: .inf\n')).toEqual(['not-yaml 1:7 not-a-json-number .inf']);
    expect(faults('port: !!int cart\n')).toEqual(['not-yaml 1:7 tag-does-not-fit !!int cart']);
  });

  it('lines in quotes and brackets may stand in the first column, as for kubectl', () => {
    const text = 'kind: Pod\nspec:\n  config: \'{\n"type": "bridge"\n}\'\n  list: [\na,\nb\n]\n  last: 1\nlast: 2\n';
    expect(values(text)).toEqual([{ kind: 'Pod', spec: { config: '{ "type": "bridge" }', list: ['a', 'b'], last: 1 }, last: 2 }]);
    const [document] = parseText('shop.yaml', text).documents;
    expect(document && locate({ document: document.document, path: ['spec', 'list', 1] })).toMatchObject({ line: 8, column: 1 });
    expect(document && locate({ document: document.document, path: ['last'] })).toMatchObject({ line: 11, column: 1 });
    expect(faults("spec:\n  config: '{\n}'\n  x: [\n")).toEqual([
      'not-yaml 5:1 unexpected end of the stream within a flow collection truncated',
    ]);
  });

  it('an unquoted letter that kubectl takes for a boolean stays the letter, and is told of once', () => {
    const text = 'metadata:\n  name: y\n  namespace: n\n';
    expect(values(text)).toEqual([{ metadata: { name: 'y', namespace: 'n' } }]);
    expect(faults(text)).toEqual(['wrong-type 2:3 metadata.name string boolean quote-the-letter 2']);
    expect(faults('metadata:\n  name: "y"\n')).toEqual([]);
  });

  it('terminal escapes are data like any other', () => {
    expect(values('name: "\\e[31mcart"\n')).toEqual([{ name: '\u001b[31mcart' }]);
    expect(values('{"name": "\\u001b[31mcart"}')).toEqual([{ name: '\u001b[31mcart' }]);
    expect(faults('name: \u001b[31mcart\n')).toEqual(['not-yaml 1:7 the stream contains non-printable characters']);
  });
});

describe('one broken document does not take the others with it', () => {
  it.each([
    ['YAML', 'kind: Pod\n---\nkind: [\n---\nkind: Service\n', [{ kind: 'Pod' }, { kind: 'Service' }]],
    ['JSON', '{"kind": "Pod"}\n{"kind": }\n', [{ kind: 'Pod' }]],
    ['JSON among YAML', 'kind: Pod\n---\n{"kind": \n---\nkind: Service\n', [{ kind: 'Pod' }, { kind: 'Service' }]],
  ])('%s', (_, text, expected) => {
    expect(values(text)).toEqual(expected);
    expect(faults(text)).toHaveLength(1);
  });

  it('documents of JSON after one another have their own lines, columns and double keys', () => {
    const text = '{"a": 1, "a": 2}\n---\n{"b": "\\u0061"}\n---\n  {"a": 1,\n "\\u0061": 2}\n';
    expect(faults(text)).toEqual(['duplicate-key 1:10 a', 'duplicate-key 6:2 a']);
  });
});

describe('what is wrong is told with its line and column', () => {
  it.each([
    ['a tab', 'metadata:\n  name: cart\n\tlabels: {}\n', 'not-yaml 3:1 tab characters must not be used in indentation tab-character'],
    ['a comment of another language', 'kind: Pod\n// the cart\nspec: {}\n', /^not-yaml 2:1 .* slash-comment$/],
    ['typographic quotes', 'metadata:\n  name: “cart”: “x\n', /^not-yaml 2:9 .* smart-quotes$/],
    ['a typographic quote at the end', 'metadata:\n  name: "cart”\n', /^not-yaml 2:14 .* smart-quotes$/],
    ['a merge conflict', 'kind: Pod\n<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> main\n', 'merge-conflict-markers 2:1'],
    ['a Helm template', 'metadata:\n  name: cart\n  {{- toYaml .Values.labels | nindent 2 }}\n', 'unrendered-template 3:3'],
    ['a template as a value', 'metadata:\n  name: {{ .Release.Name }}\n', 'unrendered-template 2:9'],
    ['a web page', '<!DOCTYPE html>\n<html>\n<body>a: b: c</body>\n', /^not-yaml .* html$/],
    ['an asterisk', 'hosts:\n- *.example.com\n', 'not-yaml 2:3 unknown-alias .example.com quote-the-asterisk'],
    ['a text cut off', 'metadata:\n  labels: {app: ca', /^not-yaml 2:19 .* truncated$/],
    ['wrong indentation', 'metadata:\n  name: cart\n   namespace: shop\n', /^not-yaml 3:13 bad indentation of a mapping entry$/],
    ['JSON with a comma too much at its end', '{"kind": "Pod"},\n', 'not-json 1:16 unexpected-character ,'],
    ['JSON cut off', '{\n  "kind": "Pod",\n  "meta', 'not-json 3:8 unexpected-end'],
    ['JSON without a comma', '{\n  "kind": "Pod"\n  "spec": {}\n}\n', 'not-json 3:3 unexpected-character "'],
    ['a NUL', 'kind: Pod\nname: \0\n', 'not-text 2:7 nul-byte'],
    ['an alias in its own anchor', 'a: &a {b: *a}\n', 'alias-bomb 1:11 1000000 anchor-holds-itself'],
  ])('%s', (_, text, expected) => {
    const found = faults(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it('JSON by its name, where it could be either', () => {
    expect(faults('{kind: [}\n', 'cart.json')).toEqual(['not-json 1:2 unquoted-key k']);
    expect(faults('{kind: [}\n', 'cart.yaml')[0]).toMatch(/^not-yaml /);
  });

  it('a template inside a block of text is no template', () => {
    expect(values('data:\n  rule: |\n    {{ range .Alerts }}\n')).toEqual([{ data: { rule: '{{ range .Alerts }}\n' } }]);
    expect(faults('data:\n  rule: |\n    {{ range .Alerts }}\n  other:\n  - a\n  b: c: d\n')[0]).toMatch(/^not-yaml 6:/);
  });
});

describe('a key that is written twice', () => {
  it.each([
    ['YAML', 'metadata:\n  labels:\n    app: cart\n    app: shop\n', '4:5'],
    ['YAML, after other documents', 'a: 1\n---\nmetadata:\n  labels: {app: cart, "app": shop}\n', '4:23'],
    ['JSON', '{"metadata": {"labels": {"app": "cart",\n "app": "shop"}}}', '2:2'],
    ['JSON, in other letters', '{"metadata": {"labels": {"app": "cart",\n "\\u0061pp": "shop"}}}', '2:2'],
  ])('%s: the last one wins, and both the key and its place are told', (_, text, place) => {
    expect(values(text).at(-1)).toEqual({ metadata: { labels: { app: 'shop' } } });
    expect(faults(text)).toEqual([`duplicate-key ${place} app`]);
  });

  it('carries the path, so that its object can be found in a List', () => {
    const { problems } = parseText('shop.json', '{"items": [{}, {"kind": "Pod", "kind": "Service"}]}');
    expect(problems[0]?.origin?.path).toEqual(['items', 1, 'kind']);
    expect(parseText('shop.yaml', 'items:\n- {}\n- kind: Pod\n  kind: Service\n').problems[0]?.origin?.path).toEqual(['items', 1, 'kind']);
  });

  it('the same key in another mapping, or over a merged one, is none', () => {
    expect(faults('a: &a {app: cart}\nb: {<<: *a, app: shop}\nc: [{x: 1}, {x: 2}]\n')).toEqual([]);
    expect(faults('a: &a {app: cart}\nb: {<<: *a, app: shop, app: web}\n')).toEqual(['duplicate-key 2:24 app']);
    expect(faults('{"a": {"x": 1}, "b": {"x": 1}, "c": [{"x": 1}, {"x": 1}]}')).toEqual([]);
  });

  it('is found among many keys', () => {
    const keys = Array.from({ length: 60 }, (_, i) => `"key-${i}": ${i}`);
    expect(faults(`{${keys.join(',')}}`)).toEqual([]);
    expect(faults(`{${[...keys, '"key-7": 0'].join(',\n')}}`)).toEqual(['duplicate-key 61:1 key-7']);
    expect(faults(`{${[...keys, '"key-55": 0'].join(',\n')}}`)).toEqual(['duplicate-key 61:1 key-55']);
  });
});

describe('whatever the text, the cost is bounded', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
    .concat([...'bcdefghij'].map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghij'[i]}`)}]`))
    .join('\n');

  it.each([
    ['an alias bomb', bomb, /^alias-bomb 6:/],
    [
      'a merge bomb',
      `a: &a {${Array.from({ length: 1000 }, (_, i) => `k${i}: 1`)}}\n${Array.from({ length: 1500 }, (_, i) => `m${i}: {<<: *a}`).join('\n')}`,
      /^alias-bomb /,
    ],
    [
      'aliases that nest',
      `a0: &a0 [1]\n${Array.from({ length: 600 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`).join('\n')}`,
      /^nested-too-deep 50\d:/,
    ],
    ['brackets ten thousand deep', '['.repeat(10_000) + ']'.repeat(10_000), /^nested-too-deep 1:50[01] 500$/],
    ['braces ten thousand deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 'nested-too-deep 1:2501 500'],
    ['blocks ten thousand deep', '- '.repeat(10_000), /^nested-too-deep 1:/],
    ['mappings thousands deep', Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''), /^nested-too-deep /],
    ['one document of many megabytes', `text: ${'x'.repeat(17_000_000)}\n`, /^file-too-large 1:1 17000007 /],
  ])('%s', (_, text, expected) => {
    const { documents, problems } = parseText('shop.yaml', text);
    expect(documents).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(faults(text)[0]).toMatch(expected);
  }); // prettier-ignore

  it('what nests as deep as allowed is read, in YAML and in JSON', () => {
    const deep = '['.repeat(400) + ']'.repeat(400);
    expect(values(deep)).toHaveLength(1);
    expect(values(`a: ${deep}`)).toHaveLength(1);
  });

  it('aliases that unfold to a little are read', () => {
    expect(values(bomb.split('\n').slice(0, 4).join('\n'))).toHaveLength(1);
  });

  it('many tiny documents are read, and many problems counted', { timeout: 60_000 }, () => {
    expect(values('---\na: 1\n'.repeat(100_000))).toHaveLength(100_000);
    expect(values('{}\n'.repeat(100_000))).toHaveLength(100_000);
    expect(values('---\n'.repeat(1_000_000))).toEqual([]);
    const { problems } = parseText('shop.yaml', '--- [\n'.repeat(5000));
    expect(problems).toHaveLength(MAX_PROBLEMS + 1);
    expect(problems.at(-1)).toMatchObject({ code: 'limit', facts: { found: 5000 } });
  });
});
