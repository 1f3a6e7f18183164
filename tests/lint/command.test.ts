// `netverdict lint` on real files: exit codes, configuration, old findings, and writing that never leaves half a file.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeChanges } from '../../src/source/write.ts';
import { runLint } from './run-lint.ts';
import { policy, SHOP, stream } from './shop.ts';

let folder = '';
const home = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netverdict-lint-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
const text = (file: string) => readFileSync(join(folder, file), 'utf8');

const CLEAN = policy('cart', 'podSelector: { matchLabels: { app: cart } }');
const WARNED = policy('open', 'podSelector: {}\ningress: [{ from: [] }]');
const BROKEN = policy('broken', 'podSelector: {}\npolicyTypes: [Ingress]\negress: [{}] # all');

describe('the exit code of lint', () => {
  it.each([
    ['no findings', CLEAN, [], 0],
    ['a warning', WARNED, [], 1],
    ['a warning that does not count', WARNED, ['--severity', 'error'], 0],
    ['an error', BROKEN, ['--severity', 'error'], 1],
    ['a note that counts', policy('a', 'podSelector: {}\npolicyTypes: [Ingress, Ingress]'), ['--severity', 'note'], 1],
    ['text that is no YAML', 'a: [b', [], 1],
  ])('%s', async (_, yaml, args, exit) => {
    put('a.yaml', yaml);
    expect((await runLint('-f', 'a.yaml', ...args)).exit).toBe(exit);
  });

  it('is 2 when nothing can be said', async () => {
    expect((await runLint('-f', 'nowhere')).failure?.code).toBe('input-not-found');
    put('empty.yaml', '# nothing\n');
    expect((await runLint('-f', 'empty.yaml')).failure?.code).toBe('no-objects');
    put('a.yaml', CLEAN);
    expect((await runLint('-f', 'a.yaml', '--rule', 'pod-opne')).failure).toMatchObject({
      code: 'unknown-rule',
      hint: 'did you mean `pod-open`?',
    });
    put('b.yaml', 'a: [b');
    expect((await runLint('-f', 'b.yaml', '--strict')).failure?.code).toBe('strict');
  });
});

describe('what lint reads', () => {
  it('is every file, a broken one and its neighbours alike; each problem is said once', async () => {
    put('a.yaml', 'apiVersion: v1\nkind: Service\na: [b');
    put('b.yaml', WARNED);
    const { out, err } = await runLint('-f', '.', '-o', 'json');
    const { findings } = JSON.parse(out);
    expect(findings.map((finding: { rule: string }) => finding.rule)).toEqual(['yaml-broken', 'empty-list-admits-everyone']);
    expect(err).toBe('based on 2 files under .\n');
  });

  it('lists its rules', async () => {
    const { out, exit } = await runLint('--rules');
    expect(exit).toBe(0);
    expect(out).toMatch(/^selects-nothing +warning +--fix +a policy that selects no pods$/m);
    expect(out).toMatch(/^purpose-not-written +off /m);
  });

  it('runs one rule alone', async () => {
    put('a.yaml', stream(WARNED, BROKEN));
    const { out } = await runLint('-f', 'a.yaml', '--rule', 'rules-not-in-force', '-o', 'json');
    expect(JSON.parse(out).findings).toHaveLength(1);
  });
});

describe('the configuration', () => {
  it('is ./netverdict.yaml when it is there, and is no manifest', async () => {
    put('a.yaml', WARNED);
    put('netverdict.yaml', 'lint:\n  rules: { empty-list-admits-everyone: note }\n  profile: calico\n');
    const { out, exit } = await runLint('-o', 'json', '-f', '.');
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ profile: 'calico', summary: { belowSeverity: 1 } });
    expect((await runLint('-f', '.', '--no-config')).exit).toBe(1);
    expect(JSON.parse((await runLint('-f', '.', '-o', 'json', '--cni', 'cilium')).out).profile).toBe('cilium');
  });

  it('is asked for the list without which a rule finds nothing', async () => {
    put('a.yaml', WARNED);
    const { failure, exit } = await runLint('-f', 'a.yaml', '--rule', 'selects-by-forbidden-label');
    expect(exit).toBe(2);
    expect(failure?.message).toBe('rule `selects-by-forbidden-label` finds nothing without `lint.house.labels`');
    expect(failure?.hint).toContain('netverdict.yaml');
    put('c.yaml', 'lint: { house: { labels: [version] } }');
    expect((await runLint('-f', 'a.yaml', '--config', 'c.yaml', '--rule', 'selects-by-forbidden-label')).exit).toBe(0);
  });

  it('accepts findings with a reason', async () => {
    put('a.yaml', WARNED);
    put('c.yaml', 'lint: { ignore: [{ rule: empty-list-admits-everyone, object: shop/*, reason: a load test }] }');
    expect(await runLint('-f', 'a.yaml', '--config', 'c.yaml')).toMatchObject({
      exit: 0,
      out: 'no findings\nnot shown: 1 accepted with a reason\n',
    });
  });

  it.each([
    ['lint: { rulez: {} }', '`lint.rulez` is not a known key', 'did you mean `rules`?'],
    ['lint: { rules: { selects-nothin: off } }', '`lint.rules.selects-nothin` is not a rule', 'did you mean `selects-nothing`'],
    [
      'lint: { ignore: [{ rule: pod-open }] }',
      '`lint.ignore.0.reason` is missing or empty',
      'write the reason why this finding is accepted',
    ],
    [
      'lint: { rules: { name-against-convention: warning } }',
      '`lint.rules.name-against-convention` is on, but finds nothing without `lint.house.names`',
      'add `lint.house.names`: a list of patterns',
    ],
    ['lint: [', 'c.yaml: ', 'it must be YAML'],
  ])('%s is refused, with the nearest name', async (config, message, hint) => {
    put('a.yaml', CLEAN);
    put('c.yaml', config);
    const { failure, exit } = await runLint('-f', 'a.yaml', '--config', 'c.yaml');
    expect(exit).toBe(2);
    expect(failure?.message).toContain(message);
    expect(failure?.hint ?? '').toContain(hint);
  });

  it('must be there when it is named', async () => {
    put('a.yaml', CLEAN);
    expect((await runLint('-f', 'a.yaml', '--config', 'none.yaml')).failure?.code).toBe('config-unreadable');
  });
});

describe('old findings', () => {
  it('are left out by a baseline, news are not, and lines may move', async () => {
    put('a.yaml', WARNED);
    expect((await runLint('-f', 'a.yaml', '--write-baseline', 'base.json')).exit).toBe(0);
    put('a.yaml', `# moved\n# down\n${WARNED}`);
    expect(await runLint('-f', 'a.yaml', '--baseline', 'base.json')).toMatchObject({
      exit: 0,
      out: 'no findings\nnot shown: 1 known before\n',
    });
    put('a.yaml', stream(WARNED, BROKEN));
    const { exit, out } = await runLint('-f', 'a.yaml', '--baseline', 'base.json', '-o', 'json');
    expect(exit).toBe(1);
    expect(JSON.parse(out).findings.map(({ rule }: { rule: string }) => rule)).toEqual(['rules-not-in-force']);
  });

  it('are left out by the baseline of the configuration, relative to it', async () => {
    mkdirSync('conf');
    put('a.yaml', WARNED);
    await runLint('-f', 'a.yaml', '--write-baseline', 'conf/base.json');
    put('conf/netverdict.yaml', 'lint: { baseline: base.json }');
    expect((await runLint('-f', 'a.yaml', '--config', 'conf/netverdict.yaml')).exit).toBe(0);
  });

  it('a file that is none is refused', async () => {
    put('a.yaml', WARNED);
    put('base.json', '{"kind":"LintReport"}');
    expect((await runLint('-f', 'a.yaml', '--baseline', 'base.json')).failure?.code).toBe('baseline-invalid');
    expect((await runLint('-f', 'a.yaml', '--baseline', 'none.json')).failure?.code).toBe('baseline-unreadable');
  });

  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { stdio: 'pipe' });

  it('are left out by a git revision, also for a folder inside the repository', async () => {
    mkdirSync('k8s');
    put('k8s/a.yaml', WARNED);
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    put('k8s/a.yaml', stream(WARNED, BROKEN));
    put('k8s/new.yaml', policy('new', 'podSelector: {}\ningress: [{ from: [] }]', 'stage'));
    const { out, exit } = await runLint('-f', 'k8s', '--since', 'main', '-o', 'json');
    expect(exit).toBe(1);
    expect(JSON.parse(out).findings.map(({ object }: { object: string }) => object)).toEqual([
      'NetworkPolicy shop/broken',
      'NetworkPolicy stage/new',
    ]);
    expect(JSON.parse(out).summary.old).toBeGreaterThan(0);
    process.chdir('k8s');
    expect((await runLint('-f', 'a.yaml', '--since', 'HEAD', '--severity', 'error')).exit).toBe(1);
    git('commit', '-qam', 'second');
    expect((await runLint('-f', '.', '--since', 'HEAD', '--rule', 'rules-not-in-force')).exit).toBe(0);
  });

  it('need a repository with that revision', async () => {
    put('a.yaml', WARNED);
    expect((await runLint('-f', 'a.yaml', '--since', 'main')).failure?.code).toBe('no-repository');
    git('init', '-q', '-b', 'main');
    expect((await runLint('-f', 'a.yaml', '--since', 'main')).failure?.code).toBe('no-commits');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    expect((await runLint('-f', 'a.yaml', '--since', 'nope')).failure?.code).toBe('no-such-revision');
    expect((await runLint('-f', 'a.yaml', '--since', '--help')).failure?.code).toBe('no-such-revision');
    expect((await runLint('-f', 'a.yaml', '--since', 'main')).exit).toBe(0);
  });
});

describe('--fix on files', () => {
  it('writes what is mended and nothing else: line ends, a byte order mark, permissions and links stay', async () => {
    const crlf = `\ufeff${BROKEN.replaceAll('\n', '\r\n')}`;
    put('real.yaml', crlf);
    chmodSync('real.yaml', 0o640);
    symlinkSync('real.yaml', 'a.yaml');
    const { exit, err } = await runLint('-f', 'a.yaml', '--fix', '--severity', 'error');
    expect(exit).toBe(0);
    expect(err).toContain('rules-not-in-force');
    expect(text('real.yaml')).toBe(crlf.replace('[Ingress]', '[Ingress, Egress]'));
    expect(statSync('real.yaml').mode & 0o777).toBe(0o640);
    expect(readdirSync('.').toSorted()).toEqual(['a.yaml', 'real.yaml']);
  });

  it('says what it would do with --dry-run, and writes nothing', async () => {
    put('a.yaml', BROKEN);
    const { err } = await runLint('-f', 'a.yaml', '--fix', '--dry-run');
    expect(err).toContain('would fix 1 finding in 1 file');
    expect(text('a.yaml')).toBe(BROKEN);
  });

  it('leaves a note alone that nobody would be shown', async () => {
    const yaml = policy('a', 'podSelector: {}\npolicyTypes: [Ingress, Ingress]');
    put('a.yaml', yaml);
    await runLint('-f', 'a.yaml', '--fix');
    expect(text('a.yaml')).toBe(yaml);
    await runLint('-f', 'a.yaml', '--fix', '--severity', 'note');
    expect(text('a.yaml')).toBe(yaml.replace('[Ingress, Ingress]', '[Ingress]'));
  });

  it('touches no file when one of them changed since it was read', async () => {
    put('a.yaml', 'old a');
    put('b.yaml', 'new b');
    const changes = [
      { file: 'a.yaml', before: 'old a', after: 'new a' },
      { file: 'b.yaml', before: 'old b', after: 'newer b' },
    ];
    await expect(writeChanges(changes)).rejects.toMatchObject({ code: 'file-changed' });
    expect([text('a.yaml'), text('b.yaml')]).toEqual(['old a', 'new b']);
    expect(readdirSync('.').toSorted()).toEqual(['a.yaml', 'b.yaml']);
  });

  it('leaves a whole file, old or new, when it is killed in the middle', { timeout: 60_000 }, async () => {
    const size = 2_000_000;
    const whole = ['a', 'b'].map((letter) => `${letter.repeat(size)}\n`);
    put('a.yaml', whole[0] ?? '');
    const script = fileURLToPath(new URL('./rewrite-forever.ts', import.meta.url));
    const tsx = join(home, 'node_modules', '.bin', 'tsx');
    let seen = 0;
    for (const afterMs of [3, 11, 17, 26]) {
      const child = spawn(tsx, [script, join(folder, 'a.yaml'), String(size)], {
        stdio: ['ignore', 'pipe', 'inherit'],
        cwd: home,
        detached: true,
      });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      const gone = new Promise((resolve) => child.once('exit', resolve));
      // tsx runs the script in a process of its own: the whole group must go.
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      await gone;
      expect(whole).toContain(text('a.yaml'));
      seen++;
    }
    expect(seen).toBe(4);
    // What a killed run leaves beside the file is no manifest, and is not read as one.
    put('b.yaml', stream(CLEAN, SHOP));
    rmSync('a.yaml');
    expect(JSON.parse((await runLint('-f', '.', '-o', 'json', '--rule', 'yaml-broken')).out).findings).toEqual([]);
  });
});
