import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Files, tarGzOf, tarOf, writeFiles, zipOf } from '../../tests/archives.ts';
import { Failure } from '../failure.ts';
import { loadCluster } from '../manifest/load.ts';
import { type ReadOptions, readInputs } from './files.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netverdict-bundle-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const policy = (name: string, namespace: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {podSelector: {}}\n`;
const pod = (name: string, namespace: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}\nspec: {containers: [{name: main, image: i}]}\n`;
const list = (kind: string, ...items: string[]) =>
  `apiVersion: ${kind.startsWith('NetworkPolicy') ? 'networking.k8s.io/v1' : 'v1'}\nkind: ${kind}\nitems:\n${items
    .map((item) =>
      item
        .trimEnd()
        .split('\n')
        .map((line, i) => `${i === 0 ? '- ' : '  '}${line}\n`)
        .join(''),
    )
    .join('')}`;
const json = (kind: string, apiVersion: string, ...names: string[]) =>
  JSON.stringify({ kind, apiVersion, items: names.map((name) => ({ metadata: { name, namespace: 'shop' } })) }, null, 4);
const SECRET = 'hunter2-base64';
const secret = `apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}\ndata: {password: ${SECRET}}\n`;
const configMap = (name: string, namespace: string, data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${namespace}}\ndata: {${data}}\n`;

const MUST_GATHER: Files = {
  'must-gather.local.1/timestamp': '2026-11-30 12:03:41.5 +0000 UTC m=+0.1\n2026-11-30 12:09:02 +0000 UTC m=+320.1\n',
  'must-gather.local.1/image-sha256-4f/cluster-scoped-resources/config.openshift.io/infrastructures.yaml':
    'apiVersion: config.openshift.io/v1\nkind: InfrastructureList\nitems:\n- status:\n    infrastructureName: prod-x7k2p\n',
  'must-gather.local.1/image-sha256-4f/namespaces/shop/shop.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n',
  'must-gather.local.1/image-sha256-4f/namespaces/shop/core/pods.yaml': list('PodList', pod('cart', 'shop')),
  'must-gather.local.1/image-sha256-4f/namespaces/shop/pods/cart/cart.yaml': pod('cart', 'shop'),
  'must-gather.local.1/image-sha256-4f/namespaces/shop/pods/cart/main/main/logs/current.yaml': 'kind: [broken\napiVersion',
  'must-gather.local.1/image-sha256-4f/namespaces/shop/core/secrets.yaml': list('SecretList', secret),
  'must-gather.local.1/image-sha256-4f/namespaces/shop/core/configmaps.yaml': list(
    'ConfigMapList',
    configMap('app', 'shop', `token: ${SECRET}`),
  ),
  'must-gather.local.1/image-sha256-4f/namespaces/shop/networking.k8s.io/networkpolicies.yaml': list(
    'NetworkPolicyList',
    policy('default-deny', 'shop'),
  ),
};

async function read(path: string, options: ReadOptions = {}) {
  const { texts, problems, bundles } = await readInputs([path], options);
  const cluster = loadCluster(texts, { problems });
  return {
    texts,
    bundles,
    pods: cluster.pods.map(({ ref }) => ref),
    policies: cluster.policies.map(({ kind, ref }) => `${kind} ${ref}`),
    problems: cluster.problems.map(({ code, facts }) => [code, facts.kind ?? '', facts.readIn ?? ''].join(' ').trim()),
  };
}

async function archive(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function failure(path: string): Promise<string> {
  return readInputs([path], {}).then(
    () => 'read',
    (error) => (error instanceof Failure ? error.code : String(error)),
  );
}

describe('a must-gather', () => {
  it('is read from a folder and from an archive alike, each object once', async () => {
    writeFiles(folder, MUST_GATHER);
    const asFolder = await read(folder);
    const asArchive = await read(await archive('mg.tar.gz', await tarGzOf(MUST_GATHER)));
    const asTar = await read(await archive('mg.tar', await tarOf(MUST_GATHER)));
    for (const found of [asFolder, asArchive, asTar]) {
      expect(found.pods).toEqual(['shop/cart']);
      expect(found.policies).toContain('NetworkPolicy shop/default-deny');
      expect(found.bundles[0]).toMatchObject({ kind: 'must-gather', cluster: 'prod-x7k2p', takenAt: '2026-11-30 12:03 UTC' });
    }
    expect(asArchive.texts.some(({ file }) => /<.*mg\.tar\.gz>\/must-gather\.local\.1\//.test(file))).toBe(true);
  });

  it('leaves open what policies of namespaces say that were not inspected', async () => {
    const found = await read(await archive('mg.tgz', await tarGzOf(MUST_GATHER)));
    expect(found.problems).toEqual(['limit NetworkPolicy shop']);
    expect(found.policies).toHaveLength(2);
  });

  it('leaves open a kind of policy that has a CRD and was not collected', async () => {
    const crd =
      'mg/cluster-scoped-resources/apiextensions.k8s.io/customresourcedefinitions/adminnetworkpolicies.policy.networking.k8s.io.yaml';
    const crdText = 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n';
    const without = await read(await archive('a.tgz', await tarGzOf({ ...MUST_GATHER, [crd]: crdText })));
    expect(without.problems).toContain('limit AdminNetworkPolicy');
    const collected = 'mg/cluster-scoped-resources/policy.networking.k8s.io/adminnetworkpolicies.yaml';
    const empty = 'apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicyList\nitems: []\n';
    const complete = await read(await archive('b.tgz', await tarGzOf({ ...MUST_GATHER, [crd]: crdText, [collected]: empty })));
    expect(complete.problems).toEqual(['limit NetworkPolicy shop']);
  });

  it('keeps no Secret and no value of a ConfigMap, except settings of a CNI', async () => {
    const cilium = configMap('cilium-config', 'kube-system', `enable-policy: never, k8s-token: ${SECRET}`);
    const file = 'must-gather.local.1/image-sha256-4f/namespaces/kube-system/core/configmaps/cilium-config.yaml';
    const { texts } = await read(await archive('mg.tgz', await tarGzOf({ ...MUST_GATHER, [file]: cilium })));
    const all = texts.map(({ text }) => text).join('');
    expect(all).not.toContain(SECRET);
    expect(all).toContain('"enable-policy":"never"');
    expect(texts.find(({ file: name }) => name.includes('cilium-config'))?.file).toMatch(/ \(values removed\)$/);
  });
});

describe('bundles of other tools', () => {
  it('a sysdump of Cilium: a zip, its time in the names, the cluster in the ConfigMap', async () => {
    const at = '20261130-120341';
    const files: Files = {
      [`cilium-sysdump-${at}/k8s-pods-${at}.yaml`]: list('PodList', pod('cart', 'shop')),
      [`cilium-sysdump-${at}/k8s-networkpolicies-${at}.yaml`]: list('NetworkPolicyList', policy('default-deny', 'shop')),
      [`cilium-sysdump-${at}/ciliumnetworkpolicies-${at}.yaml`]:
        'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicyList\nitems:\n- metadata: {name: l7, namespace: shop}\n  spec: {endpointSelector: {}, ingress: [{}]}\n',
      [`cilium-sysdump-${at}/cilium-configmap-${at}.yaml`]: configMap('cilium-config', 'kube-system', 'enable-policy: default').replace(
        'data: {',
        'data:\n  cluster-name: "west"\nother: {',
      ),
      [`cilium-sysdump-${at}/cilium-bugtool-cilium-x-${at}.tar.gz`]: 'nested, not opened',
    };
    const found = await read(await archive('sysdump.zip', zipOf(files)));
    expect(found.bundles[0]).toMatchObject({ kind: 'cilium-sysdump', cluster: 'west', takenAt: '2026-11-30 12:03' });
    expect(found.policies).toEqual(expect.arrayContaining(['NetworkPolicy shop/default-deny', 'CiliumNetworkPolicy shop/l7']));
    expect(found.problems).toContain('limit CiliumClusterwideNetworkPolicy');
    expect(found.problems).not.toContain('limit CiliumNetworkPolicy');
  });

  it('a support bundle of troubleshoot.sh: lists that do not say their kind too', async () => {
    const root = 'support-bundle-2026-11-30T12_03_41/cluster-resources';
    const files: Files = {
      [`${root}/pods/shop.json`]: json('PodList', 'v1', 'cart'),
      [`${root}/namespaces.json`]: JSON.stringify([{ metadata: { name: 'shop' } }]),
      [`${root}/network-policy/shop.json`]: JSON.stringify({
        kind: 'NetworkPolicyList',
        apiVersion: 'networking.k8s.io/v1',
        items: [{ metadata: { name: 'default-deny', namespace: 'shop' }, spec: { podSelector: {} } }],
      }),
      [`${root}/custom-resources/ciliumnetworkpolicies.cilium.io/shop.json`]: JSON.stringify([
        {
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumNetworkPolicy',
          metadata: { name: 'l7', namespace: 'shop' },
          spec: { endpointSelector: {}, ingress: [{}] },
        },
      ]),
      [`${root}/pods-errors.json`]: '{"kube-system":"forbidden"}',
    };
    const { texts, ...found } = await read(await archive('sb.tar.gz', await tarGzOf(files)));
    expect(found.bundles[0]).toMatchObject({ kind: 'support-bundle', takenAt: '2026-11-30 12:03' });
    expect(found.policies).toEqual(expect.arrayContaining(['NetworkPolicy shop/default-deny', 'CiliumNetworkPolicy shop/l7']));
    expect(loadCluster(texts).namespaces.get('shop')?.implied).toBe(false);
    expect(found.problems).toEqual(['limit NetworkPolicy shop']);
  });

  it('diagnostics of Calico: Kubernetes objects and CRDs side by side', async () => {
    const root = 'calico-diagnostics-20261130_120341/cluster';
    const files: Files = {
      [`${root}/kubernetes/pods.yaml`]: list('List', pod('cart', 'shop')),
      [`${root}/kubernetes/networkpolicies.yaml`]: list('List', policy('default-deny', 'shop')),
      [`${root}/crd/networkpolicies.crd.projectcalico.org.yaml`]: 'apiVersion: v1\nkind: List\nitems: []\n',
      [`${root}/crd/globalnetworkpolicies.crd.projectcalico.org.yaml`]:
        'apiVersion: v1\nkind: List\nitems:\n- apiVersion: crd.projectcalico.org/v1\n  kind: GlobalNetworkPolicy\n  metadata: {name: default.deny}\n  spec: {selector: all(), types: [Ingress]}\n',
      [`${root}/calico-system/calico-system.yaml`]: list('List', pod('calico-node', 'calico-system')),
      [`${root}/tls/calico-system_node-certs.yaml`]: secret,
    };
    const found = await read(await archive('diags.tar.gz', await tarGzOf(files)));
    expect(found.bundles[0]).toMatchObject({ kind: 'calico-diags', takenAt: '2026-11-30 12:03' });
    expect(found.policies).toEqual(expect.arrayContaining(['NetworkPolicy shop/default-deny', 'GlobalNetworkPolicy default.deny']));
    expect(found.problems).toEqual([]);
    expect(found.texts.map(({ text }) => text).join('')).not.toContain(SECRET);
  });
});

describe('kubectl cluster-info dump', () => {
  const items = [json('NodeList', 'v1'), json('EventList', 'v1'), json('ReplicationControllerList', 'v1'), json('PodList', 'v1', 'cart')];
  const printed = `${items.join('\n')}\n==== START logs for container main of pod shop/cart ====\n{"kind": "Pod", [broken\n==== END logs for container main of pod shop/cart ====\n${json('PodList', 'v1', 'frontend')}\n`;

  it('is read as it is printed, logs left out; its policies are not in it, so nothing is decided', async () => {
    const found = await read('-', { stdin: Readable.from([printed]) });
    expect(found.bundles[0]).toMatchObject({ kind: 'cluster-info-dump', path: '<stdin>' });
    expect(found.pods).toEqual(['shop/cart', 'shop/frontend']);
    expect(found.problems).toEqual(['limit NetworkPolicy']);
  });

  it('is read from the folder it writes', async () => {
    writeFiles(folder, {
      'nodes.json': items[0] ?? '',
      'shop/pods.json': items[3] ?? '',
      'shop/replication-controllers.json': items[2] ?? '',
      'shop/events.json': items[1] ?? '',
    });
    const found = await read(folder);
    expect(found.bundles[0]?.kind).toBe('cluster-info-dump');
    expect(found.pods).toEqual(['shop/cart']);
    expect(found.problems).toEqual(['limit NetworkPolicy']);
  });

  it('is complete with the policies beside it', async () => {
    writeFiles(folder, {
      'dump/shop/pods.json': items[3] ?? '',
      'dump/shop/replication-controllers.json': items[2] ?? '',
      'netpol.yaml': policy('default-deny', 'shop'),
    });
    const { texts, problems } = await readInputs([join(folder, 'dump'), join(folder, 'netpol.yaml')], {});
    const cluster = loadCluster(texts, { problems });
    expect(cluster.problems).toEqual([]);
    expect(cluster.policies.map(({ ref }) => ref)).toEqual(['shop/default-deny']);
  });
});

describe('an archive', () => {
  it('of manifests is read like a folder of them', async () => {
    const files = { 'k8s/cart.yaml': pod('cart', 'shop'), 'k8s/events.yaml': policy('default-deny', 'shop'), 'k8s/README.md': '# shop' };
    for (const [name, bytes] of [
      ['k8s.tgz', await tarGzOf(files)],
      ['k8s.zip', zipOf(files)],
    ] as const) {
      const found = await read(await archive(name, bytes));
      expect(found).toMatchObject({ pods: ['shop/cart'], policies: ['NetworkPolicy shop/default-deny'], problems: [] });
    }
  });

  it('comes through standard input too', async () => {
    const bytes = await tarGzOf({ 'cart.yaml': pod('cart', 'shop') });
    expect((await read('-', { stdin: Readable.from([bytes]) })).pods).toEqual(['shop/cart']);
  });

  it('that is cut off is refused: what is missing may be the policy that decides', async () => {
    const tar = await tarGzOf({
      'cart.yaml': pod('cart', 'shop'),
      'more.yaml': `# ${Array.from({ length: 9000 }, (_, i) => i * 7919).join(' ')}\n`,
    });
    expect(await failure(await archive('whole.tgz', tar))).toBe('read');
    expect(await failure(await archive('half.tgz', tar.subarray(0, tar.length / 2)))).toBe('archive-broken');
    const zip = zipOf({ 'cart.yaml': pod('cart', 'shop') });
    expect(await failure(await archive('half.zip', zip.subarray(0, zip.length - 30)))).toBe('archive-broken');
    expect(await failure(await archive('lies.zip', zipOf({ 'cart.yaml': pod('cart', 'shop') }, { lies: 5 })))).toBe('archive-broken');
  });

  it('that unpacks to a thousand times its size is refused', async () => {
    const blank = gzipSync(await tarOf({ 'a.log': '\0'.repeat(65 * 2 ** 20) }));
    expect(await failure(await archive('bomb.tgz', blank))).toBe('archive-too-large');
  });

  it('with a name that leads out of it is refused', async () => {
    for (const name of ['../../etc/cart.yaml', '/etc/cart.yaml', 'a/../../cart.yaml', 'C:\\cart.yaml']) {
      expect(await failure(await archive('bad.zip', zipOf({ [name]: pod('cart', 'shop') })))).toBe('archive-unsafe');
    }
    expect(await failure(await archive('bad.tgz', await tarGzOf({ '../cart.yaml': pod('cart', 'shop') })))).toBe('archive-unsafe');
  });

  it('keeps to the limits of all input', async () => {
    const path = await archive('k8s.zip', zipOf({ 'a.yaml': pod('cart', 'shop'), 'b.yaml': pod('checkout', 'shop') }));
    expect((await read(path, { maxFileBytes: 60 })).problems).toContain('file-too-large');
    await expect(readInputs([path], { maxTotalBytes: 200 })).rejects.toMatchObject({ code: 'archive-too-large' });
  });
});
