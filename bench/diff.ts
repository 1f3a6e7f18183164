// `diff` of two large states that differ in ten objects, against what a map of one of them costs once it is read: what is the same in both
// must not be worked out twice.
import { readFileSync } from 'node:fs';
import { loadCluster } from '../src/manifest/load.ts';
import type { Cluster } from '../src/model/cluster.ts';
import { chooseProfile, type ProfileChoice, semanticsOf } from '../src/profile/choose.ts';
import { type DiffAnswer, diff } from '../src/question/diff.ts';
import { connectionsBySource } from '../src/reach/connections.ts';
import { reachOf } from '../src/reach/reach.ts';
import { median, type Row } from './measure.ts';

const MOST = 1.3;
const RUNS = 7;

interface KubeObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; labels?: Record<string, string> };
  spec?: Record<string, unknown>;
}

export function diffRow(make: (name: string, pods: number, policies: number) => string): Row {
  const text = readFileSync(make('100k.json', 100_000, 10_000), 'utf8');
  const before = loadCluster([{ file: 'before.json', text }]);
  const after = loadCluster([{ file: 'after.json', text: withTenEdits(text) }]);
  const choice = chooseProfile('kubernetes') as ProfileChoice;
  const { rows, edits } = counted(diff(before, after, choice));
  if (edits !== 10 || rows === 0) throw new Error(`ten edits were made, ${edits} were seen, with ${rows} changed connections`);
  const [ours, map]: [number[], number[]] = [[], []];
  for (let i = 0; i <= RUNS; i++) {
    const once = [cpuSeconds(() => counted(diff(before, after, choice)).rows), cpuSeconds(() => mapRows(after, choice))] as const;
    if (i === 0) continue;
    ours.push(once[0]);
    map.push(once[1]);
  }
  const ratio = median(ours) / median(map);
  return {
    name: `engine part of \`diff\`, two states of 100,000 pods and 10,000 policies, 10 objects and ${rows} connections differ, against that of one \`map\``,
    figure: `${median(ours).toFixed(3)} s / ${median(map).toFixed(3)} s = ${ratio.toFixed(2)} times`,
    bound: `<= ${MOST} times`,
    holds: ratio <= MOST,
  };
}

/** All that `diff` says: edits, isolation, order, every row with its causes. */
function counted(answer: DiffAnswer): { readonly rows: number; readonly edits: number } {
  let rows = 0;
  for (const row of answer.rows()) rows += row.causes.length > 0 ? 1 : 0;
  return { rows, edits: answer.edits.length };
}

function mapRows(cluster: Cluster, choice: ProfileChoice): number {
  let rows = 0;
  for (const source of connectionsBySource(reachOf(cluster, semanticsOf(choice)))) rows += source.targets.length;
  return rows;
}

/** Processor time, because others use this machine too. */
function cpuSeconds(work: () => number): number {
  const start = process.cpuUsage();
  if (work() === 0) throw new Error('there was nothing to be found: nothing was measured');
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** Two policies with other ports, one with another subject, two gone, two new, three pods with other labels. */
function withTenEdits(text: string): string {
  const list = JSON.parse(text) as { items: KubeObject[] };
  const policies = list.items.filter(({ kind }) => kind === 'NetworkPolicy');
  const own = policies.filter(({ spec, metadata }) => !/default-deny|dns/.test(metadata.name) && firstRule(spec) !== undefined);
  const pods = list.items.filter(({ kind }) => kind === 'Pod');
  const policy = (i: number) => own[i % own.length] as KubeObject;
  for (const i of [5, 500]) (firstRule(policy(i).spec) as { ports?: unknown }).ports = [{ protocol: 'TCP', port: 7777 }];
  policy(77).spec = { ...policy(77).spec, podSelector: { matchLabels: { app: 'nobody' } } };
  const gone = new Set([policy(100), policies.find(({ metadata }) => metadata.name === 'default-deny') ?? policy(101)]);
  const copies = [300, 301].map((i): KubeObject => ({ ...policy(i), metadata: { ...policy(i).metadata, name: `new-${i}` } }));
  const outside = { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ ipBlock: { cidr: '198.51.100.0/24' } }] }] };
  (copies[1] as KubeObject).spec = outside;
  for (const i of [400, 4000, 40_000]) (pods[i % pods.length] as KubeObject).metadata.labels = { app: 'other' };
  return JSON.stringify({ ...list, items: [...list.items.filter((object) => !gone.has(object)), ...copies] });
}

function firstRule(spec: KubeObject['spec']): unknown {
  const rules = (spec?.ingress ?? spec?.egress) as readonly unknown[] | undefined;
  return rules?.[0];
}
