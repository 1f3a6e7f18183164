// The flags that say where objects come from, and the choice they make. Reading is app/input.ts.

import type { Command } from 'commander';
import type { InputChoice, ReadObjects } from '../app/input.ts';
import { nodePorts } from '../app/node-ports.ts';
import type { ClusterAccess } from '../source/cluster-access.ts';
import { CLUSTER, GROUPS } from '../words/en/cli/help.ts';
import { readingCluster } from '../words/en/cli/progress.ts';
import { inGroup } from './help-layout.ts';
import { mistake } from './mistake.ts';
import { isPlugin } from './program-name.ts';

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
  return inGroup(command, GROUPS.cluster, (each) =>
    each
      .option('--cluster', CLUSTER.cluster)
      .option('--context <name>', CLUSTER.context)
      .option('--kubeconfig <file>', CLUSTER.kubeconfig)
      .option('--as <user>', CLUSTER.as)
      .option('--as-group <group>', CLUSTER.asGroup, repeatable)
      .option('--request-timeout <seconds>', CLUSTER.requestTimeout, seconds, 15),
  );
}

function seconds(text: string): number {
  const value = Number(text.replace(/s$/, ''));
  if (!(value > 0 && value <= 3600)) throw mistake('bad-timeout', { text, most: 3600 });
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

export interface FileFlags {
  readonly file?: readonly string[];
  readonly kustomize?: readonly string[];
  readonly helm?: readonly string[];
  readonly values?: readonly string[];
  readonly namespace?: string;
}

/** Files were named, or something to render. */
function namesFiles({ file, kustomize, helm }: FileFlags): boolean {
  return [file, kustomize, helm].some((flag) => flag !== undefined);
}

/**
 * What the flags name. `unsaid`: what is meant where they name nothing; a plugin of kubectl means the cluster.
 * Failure when they name files and a cluster.
 */
export function inputOf(flags: ClusterFlags & FileFlags, unsaid: 'here' | 'cluster' = 'here'): InputChoice {
  const { file = [], kustomize = [], helm = [], values = [] } = flags;
  if (values.length > 0 && helm.length === 0) throw mistake('values-without-chart', {});
  if (namesFiles(flags)) {
    if (isLive(flags)) throw mistake('file-and-cluster', {});
    return { from: 'files', paths: file, kustomize, charts: helm, values };
  }
  return { from: isLive(flags) || isPlugin() ? 'cluster' : unsaid, access: accessOf(flags) };
}

/** The objects of the files that were named, else of the cluster. `ends`: of the question, as typed. */
export async function readObjects(
  flags: ClusterFlags & FileFlags & { readonly quiet?: boolean },
  ends: readonly string[] = [],
): Promise<ReadObjects> {
  const { readObjects: read } = await import('../app/input.ts');
  return withProgress(flags.quiet, (onProgress) =>
    read(nodePorts, { input: inputOf(flags, 'cluster'), namespace: flags.namespace, onProgress }, ends),
  );
}

const PATIENCE_MS = 500;

type OnProgress = (read: { readonly resource: string; readonly objects: number }) => void;

/** With one line that redraws itself, on a terminal only, and only when reading takes long. */
export async function withProgress<T>(quiet: boolean | undefined, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  const stream = quiet === true ? undefined : process.stderr;
  const begun = Date.now();
  let objects = 0;
  let isDrawn = false;
  try {
    return await work((read) => {
      objects += read.objects;
      if (stream?.isTTY !== true || Date.now() - begun < PATIENCE_MS) return;
      stream.write(`\r\x1b[2K${readingCluster(objects, read.resource)}`);
      isDrawn = true;
    });
  } finally {
    if (isDrawn) stream?.write('\r\x1b[2K');
  }
}
