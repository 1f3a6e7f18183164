// What the application needs of the world outside, as small interfaces: a program has Node's (node-ports.ts), a test or a browser its own.
// Failures come through as the edges throw them. Types only.
import type { Failure } from '../failure.ts';
import type { Ask, AskOptions, KernelAnswers } from '../lab/ask.ts';
import type { ProveOptions } from '../lab/prove.ts';
import type { ProveReport } from '../lab/report.ts';
import type { InputText } from '../manifest/load.ts';
import type { KubeObject } from '../manifest/objects.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Problem } from '../model/problem.ts';
import type { ProbeApi } from '../probe/connect.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Bundle } from '../source/bundle.ts';
import type { ClusterAccess, ClusterContext } from '../source/cluster-access.ts';
import type { Repository } from '../source/git.ts';
import type { FileChange } from '../source/write.ts';

export interface Ports {
  readonly files: FilesPort;
  readonly render: RenderPort;
  readonly cluster: ClusterPort;
  readonly git: GitPort;
  readonly clock: Clock;
  readonly kernel: KernelPort;
}

/** Manifests as they were read, and what is wrong with their files. */
export interface Texts {
  readonly texts: readonly InputText[];
  readonly problems: readonly Problem[];
  /** What was collected for support and read as such. */
  readonly bundles?: readonly Bundle[];
}

/** One file that is no manifest: a configuration, intents, profiles. */
export type OneText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  /** There, and not to be read: `{ reason: 'EACCES: permission denied, open …' }`. */
  | { readonly kind: 'unreadable'; readonly reason: string; readonly cause: unknown }
  | { readonly kind: 'not-text' };

export interface FilesPort {
  /** The texts behind files, folders, globs and `-` (standard input). Failure `input-not-found` for a path that is not there. */
  read(paths: readonly string[]): Promise<Texts>;
  one(path: string): Promise<OneText>;
  /** undefined where there is nothing. */
  kindOf(path: string): Promise<'file' | 'folder' | undefined>;
  /** All of them or none. */
  change(changes: readonly FileChange[]): Promise<void>;
}

/** Programs that print manifests. */
export interface RenderPort {
  kustomized(folder: string): Promise<InputText>;
  helmed(chart: string, values: readonly string[], namespace: string | undefined): Promise<InputText>;
  /** What `command` prints in the folder of `path`; `label` stands in front of its name. */
  printed(command: string, path: string, label: string): Promise<InputText>;
}

export interface ClusterObjects {
  readonly objects: readonly KubeObject[];
  readonly context: ClusterContext;
}

export interface ReadWish extends ClusterAccess {
  /** Where to look when the whole cluster may not be listed. */
  readonly namespaces: readonly string[];
  readonly onProgress?: (read: { readonly resource: string; readonly objects: number }) => void;
}

export interface WatchWish extends ReadWish {
  readonly signal: AbortSignal;
  /** Once with the first reading, and after every bunch of changes. */
  readonly onChange: (state: ClusterObjects) => void;
  /** The connection is lost, or back (undefined). */
  readonly onTrouble: (trouble: Failure | undefined) => void;
}

export interface ClusterPort {
  read(wish: ReadWish): Promise<ClusterObjects>;
  /** Resolves when `signal` ends it. */
  watch(wish: WatchWish): Promise<void>;
  /** A connection through which probes are made, open for as long as `work` runs. */
  probing<T>(access: ClusterAccess, work: (api: ProbeApi) => Promise<T>): Promise<T>;
}

export interface GitPort {
  repositoryAt(path: string): Promise<Repository>;
  commitOf(repository: Repository, revision: string): Promise<string>;
  mergeBase(repository: Repository, one: string, other: string): Promise<string>;
  /** Where a path lies in its repository: `k8s/overlays`; '' for the top. */
  insideOf(repository: Repository, path: string): Promise<string>;
  manifestsAt(repository: Repository, commit: string, paths: readonly string[], label: string): Promise<Texts>;
  /** What `command` prints in each of the folders (inside the repository) as the commit has them; a folder that is not there prints nothing. */
  printedAt(repository: Repository, commit: string, wish: PrintedAt): Promise<readonly InputText[]>;
  /** The manifests of paths at a revision, called as today's files are. */
  textsAt(revision: string, paths: readonly string[]): Promise<readonly InputText[]>;
}

export interface PrintedAt {
  readonly command: string;
  readonly folders: readonly string[];
  readonly label: string;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export interface KernelPort {
  ask(cluster: Cluster, semantics: Semantics, asks: readonly Ask[], options?: AskOptions): Promise<KernelAnswers>;
  prove(cluster: Cluster, options: ProveOptions): Promise<ProveReport>;
}
