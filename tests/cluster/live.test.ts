// Reading a real API server: the objects, the least rights, what may not be read, and the faults that a real server has.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCluster } from '../../src/manifest/load.ts';
import type { KubeObject as ReadObject } from '../../src/manifest/objects.ts';
import { toCluster } from '../../src/manifest/to-cluster.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { decide } from '../../src/policy/decide.ts';
import { podEnd } from '../../src/policy/end.ts';
import { chooseProfile, type ProfileChoice, semanticsOf } from '../../src/profile/choose.ts';
import { CLUSTER_KINDS, SAME_OBJECTS, SIGN_CONFIG_MAPS } from '../../src/source/cluster-kinds.ts';
import { clusterRole, clusterRoleYaml, type PolicyRule, rulesFor } from '../../src/source/cluster-role.ts';
import { readCluster } from '../../src/source/live.ts';
import { type WatchedState, watchCluster } from '../../src/source/live-watch.ts';
import { sanitized, snapshotText } from '../../src/source/snapshot.ts';
import { problemSentence } from '../../src/words/en/problem.ts';
import { failureOf } from '../failure-of.ts';
import { type ApiServer, limitedUser, startApiServer, startTimeoutMs } from './apiserver.ts';
import { type CustomKind, serveKinds, withdrawKinds } from './crds.ts';
import { call, type KubeObject, load } from './load.ts';
import { describeWithCluster } from './suite.ts';

const namespace = (name: string, labels: object = {}): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
const pod = (ns: string, name: string, ip: string, app: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: ns, labels: { app } },
  spec: {
    nodeName: 'node-1',
    containers: [
      {
        name: 'main',
        image: 'example.test/main',
        ports: [{ name: 'grpc', containerPort: 7070 }],
        env: [{ name: 'PASSWORD', value: 'hunter2' }],
        args: ['--token=abc'],
      },
    ],
  },
  status: { podIP: ip, hostIP: '172.18.0.2' },
});
const policy = (ns: string, name: string, spec: object): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: ns },
  spec,
});

const shop: readonly KubeObject[] = [
  namespace('shop', { team: 'a' }),
  namespace('data', { tier: 'data' }),
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, status: { addresses: [{ type: 'InternalIP', address: '172.18.0.2' }] } },
  pod('shop', 'frontend', '10.0.0.1', 'frontend'),
  pod('shop', 'cart', '10.0.0.2', 'cart'),
  pod('data', 'db', '10.0.0.3', 'db'),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { selector: { app: 'cart' }, ports: [{ port: 80, targetPort: 'grpc' }] },
  },
  policy('shop', 'cart-ingress', {
    podSelector: { matchLabels: { app: 'cart' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'frontend' } } }], ports: [{ port: 'grpc' }] }],
  }),
  policy('data', 'db-ingress', { podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'a' } } }] }] }),
];

const semantics = semanticsOf(chooseProfile('calico') as ProfileChoice);

function outcome(cluster: Cluster, from: string, to: string, port: number) {
  const [source, destination] = [from, to].map((ref) => cluster.podByRef.get(ref));
  if (source === undefined || destination === undefined) throw new Error(`no such pod: ${from} or ${to}`);
  return decide(cluster, semantics, { source: podEnd(source), destination: podEnd(destination), protocol: 'TCP', port }).outcome;
}

/** What the shop's policies say of every pair, whoever read it. */
function outcomes(cluster: Cluster) {
  return {
    'frontend → cart:7070': outcome(cluster, 'shop/frontend', 'shop/cart', 7070),
    'frontend → cart:80': outcome(cluster, 'shop/frontend', 'shop/cart', 80),
    'db → cart:7070': outcome(cluster, 'data/db', 'shop/cart', 7070),
    'frontend → db:5432': outcome(cluster, 'shop/frontend', 'data/db', 5432),
    'db → frontend:80': outcome(cluster, 'data/db', 'shop/frontend', 80),
  };
}
const asWritten = {
  'frontend → cart:7070': 'allowed',
  'frontend → cart:80': 'denied',
  'db → cart:7070': 'denied',
  'frontend → db:5432': 'allowed',
  'db → frontend:80': 'allowed',
};

const read = (objects: readonly ReadObject[]): Cluster => toCluster(objects, [], 'default');

describeWithCluster('reading a real cluster', () => {
  let server: ApiServer;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'netverdict-live-'));
    server = await startApiServer();
    expect(await load(server, shop)).toEqual([]);
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'reader' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: limitedUser }],
    };
    expect(await load(server, [binding])).toEqual([]);
  }, startTimeoutMs());

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server?.stop();
  });

  /** Gives the limited user exactly these rights, and waits until the server has heard of them. */
  async function allow(rules: readonly PolicyRule[], isIn: () => Promise<boolean>): Promise<void> {
    const role = { ...clusterRole({}, 'reader'), rules };
    // The server creates a role that it is told to update.
    expect((await call(server, 'PUT', '/apis/rbac.authorization.k8s.io/v1/clusterroles/reader', role)).status).toBeLessThan(300);
    await expect.poll(isIn, { timeout: 20_000, interval: 50 }).toBe(true);
  }

  /** The authorizer learns of a change through a watch; what it thinks can be asked. */
  async function may(verb: string, group: string, resource: string, name?: string): Promise<boolean> {
    const [plural, subresource] = resource.split('/');
    const resourceAttributes = {
      verb,
      group,
      resource: plural,
      ...(subresource && { subresource }),
      ...(name && { name, namespace: 'kube-system' }),
    };
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { user: limitedUser, resourceAttributes } };
    const { body } = await call(server, 'POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', review);
    return (body as { status: { allowed: boolean } }).status.allowed;
  }

  test('gives the verdicts that the manifests give', async () => {
    const { objects, context } = await readCluster({ kubeconfig: server.kubeconfigPath });
    expect(context.server).toBe(server.url);
    const cluster = read(objects);
    expect(cluster.problems).toEqual([]);
    expect(outcomes(cluster)).toEqual(asWritten);
    expect(cluster.podByRef.get('shop/cart')).toMatchObject({ node: 'node-1', ready: true, phase: 'Running' });
  });

  test('gives the same verdicts from a snapshot, in which nothing is left that could be a secret', async () => {
    const secret: KubeObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'shop' },
      stringData: { key: 'swordfish' },
    };
    const annotated = { ...pod('shop', 'annotated', '10.0.0.9', 'other') };
    annotated.metadata = { ...annotated.metadata, annotations: { 'example.test/connection': 'postgres://u:hunter2@db' } };
    expect(await load(server, [secret, annotated])).toEqual([]);
    const { objects } = await readCluster({ kubeconfig: server.kubeconfigPath });
    const text = [...snapshotText(objects)].join('');
    for (const leak of ['hunter2', 'swordfish', '--token', 'PASSWORD', 'Secret', 'managedFields', 'last-applied'])
      expect(text).not.toContain(leak);
    // The control: what is looked for was in what was read.
    const given = JSON.stringify(objects.map(({ value }) => value));
    for (const there of ['hunter2', '--token', 'PASSWORD']) expect(given).toContain(there);
    const cluster = loadCluster([{ file: 'snapshot.json', text }]);
    expect(cluster.problems).toEqual([]);
    expect(outcomes(cluster)).toEqual(asWritten);
    expect(cluster.objectCount).toBe(objects.filter((object) => sanitized(object) !== undefined).length);
  });

  test('acts as somebody else with --as', async () => {
    expect(await failureOf(readCluster({ kubeconfig: server.kubeconfigPath, as: 'nobody' }))).toMatchObject({
      code: 'forbidden',
      text: expect.stringContaining('User "nobody" cannot list'),
    });
    const { context } = await readCluster({ kubeconfig: server.kubeconfigPath, as: 'somebody', asGroups: ['system:masters'] });
    expect(context.user).toBe('somebody');
  });

  test('works from a pod, with its service account', async () => {
    const home = join(folder, 'pod/var/run/secrets/kubernetes.io/serviceaccount');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'token'), server.adminToken);
    writeFileSync(join(home, 'namespace'), 'shop');
    writeFileSync(join(home, 'ca.crt'), readFileSync(server.caFile));
    const before = { ...process.env };
    const { hostname, port } = new URL(server.url);
    Object.assign(process.env, { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port, KUBECONFIG: join(folder, 'none') });
    try {
      const { objects, context } = await readCluster({ serviceAccountRoot: join(folder, 'pod') });
      expect(context).toMatchObject({ namespace: 'shop', cluster: 'in-cluster' });
      expect(outcomes(read(objects))).toEqual(asWritten);
    } finally {
      process.env = before;
    }
  });

  test('a certificate that the kubeconfig does not trust, and a token that is no more, are said so', async () => {
    const config = JSON.parse(JSON.stringify({ clusters: [], users: [], contexts: [] }));
    config['current-context'] = 'test';
    config.contexts = [{ name: 'test', context: { cluster: 'test', user: 'anna' } }];
    config.clusters = [{ name: 'test', cluster: { server: server.url } }];
    config.users = [{ name: 'anna', user: { token: 'no-more' } }];
    const kubeconfig = join(folder, 'untrusted');
    writeFileSync(kubeconfig, JSON.stringify(config));
    await expect(readCluster({ kubeconfig })).rejects.toMatchObject({ code: 'cluster-certificate' });
    config.clusters[0].cluster['certificate-authority'] = server.caFile;
    writeFileSync(kubeconfig, JSON.stringify(config));
    expect(await failureOf(readCluster({ kubeconfig }))).toMatchObject({
      code: 'not-authenticated',
      hint: expect.stringContaining('log in again'),
    });
  });

  // --- rights ---

  /** Every kind beyond the core, as a plugin would bring it. */
  const custom: readonly CustomKind[] = CLUSTER_KINDS.filter(
    ({ group }) => group.includes('.') && !/^(discovery|networking)\.k8s\.io$/.test(group),
  ).map((kind) => ({
    ...kind,
    version: kind.versions[0] ?? '',
  }));
  const twins = new Set(SAME_OBJECTS.map(([, instead]) => instead));
  const agents: readonly KubeObject[] = SIGN_CONFIG_MAPS.flatMap(({ namespace: ns, name, daemonSet }) => [
    namespace(ns),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: ns }, data: { key: 'value' } },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: daemonSet, namespace: ns },
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', image: 'a' }] } },
      },
    },
  ]);

  test('the printed ClusterRole is enough, and nothing in it is unused', { timeout: 300_000 }, async () => {
    expect(await load(server, agents)).toEqual([]);
    expect(
      await serveKinds(
        server,
        custom.filter(({ group }) => !twins.has(group)),
      ),
    ).toEqual([]);
    const reading = () => readCluster({ kubeconfig: server.limitedKubeconfigPath });
    const limitsNow = async () =>
      read((await reading()).objects)
        .problems.filter(({ code }) => code === 'limit')
        .map((problem) => problemSentence(problem).text);
    const rules = rulesFor({});

    await allow(rules, async () => (await may('list', '', 'pods')) && (await may('get', '', 'configmaps', 'cilium-config')));
    expect(await limitsNow()).toEqual([]);
    const asAdmin = await readCluster({ kubeconfig: server.kubeconfigPath });
    expect((await reading()).objects.map(({ origin }) => origin.document.file)).toEqual(
      asAdmin.objects.map(({ origin }) => origin.document.file),
    );

    let checked = 0;
    const groupsNow = custom.some(({ group }) => twins.has(group)) ? [false, true] : [false];
    for (const withTwins of groupsNow) {
      if (withTwins) {
        await withdrawKinds(
          server,
          custom.filter(({ group }) => SAME_OBJECTS.some(([asked]) => asked === group)),
        );
        expect(
          await serveKinds(
            server,
            custom.filter(({ group }) => twins.has(group)),
          ),
        ).toEqual([]);
      }
      for (const [i, rule] of rules.entries()) {
        const isTwin = twins.has(rule.apiGroups[0] ?? '');
        if (isTwin !== withTwins) continue;
        for (const name of rule.resourceNames ?? rule.resources) {
          const field = rule.resourceNames === undefined ? 'resources' : 'resourceNames';
          const left = { ...rule, [field]: rule[field]?.filter((each) => each !== name) };
          const less = rules.with(i, left).filter(({ resources }) => resources.length > 0);
          const [group, resource] = [rule.apiGroups[0] ?? '', rule.resourceNames === undefined ? name : 'configmaps'];
          await allow(less, async () => !(await may(rule.verbs[0] ?? '', group, resource, rule.resourceNames && name)));
          expect(await limitsNow(), `without ${resource} ${name} of ${group}`).toEqual([expect.stringContaining(name)]);
          checked++;
        }
      }
    }
    expect(checked).toBe(rules.flatMap(({ resources, resourceNames }) => resourceNames ?? resources).length);
  });

  test('the YAML that is printed is what the server takes', async () => {
    const file = join(folder, 'role.yaml');
    writeFileSync(
      file,
      clusterRoleYaml(clusterRole({ watch: true, probe: 'debug' }, 'netverdict'), {
        kind: 'ServiceAccount',
        name: 'netverdict',
        namespace: 'tools',
      }),
    );
    const { stdout } = await new Promise<{ stdout: string }>((done, fail) =>
      execFile('kubectl', ['--kubeconfig', server.kubeconfigPath, 'apply', '-f', file], (error, out) =>
        error === null ? done({ stdout: out }) : fail(error),
      ),
    );
    expect(stdout).toContain('clusterrole.rbac.authorization.k8s.io/netverdict created');
    expect(stdout).toContain('clusterrolebinding.rbac.authorization.k8s.io/netverdict created');
  });

  test('where policies may not be read, every verdict that they could touch is undecided', async () => {
    const withoutPolicies = rulesFor({}).map((rule) =>
      rule.apiGroups[0] === 'networking.k8s.io' ? { ...rule, resources: ['ingresses'] } : rule,
    );
    await allow(
      withoutPolicies,
      async () => !(await may('list', 'networking.k8s.io', 'networkpolicies')) && (await may('list', '', 'pods')),
    );
    const cluster = read((await readCluster({ kubeconfig: server.limitedKubeconfigPath })).objects);
    expect(new Set(Object.values(outcomes(cluster)))).toEqual(new Set(['undecided']));

    // The control: in one namespace they may be read, and there they decide again.
    const inShop = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop';
    const role = {
      metadata: { name: 'policies' },
      rules: [{ apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['list'] }],
    };
    expect((await call(server, 'POST', `${inShop}/roles`, role)).status).toBe(201);
    const binding = {
      metadata: { name: 'policies' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'policies' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: limitedUser }],
    };
    expect((await call(server, 'POST', `${inShop}/rolebindings`, binding)).status).toBe(201);
    await expect
      .poll(async () => outcomes(read((await readCluster({ kubeconfig: server.limitedKubeconfigPath, namespaces: ['shop'] })).objects)), {
        timeout: 20_000,
      })
      .toEqual({
        ...asWritten,
        // Egress of db, and ingress of db, hang on policies in data.
        'db → cart:7070': 'denied',
        'frontend → db:5432': 'undecided',
        'db → frontend:80': 'undecided',
      });
  });

  test('where namespaces may not be read, only what asks for their labels is undecided', async () => {
    const withoutNamespaces = rulesFor({}).map((rule) => ({ ...rule, resources: rule.resources.filter((name) => name !== 'namespaces') }));
    await allow(
      withoutNamespaces,
      async () => !(await may('list', '', 'namespaces')) && (await may('list', 'networking.k8s.io', 'networkpolicies')),
    );
    const cluster = read((await readCluster({ kubeconfig: server.limitedKubeconfigPath })).objects);
    expect(outcomes(cluster)).toEqual({ ...asWritten, 'frontend → db:5432': 'undecided' });
  });

  // --- watching ---

  /** Watches as the limited user until the test aborts it. */
  function watching() {
    const states: WatchedState[] = [];
    const troubles: unknown[] = [];
    const abort = new AbortController();
    const ended = watchCluster({
      kubeconfig: server.limitedKubeconfigPath,
      signal: abort.signal,
      onChange: (state) => states.push(state),
      onTrouble: (trouble) => troubles.push(trouble),
    });
    ended.catch(() => {});
    return { states, troubles, ended, stop: () => abort.abort() };
  }

  test('a watch tells what changes without listing again, also after the server was away', { timeout: 120_000 }, async () => {
    await allow(
      rulesFor({ watch: true }),
      async () => (await may('watch', '', 'pods')) && (await may('watch', 'networking.k8s.io', 'networkpolicies')),
    );
    const { states, troubles, ended, stop } = watching();
    await expect.poll(() => states.length, { timeout: 10_000 }).toBe(1);
    expect(outcomes(read(states[0]?.objects ?? []))).toEqual(asWritten);

    // Whoever listed again now would be refused.
    const watchOnly = rulesFor({ watch: true }).map((rule) => ({ ...rule, verbs: rule.verbs.filter((verb) => verb !== 'list') }));
    await allow(watchOnly, async () => !(await may('list', '', 'pods')) && (await may('watch', '', 'pods')));

    const closes = policy('shop', 'cart-closed', { podSelector: { matchLabels: { app: 'frontend' } }, policyTypes: ['Egress'] });
    expect(await load(server, [closes])).toEqual([]);
    await expect.poll(() => states.at(-1)?.changed, { timeout: 10_000 }).toEqual(['networkpolicies.networking.k8s.io']);
    expect(outcomes(read(states.at(-1)?.objects ?? []))).toEqual({
      ...asWritten,
      'frontend → cart:7070': 'denied',
      'frontend → db:5432': 'denied',
    });

    // A server that comes back may have forgotten what happened before (410): then one list is due, and allowed.
    await allow(rulesFor({ watch: true }), async () => may('list', '', 'pods'));
    await server.restart();
    expect((await call(server, 'DELETE', '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/cart-closed')).status).toBe(200);
    await expect.poll(() => outcomes(read(states.at(-1)?.objects ?? [])), { timeout: 30_000 }).toEqual(asWritten);
    await expect.poll(() => troubles.at(-1), { timeout: 30_000 }).toBeUndefined();
    stop();
    await ended;
  });

  test('a user who may list but not watch is told what is missing', async () => {
    await allow(rulesFor({}), async () => (await may('list', '', 'pods')) && !(await may('watch', '', 'pods')));
    const { ended } = watching();
    expect(await failureOf(ended)).toMatchObject({ code: 'forbidden', text: expect.stringMatching(/not allowed to watch/) });
  });

  // --- faults ---

  test('a server that is away in the middle of a list is waited for', { timeout: 120_000 }, async () => {
    const many = Array.from({ length: 1200 }, (_, i) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `svc-${i}`, namespace: 'data' },
      spec: { clusterIP: 'None', ports: [{ port: 80 }] },
    }));
    expect(await load(server, many)).toEqual([]);
    let restarted: Promise<void> | undefined;
    const { objects } = await readCluster({
      kubeconfig: server.kubeconfigPath,
      onProgress: () => {
        // The first list that is complete: services still have pages to come.
        restarted ??= server.restart();
      },
    });
    expect(restarted).toBeDefined();
    await restarted;
    expect(objects.filter(({ kind, name }) => kind === 'Service' && name.startsWith('svc-')).length).toBe(1200);
  });

  test('a server that is gone is named', { timeout: 120_000 }, async () => {
    await server.kill();
    await expect(readCluster({ kubeconfig: server.kubeconfigPath })).rejects.toMatchObject({
      code: 'cluster-unreachable',
      message: expect.stringContaining(server.url),
    });
    await server.restart();
  });
});
