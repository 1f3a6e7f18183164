// What every question begins with: reading the objects that were meant, and choosing what the CNI does with them.
import { Failure } from '../failure.ts';
import { clusterOf, type InputText, objectsIn } from '../manifest/load.ts';
import type { KubeObject } from '../manifest/objects.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Problem } from '../model/problem.ts';
import { type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import type { Semantics } from '../profile/profile.ts';
import { asReadBy } from '../program/in-force.ts';
import type { ClusterAccess, ClusterContext } from '../source/cluster-access.ts';
import type { Basis } from './basis.ts';
import { configuredWorkloads } from './configured-workloads.ts';
import { namespacesIn } from './named-namespaces.ts';
import type { FilesPort, Ports, ReadWish, Texts } from './ports.ts';
import { namedProfile, type ProfileWish, profileFor } from './profile.ts';

/** Where objects come from. */
export type InputChoice =
  | ({ readonly from: 'files' } & FilesChoice)
  | { readonly from: 'cluster'; readonly access: ClusterAccess }
  /** The manifests of this folder; where it has none, the cluster. */
  | { readonly from: 'here'; readonly access: ClusterAccess };

export interface FilesChoice {
  /** Files, folders, globs, `-` for standard input. */
  readonly paths: readonly string[];
  /** Folders that kubectl or kustomize renders. */
  readonly kustomize?: readonly string[];
  /** Charts that helm renders, with these files of values. */
  readonly charts?: readonly string[];
  readonly values?: readonly string[];
  /** What `paths` hold, where they were read to see whether they hold anything. */
  readonly already?: Texts;
}

export interface InputWish extends ProfileWish {
  readonly input: InputChoice;
  /** Where names and objects without a namespace live; else the context's, else `default`. */
  readonly namespace?: string | undefined;
  readonly onProgress?: ReadWish['onProgress'];
}

/** Objects as they were read, before anything is made of them. */
export interface ReadObjects {
  readonly objects: readonly KubeObject[];
  /** Of reading; what the objects themselves have wrong with them comes with the cluster. */
  readonly problems: readonly Problem[];
  readonly namespace: string;
  /** undefined for files. */
  readonly context: ClusterContext | undefined;
  /** What was read, by file; [] of a cluster. */
  readonly texts: readonly InputText[];
  readonly basis: Basis;
}

export interface Loaded {
  /** As it was read, whatever the profile makes of it. */
  readonly read: Cluster;
  /** As the profile reads it. */
  readonly cluster: Cluster;
  readonly choice: ProfileChoice;
  readonly semantics: Semantics;
  readonly namespace: string;
  readonly texts: readonly InputText[];
  /** The kubeconfig context that was read; undefined for files. */
  readonly context?: string;
  readonly basis: Basis;
}

/**
 * The cluster that was meant, as its profile reads it; what is wrong with the input is in `cluster.problems`.
 * `ends`: of the question, as typed: their namespaces are for users who may not list everything.
 * Failure when there is nothing to read, the profile is unknown, or the cluster cannot be read at all.
 */
export async function loadInput(ports: Ports, wish: InputWish, ends: readonly string[] = []): Promise<Loaded> {
  // A name that nobody knows is said before anything is read.
  if (wish.cni !== undefined && wish.cni !== 'auto') await namedProfile(ports.files, wish);
  const found = await readObjects(ports, wish, ends);
  const choice = await profileFor(ports.files, found, wish);
  const semantics = semanticsOf(choice);
  const { objects, problems, namespace, context, texts, basis } = found;
  const read = clusterOf(objects, problems, namespace);
  return {
    read,
    cluster: asReadBy(read, semantics),
    choice,
    semantics,
    namespace,
    texts,
    basis,
    ...(context && { context: context.name }),
  };
}

/** Files or a cluster, where both were possible. */
export async function decidedInput(files: FilesPort, input: InputChoice): Promise<Exclude<InputChoice, { from: 'here' }>> {
  if (input.from !== 'here') return input;
  const already = await files.read(['.']);
  return already.texts.length > 0 ? { from: 'files', paths: ['.'], already } : { from: 'cluster', access: input.access };
}

export async function readObjects(ports: Ports, wish: InputWish, ends: readonly string[] = []): Promise<ReadObjects> {
  const input = await decidedInput(ports.files, wish.input);
  return input.from === 'files' ? readFiles(ports, input, wish) : readCluster(ports, input.access, wish, ends);
}

async function readFiles(ports: Ports, choice: FilesChoice, wish: InputWish): Promise<ReadObjects> {
  const read = await readTexts(ports, { from: 'files', ...choice }, wish.namespace);
  const { texts, problems, namespace } = read;
  const found = objectsIn(texts, namespace);
  return {
    objects: found.objects,
    problems: [...problems, ...found.problems],
    namespace,
    context: undefined,
    texts,
    basis: basisOfTexts(read, found.foreign.length),
  };
}

async function readCluster(ports: Ports, access: ClusterAccess, wish: InputWish, ends: readonly string[]): Promise<ReadObjects> {
  const { objects, context } = await ports.cluster.read({
    ...access,
    namespaces: [...namespacesIn(ends), ...(wish.namespace === undefined ? [] : [wish.namespace])],
    ...(wish.onProgress && { onProgress: wish.onProgress }),
  });
  const basis: Basis = { kind: 'cluster', context, at: ports.clock.now() };
  return { objects, problems: [], namespace: wish.namespace ?? context.namespace, context, texts: [], basis };
}

export interface ReadTexts extends Required<Texts> {
  readonly namespace: string;
  /** As a person named them; what was rendered is called as its command. */
  readonly paths: readonly string[];
}

/**
 * The texts that were named, or those of this folder: for what looks at the texts themselves.
 * Failure `no-input` where there are none and none were named.
 */
export async function readTexts(ports: Ports, input: InputChoice, namespace: string | undefined): Promise<ReadTexts> {
  const found = await decidedInput(ports.files, input);
  if (found.from === 'cluster') throw new Failure('no-input', {});
  const { paths, kustomize = [], charts = [], values = [], already } = found;
  const read: Texts = already ?? (paths.length === 0 ? { texts: [], problems: [] } : await ports.files.read(paths));
  const rendered: InputText[] = [];
  for (const folder of kustomize) rendered.push(await ports.render.kustomized(folder));
  for (const chart of charts) rendered.push(await ports.render.helmed(chart, values, namespace));
  const texts = [...read.texts, ...rendered];
  const workloads = await configuredWorkloads(ports.files);
  return {
    texts: workloads === undefined ? texts : [...texts, workloads],
    problems: read.problems,
    bundles: read.bundles ?? [],
    namespace: namespace ?? 'default',
    paths: [...paths, ...rendered.map(({ file }) => file)],
  };
}

/** `foreign`: how many of the texts hold nothing of Kubernetes. */
export function basisOfTexts({ paths, texts, bundles }: Pick<ReadTexts, 'paths' | 'texts' | 'bundles'>, foreign: number): Basis {
  return { kind: 'files', paths, files: texts.filter(({ bundle }) => bundle === undefined).map(({ file }) => file), bundles, foreign };
}
