// Loading without a machine: files, a cluster, this folder, and which profile holds.
import { describe, expect, it } from 'vitest';
import { readStates } from '../../src/app/diff-states.ts';
import { type InputWish, loadInput, readObjects } from '../../src/app/input.ts';
import { lintInput } from '../../src/app/lint-input.ts';
import { openWorkspace } from '../../src/app/workspace.ts';
import { semanticsOf } from '../../src/profile/choose.ts';
import { memoryPorts, objectsFrom } from './memory-ports.ts';
import { CILIUM_AUDITS, PODS, policyFor } from './shop.ts';

const HERE: InputWish = { input: { from: 'here', access: {} } };
const FILES: InputWish = { input: { from: 'files', paths: ['k8s'] } };
const shop = { 'k8s/pods.yaml': PODS, 'k8s/cart.yaml': policyFor('frontend') };
const withCilium = { ...shop, 'k8s/cilium.yaml': CILIUM_AUDITS };

describe('loading', () => {
  it('this folder, and the cluster where this folder has no manifests', async () => {
    const files = await loadInput(memoryPorts({ files: shop }), HERE);
    expect(files.basis).toMatchObject({ kind: 'files', paths: ['.'], files: ['k8s/pods.yaml', 'k8s/cart.yaml'] });
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'cart', namespace: 'shop' }, spec: { containers: [] } };
    const cluster = await loadInput(memoryPorts({ cluster: [pod] }), HERE);
    expect(cluster.basis).toMatchObject({ kind: 'cluster', context: { name: 'prod' }, at: 0 });
    expect(cluster.cluster.pods.map(({ ref }) => ref)).toEqual(['shop/cart']);
    expect(cluster).toMatchObject({ namespace: 'shop', context: 'prod' });
  });

  it('fails before anything is read when the profile is a name that nobody knows', async () => {
    await expect(loadInput(memoryPorts({ cluster: [] }), { ...HERE, cni: 'calcio' })).rejects.toMatchObject({ code: 'unknown-profile' });
  });

  it('reads a profile of one’s own, also beside what the objects tell', async () => {
    const own = 'profiles: { cilium: { cells: { endPort: no } } }';
    const { semantics } = await loadInput(memoryPorts({ files: { ...withCilium, 'own.yaml': own } }), {
      ...FILES,
      cni: 'auto',
      profiles: 'own.yaml',
    });
    const plain = await loadInput(memoryPorts({ files: withCilium }), { ...FILES, cni: 'auto' });
    expect(plain.semantics).toMatchObject({ endPort: 'yes', enforces: 'no' });
    expect(semantics).toMatchObject({ endPort: 'no', enforces: 'no' });
  });
});

describe('the settings among the objects', () => {
  it.each(['auto', 'cilium'])('count for %s, in files and for lint and diff alike', async (cni) => {
    const ports = memoryPorts({ files: withCilium });
    expect((await loadInput(ports, { ...FILES, cni })).semantics.enforces).toBe('no');
    expect((await loadInput(memoryPorts({ files: shop }), { ...FILES, cni: 'cilium' })).semantics.enforces).toBe('yes');
    const lint = await lintInput(ports, { ...FILES, cni });
    const states = await readStates(ports, { compare: { of: 'paths', base: 'k8s/pods.yaml', head: 'k8s' }, cni });
    for (const choice of [lint.choice, states.choice]) expect(semanticsOf(choice).enforces).toBe('no');
  });

  it('do not count where no profile was asked for: files may leave out anything', async () => {
    expect((await loadInput(memoryPorts({ files: withCilium }), FILES)).choice.name).toBe('kubernetes');
  });
});

it('objects of a cluster are those that its reader gives', async () => {
  const values = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }];
  const { objects } = await readObjects(memoryPorts({ cluster: values }), HERE);
  expect(objects.map(({ value }) => value)).toEqual(objectsFrom(values).map(({ value }) => value));
});

it('a diff of two states that set the CNI in two ways says so', async () => {
  const enforced = CILIUM_AUDITS.replace('policy-audit-mode: "true"', 'policy-audit-mode: "false"');
  const of = {
    'old/shop.yaml': `${enforced}${PODS}${policyFor('frontend')}`,
    'new/shop.yaml': `${CILIUM_AUDITS}${PODS}${policyFor('frontend')}`,
  };
  const compare = { of: 'paths', base: 'old', head: 'new' } as const;
  const workspace = (cni: string | undefined) => openWorkspace(memoryPorts({ files: of }), { ...FILES, cni });
  expect(await workspace('auto').ask('diff', { compare })).toMatchObject({ settingsDiffer: ['enforces'], changes: [] });
  const plain = await workspace(undefined).ask('diff', { compare });
  expect(plain.settingsDiffer).toBeUndefined();
  const same = await workspace('auto').ask('diff', { compare: { of: 'paths', base: 'old', head: 'old' } });
  expect(same.settingsDiffer).toBeUndefined();
});
