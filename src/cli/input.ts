// What every command begins with: the flags that say where objects come from and which CNI, and reading them.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Failure } from '../failure.ts';
import { clusterOf, type InputText, objectsIn } from '../manifest/load.ts';
import type { KubeObject } from '../manifest/objects.ts';
import type { Cluster } from '../model/cluster.ts';
import { chooseProfile, isUnknown, type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import { FAMILIES } from '../profile/families.ts';
import { type Overrides, readOverrides } from '../profile/overrides.ts';
import type { Semantics } from '../profile/profile.ts';
import { PROFILES } from '../profile/profiles.ts';
import { asReadBy } from '../program/in-force.ts';
import { type Paint, paint } from '../report/paint.ts';
import { problemLines } from '../report/problems.ts';
import { readInputs } from '../source/files.ts';
import { overrideSentence } from '../words/en/override.ts';
import {
  type ClusterFlags,
  type FileFlags,
  isLive,
  type NamedTexts,
  namesFiles,
  readNamed,
  readObjects,
  repeatable,
  withCluster,
} from './cluster-input.ts';
import { asCalled, isPlugin } from './program-name.ts';
import { tellWorld, worldOfInputs } from './world.ts';

export interface InputOptions extends ClusterFlags, FileFlags {
  readonly cni?: string;
  readonly profiles?: string;
  readonly strict?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: string;
}

export interface Loaded {
  readonly cluster: Cluster;
  readonly choice: ProfileChoice;
  readonly semantics: Semantics;
  readonly namespace: string;
  /** What was read, by file. */
  readonly texts: readonly InputText[];
  /** The kubeconfig context that was read; undefined for files. */
  readonly context?: string;
}

/** Adds the flags of every command that reads objects. */
export function withInput(command: Command): Command {
  return withOutput(
    withCluster(command)
      .option('-f, --file <path>', 'file, folder, glob or - for stdin; repeatable', repeatable)
      .option('-k, --kustomize <dir>', 'render this folder with kubectl or kustomize and read that; repeatable', repeatable)
      .option('--helm <chart>', 'render this chart with helm and read that; repeatable', repeatable)
      .option('--values <file>', 'values for --helm; repeatable', repeatable)
      .option('-n, --namespace <name>', "namespace of names and objects that say none (default: the context's, else default)")
      .option(
        '--cni <profile>',
        'what the CNI does where Kubernetes leaves a choice: calico, cilium, k3s, …; auto looks at the objects (default: kubernetes, of a live cluster auto)',
      )
      .option('--profiles <file>', 'your own CNI profiles, or cells of the built-in ones that you know better (YAML)')
      .option('--strict', 'any problem with the input ends with exit code 2'),
  );
}

/** Adds the flags of every command that prints. */
export function withOutput(command: Command): Command {
  return command
    .option('--color <when>', 'auto, always or never', 'auto')
    .option('-q, --quiet', 'only the answer')
    .option('-v, --verbose', 'also what was read past');
}

/** For stdout. NO_COLOR and --color decide, else whether it is a terminal. */
export function painter(options: InputOptions, stream: { isTTY?: boolean; columns?: number } = process.stdout): Paint {
  const width = stream.isTTY === true ? stream.columns : undefined;
  if (options.color === 'always') return paint(true, width, asCalled);
  if (options.color === 'never' || (process.env.NO_COLOR ?? '') !== '') return paint(false, width, asCalled);
  return paint(stream.isTTY === true && process.env.TERM !== 'dumb', width, asCalled);
}

/** Problems are those of reading the files; what is wrong inside them is found when they are loaded. Without names the path is `.`. */
export interface ReadTexts extends NamedTexts {
  readonly choice: ProfileChoice;
  readonly namespace: string;
}

/**
 * What -f names, or the manifests of this folder, as texts; and the CNI that was chosen. For commands that look at the texts themselves.
 * Failure when there is nothing to read or the profile is unknown.
 */
export async function readTexts(options: InputOptions): Promise<ReadTexts> {
  const choice = await profileOf(options);
  const named = await readNamed(namesFiles(options) ? options : { ...options, file: await here() });
  return { ...named, choice, namespace: options.namespace ?? 'default' };
}

/**
 * The cluster that the options name: files, this folder, or a live one. Problems are printed on stderr; with --strict they end the run.
 * `ends`: as they were typed; where to look when the whole cluster may not be listed. Failure when no object was found too.
 */
export async function load(options: InputOptions, ends: readonly string[] = []): Promise<Loaded> {
  const live = await isLiveInput(options);
  if (live || options.cni === 'auto') return loadObjects(options, live, ends);
  const read = await readTexts(options);
  const { texts, problems, choice, namespace } = read;
  const found = objectsIn(texts, namespace);
  const cluster = clusterOf(found.objects, [...problems, ...found.problems], namespace);
  const configured = await asConfigured(choice, found.objects, options);
  tellWorld(worldOfInputs(read, found.foreign.length), options.quiet, painter(options, process.stderr));
  return told({ cluster, choice: configured, semantics: semanticsOf(configured), namespace, texts }, options);
}

/** A cluster, and not files: it was asked for, this is a plugin of kubectl, or there are no files here. */
export async function isLiveInput(options: InputOptions): Promise<boolean> {
  return isLive(options) || (!namesFiles(options) && (isPlugin() || !(await hasManifests('.'))));
}

/** From objects rather than texts: a live cluster, or files whose CNI is to be told from what is in them. */
async function loadObjects(options: InputOptions, live: boolean, ends: readonly string[]): Promise<Loaded> {
  const flags = live || namesFiles(options) ? options : { ...options, file: ['.'] };
  const { objects, problems, namespace, world, context } = await readObjects(flags, ends);
  tellWorld(world, options.quiet, painter(options, process.stderr));
  const cluster = clusterOf(objects, problems, namespace);
  const choice = await profileFor(objects, options);
  const loaded = { cluster, choice, semantics: semanticsOf(choice), namespace, texts: [] };
  return told({ ...loaded, ...(context && { context: context.name }) }, options);
}

/** As the profile reads it; what is wrong with the input is said first. */
function told(loaded: Loaded, options: InputOptions): Loaded {
  const cluster = asReadBy(loaded.cluster, loaded.semantics);
  tellProblems(cluster, options);
  return { ...loaded, cluster };
}

/** The profile of a live cluster: what its objects tell, unless one was named. */
export async function profileFor(objects: readonly KubeObject[], options: InputOptions): Promise<ProfileChoice> {
  if (options.cni === undefined || options.cni === 'auto') return detected(objects, options);
  return asConfigured(await profileOf(options), objects, options);
}

/** The profile that was named, with what the objects say of its settings; cells that the user wrote stay. */
async function asConfigured(choice: ProfileChoice, objects: readonly KubeObject[], options: InputOptions): Promise<ProfileChoice> {
  if (options.cni === undefined) return choice;
  const { configuredProfiles } = await import('../cni/detect.ts');
  const { profiles } = configuredProfiles(choice.name, objects);
  if (profiles.length === 0) return choice;
  const own = options.profiles === undefined ? [] : (await overridesOf(options.profiles)).profiles;
  const others = profiles.filter(({ name }) => !own.some((profile) => profile.name === name));
  const found = chooseProfile(choice.name, { profiles: [...own, ...others], problems: [] });
  return isUnknown(found) ? choice : found;
}

/** What `--cni auto` means for these objects. Without a sign of any CNI it is `kubernetes`, which guesses nothing. */
async function detected(objects: readonly KubeObject[], options: InputOptions): Promise<ProfileChoice> {
  const { detectProfile } = await import('../cni/detect.ts');
  const { profile, overrides } = detectProfile(objects);
  const chosen = chooseProfile(profile, overrides);
  return isUnknown(chosen) ? profileOf({ ...options, cni: 'kubernetes' }) : chosen;
}

/** Without -f: the manifests in this folder, as product convention has it. */
async function here(): Promise<readonly string[]> {
  if (await hasManifests('.')) return ['.'];
  throw new Failure('no-input', 'there are no manifests in this folder', {
    hint: 'give them with -f PATH, or read a live cluster with --cluster',
  });
}

async function hasManifests(folder: string): Promise<boolean> {
  const { texts } = await readInputs([folder], {});
  return texts.length > 0;
}

export async function profileOf(options: InputOptions): Promise<ProfileChoice> {
  const overrides = options.profiles === undefined ? undefined : await overridesOf(options.profiles);
  const chosen = chooseProfile(options.cni ?? 'kubernetes', overrides);
  if (!isUnknown(chosen)) return chosen;
  const hint =
    chosen.nearest.length > 0
      ? `did you mean ${chosen.nearest.join(', ')}?`
      : `there are ${[...FAMILIES, ...PROFILES]
          .map(({ name }) => name)
          .sort()
          .join(', ')}`;
  throw new Failure('unknown-profile', `no CNI profile is called \`${chosen.unknown}\``, { hint });
}

async function overridesOf(path: string): Promise<Overrides> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Failure('profiles-unreadable', `cannot read ${path}`, {
      cause,
      hint: 'it holds `profiles: { NAME: { like: calico, cells: { … } } }`',
    });
  });
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) {
    const { line = 0, col = 0 } = fault.linePos?.[0] ?? {};
    throw new Failure('profiles-invalid', `${path}:${line}:${col}: not YAML: ${fault.message.split(/ at line |\n/)[0] ?? ''}`);
  }
  const overrides = readOverrides(document.toJS({ maxAliasCount: 100 }));
  const [first] = overrides.problems;
  if (first === undefined) return overrides;
  const { text: what, hint } = overrideSentence(first);
  throw new Failure('profiles-invalid', `${path}: ${what}`, { hint: hint ?? 'see docs/cni-profiles.md' });
}

/** Problems go to stderr, so that the answer on stdout can be piped. */
function tellProblems(cluster: Cluster, options: InputOptions): void {
  const { problems } = cluster;
  if (options.quiet !== true && problems.length > 0) {
    process.stderr.write(
      problemLines(problems, painter(options, process.stderr), options.verbose === true ? Number.POSITIVE_INFINITY : 20),
    );
  }
  if (options.verbose === true && cluster.otherKinds.size > 0) {
    const kinds = [...cluster.otherKinds].map(([kind, count]) => `${count} ${kind}`).sort();
    process.stderr.write(`${painter(options, process.stderr).dim(`read past: ${kinds.join(', ')}`)}\n`);
  }
  if (options.strict === true && problems.length > 0) {
    throw new Failure('strict', `${problems.length} problem${problems.length === 1 ? '' : 's'} with the input, and --strict was given`);
  }
  const unusable = cluster.objectCount === 0;
  if (unusable)
    throw new Failure('no-objects', 'no Kubernetes object was found in the input', {
      hint: 'give manifests with -f PATH, or pipe kubectl get … -o yaml to -f -',
    });
}
