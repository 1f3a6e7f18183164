// What the ends of an intent mean in a cluster: names as `why` takes them, patterns and labels as the workloads that they match.
// An end that matches nothing says so, with what is near: it never vanishes.
import { type Cluster, isLive, type Workload } from '../model/cluster.ts';
import type { Labels } from '../model/selector.ts';
import { nearest } from '../profile/nearest.ts';
import type { LabelEnd, WrittenEnd } from './intent.ts';

/** `{ text: 'shop/cart[Deployment]', isPattern: true }`. `text` is what `why` is asked with. */
export interface MeantEnd {
  readonly text: string;
  /** One of several that a pattern matched: then a workload is not asked about itself. */
  readonly isPattern: boolean;
}

/** An end that means nobody. */
export interface Unmatched {
  readonly written: WrittenEnd;
  readonly nearest: readonly string[];
}

export interface MeantEnds {
  readonly ends: readonly MeantEnd[];
  readonly unmatched: readonly Unmatched[];
}

/** Groups are looked at first, then patterns and labels; everything else is a name, and `why` says what is wrong with it. */
export function endsOf(cluster: Cluster, written: readonly WrittenEnd[], groups: ReadonlyMap<string, readonly WrittenEnd[]>): MeantEnds {
  const ends = new Map<string, MeantEnd>();
  const unmatched: Unmatched[] = [];
  for (const end of written.flatMap((each) => (each.kind === 'text' ? (groups.get(each.text) ?? [each]) : [each]))) {
    const found = oneEnd(cluster, end);
    if (found.length === 0) unmatched.push({ written: end, nearest: near(cluster, end) });
    for (const each of found) if (!ends.has(each.text)) ends.set(each.text, each);
  }
  return { ends: [...ends.values()], unmatched };
}

function oneEnd(cluster: Cluster, end: WrittenEnd): readonly MeantEnd[] {
  if (end.kind === 'text' && end.isOne === true) return [{ text: end.text, isPattern: false }];
  const labels = labelsOf(end);
  if (labels !== undefined) return workloadsWith(cluster, labels).map(meant);
  if (end.kind === 'labels' || !isPattern(end.text)) return end.kind === 'text' ? [{ text: end.text, isPattern: false }] : [];
  const [namespace = '', name = ''] = end.text === '*' ? ['*', '*'] : end.text.split('/');
  return liveWorkloads(cluster)
    .filter((workload) => globs(namespace, workload.namespace) && globs(name, workload.name))
    .map(meant);
}

/** `shop/*`, `*`, `shop/cart-*`; an address with a star is no pattern of ours, and a URL is none either. */
function isPattern(text: string): boolean {
  return text === '*' || (/^[a-z0-9*.-]+\/[a-z0-9*.-]+$/i.test(text) && text.includes('*'));
}

/** `shop/app=cart,tier=back`, as kubectl's `-l` has it, or the mapping. undefined for what is no selector. */
function labelsOf(end: WrittenEnd): LabelEnd | undefined {
  if (end.kind === 'labels') return end.of;
  const [, namespace, list] = /^([a-z0-9*.-]+)\/([^/:\s]+(?:\/[^/:\s=]+)?=[^:\s]*)$/i.exec(end.text) ?? [];
  if (namespace === undefined || list === undefined) return undefined;
  const labels = list.split(',').map((pair) => {
    const [key = '', value = ''] = pair.split(/==?/);
    return [key, value] as const;
  });
  return { namespace, labels };
}

function liveWorkloads(cluster: Cluster): readonly Workload[] {
  return [...cluster.workloads.values()].filter(({ pods }) => pods.some(isLive)).sort((a, b) => (a.ref < b.ref ? -1 : 1));
}

function workloadsWith(cluster: Cluster, { namespace, labels }: LabelEnd): readonly Workload[] {
  return liveWorkloads(cluster).filter(
    (workload) => globs(namespace, workload.namespace) && workload.pods.some((pod) => isLive(pod) && carries(pod.labels, labels)),
  );
}

function carries(labels: Labels, wanted: LabelEnd['labels']): boolean {
  return wanted.every(([key, value]) => labels.get(key) === value);
}

/** A pod without an owner is called by its own name. */
function meant({ namespace, name, kind }: Workload): MeantEnd {
  const words: Readonly<Record<string, string>> = {
    Deployment: 'deploy',
    StatefulSet: 'sts',
    DaemonSet: 'ds',
    Job: 'job',
    CronJob: 'cronjob',
    ReplicaSet: 'rs',
    ReplicationController: 'rc',
    Pod: 'pod',
  };
  const word = words[kind];
  return { text: word === undefined ? `${namespace}/${name}` : `${namespace}/${word}/${name}`, isPattern: true };
}

function globs(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

/** Namespaces near a mistyped one; else labels near, as `app=cart`. At most five. */
function near(cluster: Cluster, end: WrittenEnd): readonly string[] {
  const labels = labelsOf(end);
  const namespace = labels?.namespace ?? (end.kind === 'text' ? (end.text.split('/')[0] ?? '') : '');
  const inside = liveWorkloads(cluster).filter((workload) => globs(namespace, workload.namespace));
  if (inside.length === 0)
    return nearest(namespace, [...new Set(liveWorkloads(cluster).map((workload) => workload.namespace))]).map((name) => `${name}/`);
  if (labels === undefined) {
    const name = end.kind === 'text' ? (end.text.split('/')[1] ?? '').replaceAll('*', '') : '';
    return nearest(name, [...new Set(inside.map((workload) => workload.name))]).map((each) => `${namespace}/${each}`);
  }
  const all = new Set(inside.flatMap(({ pods }) => pods.flatMap((pod) => [...pod.labels].map(([key, value]) => `${key}=${value}`))));
  return [...new Set(labels.labels.flatMap(([key, value]) => nearest(`${key}=${value}`, [...all])))].slice(0, 5);
}
