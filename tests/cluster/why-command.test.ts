// `why` of a live cluster as a person runs it, against a real API server: what only a cluster has (addresses, readiness, endpoints, nodes,
// a rollout), what a user with few rights is told, and the answer that stays on the screen.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clusterRole, type PolicyRule, rulesFor } from '../../src/source/cluster-role.ts';
import { builtCli } from '../cli-process.ts';
import { type ApiServer, limitedUser, startApiServer, startTimeoutMs } from './apiserver.ts';
import { call, type KubeObject, load } from './load.ts';
import { describeWithCluster } from './suite.ts';

const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const isReady = (status: 'True' | 'False') => ({
  conditions: [{ type: 'Ready', status, lastTransitionTime: '2026-01-01T00:00:00Z' }],
});

interface PodFacts {
  readonly labels?: Readonly<Record<string, string>>;
  readonly ready?: boolean;
  /** The ReplicaSet that made it. */
  readonly of?: string;
  readonly node?: string;
}
const pod = (ns: string, name: string, ip: string, { labels = {}, ready = true, of, node = 'node-1' }: PodFacts = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: ns,
    labels: { app: name.split('-')[0] ?? '', ...labels },
    ...(of && { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: of, uid: `uid-${of}`, controller: true }] }),
  },
  spec: { nodeName: node, containers: [{ name: 'main', image: 'example.test/main', ports: [{ name: 'grpc', containerPort: 7070 }] }] },
  status: { podIP: ip, hostIP: '172.18.0.2', ...isReady(ready ? 'True' : 'False') },
});
const service = (ns: string, name: string, spec: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: ns },
  spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 7070 }], ...spec },
});
const slice = (ns: string, name: string, endpoints: readonly object[]): KubeObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: `${name}-x7k2p`, namespace: ns, labels: { 'kubernetes.io/service-name': name } },
  addressType: 'IPv4',
  ports: [{ name: '', port: 7070, protocol: 'TCP' }],
  endpoints,
});
const policy = (ns: string, name: string, spec: object): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: ns },
  spec,
});
const deployment = (name: string): KubeObject => {
  const template = {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: 'main', image: 'example.test/main', ports: [{ containerPort: 7070 }] }] },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: { replicas: 2, selector: { matchLabels: { app: name } }, template },
  };
};
const replicaSet = (owner: string, hash: string): KubeObject => ({
  ...deployment(owner),
  kind: 'ReplicaSet',
  metadata: {
    name: `${owner}-${hash}`,
    namespace: 'shop',
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: owner, uid: `uid-${owner}`, controller: true }],
  },
});

const target = (ns: string, name: string) => ({ targetRef: { kind: 'Pod', namespace: ns, name } });
const shop: readonly KubeObject[] = [
  namespace('shop'),
  namespace('data'),
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, status: { addresses: [{ type: 'InternalIP', address: '172.18.0.2' }] } },
  pod('shop', 'frontend', '10.0.0.1'),
  // A Deployment in the middle of a rollout: the new pods carry a label more.
  deployment('cart'),
  replicaSet('cart', 'old'),
  replicaSet('cart', 'new'),
  pod('shop', 'cart-old-1', '10.0.0.2', { of: 'cart-old' }),
  pod('shop', 'cart-new-1', '10.0.0.3', { of: 'cart-new', labels: { tier: 'closed' } }),
  policy('shop', 'closed', { podSelector: { matchLabels: { tier: 'closed' } }, policyTypes: ['Ingress'] }),
  // One pod of two is ready, and the endpoints say so.
  pod('shop', 'checkout-a', '10.0.0.4'),
  pod('shop', 'checkout-b', '10.0.0.5', { ready: false }),
  service('shop', 'checkout'),
  slice('shop', 'checkout', [
    { addresses: ['10.0.0.4'], conditions: { ready: true }, ...target('shop', 'checkout-a') },
    { addresses: ['10.0.0.5'], conditions: { ready: false }, ...target('shop', 'checkout-b') },
  ]),
  pod('shop', 'sleeping', '10.0.0.6', { ready: false }),
  service('shop', 'sleeping'),
  // No selector: only its endpoints say where it leads, and that is a machine outside.
  { ...service('shop', 'ledger'), spec: { ports: [{ port: 80, targetPort: 7070 }] } },
  slice('shop', 'ledger', [{ addresses: ['192.0.2.10'], conditions: { ready: true } }]),
  pod('data', 'db', '10.0.1.1'),
  service('data', 'db'),
  policy('data', 'from-node', {
    podSelector: { matchLabels: { app: 'db' } },
    ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } }] }],
  }),
];

describeWithCluster('netverdict why, asked of a real cluster', () => {
  let server: ApiServer;
  let children: ChildProcess[] = [];

  beforeAll(async () => {
    builtCli();
    server = await startApiServer();
    // Owners are named with the ids that the server has given them.
    const uids = new Map<string, string>();
    for (const object of shop) {
      const owners = (object.metadata.ownerReferences ?? []) as readonly { readonly uid: string; readonly name: string }[];
      const owned = owners.map((owner) => ({ ...owner, uid: uids.get(owner.name) ?? owner.uid }));
      const metadata = owners.length === 0 ? object.metadata : { ...object.metadata, ownerReferences: owned };
      expect(await load(server, [{ ...object, metadata }])).toEqual([]);
      if (object.apiVersion !== 'apps/v1') continue;
      const path = `/apis/apps/v1/namespaces/shop/${object.kind.toLowerCase()}s/${object.metadata.name}`;
      uids.set(object.metadata.name, ((await call(server, 'GET', path)).body as { metadata: { uid: string } }).metadata.uid);
    }
  }, startTimeoutMs());

  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    children = [];
  });
  afterAll(async () => {
    await server?.stop();
  });

  function start(kubeconfig: string, args: readonly string[]) {
    const child = spawn(process.execPath, [builtCli(), ...args, '--kubeconfig', kubeconfig], {
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream]?.on('data', (chunk: Buffer) => {
        said[stream] += chunk;
      });
    }
    return { child, said, ended: once(child, 'close') as Promise<[number | null]> };
  }

  async function run(kubeconfig: string, args: readonly string[]) {
    const { said, ended } = start(kubeconfig, args);
    const [status] = await ended;
    return { ...said, status };
  }
  /** As the administrator, on a CNI about which no question is open. */
  async function why(from: string, to: string, ...more: readonly string[]) {
    const { stdout, stderr, status } = await run(server.kubeconfigPath, ['why', '--cni', 'calico', from, to, '-o', 'json', ...more]);
    return { stderr, status, answer: stdout === '' ? undefined : (JSON.parse(stdout) as Answer) };
  }

  interface Answer {
    readonly outcome: string;
    readonly limits?: readonly { readonly kind: string; readonly text: string }[];
    readonly connections: readonly {
      readonly codes: readonly string[];
      readonly service?: { readonly pods: number; readonly ready: number };
      readonly pods: readonly { readonly destinations: readonly string[]; readonly outcome: string }[];
      readonly obstacles: readonly { readonly code: string; readonly severity: string }[];
      readonly notes: readonly { readonly code: string }[];
    }[];
  }

  // --- what only a cluster has ---

  test('pods of one workload that differ, in the middle of a rollout, are told apart', async () => {
    const { answer, stderr, status } = await why('shop/frontend', 'shop/deploy/cart:7070');
    expect(answer).toMatchObject({ outcome: 'partial' });
    const byPod = Object.fromEntries(
      answer?.connections[0]?.pods.flatMap((each) => each.destinations.map((to) => [to, each.outcome])) ?? [],
    );
    expect(byPod).toEqual({ 'shop/cart-old-1': 'allowed', 'shop/cart-new-1': 'denied' });
    expect(stderr).toContain('shop/cart[Deployment]');
    expect(stderr).toMatch(/tier/);
    expect(status).toBe(1);
    expect((await why('shop/frontend', 'shop/cart-old-1:7070')).answer).toMatchObject({ outcome: 'allowed' });
  });

  test('readiness and endpoints: what is not ready is not sent to, and nothing ready is no way', async () => {
    const { answer } = await why('shop/frontend', 'shop/svc/checkout:80');
    expect(answer).toMatchObject({ outcome: 'allowed', connections: [{ service: { pods: 2, ready: 1 } }] });
    expect(answer?.connections[0]?.pods.flatMap(({ destinations }) => destinations)).toEqual(['shop/checkout-a']);
    expect((await why('shop/frontend', 'shop/svc/sleeping:80')).answer).toMatchObject({
      outcome: 'broken',
      connections: [{ codes: expect.arrayContaining(['no-ready-endpoint']) }],
    });
  });

  test('a Service without selector leads where its EndpointSlices say', async () => {
    const { answer } = await why('shop/frontend', 'shop/svc/ledger:80');
    expect(answer).toMatchObject({ outcome: 'allowed' });
    expect(JSON.stringify(answer?.connections[0]?.pods)).toContain('192.0.2.10');
  });

  test('an address is the pod, or the node, that has it', async () => {
    // The policy of db lets in the namespace shop alone: the pod at this address is in it.
    expect((await why('10.0.0.1', 'data/db:7070')).answer).toMatchObject({ outcome: 'allowed' });
    expect((await why('192.0.2.77', 'data/db:7070')).answer).toMatchObject({ outcome: 'denied' });
    // A node reaches the pods that run on it whatever policies say.
    expect((await why('172.18.0.2', 'data/db:7070')).answer).toMatchObject({ outcome: 'allowed' });
    expect((await why('node/node-1', 'data/db:7070')).answer).toMatchObject({ outcome: 'allowed' });
  });

  test('the fix that is named can be run: it prints what kubectl would apply to this cluster', async () => {
    const { stdout } = await run(server.kubeconfigPath, ['why', '-q', '--cni', 'calico', 'shop/frontend', 'shop/pod/cart-new-1:7070']);
    const [, line = ''] = /(netverdict fix .*-o kubectl)\n/.exec(stdout.replaceAll(/\n {13}(?=\S)/g, ' ')) ?? [];
    expect(line).toContain(`--kubeconfig ${server.kubeconfigPath}`);
    const { stdout: commands, status } = await run(server.kubeconfigPath, [...line.split(' ').slice(1), '-q']);
    expect(commands).toMatch(/^kubectl /);
    expect(status).toBe(0);
  });

  // --- what may not be read ---

  const api = 'rbac.authorization.k8s.io';
  const user = { apiGroup: api, kind: 'User', name: limitedUser };
  /** In the whole cluster. The server has heard of it when its authorizer says so. */
  async function allow(rules: readonly PolicyRule[]): Promise<void> {
    const role = { ...clusterRole({}, 'reader'), rules };
    expect((await call(server, 'PUT', `/apis/${api}/v1/clusterroles/reader`, role)).status).toBeLessThan(300);
    const roleRef = { apiGroup: api, kind: 'ClusterRole', name: 'reader' };
    const binding = { apiVersion: `${api}/v1`, kind: 'ClusterRoleBinding', metadata: { name: 'reader' }, roleRef, subjects: [user] };
    expect((await call(server, 'PUT', `/apis/${api}/v1/clusterrolebindings/reader`, binding)).status).toBeLessThan(300);
    await heard('', rules);
  }
  async function heard(ns: string, rules: readonly PolicyRule[]): Promise<void> {
    const all = rulesFor({}).flatMap(({ apiGroups: [group = ''], resources }) => resources.map((resource) => ({ group, resource })));
    for (const { group, resource } of all.filter(({ resource }) => resource !== 'configmaps')) {
      const expected = rules.some(({ apiGroups, resources }) => apiGroups.includes(group) && resources.includes(resource));
      const spec = { user: limitedUser, resourceAttributes: { verb: 'list', group, resource, ...(ns && { namespace: ns }) } };
      const ask = async () => {
        const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
        const { body } = await call(server, 'POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', review);
        return (body as { status: { allowed: boolean } }).status.allowed;
      };
      await expect.poll(ask, { timeout: 20_000, interval: 50, message: `${resource} of ${group}` }).toBe(expected);
    }
  }
  const without = (...names: readonly string[]): readonly PolicyRule[] =>
    rulesFor({})
      .map((rule) => ({ ...rule, resources: rule.resources.filter((resource) => !names.includes(resource)) }))
      .filter(({ resources }) => resources.length > 0);
  async function limitedWhy(from: string, to: string, ...more: readonly string[]) {
    const args = ['why', '--cni', 'calico', from, to, '-o', 'json', ...more];
    const { stdout, stderr, status } = await run(server.limitedKubeconfigPath, args);
    return { stderr, status, answer: stdout === '' ? undefined : (JSON.parse(stdout) as Answer) };
  }
  const limitsOf = (answer: Answer | undefined) => answer?.limits?.map(({ kind }) => kind);
  const codesOf = (answer: Answer | undefined) => answer?.connections[0]?.obstacles.map(({ code }) => code);

  test('a user who may read everything is told of no limit', async () => {
    await allow(rulesFor({}));
    const { answer } = await limitedWhy('shop/frontend', 'shop/svc/checkout:80');
    expect(answer).toMatchObject({ outcome: 'allowed' });
    expect(answer).not.toHaveProperty('limits');
  });

  test('policies that may not be read leave it undecided', async () => {
    await allow(without('networkpolicies'));
    const { answer, status } = await limitedWhy('shop/frontend', 'shop/svc/checkout:80');
    expect(answer).toMatchObject({ outcome: 'undecided' });
    expect(limitsOf(answer)).toEqual(['NetworkPolicy']);
    expect(status).toBe(1);
  });

  test('Services that may not be read are not taken for missing', async () => {
    await allow(without('services'));
    // By name it is no object that could be found, and the message says why.
    const { stderr, status } = await limitedWhy('shop/frontend', 'shop/svc/checkout:80');
    expect(stderr).toMatch(/allowed to read is called `shop\/checkout`; it cannot read services there/);
    expect(status).toBe(2);
    // As a host it might resolve.
    const { answer } = await limitedWhy('shop/frontend', 'http://checkout/');
    expect(answer).toMatchObject({ outcome: 'undecided' });
    expect(codesOf(answer)).toEqual(expect.arrayContaining(['not-read', 'name-not-in-dns']));
    expect(limitsOf(answer)).toEqual(['Service']);
    // The control: one that is not there for those who may read them.
    expect((await why('shop/frontend', 'http://nothing-of-the-kind/')).answer).toMatchObject({ outcome: 'broken' });
  });

  test('pods that may not be read leave open what hangs on them', async () => {
    await allow(without('pods'));
    const gone = await limitedWhy('shop/frontend', 'shop/svc/checkout:80');
    expect(gone.stderr).toMatch(/allowed to read is called `shop\/frontend`; it cannot read pods there/);
    // From a workload, whose template is known, to a Service, whose pods are not.
    const { answer } = await limitedWhy('shop/cart', 'shop/svc/checkout:80');
    expect(answer).toMatchObject({ outcome: 'undecided' });
    expect(codesOf(answer)).toContain('not-read');
    expect(limitsOf(answer)).toEqual(['Pod']);
    // Whose address it is cannot be told; of one on the internet it can.
    expect((await limitedWhy('10.0.0.9', 'shop/cart:7070')).answer).toMatchObject({ outcome: 'undecided' });
    expect((await limitedWhy('198.51.100.7', 'shop/cart:7070')).answer).toMatchObject({ outcome: 'allowed' });
  });

  test('nodes that may not be read leave addresses open, and name the node that is not found', async () => {
    await allow(without('nodes'));
    expect((await limitedWhy('node/node-9', 'data/db:7070')).stderr).toContain('it cannot read nodes there');
    expect((await limitedWhy('172.18.0.9', 'data/db:7070')).answer).toMatchObject({ outcome: 'undecided' });
    const { answer } = await limitedWhy('shop/frontend', 'shop/svc/checkout:80');
    expect(answer).toMatchObject({ outcome: 'allowed' });
    expect(limitsOf(answer)).toEqual(['Node']);
  });

  test('namespaces that may not be read leave open what asks for their labels; a name every namespace carries', async () => {
    await allow(without('namespaces'));
    const { answer } = await limitedWhy('shop/frontend', 'data/svc/db:80');
    expect(answer).toMatchObject({ outcome: 'allowed' });
    expect(limitsOf(answer)).toEqual(['Namespace']);
    const asks = policy('data', 'asks', {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'a' } } }] }],
    });
    await call(server, 'DELETE', '/apis/networking.k8s.io/v1/namespaces/data/networkpolicies/from-node');
    expect(await load(server, [asks])).toEqual([]);
    try {
      expect((await limitedWhy('shop/frontend', 'data/svc/db:80')).answer).toMatchObject({ outcome: 'undecided' });
      expect((await why('shop/frontend', 'data/svc/db:80')).answer).toMatchObject({ outcome: 'denied' });
    } finally {
      await call(server, 'DELETE', '/apis/networking.k8s.io/v1/namespaces/data/networkpolicies/asks');
      expect(
        await load(
          server,
          shop.filter(({ metadata }) => metadata.name === 'from-node'),
        ),
      ).toEqual([]);
    }
  });

  test('a user with rights in two namespaces gets an answer about the two', async () => {
    await allow([]);
    for (const ns of ['shop', 'data']) {
      const rules = without('nodes', 'namespaces');
      const root = `/apis/${api}/v1/namespaces/${ns}`;
      expect((await call(server, 'POST', `${root}/roles`, { metadata: { name: 'reader' }, rules })).status).toBe(201);
      const binding = { metadata: { name: 'reader' }, roleRef: { apiGroup: api, kind: 'Role', name: 'reader' }, subjects: [user] };
      expect((await call(server, 'POST', `${root}/rolebindings`, binding)).status).toBe(201);
      await heard(ns, rules);
    }
    const { answer, status } = await limitedWhy('shop/frontend', 'data/svc/db:80');
    expect(answer).toMatchObject({ outcome: 'allowed' });
    expect(limitsOf(answer)).toEqual(expect.arrayContaining(['Namespace', 'NetworkPolicy', 'Pod', 'Service']));
    expect(answer?.limits?.find(({ kind }) => kind === 'Pod')?.text).toMatch(/pods outside namespaces shop, data/);
    expect(status).toBe(0);
    expect((await limitedWhy('shop/frontend', 'shop/pod/cart-new-1:7070')).answer).toMatchObject({ outcome: 'denied' });
    // In text the limits stand below the answer.
    const { stdout } = await run(server.limitedKubeconfigPath, ['why', '-q', '--cni', 'calico', 'shop/frontend', 'data/svc/db:80']);
    expect(stdout).toMatch(/^✓ allowed/);
    expect(stdout).toMatch(/\n {2}limit +could not read pods outside namespaces shop, data \(you are not allowed to list them\)/);
  });

  // --- an answer that stays ---

  const closing = policy('shop', 'checkout-closed', { podSelector: { matchLabels: { app: 'checkout' } }, policyTypes: ['Ingress'] });
  const open = () => call(server, 'DELETE', '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/checkout-closed');
  /** The answers so far, of `-o json`. */
  const outcomesOf = (text: string) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { outcome?: string; error?: { code: string } }).outcome ?? 'error');

  test('--watch tells when a policy changes the answer, and goes on after the server was away', { timeout: 120_000 }, async () => {
    const args = ['why', '--watch', '--cni', 'calico', 'shop/frontend', 'shop/svc/checkout:80', '-o', 'json'];
    const { child, said, ended } = start(server.kubeconfigPath, args);
    await expect.poll(() => outcomesOf(said.stdout), { timeout: 30_000 }).toEqual(['allowed']);
    expect(await load(server, [closing])).toEqual([]);
    await expect.poll(() => outcomesOf(said.stdout), { timeout: 30_000 }).toEqual(['allowed', 'denied']);

    await server.kill();
    await expect.poll(() => said.stderr, { timeout: 30_000 }).toMatch(/netverdict: .*; trying again\n/);
    await server.restart();
    expect((await open()).status).toBe(200);
    await expect.poll(() => outcomesOf(said.stdout), { timeout: 60_000 }).toEqual(['allowed', 'denied', 'allowed']);
    await expect.poll(() => said.stderr, { timeout: 60_000 }).toMatch(/connected again\n$/);

    child.kill('SIGINT');
    // The last answer's exit code: it is allowed.
    expect(await ended).toEqual([0, null]);
  });

  test('--watch prints blocks of text without -o, and ends with the last answer', { timeout: 60_000 }, async () => {
    const { child, said, ended } = start(server.kubeconfigPath, [
      ...['why', '-w', '--cni', 'calico', 'shop/frontend', 'shop/svc/checkout:80'],
    ]);
    await expect.poll(() => said.stdout, { timeout: 30_000 }).toMatch(/^✓ allowed/);
    expect(await load(server, [closing])).toEqual([]);
    try {
      await expect.poll(() => said.stdout, { timeout: 30_000 }).toMatch(/\n\n✗ denied.*checkout-closed/s);
    } finally {
      await open();
    }
    await expect.poll(() => said.stdout, { timeout: 30_000 }).toMatch(/✗ denied.*\n\n✓ allowed/s);
    child.kill('SIGTERM');
    await ended;
    expect(said.stdout).not.toContain('\x1b');
  });

  test('--watch of files is refused', async () => {
    const { stderr, status } = await run(server.kubeconfigPath, [
      'why',
      '--watch',
      '-f',
      'examples',
      'shop/frontend',
      'shop/svc/checkout:80',
    ]);
    expect(stderr).toContain('both files and a cluster');
    expect(status).toBe(2);
  });
});
