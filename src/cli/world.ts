// What an answer was made from, in one line that stands in front of it: which cluster and when, or how many files of which folder.
import { WORKLOADS_TEXT } from '../app/configured-workloads.ts';
import type { TwoStates } from '../app/diff-states.ts';
import type { World } from '../app/world.ts';
import type { Paint } from '../report/paint.ts';
import type { ClusterContext } from '../source/cluster-access.ts';
import { bundleSentence } from '../words/en/bundle.ts';

/** In a line, whichever it is. */
function worldWords(world: World): string {
  return world.kind === 'files' ? worldOfInputs(world) : worldOfCluster(world.context, new Date(world.at));
}

/** What was named: support bundles, and files beside them. `must-gather of cluster prod taken 2026-11-30 12:03 UTC (812 files in mg.tar.gz)`. */
function worldOfInputs({ paths, files, bundles, foreign }: Extract<World, { kind: 'files' }>): string {
  if (bundles.length === 0) return worldOfFiles(paths, files, foreign);
  const isBundle = new Set(bundles.map(({ path }) => (path === '<stdin>' ? '-' : path)));
  const others = paths.filter((path) => !isBundle.has(path));
  return [...bundles.map(bundleSentence), ...(others.length === 0 ? [] : [worldOfFiles(others, files, 0)])].join(' and ');
}

/** `38 files under k8s/ (3 hold no Kubernetes objects)`; `shop.yaml`; `standard input`. `paths`: as they were named. */
export function worldOfFiles(paths: readonly string[], texts: readonly string[], foreign: number): string {
  const files = texts.filter((file) => file !== WORKLOADS_TEXT);
  const [only] = files;
  const isNamed = paths.length === 1 && (only === undefined || paths[0] === only);
  if (files.length === 1 && only !== undefined && (isNamed || only.startsWith('<'))) return only === '<stdin>' ? 'standard input' : only;
  const where = paths.map((path) => (path === '-' ? 'standard input' : path)).slice(0, MOST_PATHS);
  const more = paths.length > MOST_PATHS ? ` and ${paths.length - MOST_PATHS} more` : '';
  const besides = foreign === 0 ? '' : ` (${foreign} ${foreign === 1 ? 'holds' : 'hold'} no Kubernetes objects)`;
  return `${files.length} ${files.length === 1 ? 'file' : 'files'} under ${where.join(', ')}${more}${besides}`;
}

/** `main (12 files) and working tree (13 files), with 1 file in both`: two states that are compared. */
export function worldOfStates({ states, shared }: TwoStates['world']): string {
  const count = (files: number) => `${files} ${files === 1 ? 'file' : 'files'}`;
  const both = shared === 0 ? '' : `, with ${count(shared)} in both`;
  return `${states.map(({ name, made }) => `${name} (${'files' in made ? count(made.files) : `${made.objects} objects`})`).join(' and ')}${both}`;
}

const MOST_PATHS = 3;

/** `cluster prod (context prod-admin), 12:03:41`. `cluster` and `context` are mostly the same, and said once then. */
export function worldOfCluster({ name, cluster }: ClusterContext, now: Date = new Date()): string {
  const context = name === '' || name === cluster ? '' : ` (context ${name})`;
  return `cluster ${cluster || name}${context}, ${now.toTimeString().slice(0, 8)}`;
}

/** On stderr, so that what is piped stays what it was; nothing with `--quiet`. */
export function tellWorld(world: World, quiet: boolean | undefined, paint: Paint): void {
  tell(worldWords(world), quiet, paint);
}

export function tellStates(world: TwoStates['world'], quiet: boolean | undefined, paint: Paint): void {
  tell(worldOfStates(world), quiet, paint);
}

function tell(words: string, quiet: boolean | undefined, paint: Paint): void {
  if (quiet !== true) process.stderr.write(`${paint.dim(`made from ${words}`)}\n`);
}
