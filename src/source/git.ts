// What a repository held at a revision, by asking git itself: manifests as texts, or a whole tree written to a folder of its own.
// Nothing is checked out, no index and no branch is touched.
import { execFile, spawn } from 'node:child_process';
import { mkdir, realpath, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../failure.ts';
import type { InputText } from '../manifest/load.ts';
import type { Problem } from '../model/problem.ts';
import { nearest } from '../profile/nearest.ts';
import { decodeText } from './decode-text.ts';

const run = promisify(execFile);
const MAX_BYTES = 500_000_000;
const MANIFEST = /\.(?:ya?ml|json)$/i;

export interface Repository {
  /** The top folder, links followed. */
  readonly root: string;
}

/** The repository that a path lies in. Failure `no-repository`, `no-git`. */
export async function repositoryAt(path: string): Promise<Repository> {
  const found = await stat(path).catch(() => undefined);
  const folder = found?.isDirectory() === true ? path : dirname(path);
  const root = (await git(folder, ['rev-parse', '--show-toplevel'])).toString('utf8').replace(/\r?\n$/, '');
  return { root: await realpath(root) };
}

/**
 * The commit that a revision means, as its hash. Failure `no-commits` for a repository without any, `no-such-revision` with names that are
 * near; of a clone without history it says so.
 */
export async function commitOf({ root }: Repository, revision: string): Promise<string> {
  const found = await resolved(root, revision);
  if (found !== undefined) return found;
  if ((await resolved(root, 'HEAD')) === undefined) throw new Failure('no-commits', {});
  const names = (await git(root, ['for-each-ref', '--format=%(refname:short)'])).toString('utf8').split('\n');
  const near = nearest(
    revision,
    names.filter((name) => name !== ''),
  );
  const shallow = (await git(root, ['rev-parse', '--is-shallow-repository'])).toString('utf8').trim() === 'true';
  throw new Failure('no-such-revision', { revision, near, shallow });
}

/** The commit at which two branches parted, as `git diff A...B` takes it. Failure `no-merge-base` when they share nothing. */
export async function mergeBase(repository: Repository, one: string, other: string): Promise<string> {
  const commits = await Promise.all([commitOf(repository, one), commitOf(repository, other)]);
  const found = await git(repository.root, ['merge-base', ...commits]).catch(() => undefined);
  if (found === undefined) throw new Failure('no-merge-base', { one, other });
  return found.toString('utf8').trim();
}

/**
 * The manifests below paths at a commit, named as a person would say it: `[{ file: 'main:k8s/cart.yaml', text }]`, with `label` before
 * the colon. The same files that a folder gives: .yaml, .yml, .json, no hidden names, no node_modules; a file that is named whatever
 * it is called. A path that was not there then gives nothing. A file that is no text becomes a problem.
 */
export async function manifestsAt(
  repository: Repository,
  commit: string,
  paths: readonly string[],
  label: string,
): Promise<{ readonly texts: readonly InputText[]; readonly problems: readonly Problem[] }> {
  const entries = new Map<string, Entry>();
  for (const path of paths) {
    const inside = await insideOf(repository, path);
    for (const entry of await entriesAt(repository, commit, inside)) {
      if (entry.path === inside || isManifest(inside === '' ? entry.path : entry.path.slice(inside.length + 1)))
        entries.set(entry.path, entry);
    }
  }
  const texts: InputText[] = [];
  const problems: Problem[] = [];
  const blobs = await blobsOf(repository, commit, [...entries.values()]);
  for (const [path, bytes] of blobs) {
    const file = `${label}:${path}`;
    const text = decodeText(bytes);
    if (typeof text === 'string') texts.push({ file, text });
    else {
      const place = { file, line: text.line, column: text.column };
      problems.push({ code: 'not-text', severity: 'error', facts: { reason: text.reason }, place });
    }
  }
  return { texts, problems };
}

/** Writes everything that the commit holds into `folder`, which must be there and empty: for a command that renders manifests from it. */
export async function writeTree(repository: Repository, commit: string, folder: string): Promise<void> {
  const entries = await entriesAt(repository, commit, '');
  const modes = new Map(entries.map(({ path, mode }) => [path, mode]));
  for (const [path, bytes] of await blobsOf(repository, commit, entries, false)) {
    const target = join(folder, ...path.split('/'));
    await mkdir(dirname(target), { recursive: true });
    if (modes.get(path) === LINK) await symlink(bytes.toString('utf8'), target);
    else await writeFile(target, bytes, { mode: modes.get(path) === '100755' ? 0o755 : 0o644 });
  }
}

/** `k8s/overlays` for a path in the repository, '' for its top. Failure `outside-repository`. */
export async function insideOf({ root }: Repository, path: string): Promise<string> {
  if (path === '-') throw new Failure('stdin-has-no-history', {});
  const inside = relative(root, await realpath(path).catch(() => resolve(path)));
  if (inside === '..' || inside.startsWith(`..${sep}`)) {
    throw new Failure('outside-repository', { path, root });
  }
  return inside.split(sep).join('/');
}

interface Entry {
  readonly mode: string;
  readonly hash: string;
  /** From the top of the repository, with slashes. */
  readonly path: string;
}

const LINK = '120000';
/** A submodule is a commit of another repository; its files are not in this one. */
const SUBMODULE = '160000';

async function entriesAt({ root }: Repository, commit: string, inside: string): Promise<readonly Entry[]> {
  // Paths of `ls-tree` are taken as they are: `*` and `[` in a name mean themselves.
  const listed = await git(root, ['ls-tree', '-r', '-z', '--full-tree', commit, ...(inside === '' ? [] : ['--', inside])]);
  return listed
    .toString('utf8')
    .split('\0')
    .flatMap((line): Entry[] => {
      const [, mode = '', hash = '', path = ''] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
      return path === '' || mode === SUBMODULE ? [] : [{ mode, hash, path }];
    });
}

function isManifest(path: string): boolean {
  const parts = path.split('/');
  return MANIFEST.test(path) && !parts.some((part) => part.startsWith('.') || part === 'node_modules');
}

/** The contents, by path. Links to files of the same tree are followed, as reading a folder does; links to elsewhere are left out. */
async function blobsOf(
  repository: Repository,
  commit: string,
  entries: readonly Entry[],
  follow = true,
): Promise<ReadonlyMap<string, Buffer>> {
  const contents = await catFile(
    repository,
    entries.map(({ hash }) => hash),
  );
  const found = new Map<string, Buffer>();
  const links: { readonly path: string; readonly target: string }[] = [];
  for (const [i, { path, mode }] of entries.entries()) {
    const bytes = contents[i];
    if (bytes === undefined) continue;
    if (follow && mode === LINK) links.push({ path, target: posix.normalize(posix.join(posix.dirname(path), bytes.toString('utf8'))) });
    else found.set(path, bytes);
  }
  if (links.length === 0) return found;
  const targets = await catFile(
    repository,
    links.map(({ target }) => `${commit}:${target}`),
  );
  for (const [i, { path }] of links.entries()) {
    const bytes = targets[i];
    if (bytes !== undefined) found.set(path, bytes);
  }
  return found;
}

/** One git for all objects. undefined for one that is missing or no file. */
async function catFile({ root }: Repository, names: readonly string[]): Promise<readonly (Buffer | undefined)[]> {
  if (names.length === 0) return [];
  const output = await new Promise<Buffer>((done, fail) => {
    const child = spawn('git', ['-C', root, 'cat-file', '--batch'], { stdio: ['pipe', 'pipe', 'pipe'], env: environment() });
    const chunks: Buffer[] = [];
    let length = 0;
    let words = '';
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BYTES) child.kill();
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      words += chunk.toString('utf8');
    });
    child.stdin.on('error', () => {});
    child.on('error', (cause) => fail(failureOf(root, cause)));
    child.on('close', (code) => {
      if (length > MAX_BYTES) fail(new Failure('too-large', { bytes: MAX_BYTES }));
      else if (code === 0) done(Buffer.concat(chunks));
      else fail(new Failure('git-failed', { said: words.split('\n')[0] ?? '', foreignFolder: undefined }));
    });
    child.stdin.end(names.map((name) => `${name.replaceAll('\n', '')}\n`).join(''));
  });
  const found: (Buffer | undefined)[] = [];
  let at = 0;
  for (const _ of names) {
    const end = output.indexOf(10, at);
    const header = output.toString('utf8', at, end);
    const [, type, size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(header) ?? [];
    if (size === undefined) {
      found.push(undefined);
      at = end + 1;
      continue;
    }
    const start = end + 1;
    found.push(type === 'blob' ? output.subarray(start, start + Number(size)) : undefined);
    at = start + Number(size) + 1;
  }
  return found;
}

async function resolved(root: string, revision: string): Promise<string | undefined> {
  // `--end-of-options`: a revision that is called `--help` is a revision.
  const found = await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]).catch(
    (cause: unknown) => {
      if (cause instanceof Failure && cause.code === 'no-git') throw cause;
      return undefined;
    },
  );
  return found?.toString('utf8').trim();
}

async function git(folder: string, args: readonly string[]): Promise<Buffer> {
  try {
    const { stdout } = await run('git', ['-C', folder, ...args], { encoding: 'buffer', maxBuffer: MAX_BYTES, env: environment() });
    return stdout;
  } catch (cause) {
    throw failureOf(folder, cause);
  }
}

/** Messages in English, because some are told apart; and no lock is taken for what only reads. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' };
}

function failureOf(folder: string, cause: unknown): Failure {
  const { code, stderr } = cause as { readonly code?: unknown; readonly stderr?: Buffer };
  if (code === 'ENOENT') return new Failure('no-git', {}, { cause });
  const words = (stderr?.toString('utf8') ?? '').trim().split('\n')[0] ?? '';
  if (/not a git repository/.test(words)) return new Failure('no-repository', { folder }, { cause });
  const foreignFolder = /dubious ownership/.test(words) ? resolve(folder) : undefined;
  return new Failure('git-failed', { said: words.replace(/^fatal: /, ''), foreignFolder }, { cause });
}
