import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commitOf, insideOf, manifestsAt, mergeBase, repositoryAt, writeTree } from './git.ts';

const CART = 'kind: Pod\n';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netverdict-git-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function git(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=shop', '-c', 'user.email=shop@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', folder, ...identity, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function commit(message = 'a change'): string {
  git('add', '-A');
  git('commit', '-q', '-m', message);
  return git('rev-parse', 'HEAD');
}

function begin(): void {
  git('init', '-q', '-b', 'main');
}

describe('manifests at a revision', () => {
  test('are those that the folder had then, whatever it has now', async () => {
    begin();
    write('k8s/cart.yaml', CART);
    write('k8s/readme.md', 'no manifest');
    write('k8s/.hidden/x.yaml', CART);
    write('k8s/node_modules/x.yaml', CART);
    write('other/x.yaml', CART);
    commit();
    write('k8s/cart.yaml', 'kind: Service\n');
    const repository = await repositoryAt(join(folder, 'k8s'));
    const { texts } = await manifestsAt(repository, await commitOf(repository, 'main'), [join(folder, 'k8s')], 'main');
    expect(texts).toEqual([{ file: 'main:k8s/cart.yaml', text: CART }]);
    const whole = await manifestsAt(repository, await commitOf(repository, 'main'), [folder], 'main');
    expect(whole.texts.map(({ file }) => file)).toEqual(['main:k8s/cart.yaml', 'main:other/x.yaml']);
  });

  test('a file that is named is taken whatever it is called, and odd names are names', async () => {
    begin();
    write('cart.tpl', CART);
    write('a b [1] *.yaml', CART);
    write('ä.yaml', CART);
    const at = commit();
    const repository = await repositoryAt(folder);
    const { texts } = await manifestsAt(
      repository,
      at,
      [join(folder, 'cart.tpl'), join(folder, 'a b [1] *.yaml'), join(folder, 'ä.yaml')],
      'x',
    );
    expect(texts.map(({ file }) => file)).toEqual(['x:cart.tpl', 'x:a b [1] *.yaml', 'x:ä.yaml']);
  });

  test('a path that was not there gives nothing, a link gives what it leads to, and bytes that are no text a problem', async () => {
    begin();
    write('base/cart.yaml', CART);
    symlinkSync('base/cart.yaml', join(folder, 'link.yaml'));
    symlinkSync('/etc/hostname', join(folder, 'away.yaml'));
    writeFileSync(join(folder, 'bytes.yaml'), Buffer.from([0x6b, 0xff, 0xfe, 0x00, 0x80]));
    const at = commit();
    const repository = await repositoryAt(folder);
    expect((await manifestsAt(repository, at, [join(folder, 'gone')], 'x')).texts).toEqual([]);
    const { texts, problems } = await manifestsAt(repository, at, [folder], 'x');
    expect(texts).toEqual([
      { file: 'x:base/cart.yaml', text: CART },
      { file: 'x:link.yaml', text: CART },
    ]);
    expect(problems.map(({ code }) => code)).toEqual(['not-text']);
  });

  test('many files come from one git', async () => {
    begin();
    for (let i = 0; i < 300; i++) write(`k8s/${String(i).padStart(3, '0')}.yaml`, `n: ${i}\n`);
    const at = commit();
    const repository = await repositoryAt(folder);
    const { texts } = await manifestsAt(repository, at, [folder], 'x');
    expect(texts).toHaveLength(300);
    expect(texts.at(-1)).toEqual({ file: 'x:k8s/299.yaml', text: 'n: 299\n' });
  });

  test('an empty file is an empty text', async () => {
    begin();
    write('empty.yaml', '');
    write('full.yaml', CART);
    const at = commit();
    const repository = await repositoryAt(folder);
    expect((await manifestsAt(repository, at, [folder], 'x')).texts.map(({ text }) => text)).toEqual(['', CART]);
  });
});

describe('a revision', () => {
  test('can be a branch, a tag, a short hash and an older commit', async () => {
    begin();
    write('cart.yaml', CART);
    const first = commit();
    write('cart.yaml', 'kind: Service\n');
    const second = commit();
    git('tag', 'v1', first);
    const repository = await repositoryAt(folder);
    expect(await commitOf(repository, 'main')).toBe(second);
    expect(await commitOf(repository, 'v1')).toBe(first);
    expect(await commitOf(repository, first.slice(0, 8))).toBe(first);
    expect(await commitOf(repository, 'HEAD~1')).toBe(first);
  });

  test('where branches parted is found, and said when they never met', async () => {
    begin();
    write('cart.yaml', CART);
    const base = commit();
    git('checkout', '-q', '-b', 'feature');
    write('new.yaml', CART);
    commit();
    git('checkout', '-q', 'main');
    write('other.yaml', CART);
    commit();
    const repository = await repositoryAt(folder);
    expect(await mergeBase(repository, 'main', 'feature')).toBe(base);
    git('checkout', '-q', '--orphan', 'island');
    commit('alone');
    await expect(mergeBase(repository, 'main', 'island')).rejects.toMatchObject({ code: 'no-merge-base' });
  });

  test('that does not exist is answered with names that are near', async () => {
    begin();
    write('cart.yaml', CART);
    commit();
    git('branch', 'feature');
    const repository = await repositoryAt(folder);
    await expect(commitOf(repository, 'featrue')).rejects.toMatchObject({ code: 'no-such-revision', facts: { near: ['feature'] } });
    await expect(commitOf(repository, '--help')).rejects.toMatchObject({ code: 'no-such-revision' });
  });

  test('of a clone without history is answered with how to get it', async () => {
    begin();
    write('cart.yaml', CART);
    const first = commit();
    write('cart.yaml', 'kind: Service\n');
    commit();
    const clone = join(folder, 'clone');
    execFileSync('git', ['clone', '-q', '--depth', '1', `file://${folder}`, clone]);
    const repository = await repositoryAt(clone);
    await expect(commitOf(repository, first)).rejects.toMatchObject({ code: 'no-such-revision', facts: { shallow: true } });
  });

  test('a repository without commits and a folder without repository are told apart', async () => {
    await expect(repositoryAt(folder)).rejects.toMatchObject({ code: 'no-repository' });
    begin();
    const repository = await repositoryAt(folder);
    await expect(commitOf(repository, 'main')).rejects.toMatchObject({ code: 'no-commits' });
  });

  test('paths outside the repository and standard input have no history', async () => {
    begin();
    const repository = await repositoryAt(folder);
    await expect(insideOf(repository, tmpdir())).rejects.toMatchObject({ code: 'outside-repository' });
    await expect(insideOf(repository, '-')).rejects.toMatchObject({ code: 'stdin-has-no-history' });
    expect(await insideOf(repository, folder)).toBe('');
    expect(await insideOf(repository, join(folder, 'k8s/not-there-yet'))).toBe('k8s/not-there-yet');
  });
});

test('a tree is written with its programs and its links', async () => {
  begin();
  write('k8s/cart.yaml', CART);
  write('build.sh', '#!/bin/sh\n');
  chmodSync(join(folder, 'build.sh'), 0o755);
  symlinkSync('k8s/cart.yaml', join(folder, 'link.yaml'));
  const at = commit();
  const out = mkdtempSync(join(tmpdir(), 'netverdict-tree-'));
  try {
    await writeTree(await repositoryAt(folder), at, out);
    expect(readFileSync(join(out, 'k8s/cart.yaml'), 'utf8')).toBe(CART);
    expect(readlinkSync(join(out, 'link.yaml'))).toBe('k8s/cart.yaml');
    expect(execFileSync(join(out, 'build.sh'), { encoding: 'utf8' })).toBe('');
  } finally {
    rmSync(out, { recursive: true });
  }
});
