// Checks the test cluster itself: that it is a real API server, with its validation and its authorization,
// and that objects loaded into it look as if kubelets had reported on them.
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiServer, limitedUser, startApiServer, startTimeoutMs } from './apiserver.ts';
import { call, type KubeObject, load, messageOf, reportPodRunning } from './load.ts';
import { describeWithCluster } from './suite.ts';

const shop: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } };

function policy(name: string, spec: object): KubeObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: 'shop' }, spec };
}

function pod(name: string, status?: object): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: name } },
    spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'example.test/main' }] },
    status,
  };
}

describeWithCluster('a real API server', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await startApiServer();
    expect(await load(server, [shop])).toEqual([]);
  }, startTimeoutMs());

  afterAll(async () => {
    await server?.stop();
  });

  test('a namespace and a policy read back as they were created, with the defaults the server adds', async () => {
    const spec = { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ ports: [{ port: 5432 }] }] };
    // The policy comes before its namespace, as it may in a manifest.
    expect(await load(server, [policy('db-port', spec), shop])).toEqual([]);

    const namespace = await call(server, 'GET', '/api/v1/namespaces/shop');
    expect(namespace.body).toMatchObject({ metadata: { labels: { team: 'a', 'kubernetes.io/metadata.name': 'shop' } } });
    const stored = await call(server, 'GET', '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/db-port');
    expect(stored.body).toMatchObject({
      spec: { ...spec, ingress: [{ ports: [{ port: 5432, protocol: 'TCP' }] }], policyTypes: ['Ingress'] },
    });
  });

  test('a policy with an empty peer is rejected, and the objects around it are still created', async () => {
    const rejections = await load(server, [
      policy('empty-peer', { podSelector: {}, ingress: [{ from: [{}] }] }),
      policy('deny-all', { podSelector: {} }),
    ]);
    expect(rejections.map(({ object, status }) => [object.metadata.name, status])).toEqual([['empty-peer', 422]]);
    expect(rejections[0]?.message).toContain('must specify a peer');
    expect((await call(server, 'GET', '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/deny-all')).status).toBe(200);
  });

  test('a loaded pod runs at the addresses its manifest reports, without a kubelet', async () => {
    expect(await load(server, [pod('db', { podIPs: [{ ip: '10.0.1.5' }, { ip: 'fd00::5' }], hostIP: '172.18.0.2' })])).toEqual([]);
    const { body } = await call(server, 'GET', '/api/v1/namespaces/shop/pods/db');
    expect(body).toMatchObject({
      status: { phase: 'Running', podIP: '10.0.1.5', podIPs: [{ ip: '10.0.1.5' }, { ip: 'fd00::5' }], hostIP: '172.18.0.2' },
    });
    expect(body).toHaveProperty('status.conditions', expect.arrayContaining([expect.objectContaining({ type: 'Ready', status: 'True' })]));
  });

  test('a pod can move to another address, but not to something that is no address', async () => {
    expect(await load(server, [pod('web', { podIP: '10.0.1.6' })])).toEqual([]);
    expect(await reportPodRunning(server, { namespace: 'shop', name: 'web', podIPs: ['10.0.1.7'], hostIP: '172.18.0.2' })).toBeUndefined();
    const { body } = await call(server, 'GET', '/api/v1/namespaces/shop/pods/web');
    expect(body).toMatchObject({ status: { podIPs: [{ ip: '10.0.1.7' }] } });
    expect(await reportPodRunning(server, { namespace: 'shop', name: 'web', podIPs: ['nowhere'] })).toContain('must be a valid IP address');
  });

  test('a pod that has finished stays finished', async () => {
    expect(await load(server, [pod('migration', { phase: 'Succeeded' })])).toEqual([]);
    const { body } = await call(server, 'GET', '/api/v1/namespaces/shop/pods/migration');
    expect(body).toMatchObject({ status: { phase: 'Succeeded' } });
  });

  test('a kind that the server does not serve is rejected', async () => {
    const unknown = { apiVersion: 'example.test/v1', kind: 'Widget', metadata: { name: 'w' } };
    expect(await load(server, [unknown])).toEqual([
      { object: unknown, status: 404, message: 'the server does not serve Widget of example.test/v1' },
    ]);
  });

  test('the limited user may list only what a role allows', async () => {
    const list = (resource: string) => call(server, 'GET', resource, undefined, { token: server.limitedToken });
    const forbidden = await list('/api/v1/namespaces/shop/pods');
    expect(forbidden.status).toBe(403);
    expect(messageOf(forbidden)).toContain(`User "${limitedUser}" cannot list resource "pods"`);

    const metadata = { name: 'read-pods', namespace: 'shop' };
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    const rejections = await load(server, [
      { apiVersion, kind: 'Role', metadata, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }] },
      {
        apiVersion,
        kind: 'RoleBinding',
        metadata,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'read-pods' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: limitedUser }],
      },
    ]);
    expect(rejections).toEqual([]);
    // The authorizer learns of the binding through a watch.
    await expect.poll(async () => (await list('/api/v1/namespaces/shop/pods')).status, { timeout: 10_000 }).toBe(200);
    expect((await list('/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies')).status).toBe(403);
  }, 20_000);

  test('a killed API server refuses connections and comes back at the same address with its objects', { timeout: 120_000 }, async () => {
    await server.kill();
    await expect(call(server, 'GET', '/readyz')).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    expect((await call(server, 'GET', '/api/v1/namespaces/shop')).status).toBe(200);
  });

  test('a stopped API server leaves no files behind', { timeout: 30_000 }, async () => {
    await server.stop();
    expect([server.caFile, server.kubeconfigPath].filter((file) => existsSync(file))).toEqual([]);
  });
});
