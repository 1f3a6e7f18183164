// Shows that the fences of ARCHITECTURE.md close: a small tree with one planted violation for each, and clean neighbours that pass.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineFolders, mayImport } from '../.dependency-cruiser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each file says, and the fence it must hit. `clean` files are there to show that a fence does not close on everybody. */
const planted: Readonly<Record<string, { readonly code: string; readonly hits: readonly string[] | 'clean' }>> = {
  'src/net/ip.ts': { code: 'export type Ip = string;', hits: 'clean' },
  'src/net/ip.test.ts': { code: `import { parse } from '../manifest/parse.ts'; parse('');`, hits: 'clean' },
  'src/model/pod.ts': { code: `import type { Ip } from '../net/ip.ts'; export type Pod = { ip: Ip };`, hits: 'clean' },
  'src/net/knows-pods.ts': {
    code: `import type { Pod } from '../model/pod.ts'; export const ip = (pod: Pod) => pod.ip;`,
    hits: ['net-imports-only-what-it-may'],
  },
  'src/manifest/parse.ts': { code: `import { load } from 'js-yaml'; export const parse = (text: string) => load(text);`, hits: 'clean' },
  'src/manifest/edit.ts': {
    code: `import { parseDocument } from 'yaml'; export const edit = (text: string) => parseDocument(text).toString();`,
    hits: 'clean',
  },
  'src/policy/reads-yaml.ts': {
    code: `import { load } from 'js-yaml'; export const read = (text: string) => load(text);`,
    hits: ['engine-uses-few-packages'],
  },
  'src/policy/reads-files.ts': {
    code: `import { readFileSync } from 'node:fs'; export const read = () => readFileSync('x');`,
    hits: ['engine-is-pure'],
  },
  'src/reach/reads-files-without-prefix.ts': {
    code: `import { readFileSync } from 'fs'; export const read = () => readFileSync('x');`,
    hits: ['engine-is-pure'],
  },
  'src/reach/a.ts': { code: `import { b } from './b.ts'; export const a = (): number => b();`, hits: ['no-circular'] },
  // The other half of the cycle, which is reported once.
  'src/reach/b.ts': { code: `import { a } from './a.ts'; export const b = (): number => a();`, hits: 'clean' },
  'src/lint/rules/one/rule.ts': {
    code: `import { two } from '../two/rule.ts'; export const one = two;`,
    hits: ['a-rule-knows-no-other-rule'],
  },
  'src/lint/rules/two/rule.ts': {
    code: `import type { Pod } from '../../../model/pod.ts'; export const two = (pod: Pod) => pod;`,
    hits: 'clean',
  },
  'src/explain/asks-the-disk.ts': {
    code: `import { files } from '../source/files.ts'; export const why = files;`,
    hits: ['explain-imports-only-what-it-may'],
  },
  'src/index.ts': {
    code: `export { parse } from './manifest/parse.ts'; export { why } from './explain/asks-the-disk.ts'; export { two } from './lint/rules/two/rule.ts';`,
    hits: ['public-api-is-pure'],
  },
  'src/report/looks-inside.ts': {
    code: `export { why } from '../explain/asks-the-disk.ts';`,
    hits: ['report-imports-only-what-it-may'],
  },
  'src/report/says-a-document.ts': {
    code: `import type { Answer } from '../answer/answer.ts'; export const text = (answer: Answer) => answer.text;`,
    hits: 'clean',
  },
  'src/answer/answer.ts': { code: 'export type Answer = { readonly text: string };', hits: 'clean' },
  'src/source/files.ts': { code: `import { readFileSync } from 'node:fs'; export const files = () => readFileSync('x');`, hits: 'clean' },
  'src/source/live.ts': {
    code: `import { KubeConfig } from '@kubernetes/client-node'; export const live = () => new KubeConfig();`,
    hits: 'clean',
  },
  'src/source/types-only.ts': {
    code: `import type { KubeConfig } from '@kubernetes/client-node'; export type Config = KubeConfig;`,
    hits: 'clean',
  },
  'src/source/eager.ts': {
    code: `import { KubeConfig } from '@kubernetes/client-node'; export const eager = () => new KubeConfig();`,
    hits: ['heavy-parts-are-lazy'],
  },
  'src/cli/main.ts': { code: `export const run = async () => (await import('../source/live.ts')).live();`, hits: 'clean' },
  'src/cli/eager.ts': { code: `import { live } from '../source/live.ts'; export const run = live;`, hits: ['heavy-parts-are-lazy'] },
  'src/net/tested.ts': {
    code: `import { assert } from 'fast-check'; export const t = assert;`,
    hits: ['engine-uses-few-packages', 'no-test-in-product'],
  },
  'src/cli/tested.ts': { code: `import { cases } from '../../tests/cases.ts'; export const t = cases;`, hits: ['no-test-in-product'] },
  'tests/cases.ts': { code: 'export const cases = [];', hits: 'clean' },
  'src/app/node-ports.ts': {
    code: `export const ports = { read: async () => (await import('../source/files.ts')).files() };`,
    hits: 'clean',
  },
  'src/app/reads-files.ts': {
    code: `import { files } from '../source/files.ts'; export const read = files;`,
    hits: ['app-reaches-the-world-through-ports'],
  },
  'src/app/ports.ts': { code: `import type { files } from '../source/files.ts'; export type Files = typeof files;`, hits: 'clean' },
  'src/app/has-flags.ts': { code: `import { Command } from 'commander'; export const c = Command;`, hits: ['app-is-no-command-line'] },
  'src/utils/alone.ts': { code: 'export const nobody = 1;', hits: ['every-folder-is-in-the-table'] },
  'src/utils/imports.ts': {
    code: `import type { Ip } from '../net/ip.ts'; export type Ips = Ip[];`,
    hits: ['every-folder-is-in-the-table'],
  },
};

let tree: string;

function run(tool: string, ...args: string[]): string {
  const { stdout, stderr, error } = spawnSync(process.execPath, [join(root, 'node_modules', tool), ...args], {
    cwd: tree,
    encoding: 'utf8',
  });
  if (error) throw error;
  return stdout || stderr;
}

function plant(path: string, code: string): void {
  mkdirSync(join(tree, dirname(path)), { recursive: true });
  writeFileSync(join(tree, path), `${code}\n`);
}

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'netverdict-architecture-'));
  for (const name of ['.dependency-cruiser.mjs', '.gitignore', 'biome.json', 'package.json', 'tsconfig.json', 'tsconfig.engine.json']) {
    cpSync(join(root, name), join(tree, name));
  }
  mkdirSync(join(tree, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@kubernetes') symlinkSync(join(root, 'node_modules', name), join(tree, 'node_modules', name));
  }
  // A stand-in: whether the real client is installed must not matter here, and its types are large.
  plant(
    'node_modules/@kubernetes/client-node/package.json',
    '{ "name": "@kubernetes/client-node", "version": "1.0.0", "main": "index.js" }',
  );
  plant('node_modules/@kubernetes/client-node/index.js', 'exports.KubeConfig = class {};');
  plant('node_modules/@kubernetes/client-node/index.d.ts', 'export class KubeConfig {}');
  for (const [path, { code }] of Object.entries(planted)) plant(path, code);
  // Each name of the table has something behind it.
  for (const name of Object.keys(mayImport)) {
    if (!existsSync(join(tree, 'src', name)) && !existsSync(join(tree, `src/${name}.ts`))) plant(`src/${name}/index.ts`, 'export {};');
  }
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe('the import table', () => {
  test('each planted violation hits its rule, and the clean files hit none', () => {
    const output = run(
      'dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'json',
      'src',
      'tests',
    );
    const { summary } = JSON.parse(output) as { summary: { violations: { from: string; rule: { name: string } }[] } };
    const found = new Set(summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`));
    const expected = Object.entries(planted).flatMap(([path, { hits }]) => (hits === 'clean' ? [] : hits.map((hit) => `${path}: ${hit}`)));
    expect([...found].sort()).toEqual(expected.sort());
  });

  test('a line for a folder that is not there stops the run, and so does importing one without a line', () => {
    const config = readFileSync(join(root, '.dependency-cruiser.mjs'), 'utf8');
    const withLine = (line: string) => {
      writeFileSync(join(tree, 'phantom.mjs'), config.replace('const engine = {', `const engine = {\n  ${line}`));
      return run('dependency-cruiser/bin/dependency-cruise.mjs', '--config', 'phantom.mjs', 'src/net');
    };
    expect(withLine('ghost: [],')).toMatch(/table names what is not in src\/.*: ghost$/m);
    plant('src/there/index.ts', 'export {};');
    expect(withLine("there: ['ghost'],")).toMatch(/table names what is not in src\/.*: ghost$/m);
    expect(withLine("there: ['net'],")).not.toContain('table names');
  });

  test('tsconfig.engine.json and biome.json name the same engine folders as the table', () => {
    const typed = ts.parseConfigFileTextToJson('tsconfig.engine.json', readFileSync(join(root, 'tsconfig.engine.json'), 'utf8')).config;
    expect(typed.include).toEqual(['src/index.ts', ...engineFolders.map((folder) => `src/${folder}`)]);

    const biome = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
    const fence = biome.overrides.find((override: { linter?: unknown }) => JSON.stringify(override.linter).includes('"Date"'));
    expect(fence.includes).toEqual(['src/index.ts', ...engineFolders.map((folder) => `src/${folder}/**`), '!**/*.test.ts']);
  });
});

describe('the engine without Node', () => {
  const impure = `
    export const a = process.argv;
    export const b = () => console.log('');
    export const c = () => fetch('');
    export const d = () => setTimeout(() => {}, 1);
    export const e = new URL('http://shop/');
    export const f = Buffer.from('');
    export const pure = new Map([[1, 'one']]).get(1)?.at(-1);`;

  test('what only Node or a browser has does not compile in an engine folder, whichever packages are loaded beside it', () => {
    plant('src/policy/impure.ts', impure);
    const errors = run('typescript/bin/tsc', '-p', 'tsconfig.engine.json').split('\n');
    const unknownNames = errors.flatMap((line) => /^src\/policy\/impure\.ts.*Cannot find name '(\w+)'/.exec(line)?.[1] ?? []);
    expect(unknownNames).toEqual(['process', 'console', 'fetch', 'setTimeout', 'URL', 'Buffer']);
  });

  test('the same code is fine where Node is', () => {
    plant('src/cli/impure.ts', impure);
    const errors = run('typescript/bin/tsc', '-p', 'tsconfig.json').split('\n');
    expect(errors.filter((line) => line.startsWith('src/cli/impure.ts'))).toEqual([]);
  });

  test('the engine does not read the clock', () => {
    const reads = 'export const now = (): number => Date.now();';
    plant('src/policy/clock.ts', reads);
    plant('src/cli/clock.ts', reads);
    const output = run('@biomejs/biome/bin/biome', 'lint', '--reporter=json', 'src/policy/clock.ts', 'src/cli/clock.ts');
    const { diagnostics } = JSON.parse(output) as { diagnostics: { category: string; location: { path: string } }[] };
    expect(diagnostics.map(({ category, location }) => `${location.path} ${category}`)).toEqual([
      'src/policy/clock.ts lint/style/noRestrictedGlobals',
    ]);
  });
});
