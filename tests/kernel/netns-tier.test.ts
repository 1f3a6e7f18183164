// The proof in real namespaces: the same questions from every pod's own network, through node routers and Service addresses.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { prove as Prove } from '../../src/lab/prove.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import type { Ruleset } from '../../src/nft/ruleset.ts';
import { corpusCases, textsUnder } from '../conformance/corpus-case.ts';
import { describeWithShared } from '../shared.ts';
import { disagreements, semantics } from './agreement.ts';
import { type BuiltProgram, builtProgram } from './built-program.ts';
import { describeWithKernel } from './needs.ts';
import { cluster as anyCluster, clusterOf } from './random-cluster.ts';

const node = (name: string, ip: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  status: { addresses: [{ type: 'InternalIP', address: ip }] },
});
const pod = (name: string, nodeName: string, port?: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name, labels: { app: name } },
  spec: { nodeName, containers: [{ name: 'main', image: 'example/app', ...(port !== undefined && { ports: [{ containerPort: port }] }) }] },
});
const SHOP = [
  node('node-1', '192.0.2.1'),
  node('node-2', '192.0.2.2'),
  pod('frontend', 'node-1'),
  pod('checkout', 'node-2'),
  pod('cart', 'node-2', 7070),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name: 'cart' },
    spec: { selector: { app: 'cart' }, ports: [{ port: 80, targetPort: 7070 }] },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'shop', name: 'cart' },
    spec: {
      podSelector: { matchLabels: { app: 'cart' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [{ podSelector: { matchLabels: { app: 'checkout' } } }], ports: [{ port: 7070 }] },
        { from: [{ ipBlock: { cidr: '203.0.113.0/24', except: ['203.0.113.128/25'] } }] },
      ],
      egress: [{ to: [{ ipBlock: { cidr: '192.0.2.1/32' } }], ports: [{ port: 10250, endPort: 10255 }] }],
    },
  },
];

describeWithKernel('a proof in real namespaces', () => {
  let program: BuiltProgram;
  let runtime: string;
  let prove: typeof Prove;
  const before = process.env.XDG_RUNTIME_DIR;
  beforeAll(async () => {
    runtime = mkdtempSync(join(tmpdir(), 'nv-tier-'));
    process.env.XDG_RUNTIME_DIR = runtime;
    program = await builtProgram(runtime);
    prove = await program.prove();
  });
  afterAll(async () => {
    process.env.XDG_RUNTIME_DIR = before;
    if (before === undefined) delete process.env.XDG_RUNTIME_DIR;
    await program.remove();
    rmSync(runtime, { recursive: true, force: true });
  });

  test('two nodes, a Service, addresses outside: kernel and engine agree, and nothing is left', { timeout: 180_000 }, async () => {
    const report = await prove(clusterOf(SHOP), { semantics: semantics('calico'), tier: 'netns' });
    expect(disagreements(report)).toEqual([]);
    // Three pods of ours and three controls; node-1, node-2, and the place of pods without a node.
    expect(report.facts.namespaces).toEqual({ pods: 6, routers: 3, servicePorts: 2 });
    expect(report.agreed.allowed).toBeGreaterThan(20);
    expect(report.agreed['denied-ingress']).toBeGreaterThan(20);
    expect(report.agreed['denied-egress']).toBeGreaterThan(20);
    expect(report.plan).toMatchObject({ podsMet: 3, nodesMet: 2 });
    expect(report.plan.outsideMet).toBeGreaterThan(3);
    for (const protocol of ['TCP', 'UDP', 'SCTP'] as const) expect(report.madeBy[protocol][6]).toBeGreaterThan(0);
    expect(existsSync(join(runtime, 'netverdict'))).toBe(false);
  });

  test('a rule that was lost on the way to one router is seen', { timeout: 180_000 }, async () => {
    const dropAllow = (ruleset: Ruleset): Ruleset => ({
      ...ruleset,
      sets: ruleset.sets.map((set) => (set.recorded === undefined && !set.name.startsWith('exempt') ? { ...set, elements: [] } : set)),
    });
    const report = await prove(clusterOf(SHOP), { semantics: semantics('calico'), tier: 'netns', tamper: dropAllow });
    expect(report.outcome).toBe('differ');
    expect(report.differences[0]?.observed).toMatch(/^denied-/);
  });

  test('with rules that drop, every denial is still in the record', { timeout: 180_000 }, async () => {
    const report = await prove(clusterOf(SHOP), { semantics: semantics('calico'), tier: 'netns', faithful: true, sample: 60 });
    expect(disagreements(report)).toEqual([]);
    expect(report.agreed['denied-ingress'] + report.agreed['denied-egress']).toBeGreaterThan(0);
  });

  describeWithShared('with known cases', () => {
    test('some recipes agree', { timeout: 180_000 }, async () => {
      const recipes = corpusCases(['core']).filter(({ suite, expected }) => suite === 'recipes' && expected.kind !== 'error');
      const chosen = [0, 0.5, 1].flatMap((at) => recipes[Math.round(at * (recipes.length - 1))] ?? []);
      for (const { id, manifests } of chosen) {
        const cluster = loadCluster(textsUnder(manifests));
        const report = await prove(cluster, { semantics: semantics('kubernetes'), tier: 'netns', mostConnections: 1000 });
        expect(disagreements(report), id).toEqual([]);
      }
      expect(chosen).toHaveLength(3);
    });
  });

  test('the outside answers also at addresses that nobody there ever sends from', { timeout: 180_000 }, async () => {
    const onlyOut = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace: 'shop', name: 'only-out' },
      spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }] },
    };
    const world = clusterOf([node('node-1', '192.0.2.1'), pod('frontend', 'node-1'), pod('checkout', 'node-1'), onlyOut]);
    const report = await prove(world, { semantics: semantics('calico'), tier: 'netns', families: [4] });
    expect(disagreements(report)).toEqual([]);
    expect(report.results.some(({ probe, observed }) => probe.destination.name === '203.0.113.0' && observed === 'allowed')).toBe(true);
    expect(report.results.some(({ probe, observed }) => probe.destination.name === '203.0.114.0' && observed === 'denied-egress')).toBe(
      true,
    );
  });

  test('random clusters agree', { timeout: 180_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyCluster, fc.constantFrom('kubernetes', 'cilium'), async (cluster: Cluster, profile) => {
        const report = await prove(cluster, { semantics: semantics(profile), tier: 'netns', mostConnections: 500 }).catch(
          (error: unknown) => {
            // Another cluster is drawn instead of one without a question, or with a policy that denies what a node sends to its own pods.
            fc.pre(!['nothing-to-prove', 'tier-cannot'].includes((error as { code?: string }).code ?? ''));
            throw error;
          },
        );
        expect(disagreements(report)).toEqual([]);
      }),
      { numRuns: Number(process.env.FC_RUNS ?? 3) },
    );
  });

  test.each(['SIGINT', 'SIGKILL'] as const)('%s in the middle of it leaves nothing', { timeout: 180_000 }, async (signal) => {
    const file = join(runtime, 'shop.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: SHOP }));
    const child = spawn(process.execPath, [program.file, 'prove', '--tier', 'netns', '-f', file], {
      env: { ...process.env, XDG_RUNTIME_DIR: runtime },
      stdio: 'ignore',
    });
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    const folder = join(runtime, 'netverdict', `prove-${child.pid}`);
    await expect.poll(() => existsSync(join(folder, 'control')), { timeout: 60_000, interval: 5 }).toBe(true);
    child.kill(signal);
    await ended;
    await expect.poll(() => processesOf(folder), { timeout: 60_000 }).toEqual([]);
    await expect.poll(() => existsSync(folder), { timeout: 60_000 }).toBe(false);
  });
});

/** Processes whose command line names this folder: the shell, `unshare`, the holder, and (from outside) the pods' mounts. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        const state = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder) && !/\) Z /.test(state);
      } catch {
        return false;
      }
    });
}
