// Orders in which tools apply a change: the steps of a rollout, sorted as kubectl reads files, or as Argo CD goes by sync waves.
import type { Path } from '../model/origin.ts';
import { dig } from '../objects/read.ts';
import type { Step } from './rollout-steps.ts';

/** `files`: kubectl apply of a folder. `sync-waves`: the annotations of Argo CD in the new state. */
export const ORDERS = ['files', 'sync-waves'] as const;
export type OrderBy = (typeof ORDERS)[number];

/** What is deleted comes last in both: kubectl apply deletes nothing by itself, and pruning is taken to follow. */
export function inOrder(by: OrderBy, steps: readonly Step[]): readonly Step[] {
  const compare =
    by === 'files' ? byPlace : (a: Step, b: Step) => waveOf(a) - waveOf(b) || kindRank(a) - kindRank(b) || compareText(a.name, b.name);
  return [...steps].sort((a, b) => Number(a.action === 'delete') - Number(b.action === 'delete') || compare(a, b));
}

/** A folder is walked in the order of names, one level after the other; a file from top to bottom. */
function byPlace({ at: a }: Step, { at: b }: Step): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const [one, other] = [a.document.file.split('/'), b.document.file.split('/')];
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    const found = compareText(one[i] ?? '', other[i] ?? '');
    if (found !== 0) return found;
  }
  return a.document.start - b.document.start || comparePaths(a.path, b.path);
}

/** Items of a list, by their numbers. */
function comparePaths(a: Path, b: Path): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (typeof x === 'number' && typeof y === 'number' && x !== y) return x - y;
  }
  return a.length - b.length;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Argo CD: 0 where nothing is written, or no whole number. */
function waveOf({ value }: Step): number {
  const written = dig(value, 'metadata', 'annotations', 'argocd.argoproj.io/sync-wave');
  return typeof written === 'string' && /^[+-]?\d{1,9}$/.test(written) ? Number(written) : 0;
}

/** gitops-engine, pkg/sync/sync_tasks.go: the kinds of these that it sorts inside a wave; all others come last. */
const KINDS: readonly string[] = [
  'Namespace',
  'NetworkPolicy',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'Job',
  'CronJob',
];

function kindRank({ kind }: Step): number {
  const place = KINDS.indexOf(kind);
  return place < 0 ? KINDS.length : place;
}
