// Costs that once blew up, each with the input that showed it: growth within one run, or a command against `map` of the same input.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deepStack, jsonDocuments, kubectlYaml, labelSubsets, longPortLists, withOtherPorts } from './inputs.ts';
import { asCalicoTiers, asCilium, withAdminTiers } from './kinds.ts';
import { type Cost, costRow, costs, costsBeyondStart, pair, type Row } from './measure.ts';

type Node = (...args: string[]) => readonly [string, ...string[]];

export interface Setting {
  readonly folder: string;
  readonly program: string;
  readonly node: Node;
  /** A bench input of so many pods and policies; undefined where its generator is not there. */
  readonly make: ((name: string, pods: number, policies: number) => string) | undefined;
}

/** Rows for `--only json-stream,deep-stack,label-keys,port-lists,yaml,large-commands,fix-json,prove,rollout,kinds`. `prove` says itself what it samples. */
export const COST_ROWS: Readonly<Record<string, (setting: Setting) => Promise<Row[]> | Row[]>> = {
  'json-stream': ({ folder, program, node }) => {
    const [few, many] = [join(folder, 'documents-10k.json'), join(folder, 'documents-40k.json')];
    jsonDocuments(few, 10_000);
    jsonDocuments(many, 40_000);
    const why = (file: string) => node(program, 'why', '-q', '-f', file, 'shop/pod-1', 'shop/pod-2:8080');
    return [costRow('40,000 JSON documents in one stream against 10,000', pair(costs([why(many), why(few)], 5)), 5)];
  },
  'deep-stack': ({ folder, program, node }) => {
    const [small, large] = [join(folder, 'deep-300.json'), join(folder, 'deep-600.json')];
    deepStack(small, 300);
    deepStack(large, 600);
    const map = (file: string) => node(program, 'map', '-q', '-o', 'json', '-f', file);
    return [costRow('600 pods under 600 policies against 300 under 300, four times the rows', pair(costs([map(large), map(small)], 5)), 4)];
  },
  'label-keys': ({ folder, program, node }) => {
    const [small, large] = [join(folder, 'labels-750.json'), join(folder, 'labels-1500.json')];
    labelSubsets(small, 750, 20);
    labelSubsets(large, 1500, 20);
    const map = (file: string) => node(program, 'map', '-q', '-o', 'json', '-f', file);
    return [
      costRow(
        '1,500 pods with random subsets of 20 label keys against 750, four times the rows',
        pair(costs([map(large), map(small)], 3)),
        4.5,
      ),
    ];
  },
  'port-lists': ({ folder, program, node }) => {
    const [one, many] = [join(folder, 'ports-1.json'), join(folder, 'ports-1000.json')];
    longPortLists(one, 1000, 1);
    longPortLists(many, 1000, 1000);
    const map = (file: string) => node(program, 'map', '-q', '-o', 'json', '-f', file);
    return [
      costRow('1,000 pods that open 1,000 single ports against 1,000 pods that open one', pair(costs([map(many), map(one)], 3)), 1.5),
    ];
  },
  yaml: async ({ folder, program, node }) => {
    const [file, load] = [join(folder, 'kubectl.yaml'), join(folder, 'load.mjs')];
    await kubectlYaml(file, 20_000);
    const library = import.meta.resolve('js-yaml');
    writeFileSync(
      load,
      `import { readFileSync } from 'node:fs';\nimport { load } from '${library}';\nload(readFileSync(process.argv[2], 'utf8'));\n`,
    );
    const megabytes = Math.round(readFileSync(file).length / 1e6);
    const name = `\`map\` of ${megabytes} MB as \`kubectl get -o yaml\` prints them, against js-yaml's \`load\` alone`;
    return [costRow(name, pair(costs([node(program, 'map', '-q', '-o', 'json', '-f', file), node(load, file)], 3)), 1.3)];
  },
  'large-commands': ({ folder, program, node, make }) => {
    if (make === undefined) return [skipped('commands on 100,000 pods and 10,000 policies, against `map`')];
    const file = make('commands-100k.json', 100_000, 10_000);
    const changed = join(folder, 'changed-100k.json');
    writeFileSync(changed, readFileSync(file, 'utf8').replace('"port":8080}', '"port":8081}'));
    const [from, to] = distantPods(file);
    const commands: Readonly<Record<string, readonly string[]>> = {
      'map --exposure': ['map', '--exposure', '-o', 'json', '-f', file],
      baseline: ['baseline', '-f', file],
      lint: ['lint', '--no-config', '-f', file],
      diff: ['diff', file, changed],
      describe: ['describe', '-f', file, from],
      fix: ['fix', '-o', 'json', '-f', file, from, `${to}:8080`],
      why: ['why', '-f', file, from, `${to}:8080`],
    };
    const all = [['map', '-o', 'json', '-f', file], ...Object.values(commands)].map(([name = '', ...args]) =>
      node(program, name, '-q', ...args),
    );
    // Once each: minutes in all, and processor time differs little from run to run.
    const [map, ...others] = costs(all, 1, [0, 1]) as [Cost, ...Cost[]];
    return Object.keys(commands).map((name, i) =>
      costRow(`\`${name}\`, 100,000 pods, 10,000 policies, against \`map\``, [others[i] as Cost, map], 5),
    );
  },
  'fix-json': ({ program, node, make }) => {
    if (make === undefined) return [skipped('`fix -o json` of one line of JSON, 10,000 pods')];
    const file = make('fix-10k.json', 10_000, 1_000);
    const [from, to] = distantPods(file);
    const [command, ...args] = node(program, 'fix', '-q', '-o', 'json', '-f', file, from, `${to}:8080`);
    const { stdout, status } = spawnSync(command, args, { maxBuffer: 1 << 30 });
    if (status !== 0 || !stdout.includes('"objects"')) throw new Error(`fix ended with ${status} and without an edit`);
    return [
      {
        name: '`fix -o json`, 10,000 pods in one line of JSON, what it prints',
        figure: `${(stdout.length / 1000).toFixed(0)} kB`,
        bound: '< 1 MB',
        holds: stdout.length < 1e6,
      },
    ];
  },
  prove: ({ program, node, make }) => {
    const name = '`prove`, 10,000 pods and 1,000 policies, 300,000 of its connections, against 1,000 pods and 200 policies';
    if (make === undefined) return [skipped(name)];
    const prove = (file: string) => node(program, 'prove', '-q', '-f', file);
    const [large, small] = [make('prove-10k.json', 10_000, 1_000), make('prove-1k.json', 1_000, 200)];
    const [command, ...args] = prove(small);
    const tried = spawnSync(command, args, { encoding: 'utf8' });
    if (tried.status === 2) return [{ ...skipped(name), figure: `skipped: ${tried.stderr.trim().split('\n')[0]}` }];
    return [costRow(name, pair(costs([prove(large), prove(small)], 1)), 5)];
  },
  rollout: ({ folder, program, node, make }) => {
    const name = '`rollout`, 10,000 pods and 1,000 policies of which 20 change, against `map`';
    if (make === undefined) return [skipped(name)];
    const [before, after] = [make('rollout-10k.json', 10_000, 1_000), join(folder, 'rollout-20.json')];
    withOtherPorts(before, after, 20);
    const map = node(program, 'map', '-q', '-o', 'json', '-f', before);
    return [costRow(name, pair(costsBeyondStart([node(program, 'rollout', '-q', '-o', 'json', before, after), map], 5)), 3)];
  },
  kinds: ({ folder, program, node, make }) => {
    const name = (what: string) => `\`map\`, 10,000 pods and 1,000 policies ${what}`;
    if (make === undefined) return [skipped(name('of other kinds, against NetworkPolicies'))];
    const plain = make('kinds-10k.json', 10_000, 1_000);
    const written = (label: string, write: (from: string, to: string) => void) => {
      const file = join(folder, `kinds-${label}.json`);
      write(plain, file);
      return file;
    };
    const map = (file: string, cni: string) => node(program, 'map', '-q', '-o', 'json', '--cni', cni, '-f', file);
    const row = (what: string, ours: string, cni: string, most: number) =>
      costRow(name(what), pair(costsBeyondStart([map(ours, cni), map(plain, cni)], 5)), most);
    return [
      row('with 61 cluster-wide policies, against those without', written('admin', withAdminTiers), 'kubernetes', 1.2),
      row('of Cilium, against NetworkPolicies', written('cilium', asCilium), 'cilium', 1.3),
      row('of Calico in three tiers, against NetworkPolicies', written('calico', asCalicoTiers), 'calico', 1.3),
    ];
  },
};

function skipped(name: string): Row {
  return { name, figure: 'skipped: ../shared is not there', bound: '', holds: undefined };
}

/** The first and the last pod of a bench input, which are in two namespaces. */
export function distantPods(file: string): readonly [string, string] {
  const { items } = JSON.parse(readFileSync(file, 'utf8')) as {
    items: readonly { kind: string; metadata: { name: string; namespace: string } }[];
  };
  const pods = items.filter(({ kind, metadata }) => kind === 'Pod' && metadata.namespace !== 'kube-system').map(({ metadata }) => metadata);
  const [first, last] = [pods[0], pods.at(-1)];
  if (first === undefined || last === undefined || first.namespace === last.namespace) throw new Error(`${file} has no two namespaces`);
  return [`${first.namespace}/${first.name}`, `${last.namespace}/${last.name}`];
}
