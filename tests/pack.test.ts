// The package as a stranger gets it: packed from a copy of the tree, installed into an empty folder, run from there.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

let place: string;
let user: string;
let packed: string[];

function run(cwd: string, command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'netverdict-pack-'));
  const tree = join(place, 'tree');
  user = join(place, 'user');
  mkdirSync(user);

  // A copy, because packing builds: the dist/ here may be in use by another test at this moment. Tests write into tests/, so it stays out too.
  const left = new Set(['node_modules', '.git', '.cache', 'dist', 'coverage', 'tests', 'bench']);
  cpSync(root, tree, { recursive: true, filter: (path) => !left.has(relative(root, path)) });
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));

  run(tree, 'npm', 'run', 'build');
  const answer = JSON.parse(run(tree, 'npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', place));
  const [{ filename, files }] = answer as [{ filename: string; files: { path: string }[] }];
  packed = files.map(({ path }) => path);

  writeFileSync(join(user, 'package.json'), '{ "name": "shop", "private": true, "type": "module" }');
  // Without network: the package is all that there is to fetch.
  run(user, 'npm', 'install', '--offline', '--no-audit', '--no-fund', join(place, filename));
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('the packed and installed package', () => {
  test('the program runs under both of its names', () => {
    expect(run(user, join(user, 'node_modules/.bin/netverdict'), '--version').trim()).toBe(version);
    expect(run(user, join(user, 'node_modules/.bin/kubectl-netverdict'), '--version').trim()).toBe(version);
  });

  test('the official client is inside, and is loaded for what only it does: here for a proxy, to which nobody listens', () => {
    expect(readdirSync(join(user, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['netverdict']);
    const config = {
      'current-context': 'prod',
      contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'anna' } }],
      clusters: [{ name: 'prod', cluster: { server: 'https://192.0.2.1:6443', 'proxy-url': 'http://127.0.0.1:1' } }],
      users: [{ name: 'anna', user: { token: 'none' } }],
    };
    writeFileSync(join(user, 'kubeconfig'), JSON.stringify(config));
    const { status, stderr } = spawnSync(join(user, 'node_modules/.bin/netverdict'), ['cni', '--kubeconfig', 'kubeconfig'], {
      cwd: user,
      encoding: 'utf8',
    });
    expect(stderr).toContain('https://192.0.2.1:6443');
    expect(stderr).not.toMatch(/Cannot find|defect/);
    expect(status).toBe(2);
  });

  test('it holds the program and its papers, and neither sources nor tests', () => {
    expect(packed).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/cli/main.js', 'dist/THIRD-PARTY-LICENSES.txt']),
    );
    expect(packed.filter((path) => /^(src|tests|scripts|bench)\/|\.test\./.test(path))).toEqual([]);
  });

  test('a program of another package asks a question, and its types are those of the document', () => {
    const program = `
import { type ExplanationDocument, type NoAnswerDocument, why } from 'netverdict';

const pod = (name: string) => \`{ apiVersion: v1, kind: Pod, metadata: { name: \${name}, namespace: shop }, spec: { containers: [{ name: main, image: main }] } }\`;
const deny = '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: deny, namespace: shop }, spec: { podSelector: {} } }';
const files = [{ file: 'shop.yaml', text: [pod('frontend'), pod('cart'), deny].join('\\n---\\n') }];
const answer: ExplanationDocument | NoAnswerDocument = why({ files, profile: 'calico' }, { from: 'shop/frontend', to: 'shop/cart:7070' });
if (answer.kind === 'NoAnswer') throw new Error(answer.errors[0]?.text);
const [pods] = answer.connections[0]?.pods ?? [];
export const said: string = [answer.outcome, pods?.ingress.by?.[0]?.policy, pods?.ingress.by?.[0]?.at?.line].join(' ');
`;
    writeFileSync(join(user, 'program.ts'), program);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const options = ['--strict', '--target', 'es2023', '--lib', 'es2023', '--module', 'nodenext', '--typeRoots', user, '--outDir', 'made'];
    run(user, process.execPath, tsc, ...options, 'program.ts');
    const ask = `console.log((await import('./made/program.js')).said)`;
    expect(run(user, process.execPath, '--input-type=module', '-e', ask).trim()).toBe('denied shop/deny 5');
  });

  for (const [door, source] of [
    ['netverdict', 'src/index.ts'],
    ['netverdict/node', 'src/node.ts'],
  ] as const) {
    test.skipIf(!existsSync(join(root, source)))(`\`import '${door}'\` gives names, with types`, () => {
      const names = run(user, process.execPath, '--input-type=module', '-e', `console.log(Object.keys(await import('${door}')).join(' '))`);
      expect(names.trim().split(' ').filter(Boolean)).not.toEqual([]);

      // The wrong line shows that the types are there: against `any` it would pass.
      const file = `${door.replace('/', '-')}.ts`;
      writeFileSync(join(user, file), `import * as door from '${door}';\nexport const wrong = door.thereIsNoSuchName;\n`);
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      // The pure door must do without Node's types, so it is given none.
      const types = door === 'netverdict' ? ['--typeRoots', user] : ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node'];
      const options = ['--noEmit', '--strict', '--target', 'es2023', '--lib', 'es2023', '--module', 'nodenext', ...types];
      const { stdout } = spawnSync(process.execPath, [tsc, ...options, file], { cwd: user, encoding: 'utf8' });
      const errors = stdout.split('\n').filter((line) => line.includes('error TS'));
      expect(errors).toEqual([expect.stringContaining(`${file}(2,27): error TS2339: Property 'thereIsNoSuchName' does not exist`)]);
    });
  }
});
