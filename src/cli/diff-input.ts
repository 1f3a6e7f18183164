// The two states that `diff` compares: folders, files, a git revision, standard input, or what the user's own command prints.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { type InputText, loadCluster } from '../manifest/load.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Problem } from '../model/problem.ts';
import { readInputs } from '../source/files.ts';
import type { Repository } from '../source/git.ts';
import { worldOfStates } from './world.ts';

export interface StatesOptions {
  readonly git?: string;
  readonly render?: string;
  /** Objects that are in both states. */
  readonly file?: readonly string[];
  readonly namespace?: string;
}

export interface TwoStates {
  /** As the reports call them. */
  readonly base: string;
  readonly head: string;
  readonly before: Cluster;
  readonly after: Cluster;
  /** What both were made from: `main (12 files) and working tree (13 files)`. */
  readonly world: string;
}

interface Texts {
  readonly texts: readonly InputText[];
  readonly problems: readonly Problem[];
}

interface Side extends Texts {
  readonly name: string;
}

/**
 * `diff BASE HEAD`, `diff --git REF [PATH…]`, `diff --git A..B`, `diff --git A...B`. Failure for anything else, for a revision that is
 * not there, and when neither state has an object.
 */
export async function readStates(paths: readonly string[], options: StatesOptions): Promise<TwoStates> {
  const [base, head] = options.git === undefined ? await fromPaths(paths, options) : await fromGit(options.git, paths, options);
  const shared = options.file === undefined ? NOTHING : await readInputs(options.file, {});
  const load = (side: Side) => loadState(side, shared, options.namespace ?? 'default');
  const world = worldOfStates(
    [base, head].map(({ name, texts }) => ({ name, files: texts.length })),
    shared.texts.length,
  );
  const states = { base: base.name, head: head.name, before: load(base), after: load(head), world };
  if (states.before.objectCount === 0 && states.after.objectCount === 0) {
    throw new Failure('no-objects', `neither \`${base.name}\` nor \`${head.name}\` holds a Kubernetes object`, {
      hint: 'name folders or files with manifests',
    });
  }
  return states;
}

const NOTHING: Texts = { texts: [], problems: [] };

/** What a side says of an object that both share is what counts; that it stands twice is then no fault. */
function loadState(side: Texts, shared: Texts, namespace: string): Cluster {
  const cluster = loadCluster([...shared.texts, ...side.texts], { namespace, problems: [...shared.problems, ...side.problems] });
  if (shared.texts.length === 0) return cluster;
  return { ...cluster, problems: cluster.problems.filter(({ code }) => code !== 'duplicate-object') };
}

async function fromPaths(paths: readonly string[], { render, file }: StatesOptions): Promise<[Side, Side]> {
  const [base, head, ...more] = paths;
  if (base === undefined || head === undefined || more.length > 0) {
    throw new Failure(
      'two-states-needed',
      paths.length === 0
        ? 'nothing to compare'
        : `two states are compared, and ${paths.length} ${paths.length === 1 ? 'was' : 'were'} named`,
      {
        hint: 'netverdict diff BASE HEAD, or netverdict diff --git main [PATH…]',
      },
    );
  }
  const fromStdin = [base, head, ...(file ?? [])].filter((path) => path === '-').length;
  if (fromStdin > 1)
    throw new Failure('stdin-twice', 'only one of the states can come from standard input', { hint: 'write the other one to a file' });
  return [await readSide(base, render), await readSide(head, render)];
}

async function readSide(path: string, render: string | undefined): Promise<Side> {
  const name = path === '-' ? '<stdin>' : path;
  if (render === undefined || path === '-') return { name, ...(await readInputs([path], {})) };
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new Failure('input-not-found', `no such file or folder: \`${path}\``);
  const { rendered } = await import('../source/render.ts');
  return { name, texts: [await rendered(render, found.isDirectory() ? path : dirname(path), path)], problems: [] };
}

async function fromGit(revision: string, paths: readonly string[], options: StatesOptions): Promise<[Side, Side]> {
  const { commitOf, insideOf, manifestsAt, mergeBase, repositoryAt, writeTree } = await import('../source/git.ts');
  const wanted = paths.length === 0 ? ['.'] : paths;
  const repository = await repositoryAt(wanted[0] ?? '.');
  const at = async (commit: string, label: string): Promise<Side> => {
    if (options.render === undefined) return { name: label, ...(await manifestsAt(repository, commit, wanted, label)) };
    return { name: label, ...(await renderedTree(commit, label)) };
  };
  const [, one = '', dots, other = ''] = /^(.*?)(\.{2,3})(.*)$/s.exec(revision) ?? [undefined, revision];
  const first = one === '' ? 'HEAD' : one;
  if (dots === undefined) return [await at(await commitOf(repository, first), first), await workingTree(repository)];
  const second = other === '' ? 'HEAD' : other;
  const base = dots === '...' ? await mergeBase(repository, first, second) : await commitOf(repository, first);
  return [await at(base, dots === '...' ? `${first}...` : first), await at(await commitOf(repository, second), second)];

  async function workingTree({ root }: Repository): Promise<Side> {
    if (options.render === undefined) return { name: 'working tree', ...(await present(wanted)) };
    const { rendered } = await import('../source/render.ts');
    const texts = await Promise.all(
      wanted.map(async (path) =>
        rendered(options.render ?? '', path === '.' ? process.cwd() : join(root, await insideOf(repository, path)), path),
      ),
    );
    return { name: 'working tree', texts, problems: [] };
  }

  /** The command may read whatever is in the repository, so it gets all of it; the folder goes when it is done. */
  async function renderedTree(commit: string, label: string): Promise<Texts> {
    const { rendered } = await import('../source/render.ts');
    const folder = await mkdtemp(join(tmpdir(), 'netverdict-tree-'));
    try {
      await writeTree(repository, commit, folder);
      const texts: InputText[] = [];
      for (const path of wanted) {
        const inside = join(folder, await insideOf(repository, path));
        const isThere = (await stat(inside).catch(() => undefined))?.isDirectory() === true;
        // A folder that is new has no state before.
        if (isThere) texts.push(await rendered(options.render ?? '', inside, label));
      }
      return { texts, problems: [] };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Paths that were deleted since the revision are no mistake: the state is then without them. */
async function present(paths: readonly string[]): Promise<Texts> {
  const there: string[] = [];
  for (const path of paths) if ((await stat(path).catch(() => undefined)) !== undefined || /[*?[]/.test(path)) there.push(path);
  if (there.length === 0) return NOTHING;
  return readInputs(there, {});
}
