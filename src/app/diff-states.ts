// The two states that `diff` compares: folders, files, a git revision, standard input, or what the user's own command prints.
import { Failure } from '../failure.ts';
import { clusterOf, objectsIn } from '../manifest/load.ts';
import type { KubeObject } from '../manifest/objects.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Problem } from '../model/problem.ts';
import { type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import { CELL_NAMES } from '../profile/profile.ts';
import type { Repository } from '../source/git.ts';
import { bothEmpty, nothingStaged, nothingToApply, STAGED_ENFORCED, stdinTwice } from '../words/en/input-failures.ts';
import { applied } from './apply.ts';
import type { StateBasis } from './basis.ts';
import { type InputChoice, type InputWish, readObjects } from './input.ts';
import type { GitPort, Ports, Texts } from './ports.ts';
import { namedProfile, type ProfileWish, profileFor } from './profile.ts';
import { saidFailure } from './said-failure.ts';
import { isStaged, withStagedEnforced } from './staged.ts';

export interface StatesWish extends ProfileWish {
  readonly compare: Comparison;
  /** A command of the user's whose output is the state. */
  readonly render?: string | undefined;
  /** Files whose objects are in both states. */
  readonly shared?: readonly string[] | undefined;
  readonly namespace?: string | undefined;
  readonly onProgress?: InputWish['onProgress'];
}

export type Comparison =
  | { readonly of: 'paths'; readonly base: string; readonly head: string }
  /** `main`: with the files as they are; `A..B`: one with the other; `A...B`: with B where the two parted. `paths`: [] is this folder. */
  | { readonly of: 'git'; readonly revision: string; readonly paths: readonly string[] }
  /** A cluster, live or in a snapshot, and the same with these files applied. `paths`: [] is this folder. */
  | { readonly of: 'applied'; readonly cluster: Exclude<InputChoice, { from: 'here' }>; readonly paths: readonly string[] }
  /** A state, and the same with its staged policies enforced. */
  | { readonly of: 'staged'; readonly input: InputChoice };

export interface TwoStates {
  /** The new state is the old one with files applied: what differs in an object is a drift. */
  readonly isApplied: boolean;
  /** As the reports call them. */
  readonly base: string;
  readonly head: string;
  readonly before: Cluster;
  readonly after: Cluster;
  /** As the new state's own settings make it. */
  readonly choice: ProfileChoice;
  /** Cells of the profile that the settings of the old state decide otherwise: `['enforces']`. [] mostly. */
  readonly settingsDiffer: readonly string[];
  readonly basis: {
    readonly states: readonly StateBasis[];
    /** Files that are in both. */
    readonly shared: number;
  };
}

interface Side extends Texts {
  readonly name: string;
}

/**
 * Both states, and the profile as their own settings make it. Failure for a revision that is not there, an unknown profile, and when
 * neither state has an object.
 */
export async function readStates(ports: Ports, wish: StatesWish): Promise<TwoStates> {
  if (wish.cni !== undefined && wish.cni !== 'auto') await namedProfile(ports.files, wish);
  if (wish.compare.of === 'applied') return appliedStates(ports, wish.compare, wish);
  if (wish.compare.of === 'staged') return stagedStates(ports, wish.compare, wish);
  const [base, head] = wish.compare.of === 'paths' ? await fromPaths(ports, wish.compare, wish) : await fromGit(ports, wish.compare, wish);
  const shared = wish.shared === undefined ? NOTHING : await ports.files.read(wish.shared);
  const [before, after] = [stateOf(base, shared, wish), stateOf(head, shared, wish)];
  if (before.cluster.objectCount === 0 && after.cluster.objectCount === 0) {
    throw saidFailure('no-objects', bothEmpty(base.name, head.name));
  }
  return {
    isApplied: false,
    base: base.name,
    head: head.name,
    before: before.cluster,
    after: after.cluster,
    ...(await profilesOf(ports, [before.objects, after.objects], undefined, wish)),
    basis: { states: [base, head].map(({ name, texts }) => ({ name, made: { files: texts.length } })), shared: shared.texts.length },
  };
}

/** Objects of the files that say no namespace go where those of the cluster's context do. */
async function appliedStates(ports: Ports, { cluster, paths }: Compared<'applied'>, wish: StatesWish): Promise<TwoStates> {
  const live = await readObjects(ports, { input: cluster, namespace: wish.namespace, onProgress: wish.onProgress });
  const { namespace } = live;
  const named = paths.length === 0 ? ['.'] : paths;
  const files = wish.render === undefined ? await ports.files.read(named) : await printed(ports, named, wish.render);
  const found = objectsIn(files.texts, namespace);
  const problems = [...files.problems, ...found.problems];
  if (found.objects.length === 0 && problems.length === 0) throw saidFailure('no-objects', nothingToApply(named));
  const objects = applied(live.objects, found.objects, namespace);
  const base = live.context === undefined ? clusterFile(cluster) : `cluster ${live.context.cluster || live.context.name}`;
  const head = named.length > MOST_NAMED ? `${named.length} paths applied` : `${named.join(', ')} applied`;
  return {
    isApplied: true,
    base,
    head,
    before: clusterOf(live.objects, live.problems, namespace),
    after: clusterOf(objects, [...live.problems, ...problems], namespace),
    ...(await profilesOf(ports, [live.objects, objects], live.context, wish)),
    basis: {
      states: [
        { name: base, made: { objects: live.objects.length } },
        { name: head, made: { files: files.texts.length } },
      ],
      shared: 0,
    },
  };
}

async function stagedStates(ports: Ports, { input }: Compared<'staged'>, wish: StatesWish): Promise<TwoStates> {
  const read = await readObjects(ports, { input, namespace: wish.namespace, onProgress: wish.onProgress });
  const { objects, problems, namespace, context, basis } = read;
  if (!objects.some(isStaged)) throw saidFailure('nothing-staged', nothingStaged());
  const after = withStagedEnforced(objects, namespace);
  const base =
    context === undefined ? (basis.kind === 'files' ? basis.paths.join(', ') : '') : `cluster ${context.cluster || context.name}`;
  const head = `${base} ${STAGED_ENFORCED}`;
  const made = basis.kind === 'files' ? { files: basis.files.length } : { objects: objects.length };
  return {
    isApplied: false,
    base,
    head,
    before: clusterOf(objects, problems, namespace),
    after: clusterOf(after, problems, namespace),
    ...(await profilesOf(ports, [objects, after], context, wish)),
    basis: { states: [base, head].map((name) => ({ name, made })), shared: 0 },
  };
}

/** The profile of the new state, and where that of the old one differs: two states may set the CNI in two ways. */
async function profilesOf(
  { files }: Ports,
  states: readonly [readonly KubeObject[], readonly KubeObject[]],
  context: unknown,
  wish: StatesWish,
): Promise<Pick<TwoStates, 'choice' | 'settingsDiffer'>> {
  const [before, after] = states.map((objects) => profileFor(files, { objects, context }, wish)) as [
    Promise<ProfileChoice>,
    Promise<ProfileChoice>,
  ];
  const choice = await after;
  // A state without objects sets nothing.
  if (states.some((objects) => objects.length === 0)) return { choice, settingsDiffer: [] };
  const [was, is] = [semanticsOf(await before), semanticsOf(choice)];
  return { choice, settingsDiffer: CELL_NAMES.filter((cell) => was[cell] !== is[cell]) };
}

const MOST_NAMED = 3;

function clusterFile(cluster: Compared<'applied'>['cluster']): string {
  return cluster.from === 'files' ? cluster.paths.join(', ') : '';
}

async function printed({ render }: Ports, paths: readonly string[], command: string): Promise<Texts> {
  return { texts: await Promise.all(paths.map((path) => render.printed(command, path, path))), problems: [] };
}

const NOTHING: Texts = { texts: [], problems: [] };

interface State {
  readonly objects: readonly KubeObject[];
  readonly cluster: Cluster;
}

/** What a side says of an object that both share is what counts; that it stands twice is then no fault. */
function stateOf(side: Texts, shared: Texts, { namespace = 'default' }: StatesWish): State {
  const { objects, problems } = objectsIn([...shared.texts, ...side.texts], namespace);
  const isFault = ({ code }: Problem) => shared.texts.length === 0 || code !== 'duplicate-object';
  return { objects, cluster: clusterOf(objects, [...shared.problems, ...side.problems, ...problems].filter(isFault), namespace) };
}

type Compared<Of extends Comparison['of']> = Extract<Comparison, { of: Of }>;

async function fromPaths(ports: Ports, { base, head }: Compared<'paths'>, { render, shared = [] }: StatesWish): Promise<[Side, Side]> {
  if ([base, head, ...shared].filter((path) => path === '-').length > 1) throw saidFailure('stdin-twice', stdinTwice());
  return [await readSide(ports, base, render), await readSide(ports, head, render)];
}

async function readSide({ files, render }: Ports, path: string, command: string | undefined): Promise<Side> {
  const name = path === '-' ? '<stdin>' : path;
  if (command === undefined || path === '-') return { name, ...(await files.read([path])) };
  if ((await files.kindOf(path)) === undefined) throw new Failure('input-not-found', { path, near: [], notFolder: undefined });
  return { name, texts: [await render.printed(command, path, path)], problems: [] };
}

async function fromGit(ports: Ports, { revision, paths }: Compared<'git'>, { render }: StatesWish): Promise<[Side, Side]> {
  const { git } = ports;
  const wanted = paths.length === 0 ? ['.'] : paths;
  const repository = await git.repositoryAt(wanted[0] ?? '.');
  const at = async (commit: string, label: string): Promise<Side> => {
    if (render === undefined) return { name: label, ...(await git.manifestsAt(repository, commit, wanted, label)) };
    const folders = await insides(git, repository, wanted);
    return { name: label, texts: await git.printedAt(repository, commit, { command: render, folders, label }), problems: [] };
  };
  const [, one = '', dots, other = ''] = /^(.*?)(\.{2,3})(.*)$/s.exec(revision) ?? [undefined, revision];
  const first = one === '' ? 'HEAD' : one;
  if (dots === undefined) {
    return [await at(await git.commitOf(repository, first), first), await workingTree(ports, repository, wanted, render)];
  }
  const second = other === '' ? 'HEAD' : other;
  const base = dots === '...' ? await git.mergeBase(repository, first, second) : await git.commitOf(repository, first);
  return [await at(base, dots === '...' ? `${first}...` : first), await at(await git.commitOf(repository, second), second)];
}

async function workingTree(ports: Ports, repository: Repository, wanted: readonly string[], command: string | undefined): Promise<Side> {
  const name = 'working tree';
  if (command === undefined) return { name, ...(await present(ports, wanted)) };
  // A path of elsewhere is refused before the command runs there.
  await insides(ports.git, repository, wanted);
  return { name, ...(await printed(ports, wanted, command)) };
}

async function insides(git: GitPort, repository: Repository, paths: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of paths) found.push(await git.insideOf(repository, path));
  return found;
}

/** Paths that were deleted since the revision are no mistake: the state is then without them. */
async function present({ files }: Ports, paths: readonly string[]): Promise<Texts> {
  const there: string[] = [];
  for (const path of paths) if (/[*?[]/.test(path) || (await files.kindOf(path)) !== undefined) there.push(path);
  return there.length === 0 ? NOTHING : files.read(there);
}
