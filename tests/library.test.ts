// The library as a program uses it: documents in and out, from one bundle that knows nothing of Node.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import * as library from '../src/index.ts';
import { root } from './cli-process.ts';
import { checkerOf } from './schemas/documents.ts';
import { describeWithShared, sharedPath } from './shared.ts';

type Files = { readonly file: string; readonly text: string }[];

function filesIn(folder: string): Files {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ file: path.slice(folder.length + 1), text: readFileSync(path, 'utf8') }));
}

const OUTAGE = filesIn(join(root, 'examples/outage'));
const only = (...names: readonly string[]) => OUTAGE.filter(({ file }) => names.includes(file));
const FRIDAY = only('shop.yaml', 'policies-friday.yaml');
const QUESTION = { from: 'web/frontend', to: 'payments/svc/api-server:80' };

const intentsOn = ({ from, to }: { readonly from: string; readonly to: string }) => ({
  file: 'intents.yaml',
  text: `apiVersion: netverdict.dev/v1\nkind: Intents\nintents:\n- { name: it works, from: ${from}, to: "${to}", expect: allowed }\n`,
});

/** Every question, asked of these files about these ends: the name of its schema and the documents. */
function documentsOf(
  { why, describe: describeName, map, exposure, verdicts, lint, fix, diff, intents, baseline }: typeof library,
  files: Files,
  ends: { readonly from: string; readonly to: string },
  profile = 'calico',
): readonly (readonly [string, object])[] {
  const input = { files, profile };
  const end = ends.from.split(':')[0] ?? '';
  return [
    ['explanation', why(input, { ...ends, symptom: 'timeout', fixes: 3 })],
    ['description', describeName(input, { name: end })],
    ['connectivity-map', map(input, { focus: [end] })],
    ['connectivity-map', exposure(input, { focus: [end] })],
    ...(verdicts(input, [{ id: 1, from: end, to: '203.0.113.7', port: 443 }]) as readonly object[]).map(
      (each) => ['verdict-answer', each] as const,
    ),
    ['lint-report', lint(input, { severity: 'note' })],
    ['fixes', fix(input, ends)],
    ['connectivity-diff', diff({ before: { files: [] }, after: { files, name: 'friday' }, profile })],
    ['intents-report', intents(input, intentsOn(ends))],
    ['baseline', baseline(input)],
  ];
}

/** A graph of engine objects would be a thousand times its text; plain data is about as long as it. */
const MOST_TIMES = 3;

function holdsPlainData([schema, document]: readonly [string, object]): void {
  const text = JSON.stringify(document);
  expect(checkerOf(schema)(JSON.parse(text)), schema).toEqual([]);
  expect(serialize(document).length, schema).toBeLessThanOrEqual(MOST_TIMES * text.length);
  // Nothing in it that JSON does not have.
  expect(JSON.parse(text), schema).toEqual(document);
}

describe('every question of the library', () => {
  it.each(['calico', 'cilium', 'kubernetes', 'k3s'])('gives plain documents that fit their schemas, on %s', (profile) => {
    const documents = documentsOf(library, FRIDAY, QUESTION, profile);
    expect(documents.length).toBeGreaterThan(8);
    for (const each of documents) holdsPlainData(each);
  });

  it('says what is so', () => {
    const answer = library.why({ files: FRIDAY, profile: 'calico' }, { ...QUESTION, fixes: 1 });
    if (answer.kind !== 'Explanation') throw new Error(answer.kind);
    expect(answer.outcome).toBe('denied');
    expect(answer.connections[0]?.cause).toBe('service-port-instead-of-target-port');
    expect(answer.connections[0]?.fixes).toHaveLength(1);
    const mended = library.why({ files: only('shop.yaml', 'policies-mended.yaml'), profile: 'calico' }, QUESTION);
    expect(mended).toMatchObject({ kind: 'Explanation', outcome: 'allowed' });
    const change = library.diff({
      before: { files: FRIDAY },
      after: { files: only('shop.yaml', 'policies-mended.yaml') },
      profile: 'calico',
    });
    expect(change).toMatchObject({ kind: 'ConnectivityDiff', base: 'before', head: 'after' });
    expect(change.kind === 'ConnectivityDiff' && change.changes.length > 0).toBe(true);
  });

  it('names the commands that show each fact, of objects that a running cluster gave, and of those only', () => {
    const pod = (name: string, node: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { ${node}containers: [] }\n`;
    const deny =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: deny, namespace: shop }\nspec: { podSelector: {} }\n';
    const evidence = (node: string) => {
      const text = [pod('frontend', node), pod('cart', node), deny].join('---\n');
      const answer = library.why({ files: [{ file: 'dump.yaml', text }] }, { from: 'shop/frontend', to: 'shop/cart:7070' });
      if (answer.kind !== 'Explanation') throw new Error(answer.errors[0]?.text);
      holdsPlainData(['explanation', answer]);
      return answer.connections[0]?.evidence;
    };
    expect(evidence('nodeName: node-1, ')).toContain('kubectl get networkpolicy deny -n shop -o yaml');
    expect(evidence('')).toBeUndefined();
  });

  it.each<[string, object, string]>([
    [
      'an end that is not there',
      library.why({ files: FRIDAY }, { from: 'web/frontent', to: 'payments/svc/api-server:80' }),
      'unknown-name',
    ],
    ['a fix for it', library.fix({ files: FRIDAY }, { from: 'web/frontent', to: 'payments/svc/api-server:80' }), 'unknown-name'],
    ['a profile that is not there', library.map({ files: FRIDAY, profile: 'calcio' }), 'unknown-profile'],
    ['a name that is not there', library.describe({ files: FRIDAY }, { name: 'web/frontent' }), 'no-such-name'],
    ['a focus that is not there', library.exposure({ files: FRIDAY }, { focus: ['web/frontent'] }), 'no-such-end'],
    ['a port that is not one', library.map({ files: FRIDAY }, { port: 'eighty!' }), 'bad-port'],
    [
      'intents that cannot be read',
      library.intents({ files: FRIDAY }, { file: 'intents.yaml', text: 'apiVersion: netverdict.dev/v1\nkind: Intents\nintents: 7' }),
      'no-intents',
    ],
    ['a rule that is not there', library.lint({ files: FRIDAY }, { rules: ['selects-nothin'] }), 'unknown-rule'],
  ])('%s is a document too', (_, document, code) => {
    holdsPlainData(['no-answer', document]);
    expect(document).toMatchObject({ kind: 'NoAnswer', errors: [{ code }] });
  });

  it('does not throw at what cannot be read', () => {
    const files = [{ file: 'broken.yaml', text: 'kind: [NetworkPolicy' }];
    for (const [, document] of documentsOf(library, files, { from: 'internet', to: '203.0.113.7:443' })) {
      expect(() => JSON.stringify(document)).not.toThrow();
    }
  });
});

describe('in a browser', () => {
  let page: typeof library;
  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [join(root, 'src/index.ts')],
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'iife',
      globalName: 'netverdict',
      logLevel: 'silent',
    });
    // What a page has of what the bundle may use; neither process nor require nor Buffer.
    const context = createContext({ console, TextDecoder, TextEncoder, WeakRef });
    runInContext(outputFiles[0]?.text ?? '', context);
    page = (context as unknown as { readonly netverdict: typeof library }).netverdict;
  });

  it('answers what it answers in Node', () => {
    const here = documentsOf(library, FRIDAY, QUESTION);
    const there = documentsOf(page, FRIDAY, QUESTION);
    expect(JSON.stringify(there)).toBe(JSON.stringify(here));
  });
});

describeWithShared('on real applications every answer is plain data', () => {
  it.each([
    ['online-boutique', { from: 'default/frontend', to: 'default/cartservice:7070' }],
    ['sock-shop', { from: 'sock-shop/front-end', to: 'sock-shop/catalogue:80' }],
    ['bookinfo', { from: 'default/productpage-v1', to: 'default/reviews:9080' }],
  ] as const)('%s', (bundle, ends) => {
    const folder = sharedPath('realworld', bundle);
    if (!existsSync(folder)) throw new Error(`no ${bundle}`);
    for (const [schema, document] of documentsOf(library, filesIn(folder), ends, 'kubernetes')) {
      if ('kind' in document && document.kind === 'NoAnswer') throw new Error(JSON.stringify(document));
      holdsPlainData([schema, document]);
    }
  });
});
