// Where objects come from when a command can also ask a live cluster: its flags, and reading them. The client is loaded only then.
import type { Command } from 'commander';
import { Failure } from '../failure.ts';
import { type InputText, objectsIn } from '../manifest/load.ts';
import type { KubeObject } from '../manifest/objects.ts';
import type { Problem } from '../model/problem.ts';
import type { ClusterAccess, ClusterContext } from '../source/cluster-access.ts';
import { type ReadInputs, readInputs } from '../source/files.ts';
import { configuredWorkloads } from './configured-workloads.ts';
import { namespacesIn } from './named-namespaces.ts';
import { worldOfCluster, worldOfInputs } from './world.ts';

export interface ClusterFlags {
  readonly cluster?: boolean;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly as?: string;
  readonly asGroup?: readonly string[];
  readonly requestTimeout?: number;
}

/** For options that may be given several times. */
export const repeatable = (value: string, all: readonly string[] = []): readonly string[] => [...all, value];

/** Adds the flags that say which cluster, and as whom. They mean a cluster even without `--cluster`. */
export function withCluster(command: Command): Command {
  return command
    .option('--cluster', 'read the live cluster of the current kubeconfig context')
    .option('--context <name>', 'the kubeconfig context to use')
    .option('--kubeconfig <file>', 'the kubeconfig to use, instead of KUBECONFIG and ~/.kube/config')
    .option('--as <user>', 'ask the cluster as this user (impersonation)')
    .option('--as-group <group>', 'and as a member of this group; repeatable', repeatable)
    .option('--request-timeout <seconds>', 'how long the API server may be silent', seconds, 15);
}

function seconds(text: string): number {
  const value = Number(text.replace(/s$/, ''));
  if (!(value > 0 && value <= 3600))
    throw new Failure('bad-timeout', `\`${text}\` is no number of seconds`, { hint: 'for example --request-timeout 60' });
  return value;
}

export function isLive(flags: ClusterFlags): boolean {
  return flags.cluster === true || [flags.context, flags.kubeconfig, flags.as].some((flag) => flag !== undefined);
}

export function accessOf(flags: ClusterFlags): ClusterAccess {
  return {
    ...(flags.context === undefined ? {} : { context: flags.context }),
    ...(flags.kubeconfig === undefined ? {} : { kubeconfig: flags.kubeconfig }),
    ...(flags.as === undefined ? {} : { as: flags.as }),
    ...(flags.asGroup === undefined ? {} : { asGroups: flags.asGroup }),
    ...(flags.requestTimeout === undefined ? {} : { timeoutMs: flags.requestTimeout * 1000 }),
  };
}

export interface ReadObjects {
  readonly objects: readonly KubeObject[];
  /** Of reading; what the objects themselves have wrong with them comes with the cluster. */
  readonly problems: readonly Problem[];
  /** Where names without a namespace live: `-n`, else the context's, else `default`. */
  readonly namespace: string;
  /** undefined for files. */
  readonly context: ClusterContext | undefined;
  /** What was read, in a line: `cluster prod, 12:03:41`. */
  readonly world: string;
}

export interface FileFlags {
  readonly file?: readonly string[];
  readonly kustomize?: readonly string[];
  readonly helm?: readonly string[];
  readonly values?: readonly string[];
  readonly namespace?: string;
}

/** Files were named, or something to render. */
export function namesFiles({ file, kustomize, helm }: FileFlags): boolean {
  return [file, kustomize, helm].some((flag) => flag !== undefined);
}

export interface NamedTexts extends ReadInputs {
  /** As a person would name them. */
  readonly paths: readonly string[];
}

/** The texts of `-f`, `-k` and `--helm`, in this order, and the paths as a person would name them. */
export async function readNamed(flags: FileFlags): Promise<NamedTexts> {
  const { file = [], kustomize = [], helm = [], values = [] } = flags;
  if (values.length > 0 && helm.length === 0) throw new Failure('values-without-chart', '--values needs --helm CHART');
  const read = file.length === 0 ? { texts: [], problems: [], bundles: [] } : await readInputs(file, {});
  const rendered: InputText[] = [];
  if (kustomize.length + helm.length > 0) {
    const { kustomized, helmed } = await import('../source/render.ts');
    for (const folder of kustomize) rendered.push(await kustomized(folder));
    for (const chart of helm) rendered.push(await helmed(chart, values, flags.namespace));
  }
  const texts = [...read.texts, ...rendered];
  const paths = [...file, ...rendered.map((text) => text.file)];
  const workloads = await configuredWorkloads();
  return { texts: workloads === undefined ? texts : [...texts, workloads], problems: read.problems, bundles: read.bundles, paths };
}

/**
 * The objects of `-f`, else of the cluster. `ends`: of the question, as typed: their namespaces are for users who may not list everything.
 * Failure when the cluster cannot be read at all.
 */
export async function readObjects(
  flags: ClusterFlags & FileFlags & { readonly quiet?: boolean },
  ends: readonly string[] = [],
): Promise<ReadObjects> {
  if (namesFiles(flags)) {
    if (isLive(flags)) throw new Failure('file-and-cluster', 'both files and a cluster were named', { hint: 'leave one of them out' });
    const named = await readNamed(flags);
    const namespace = flags.namespace ?? 'default';
    const found = objectsIn(named.texts, namespace);
    const world = worldOfInputs(named, found.foreign.length);
    return { objects: found.objects, problems: [...named.problems, ...found.problems], namespace, context: undefined, world };
  }
  const { readCluster } = await import('../source/live.ts');
  const progress = progressLine(flags.quiet === true ? undefined : process.stderr);
  try {
    const { objects, context } = await readCluster({
      ...accessOf(flags),
      namespaces: [...namespacesIn(ends), ...(flags.namespace === undefined ? [] : [flags.namespace])],
      onProgress: progress.tell,
    });
    return { objects, problems: [], namespace: flags.namespace ?? context.namespace, context, world: worldOfCluster(context) };
  } finally {
    progress.clear();
  }
}

const PATIENCE_MS = 500;

/** One line that redraws itself, on a terminal only, and only when it takes long. */
function progressLine(stream: (NodeJS.WriteStream & { fd: 2 }) | undefined): {
  tell(read: { readonly resource: string; readonly objects: number }): void;
  clear(): void;
} {
  const begun = Date.now();
  let objects = 0;
  let isDrawn = false;
  return {
    tell: (read) => {
      objects += read.objects;
      if (stream?.isTTY !== true || Date.now() - begun < PATIENCE_MS) return;
      stream.write(`\r\x1b[2Kreading the cluster: ${objects} objects, ${read.resource}`);
      isDrawn = true;
    },
    clear: () => {
      if (isDrawn) stream?.write('\r\x1b[2K');
    },
  };
}
