// The program as people start it, on files that are not what they should be: an exit code of the contract, a message that says what, where
// and what to do, nothing raw on the terminal, and no more memory than a bound that node itself holds.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../cli-process.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const BOUND = { NODE_OPTIONS: '--max-old-space-size=1500' };
const map = (path: string) => runCli(['map', '-f', path], { cwd: folder, env: BOUND, timeout: 100_000 });
const pod = (metadata: string) => `apiVersion: v1\nkind: Pod\nmetadata: ${metadata}\n`;
const cart = pod('{name: cart, namespace: shop}');

/** Nobody's stack, nothing that moves a cursor. */
function expectCalm({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): void {
  expect(stderr).not.toMatch(/^ +at /m);
  expect([...stdout, ...stderr].filter((character) => character !== '\n' && /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(character))).toEqual(
    [],
  );
}

/** The levels of an alias bomb: nine of the level before in each. */
const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', ...'bcdefghijklm'].map((name, i) =>
  i === 0
    ? name
    : `${name}: &${name} [${Array(9)
        .fill(`*${String.fromCharCode(96 + i)}`)
        .join()}]`,
);

const UNREADABLE: readonly (readonly [what: string, file: string, text: string | Uint8Array, says: RegExp])[] = [
  ['tabs for blanks', 'tabs.yaml', pod('\n\tname: cart'), /tabs\.yaml:4:1 .*tab characters[\s\S]*indent YAML with spaces/],
  ['comments of another language', 'slashes.yaml', `// the cart\n${cart}`, /slashes\.yaml:1:1 [\s\S]*comments start with #/],
  ['a file cut off', 'cut.yaml', pod('{name: "ca'), /cut\.yaml:4:\d+ [\s\S]*cut off/],
  ['JSON cut off', 'cut.json', '{"kind":"Pod","metadata":{"name":"ca', /cut\.json:1:37 .*ends in the middle/],
  ['a binary file', 'binary.yaml', Uint8Array.from({ length: 4096 }, (_, i) => i % 256), /binary\.yaml .*not a text file/],
  ['an alias bomb', 'bomb.yaml', bomb.join('\n'), /bomb\.yaml:\d+:\d+ .*expand to far more/],
  ['lists 10,000 deep', 'deep.yaml', `a: ${'['.repeat(10_000)}${']'.repeat(10_000)}`, /deep\.yaml:1:\d+ .*nested deeper/],
  ['dashes 10,000 deep', 'dashes.yaml', `${'- '.repeat(10_000)}a`, /dashes\.yaml:1:\d+ .*nested deeper/],
  ['JSON 10,000 deep', 'deep.json', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, /deep\.json:1:\d+ .*nested deeper/],
  ['a line of 20 MB', 'long.yaml', `a: ${'x'.repeat(20_000_000)}`, /long\.yaml:1:1 .*too large[\s\S]*split the file/],
  ['a conflict of a merge', 'merge.yaml', `<<<<<<< HEAD\n${cart}=======\n${cart}>>>>>>> main\n`, /merge\.yaml:1:1 .*conflict markers/],
  ['a template', 'chart.yaml', pod('{name: {{ .Values.name }}}'), /chart\.yaml:3:\d+ [\s\S]*helm template/],
  ['a million empty documents', 'documents.yaml', '---\n'.repeat(1_000_000), /no Kubernetes object was found/],
];

describe('a file that cannot be read', () => {
  test.each(UNREADABLE)('%s: exit code 2, and says what and where', (_, file, text, says) => {
    const ran = map(put(file, text));
    expect(ran.stderr).toMatch(says);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expectCalm(ran);
  });

  test('300 MB of nothing', () => {
    const path = put('huge.yaml', '');
    truncateSync(path, 300 * 2 ** 20);
    const ran = map(path);
    expect(ran.stderr).toMatch(/huge\.yaml:1:1 .*not a text file/);
    expect(ran.status).toBe(2);
    rmSync(path);
  });

  test('300 MB of JSON are read, and what is in them counts', () => {
    const filler = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"x":"${'y'.repeat(1_000_000)}"}},`;
    const path = put('huge.json', '');
    const cartJson = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"cart","namespace":"shop"}}';
    writeFileSync(path, `{"apiVersion":"v1","kind":"List","items":[${filler.repeat(300)}${cartJson}]}`);
    const ran = runCli(['map', '-f', path], { timeout: 100_000 });
    expect(ran).toMatchObject({ status: 0, stdout: expect.stringContaining('shop/cart') });
    rmSync(path);
  });

  test('a million documents that are no objects: the message ends', () => {
    const ran = map(put('many.yaml', 'a: 1\n---\n'.repeat(1_000_000)));
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('too many problems');
    expect(ran.stderr.split('\n').length).toBeLessThan(2000);
  });

  test('a folder without manifests, and a path that is not there', () => {
    put('none/notes.txt', 'x');
    expect(map(join(folder, 'none'))).toMatchObject({ status: 2, stderr: expect.stringContaining('no manifests') });
    expect(map(join(folder, 'nowhere'))).toMatchObject({ status: 2, stderr: expect.stringContaining('nowhere') });
  });

  test('one bad file does not take the others with it, and is not passed over', () => {
    put('mixed/cart.yaml', cart);
    put('mixed/bad.yaml', pod('{name: "ca'));
    const ran = map(join(folder, 'mixed'));
    expect(ran.stdout).toContain('shop/cart');
    expect(ran.stderr).toContain('bad.yaml:4');
  });

  test('links that lead to themselves, into a circle and to nowhere, and a pipe that nobody writes to', () => {
    put('links/cart.yaml', cart);
    symlinkSync('..', join(folder, 'links', 'up'));
    symlinkSync('me.yaml', join(folder, 'links', 'me.yaml'));
    symlinkSync('gone.yaml', join(folder, 'links', 'dangling.yaml'));
    execFileSync('mkfifo', [join(folder, 'links', 'pipe.yaml')]);
    mkdirSync(join(folder, 'circle'), { recursive: true });
    symlinkSync('../circle', join(folder, 'circle', 'again'));
    put('circle/cart.yaml', cart);
    const circle = map(join(folder, 'circle'));
    expect(circle).toMatchObject({ status: 0, stdout: expect.stringContaining('shop/cart') });
    rmSync(join(folder, 'links', 'up'));
    const { stderr, stdout } = map(join(folder, 'links'));
    expect(stdout).toContain('shop/cart');
    for (const name of ['me.yaml', 'dangling.yaml', 'pipe.yaml']) expect(stderr).toContain(`${name}  cannot be read`);
  });
});

describe('a file that can be read and is odd', () => {
  test.each([
    [
      'a key twice',
      '{name: cart, namespace: shop, labels: {app: cart, app: cat}}',
      /odd\.yaml:3:\d+ .*key `app` appears twice.*last one wins/,
    ],
    ['a label that is a boolean', '{name: cart, namespace: shop, labels: {app: true}}', /odd\.yaml:3:\d+ .*must be string, found boolean/],
    ['a terminal escape in a name', '{name: "\\e[2Jcart", namespace: shop}', /\\x1b\[2Jcart/],
    ['a name that turns the line round', '{name: "cart\\u202e", namespace: shop}', /\\u202e/],
    ['names of object prototypes', '{name: __proto__, namespace: constructor, labels: {toString: x}}', /"__proto__" is invalid/],
    ['quotes that a word processor made', '{name: “cart”, namespace: shop}', /“cart”.*RFC 1123/],
    [
      'a name that regular expressions could choke on',
      `{name: ${'a-'.repeat(50_000)}!, namespace: shop}`,
      /must be no more than 253|RFC 1123/,
    ],
  ])('%s: an answer, and the oddity is said', (_, metadata, says) => {
    const ran = map(put('odd.yaml', pod(metadata)));
    expect(ran.stderr).toMatch(says);
    expect(ran.status).toBe(0);
    expect(ran.stdout.length).toBeGreaterThan(20);
    expectCalm(ran);
  });

  test('an object twice: the last one counts, and both places are named', () => {
    const ran = map(put('twice.yaml', `${cart}---\n${cart}`));
    expect(ran.stderr).toMatch(/twice\.yaml:5:1 .*defined twice \(first at .*twice\.yaml:1\)/);
  });

  test('another encoding', () => {
    const ran = map(put('wide.yaml', Buffer.from(`\ufeff${cart}`, 'utf16le')));
    expect(ran).toMatchObject({ status: 0, stdout: expect.stringContaining('shop/cart') });
  });

  test.each(['0', '65536', '-1', '8080.5', '1e3', 'null', '""', '"80"', '[]'])('a port that is %s never ends in a stack', (port) => {
    const policy = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: {podSelector: {}, ingress: [{ports: [{port: ${port}}]}]}\n`;
    const ran = map(put('port.yaml', `${cart}---\n${policy}`));
    expect(ran.status).toBe(0);
    // An API server takes 0 < port < 65536, and nothing at all for every port; a number as text is a name that no port may have.
    const said = ran.stderr.replace(/^based on .*\n/, '');
    expect(said === '').toBe(port === 'null' || port === '1e3');
    expectCalm(ran);
  });

  test.each([
    ['0.0.0.0/0', true],
    ['255.255.255.255/32', true],
    ['10.0.0.0/33', false],
    ['10.0.0/8', false],
    ['::/0', true],
    ['::/129', false],
    ['010.0.0.0/8', false],
    ['cart', false],
  ])('a CIDR that is %s', (cidr, isFine) => {
    const policy = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "${cidr}"}}]}]}\n`;
    const ran = map(put('cidr.yaml', `${cart}---\n${policy}`));
    expect(ran.status).toBe(0);
    expect(!ran.stderr.includes('is invalid')).toBe(isFine);
    expectCalm(ran);
  });
});
