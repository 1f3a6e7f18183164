// Every question asked of a workspace over ports that are no machine: no file, socket or process is touched.
import { expect, it } from 'vitest';
import type { Ports } from '../../src/app/ports.ts';
import { openWorkspace } from '../../src/app/workspace.ts';
import { memoryPorts, objectsFrom } from './memory-ports.ts';
import { PODS, policyFor } from './shop.ts';

const FILES = { from: 'files', paths: ['k8s'] } as const;
const files = {
  'k8s/pods.yaml': PODS,
  'k8s/cart.yaml': policyFor('frontend'),
  'intents.yaml': 'intents:\n  - { name: orders, from: shop/frontend, to: shop/cart, port: 7070, expect: allowed }\n',
};
const revisions = { main: { 'k8s/pods.yaml': PODS, 'k8s/cart.yaml': policyFor('checkout') } };

const report = (made: number) =>
  ({
    facts: { tier: 'flat', rootless: true, kernel: '6.1', nft: '1.0' },
    plan: { planned: made, pods: 3, podsMet: 3, podClasses: 3, nodesMet: 0, outsideMet: 0 },
    agreed: { allowed: made, 'denied-egress': 0, 'denied-ingress': 0 },
    madeBy: { TCP: { 4: made, 6: 0 }, UDP: { 4: 0, 6: 0 }, SCTP: { 4: 0, 6: 0 } },
    ms: { prepare: 0, open: 0, load: 0, shoot: 0 },
    outcome: 'agree',
    profile: 'kubernetes',
    form: 'explaining',
    faithful: false,
    made,
    differing: 0,
    lost: [],
    controls: 2,
    undecided: { count: 0, because: new Map() },
    departing: [],
    assumptions: [],
    differences: [],
    evaluatorsDiffer: [],
    results: [],
  }) as unknown as Awaited<ReturnType<Ports['kernel']['prove']>>;

it('answers every question from what is in memory', async () => {
  const kernel = { prove: async () => report(7) };
  const workspace = openWorkspace(memoryPorts({ files, revisions, kernel }), { input: FILES, namespace: 'shop', cni: 'calico' });
  const allowed = await workspace.ask('why', { from: 'frontend', to: 'cart:7070' });
  const denied = await workspace.ask('why', { from: 'checkout', to: 'cart:7070' });
  expect([allowed.outcome, denied.outcome]).toEqual(['allowed', 'denied']);
  const fixes = await workspace.ask('fix', { from: 'checkout', to: 'cart:7070' });
  expect(fixes).toMatchObject({ kind: 'Fixes', wanted: 'allowed' });
  const map = await workspace.ask('map', { exposure: true });
  expect(map.connections.map(({ from, to }) => `${from} ${to}`)).toContain('shop/frontend[Pod] shop/cart[Pod]');
  expect((await workspace.ask('describe', { policy: 'shop/cart' })).descriptions).toHaveLength(1);
  expect(await workspace.ask('verdict', { line: '{"from":"shop/frontend","to":"shop/cart","port":7070}' })).toContain(
    '"outcome":"allowed"',
  );
  expect(await workspace.ask('lint', {})).toMatchObject({ kind: 'LintReport', severity: 'warning' });
  expect(await workspace.ask('intents', { files: ['intents.yaml'] })).toMatchObject({ results: [{ holds: true }] });
  const made = await workspace.ask('baseline', {
    namespaces: ['shop'],
    dns: 'kube-dns',
    ingressController: undefined,
    monitoring: undefined,
    apiServer: [],
  });
  expect(made.policies.length).toBeGreaterThan(0);
  expect((await workspace.ask('cni', {})).enforces).toBe('unknown');
  expect((await workspace.ask('prove', {})).connections.made).toBe(7);
  const diff = await workspace.ask('diff', { compare: { of: 'git', revision: 'main', paths: ['k8s'] } });
  expect(diff.changes.map(({ change, from }) => `${change} ${from}`)).toEqual(['closed shop/checkout[Pod]', 'opened shop/frontend[Pod]']);
});

it('reads once, and says which end means nothing', async () => {
  const ports = memoryPorts({ files });
  let reads = 0;
  const read: Ports['files']['read'] = (paths) => {
    reads++;
    return ports.files.read(paths);
  };
  const counting: Ports = { ...ports, files: { ...ports.files, read } };
  const workspace = openWorkspace(counting, { input: FILES });
  await workspace.ask('why', { from: 'shop/frontend', to: 'shop/cart:7070' });
  await workspace.ask('map', {});
  expect(reads).toBe(1);
  await expect(workspace.ask('why', { from: 'shop/fronted', to: 'shop/cart:7070' })).rejects.toMatchObject({ code: 'unknown-name' });
});

it('a change of the cluster gives another answer; files do not tell', async () => {
  const pods = ['frontend', 'cart'].map((name, i) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: name } },
    spec: { containers: [{ name: 'main', image: name, ports: [{ containerPort: 7070 }] }] },
    status: { phase: 'Running', podIP: `10.0.0.${i + 1}` },
  }));
  // Denies ingress; its egress rule is not in force, which `lint` reports.
  const closed = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { podSelector: {}, egress: [{}], policyTypes: ['Ingress'] },
  };
  const ports = memoryPorts({ cluster: pods });
  let reads = 0;
  const watching: Ports = {
    ...ports,
    cluster: {
      ...ports.cluster,
      read: (wish) => {
        reads++;
        return ports.cluster.read(wish);
      },
      watch: async ({ onChange }) =>
        onChange({ objects: objectsFrom([...pods, closed]), context: (await ports.cluster.read({ namespaces: [] })).context }),
    },
  };
  const workspace = openWorkspace(watching, { input: { from: 'cluster', access: {} } });
  const ask = async () => (await workspace.ask('why', { from: 'frontend', to: 'cart:7070' })).outcome;
  const found = async () => (await workspace.ask('lint', {})).findings.map(({ rule }) => rule);
  expect(await ask()).toBe('allowed');
  expect(await found()).toEqual([]);
  let told = 0;
  await workspace.onChange(() => told++, { signal: new AbortController().signal });
  expect([await ask(), told]).toEqual(['denied', 1]);
  // The policy is linted, too, and the cluster was listed for the first question only.
  expect(await found()).toEqual(['rules-not-in-force']);
  expect(reads).toBe(1);
  const still = openWorkspace(memoryPorts({ files }), { input: FILES });
  await expect(still.onChange(() => {}, { signal: new AbortController().signal })).rejects.toMatchObject({ code: 'watch-needs-cluster' });
});
