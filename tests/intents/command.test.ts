// The command `test` as a person runs it: formats, exit codes, mistakes in the file, and what `--record` writes, read back.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CHECK_CODES } from '../../src/question/intents.ts';
import { root, runCli } from '../cli-process.ts';
import { checkerOf } from '../schemas/documents.ts';
import { describeWithShared, sharedPath } from '../shared.ts';
import { CART_POLICY, parsed, SHOP } from './shop.ts';

let folder = '';
const file = (name: string) => join(folder, name);
const write = (name: string, text: string) => {
  writeFileSync(file(name), text);
  return file(name);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netverdict-intents-'));
  write('shop.yaml', SHOP);
  write('policy.yaml', CART_POLICY);
  write('good.yaml', 'intents:\n  - { name: front, from: shop/frontend, to: shop/cart, port: 7070, expect: allowed }\n');
  write(
    'bad.yaml',
    'intents:\n  - { name: "front #1", from: shop/frontend, to: shop/cart, port: 7070, expect: allowed }\n  - { name: "<admin>", from: shop/admin, to: shop/cart, port: 7070, expect: allowed }\n  - { from: shop/fromtend, to: shop/cart, port: 7070, expect: denied }\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const closed = () => ['-f', file('shop.yaml'), '-f', file('policy.yaml'), '--cni', 'calico'];
const run = (...args: readonly string[]) => runCli(['test', ...args]);

describe('netverdict test', () => {
  it('ends with 0 when all hold, and with 1 when one does not, which it explains as `why` does', () => {
    const good = run(file('good.yaml'), ...closed());
    expect([good.status, good.stdout]).toEqual([0, expect.stringContaining('✓ 1 intent holds')]);
    const bad = run(file('bad.yaml'), ...closed());
    expect(bad.status).toBe(1);
    expect(bad.stdout).toMatch(/✗ <admin> {3}.*bad\.yaml:3:5/);
    expect(bad.stdout).toContain('expected allowed, but it is denied');
    expect(bad.stdout).toMatch(/isolated by cart-ingress \(.*policy\.yaml:2\)/);
    expect(bad.stdout).toContain('did you mean shop/frontend[Deployment]?');
    expect(bad.stdout).toContain('1 intent holds, 2 do not');
  });

  it('writes JSON that fits its schema, and reads a file that fits its own', () => {
    const { stdout } = run(file('bad.yaml'), ...closed(), '-o', 'json');
    const report = JSON.parse(stdout) as { held: number; failed: number; intents: { checks: { code: string }[] }[] };
    expect(checkerOf('intents-report')(report)).toEqual([]);
    expect([report.held, report.failed]).toEqual([1, 2]);
    expect(report.intents.map(({ checks }) => checks[0]?.code)).toEqual(['as-expected', 'not-allowed', 'matches-nothing']);
    expect(checkerOf('intents-report')({ ...report, held: -1 })).not.toEqual([]);
    const intents = checkerOf('intents');
    expect(
      intents({
        intents: [{ from: 'a/b', to: ['a/c', { labels: { app: 'x' } }], port: ['53/udp', 80], expect: 'denied', control: 'a/d' }],
      }),
    ).toEqual([]);
    expect(intents({ intents: [{ from: 'a/b', to: 'a/c', expects: 'denied' }] })).not.toEqual([]);
  });

  it('writes TAP and JUnit in which a name can break nothing', () => {
    const tap = run(file('bad.yaml'), ...closed(), '-o', 'tap').stdout;
    expect(tap.split('\n').filter((line) => /^(TAP|1\.\.|ok|not ok)/.test(line))).toEqual([
      'TAP version 14',
      '1..3',
      'ok 1 - front \\#1',
      'not ok 2 - <admin>',
      'not ok 3 - shop/fromtend → shop/cart:7070 denied',
    ]);
    const block = /^ {2}---\n(.*?)^ {2}\.\.\.$/ms.exec(tap)?.[1] ?? '';
    expect(parse(block)).toMatchObject({ failures: [{ code: 'not-allowed', because: 'peer-label-mismatch' }] });
    const junit = run(file('bad.yaml'), ...closed(), '-o', 'junit').stdout;
    expect(junit).toContain('<testsuites name="netverdict test" tests="3" failures="2" errors="0" skipped="0">');
    expect(junit).toMatch(/<testcase classname="netverdict.test" name="&lt;admin&gt;" file=".*bad\.yaml" line="3">/);
    expect(junit.match(/<failure /g)).toHaveLength(2);
  });

  it('records what is so, which then holds, and fails without the policy', () => {
    const recorded = run('--record', ...closed());
    expect(recorded.status).toBe(0);
    expect(checkerOf('intents')(parse(recorded.stdout))).toEqual([]);
    const pinned = write('pinned.yaml', recorded.stdout);
    expect(run(pinned, ...closed()).status).toBe(0);
    const open = run(pinned, '-f', file('shop.yaml'), '--cni', 'calico', '-q');
    expect(open.status).toBe(1);
    expect(open.stdout).toContain('✗ shop/cart:7070 is closed to 3 of its possible clients');
  });

  it.each([
    ['intents:\n  - { from: a/b, to: a/c, expct: denied }\n', /:2:\d+: `expct` is not a key here\n {2}did you mean `expect`\?/],
    ['intents:\n  - from: a/b\n    to: [\n', /file\.yaml:\d+:\d+: /],
    [
      'intents:\n  - { name: x, from: a/b, to: a/c, expect: denied }\n  - { name: x, from: a/b, to: a/d, expect: denied }\n',
      /:3:\d+: two intents are called `x`\n {2}the first is at .*:2/,
    ],
    ['', /contains no document/],
  ])('does not begin with a mistake in the file: %j', (text, says) => {
    const { status, stderr, stdout } = run(write('file.yaml', text), ...closed());
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
  });

  it('says what to do without a file', () => {
    const { status, stderr } = run(file('none.yaml'), ...closed());
    expect(status).toBe(2);
    expect(stderr).toMatch(/there is no such file\n {2}netverdict test --record > .* records what is allowed now/);
  });
});

describe('what is written about intents', () => {
  const text = (path: string) => readFileSync(join(root, path), 'utf8');

  it('names every code, in the docs and in the schema', () => {
    const failing = CHECK_CODES.filter((code) => code !== 'as-expected');
    expect(failing.filter((code) => !text('docs/intents.md').includes(`\`${code}\``))).toEqual([]);
    const schema = JSON.parse(text('schemas/intents-report.schema.json')) as {
      $defs: { checkDocument: { properties: { code: { enum: string[] } } } };
    };
    expect(schema.$defs.checkDocument.properties.code.enum).toEqual(CHECK_CODES);
  });

  it('shows a file that fits its schema', () => {
    const [, yaml = ''] = /```yaml\n(.*?)```/s.exec(text('docs/intents.md')) ?? [];
    expect(yaml).toContain('intents:');
    expect(checkerOf('intents')(parse(yaml))).toEqual([]);
    expect(parsed(yaml).faults).toEqual([]);
  });

  it('the example holds on the mended policies, and fails on those of the outage', () => {
    const files = (policies: string) => [
      'examples/intents/outage.yaml',
      '-f',
      'examples/outage/shop.yaml',
      '-f',
      `examples/outage/${policies}.yaml`,
    ];
    expect(run(...files('policies-mended'), '--cni', 'calico').status).toBe(0);
    const friday = run(...files('policies-friday'), '--cni', 'calico', '-o', 'tap');
    expect([friday.status, friday.stdout]).toEqual([1, expect.stringContaining('not ok 1 - customers can pay')]);
  });
});

describeWithShared('a recording of Online Boutique', () => {
  const policies = sharedPath('realworld', 'online-boutique', 'manifests');
  const none = sharedPath('realworld', 'online-boutique-no-policies', 'manifests');

  it('holds, and fails when the policies are gone', () => {
    const pinned = write('boutique.yaml', run('--record', '-f', policies).stdout);
    expect(run(pinned, '-f', policies).status).toBe(0);
    const open = run(pinned, '-f', none, '-o', 'json');
    expect(open.status).toBe(1);
    const { intents } = JSON.parse(open.stdout) as { intents: { name: string; holds: boolean; expect: string }[] };
    expect(intents.filter(({ holds }) => !holds).every(({ expect: wanted }) => wanted === 'denied')).toBe(true);
    expect(intents.filter(({ holds }) => !holds).length).toBeGreaterThan(8);
  });
});
