// What an answer is based on, in the line in front of it: which cluster and when, or how many files of which folder.

import type { Basis } from '../app/basis.ts';
import { WORKLOADS_TEXT } from '../app/configured-workloads.ts';
import type { TwoStates } from '../app/diff-states.ts';
import type { Paint } from '../report/paint.ts';
import type { ClusterContext } from '../source/cluster-access.ts';
import { basedOn, clusterWords, comparedWords, filesWords, pathWords, stateWords, togetherWords } from '../words/en/basis.ts';
import { bundleSentence } from '../words/en/bundle.ts';

/** In a line, whichever it is. */
export function basisWords(basis: Basis): string {
  return basis.kind === 'files' ? basisOfInputs(basis) : basisOfCluster(basis.context, new Date(basis.at));
}

/** What was named: support bundles, and files beside them. `must-gather of cluster prod taken 2026-11-30 12:03 UTC (812 files in mg.tar.gz)`. */
function basisOfInputs({ paths, files, bundles, foreign }: Extract<Basis, { kind: 'files' }>): string {
  if (bundles.length === 0) return basisOfFiles(paths, files, foreign);
  const isBundle = new Set(bundles.map(({ path }) => (path === '<stdin>' ? '-' : path)));
  const others = paths.filter((path) => !isBundle.has(path));
  return togetherWords([...bundles.map(bundleSentence), ...(others.length === 0 ? [] : [basisOfFiles(others, files, 0)])]);
}

/** `38 files under k8s/ (3 have no Kubernetes objects)`; `shop.yaml`; `standard input`. `paths`: as they were named. */
export function basisOfFiles(paths: readonly string[], texts: readonly string[], foreign: number): string {
  const files = texts.filter((file) => file !== WORKLOADS_TEXT);
  const [only] = files;
  const isNamed = paths.length === 1 && (only === undefined || paths[0] === only);
  if (files.length === 1 && only !== undefined && (isNamed || only.startsWith('<'))) return pathWords(only);
  return filesWords(files.length, paths, foreign);
}

/** `main (12 files) and working tree (13 files), with 1 file in both`: two states that are compared. */
export function basisOfStates({ states, shared }: TwoStates['basis']): string {
  return comparedWords(
    states.map(({ name, made }) => stateWords(name, made)),
    shared,
  );
}

/** `cluster prod (context prod-admin), 12:03:41`. `cluster` and `context` are mostly the same, and said once then. */
export function basisOfCluster({ name, cluster }: ClusterContext, now: Date = new Date()): string {
  const context = name === '' || name === cluster ? undefined : name;
  return clusterWords(cluster || name, context, now.toTimeString().slice(0, 8));
}

/** On stderr, so that what is piped stays what it was; nothing with `--quiet`. */
export function tellBasis(basis: Basis, quiet: boolean | undefined, paint: Paint): void {
  tell(basisWords(basis), quiet, paint);
}

export function tellStates(basis: TwoStates['basis'], quiet: boolean | undefined, paint: Paint): void {
  tell(basisOfStates(basis), quiet, paint);
}

function tell(words: string, quiet: boolean | undefined, paint: Paint): void {
  if (quiet !== true) process.stderr.write(`${paint.dim(basedOn(words))}\n`);
}
