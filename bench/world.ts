// What a change of one object costs in a world that is open: the change itself, and a pinned `why` after it. Processor milliseconds, medians of many
// changes, each of another object. Absolute figures, because a reader who types or watches does not wait in ratios.
import { readFileSync } from 'node:fs';
import { objectsIn } from '../src/manifest/load.ts';
import type { KubeObject } from '../src/manifest/objects.ts';
import { chooseProfile, type ProfileChoice, semanticsOf } from '../src/profile/choose.ts';
import { why } from '../src/question/why.ts';
import { apply, type World, worldOf } from '../src/world/world.ts';
import { median, type Row } from './measure.ts';

type Make = (name: string, pods: number, policies: number) => string;

const RUNS = 41;
const WHY_MS = 2;

/** `bound`: whether the figures are held to it; in the larger world they stand beside. */
export function worldRows(make: Make): readonly Row[] {
  return [...rowsOf(make, 10_000, 1_000, true), ...rowsOf(make, 100_000, 10_000, false)];
}

const EDITS: readonly { readonly what: string; readonly kind: string; readonly edit: (value: Loose, i: number) => void }[] = [
  {
    what: 'one policy',
    kind: 'NetworkPolicy',
    edit: ({ spec }, i) => {
      const [rule] = (spec?.ingress ?? spec?.egress ?? []) as { ports?: unknown }[];
      if (rule !== undefined) rule.ports = [{ protocol: 'TCP', port: 7000 + i }];
    },
  },
  {
    what: "one pod's labels",
    kind: 'Pod',
    edit: ({ metadata }, i) => {
      metadata.labels = { ...metadata.labels, app: `app-${i % 9}` };
    },
  },
  {
    what: "one namespace's label",
    kind: 'Namespace',
    edit: ({ metadata }, i) => {
      metadata.labels = { ...metadata.labels, team: ['red', 'blue', 'gold'][i % 3] as string };
    },
  },
];

interface Loose {
  readonly metadata: { labels: Record<string, string> };
  readonly spec?: { readonly ingress?: unknown; readonly egress?: unknown };
}

function rowsOf(make: Make, pods: number, policies: number, isBound: boolean): readonly Row[] {
  const file = make(`world-${pods}.json`, pods, policies);
  const { objects } = objectsIn([{ file, text: readFileSync(file, 'utf8') }], 'default');
  const start = worldOf([], { objects });
  return EDITS.map(({ what, kind, edit }) => {
    const own = objects.filter((object) => object.kind === kind);
    const changed = (i: number): KubeObject => {
      const object = own[(i * 37) % own.length] as KubeObject;
      const value = structuredClone(object.value);
      edit(value as unknown as Loose, i);
      return { ...object, value };
    };
    const spent = afterEach(start, changed);
    return {
      name: `change of ${what} in a world of ${pods.toLocaleString('en')} pods and ${policies.toLocaleString('en')} policies, with a pinned \`why\` after it`,
      figure: `${spent.toFixed(2)} ms`,
      bound: isBound ? `<= ${WHY_MS} ms` : '',
      holds: isBound ? spent <= WHY_MS : undefined,
    };
  });
}

function afterEach(start: World, changed: (i: number) => KubeObject): number {
  const semantics = semanticsOf(chooseProfile('kubernetes') as ProfileChoice);
  const { pods } = start.cluster;
  const question = { from: pods[0]?.ref ?? '', to: `${pods.at(-1)?.ref}:8080`, namespace: 'default' };
  let world = start;
  const spent: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const change = { object: changed(i) };
    const since = process.cpuUsage();
    world = apply(world, [change]);
    const answer = why(world.cluster, semantics, question);
    const { user, system } = process.cpuUsage(since);
    if (answer.kind === 'error') throw new Error('the pinned question has no answer: nothing was measured');
    spent.push((user + system) / 1000);
  }
  return median(spent);
}
