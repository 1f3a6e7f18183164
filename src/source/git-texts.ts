// The files of a folder as they were at a git revision, by asking git itself. Nothing is checked out, nothing is written.
import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../failure.ts';
import type { InputText } from '../manifest/load.ts';
import { decodeText } from './decode-text.ts';

const run = promisify(execFile);
const MAX_BYTES = 500_000_000;

/**
 * The manifests that paths named at a revision: `textsAt('main', ['deploy'])` → `[{ file: 'deploy/cart.yaml', text }]`, file names as for
 * the paths of today. A path that was not there then gives nothing. Failure when it is no repository, has no such revision, or git is
 * not there.
 */
export async function textsAt(revision: string, paths: readonly string[]): Promise<readonly InputText[]> {
  const texts: InputText[] = [];
  for (const path of paths) {
    if (path === '-') throw new Failure('stdin-has-no-history', {});
    const folder = await folderOf(path);
    const root = (await git(folder, ['rev-parse', '--show-toplevel'])).toString('utf8').trimEnd();
    const commit = await commitOf(folder, revision);
    const inside = relative(await realpath(root), await realpath(path).catch(() => resolve(path)));
    const listed = await git(root, ['ls-tree', '-r', '-z', '--name-only', commit, '--', inside === '' ? '.' : inside.split(sep).join('/')]);
    for (const name of listed.toString('utf8').split('\0')) {
      if (!/\.(ya?ml|json)$/i.test(name)) continue;
      const text = decodeText(await git(root, ['cat-file', 'blob', `${commit}:${name}`]));
      if (typeof text === 'string') texts.push({ file: fileName(path, inside, name), text });
    }
  }
  return texts;
}

/** As today's file is called: `deploy` and `apps/deploy/cart.yaml` in the repository → `deploy/cart.yaml`. */
function fileName(path: string, inside: string, name: string): string {
  const rest = inside === '' ? name : name === inside ? '' : name.slice(inside.length + 1);
  const start = path.replace(/\/+$/, '');
  return rest === '' ? path : start === '.' ? rest : `${start}/${rest}`;
}

async function folderOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true ? path : dirname(path);
}

async function commitOf(folder: string, revision: string): Promise<string> {
  // `--end-of-options`: a revision called `--help` is a revision.
  const found = await git(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]).catch(() => undefined);
  if (found !== undefined) return found.toString('utf8').trim();
  const hasCommits = await git(folder, ['rev-parse', '--verify', '--quiet', 'HEAD']).then(
    () => true,
    () => false,
  );
  if (!hasCommits) throw new Failure('no-commits', {});
  throw new Failure('no-such-revision', { revision, near: [], shallow: false });
}

async function git(folder: string, args: readonly string[]): Promise<Buffer> {
  try {
    const { stdout } = await run('git', ['-C', folder, ...args], { encoding: 'buffer', maxBuffer: MAX_BYTES });
    return stdout;
  } catch (cause) {
    const { code, stderr } = cause as { readonly code?: unknown; readonly stderr?: Buffer };
    if (code === 'ENOENT') throw new Failure('no-git', {}, { cause });
    const words = (stderr?.toString('utf8') ?? '').trim().split('\n')[0] ?? '';
    if (/not a git repository/.test(words)) throw new Failure('no-repository', { folder }, { cause });
    throw new Failure('git-failed', { said: words.replace(/^fatal: /, ''), foreignFolder: undefined }, { cause });
  }
}
