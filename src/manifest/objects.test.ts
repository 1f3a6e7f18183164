import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PROBLEMS } from './limits.ts';
import { locate } from './locate.ts';
import { objectsOf } from './objects.ts';
import { parseText } from './parse.ts';

function read(...texts: string[]) {
  const documents = texts.flatMap((text, i) => parseText(`${'abc'[i]}.yaml`, text).documents);
  const { objects, problems } = objectsOf(documents);
  return {
    objects,
    names: objects.map(({ kind, namespace, name }) => `${kind} ${namespace ?? '-'}/${name}`),
    problems: problems.map(({ code, severity, facts, origin }) => ({ code, severity, facts, at: origin && locate(origin) })),
  };
}

const pod = (name: string, more = '') => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}${more}}\n`;

describe('documents become objects', () => {
  it('with their kind, name, namespace and place', () => {
    const { objects, problems } = read(`---\n${pod('cart', ', namespace: shop')}---\n${pod('checkout')}`);
    expect(problems).toEqual([]);
    expect(objects).toMatchObject([
      { apiVersion: 'v1', kind: 'Pod', name: 'cart', namespace: 'shop', value: { metadata: { name: 'cart' } }, origin: { path: [] } },
      { name: 'checkout', namespace: undefined, origin: { document: { line: 5 } } },
    ]);
  });

  it('a List is unfolded, one inside another too, in order', () => {
    const { names, objects, problems } = read(
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [
          { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } },
          { apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'b' } }, null] },
          { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'c' } },
        ],
      }),
    );
    expect(problems).toEqual([]);
    expect(names).toEqual(['Pod -/a', 'Pod -/b', 'Pod -/c']);
    expect(objects[1]?.origin.path).toEqual(['items', 1, 'items', 0]);
  });

  it('the items of a typed list are of the kind that the list says', () => {
    const text =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems:\n- metadata: {name: cart}\n- kind: Other\n  metadata: {name: b}\n';
    expect(read(text).objects).toMatchObject([
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: 'cart' },
      { apiVersion: 'networking.k8s.io/v1', kind: 'Other', name: 'b' },
    ]);
    expect(read('apiVersion: v1\nkind: List\nitems:\n- metadata: {name: cart}\n').problems).toMatchObject([
      { code: 'missing-kind', facts: { missing: ['apiVersion', 'kind'] }, at: { line: 4 } },
    ]);
  });

  it('an empty list has nothing in it, and a kind that only sounds like a list is an object', () => {
    expect(
      read('apiVersion: v1\nkind: PodList\nitems: null\n---\napiVersion: v1\nkind: List\n---\napiVersion: v1\nkind: List\nitems: []\n'),
    ).toMatchObject({
      objects: [],
      problems: [],
    });
    expect(read('apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: x}\nspec: {}\n').names).toEqual(['AllowList -/x']);
  });

  it('null documents are passed over', () => {
    expect(read('---\n~\n---\nnull\n')).toMatchObject({ objects: [], problems: [] });
  });

  it('names of object prototypes are names', () => {
    const text = ['__proto__', 'constructor', 'hasOwnProperty', 'toString']
      .map((name) => `${pod(`"${name}"`, `, namespace: "${name}"`)}`)
      .join('---\n');
    const { names, problems } = read(text);
    expect(names).toEqual([
      'Pod __proto__/__proto__',
      'Pod constructor/constructor',
      'Pod hasOwnProperty/hasOwnProperty',
      'Pod toString/toString',
    ]);
    expect(problems).toEqual([]);
    expect(read('{"__proto__": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "cart"}}}').objects).toEqual([]);
  });
});

describe('what is no object is named, with its place', () => {
  it.each([
    ['- a\n', 'not-an-object', 'error', { found: 'list' }, 1],
    ['---\nhello\n', 'not-an-object', 'error', { found: 'string' }, 2],
    ['replicas: 3\n', 'missing-kind', 'warning', { missing: ['apiVersion', 'kind'] }, 1],
    ['kind: Deployment\n', 'missing-kind', 'error', { missing: ['apiVersion'], kind: 'Deployment' }, 1],
    ['# x\napiVersion: v1\nkind: ""\n', 'missing-kind', 'error', { missing: ['kind'], apiVersion: 'v1' }, 2],
    ['apiVersion: v1\nkind: 7\n', 'wrong-type', 'error', { field: 'kind', wanted: 'string', found: 'number', value: '7' }, 2],
    ['apiVersion: v1\nkind: List\nitems: {}\n', 'wrong-type', 'error', { field: 'items', wanted: 'list', found: 'mapping' }, 3],
  ])('%j', (text, code, severity, facts, line) => {
    const { objects, problems } = read(text);
    expect(objects).toEqual([]);
    expect(problems).toMatchObject([{ code, severity, facts, at: { line } }]);
  });

  it.each([
    ['metadata: [a]', 'metadata', 'mapping', 'list', 'Pod -/'],
    ['metadata: {name: 8080}', 'metadata.name', 'string', 'number', 'Pod -/8080'],
    ['metadata: {name: cart, namespace: true}', 'metadata.namespace', 'string', 'boolean', 'Pod true/cart'],
    ['metadata: {name: {}}', 'metadata.name', 'string', 'mapping', 'Pod -/'],
  ])('an object with %j is kept, for it must not vanish, and is told of', (metadata, field, wanted, found, name) => {
    const { names, problems } = read(`apiVersion: v1\nkind: Pod\n${metadata}\n`);
    expect(names).toEqual([name]);
    expect(problems).toMatchObject([{ code: 'wrong-type', facts: { kind: 'Pod', field, wanted, found }, at: { line: 3 } }]);
  });
});

describe('of two objects with one name the later stays, as with kubectl apply', () => {
  it('and both places are told', () => {
    const { objects, problems } = read(
      `${pod('cart', ', namespace: shop')}---\n${pod('web')}`,
      `# new\n${pod('cart', ', namespace: shop, labels: {v: "2"}')}`,
    );
    expect(objects.map(({ name, value }) => [name, (value.metadata as Record<string, unknown>).labels])).toEqual([
      ['web', undefined],
      ['cart', { v: '2' }],
    ]); // prettier-ignore
    expect(problems).toEqual([
      {
        code: 'duplicate-object',
        severity: 'warning',
        facts: { kind: 'Pod', name: 'cart', namespace: 'shop', first: 'a.yaml:1' },
        at: { file: 'b.yaml', line: 2, column: 1 },
      },
    ]); // prettier-ignore
  });

  it('three times are two problems', () => {
    expect(read(`${pod('cart')}---\n${pod('cart')}---\n${pod('cart')}`)).toMatchObject({
      names: ['Pod -/cart'],
      problems: [{}, { facts: { first: 'a.yaml:5' } }],
    });
  });

  it('in the default namespace or without one is the same', () => {
    expect(read(`${pod('cart')}---\n${pod('cart', ', namespace: default')}`).problems).toHaveLength(1);
    const { documents } = parseText('a.yaml', `${pod('cart')}---\n${pod('cart', ', namespace: default')}`);
    expect(objectsOf(documents, 'shop').problems).toEqual([]);
  });

  it('another version of the group is the same object; another group, kind or namespace is not; nor is one without a name', () => {
    const of = (apiVersion: string, kind: string, metadata: string) => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: ${metadata}\n`;
    expect(
      read([of('apps/v1', 'Deployment', '{name: a}'), of('apps/v1beta1', 'Deployment', '{name: a}')].join('---\n')).problems,
    ).toHaveLength(1);
    const different = [
      of('networking.k8s.io/v1', 'NetworkPolicy', '{name: a}'),
      of('crd.projectcalico.org/v1', 'NetworkPolicy', '{name: a}'),
      of('networking.k8s.io/v1', 'Ingress', '{name: a}'),
      of('networking.k8s.io/v1', 'Ingress', '{name: a, namespace: shop}'),
      of('v1', 'Pod', '{generateName: a-}'),
      of('v1', 'Pod', '{generateName: a-}'),
    ];
    expect(read(different.join('---\n'))).toMatchObject({ names: { length: 6 }, problems: [] });
  });
});

it('of very many problems the first are told and the rest counted', () => {
  const { problems } = read(`${'--- a\n'.repeat(MAX_PROBLEMS + 500)}---\n${pod('cart')}`);
  expect(problems).toHaveLength(MAX_PROBLEMS + 1);
  expect(problems.at(-1)).toMatchObject({ code: 'limit', facts: { code: 'not-an-object', found: MAX_PROBLEMS + 500 } });
});

it('no text makes reading throw, and every place is inside its text', () => {
  const piece = fc.constantFrom(
    'a: ',
    '- ',
    '\n',
    '  ',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    '&a ',
    '*a',
    '<<: ',
    '|\n',
    '---\n',
    '...\n',
    '\t',
    '# ',
    '!!int ',
    'y',
    '\r',
    '\ufeff',
    '\u001b',
    '? ',
    ': ',
    '%YAML 1.2\n',
    '1',
    'kind: Pod\n',
    'apiVersion: v1\n',
    'items:\n',
    'metadata:\n',
  ); // prettier-ignore
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
      ),
      (text) => {
        const { documents, problems } = parseText('shop.yaml', text);
        const found = objectsOf(documents);
        const lines = text.split(/\r\n?|\n/).length;
        for (const { origin, place } of [...problems, ...found.problems]) {
          const at = place ?? (origin && locate(origin));
          expect(at?.line).toBeGreaterThan(0);
          expect(at?.line).toBeLessThanOrEqual(lines);
        }
      },
    ),
    { numRuns: 3000 },
  ); // prettier-ignore
});
