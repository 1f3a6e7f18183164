import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeApiServer, json, type Misbehave, refuse, startFakeApiServer, writeKubeconfig } from '../../tests/fake-apiserver.ts';
import { toCluster } from '../manifest/to-cluster.ts';
import { readCluster } from './live.ts';

let server: FakeApiServer | undefined;

async function start(...args: Parameters<typeof startFakeApiServer>): Promise<FakeApiServer> {
  server = await startFakeApiServer(...args);
  return server;
}

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const pod = (name: string, namespace = 'shop') => ({
  metadata: { name, namespace, labels: { app: name }, managedFields: [{ manager: 'kubelet' }] },
  spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'example.test/main', env: [{ name: 'A', value: '1' }] }] },
  status: { phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
});

const only =
  (path: string, misbehave: Misbehave): Misbehave =>
  (request, response, asked) =>
    asked.split('?')[0] === path ? misbehave(request, response, asked) : false;

const namesOf = (objects: readonly { readonly kind: string; readonly name: string }[], kind: string) =>
  objects.filter((object) => object.kind === kind).map(({ name }) => name);

describe('reading a cluster', () => {
  it('gives the objects with their kinds, which the items of a list leave out', async () => {
    const { kubeconfig } = await start({ '/api/v1/pods': [pod('cart'), pod('frontend')] });
    const { objects, context } = await readCluster({ kubeconfig });
    const [cart] = objects;
    expect(cart).toMatchObject({
      apiVersion: 'v1',
      kind: 'Pod',
      name: 'cart',
      namespace: 'shop',
      value: { kind: 'Pod', apiVersion: 'v1' },
    });
    expect(cart?.origin.document.file).toBe('cluster:Pod/shop/cart');
    expect(cart?.value.metadata).not.toHaveProperty('managedFields');
    expect(context).toMatchObject({ name: 'test', user: 'anna', namespace: 'shop' });
    const cluster = toCluster(objects, [], 'default');
    expect(cluster.podByRef.get('shop/cart')).toMatchObject({ phase: 'Running', ready: true, node: 'node-1' });
    expect(cluster.problems).toEqual([]);
  });

  it('goes through the pages of a list', async () => {
    const { kubeconfig, asked } = await start(
      {},
      only('/api/v1/pods', (_, response, path) => {
        const from = new URL(path, 'http://x').searchParams.get('continue') ?? '';
        const next = { '': 'two', two: 'three', three: '' }[from];
        return json(response, 200, {
          kind: 'PodList',
          metadata: { resourceVersion: '7', continue: next },
          items: [pod(`page-${from || 'one'}`)],
        });
      }),
    );
    const { objects } = await readCluster({ kubeconfig });
    expect(namesOf(objects, 'Pod')).toEqual(['page-one', 'page-two', 'page-three']);
    expect(asked.filter((path) => path.startsWith('/api/v1/pods')).length).toBe(3);
  });

  it('begins a list again when its state has gone in the middle (410)', async () => {
    const { kubeconfig } = await start(
      {},
      only('/api/v1/pods', (_, response, path) => {
        if (path.includes('continue=')) return refuse(response, 410, 'The provided continue parameter is too old');
        const isPaged = path.includes('limit=');
        const items = isPaged ? [pod('old')] : [pod('new-1'), pod('new-2')];
        return json(response, 200, { kind: 'PodList', metadata: { resourceVersion: '9', ...(isPaged ? { continue: 'x' } : {}) }, items });
      }),
    );
    expect(namesOf((await readCluster({ kubeconfig })).objects, 'Pod')).toEqual(['new-1', 'new-2']);
  });

  it.each([
    ['plain', (text: string) => Buffer.from(text), {}],
    ['packed', (text: string) => gzipSync(text), { 'content-encoding': 'gzip' }],
  ] as const)('asks a page again that broke off in the middle, and keeps nothing of the first try (%s)', async (_, pack, headers) => {
    let tries = 0;
    const { kubeconfig } = await start(
      {},
      only('/api/v1/pods', (_request, response) => {
        const whole = pack(JSON.stringify({ kind: 'PodList', metadata: { resourceVersion: '9' }, items: [pod('cart'), pod('frontend')] }));
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(whole.length), ...headers });
        if (tries++ > 0) response.end(whole);
        else response.write(whole.subarray(0, whole.length - 10), () => response.destroy());
        return true;
      }),
    );
    expect(namesOf((await readCluster({ kubeconfig })).objects, 'Pod')).toEqual(['cart', 'frontend']);
    expect(tries).toBe(2);
  });

  it('waits for a server that says it is starting', async () => {
    let tries = 0;
    const { kubeconfig } = await start(
      { '/api/v1/pods': [pod('cart')] },
      only('/api/v1/pods', (_, response) => tries++ < 2 && refuse(response, 503, 'apiserver is starting')),
    );
    expect(namesOf((await readCluster({ kubeconfig })).objects, 'Pod')).toEqual(['cart']);
  });
});

describe('what may not be read', () => {
  const forbidAll =
    (resource: string): Misbehave =>
    (_, response, path) =>
      path.split('?')[0]?.endsWith(`/${resource}`) === true &&
      !path.includes('/namespaces/shop/') &&
      refuse(response, 403, `${resource} is forbidden`);

  it('is looked for in the namespaces of the question, and stays a limit for the others', async () => {
    const lists = {
      '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies': [
        { metadata: { name: 'deny', namespace: 'shop' }, spec: { podSelector: {} } },
      ],
    };
    const { kubeconfig } = await start({ ...lists, '/api/v1/pods': [pod('cart'), pod('db', 'data')] }, forbidAll('networkpolicies'));
    const { objects } = await readCluster({ kubeconfig, namespaces: ['shop'] });
    const cluster = toCluster(objects, [], 'default');
    expect(cluster.policies.map(({ ref, faults }) => [ref, faults.length])).toEqual([
      ['shop/deny', 0],
      ['(unread networkpolicies.networking.k8s.io)', 1],
    ]);
    expect(cluster.problems).toMatchObject([{ code: 'limit', facts: { kind: 'NetworkPolicy', reason: 'forbidden', readIn: ['shop'] } }]);
  });

  it('is a failure when it is everything', async () => {
    const { kubeconfig } = await start({}, (_, response, path) => path !== '/apis' && refuse(response, 403, 'no'));
    await expect(readCluster({ kubeconfig })).rejects.toMatchObject({
      code: 'forbidden',
      facts: { user: 'anna', deed: { verb: 'list-anything' }, said: 'no' },
    });
  });

  it('is a limit when an extension does not answer, and the rest is read without waiting long', async () => {
    const { kubeconfig } = await start(
      { '/api/v1/pods': [pod('cart')] },
      (_, response, path) => path.startsWith('/apis/projectcalico.org/') && refuse(response, 503, 'service unavailable'),
      [{ name: 'projectcalico.org', versions: ['v3'] }],
    );
    const { objects } = await readCluster({ kubeconfig });
    expect(namesOf(objects, 'Pod')).toEqual(['cart']);
    expect(toCluster(objects, [], 'default').problems.map(({ facts }) => [facts.kind, facts.reason, facts.weight])).toEqual([
      ['FelixConfiguration', 'unavailable', 'sign'],
      ['GlobalNetworkPolicy', 'unavailable', 'policy'],
      ['GlobalNetworkSet', 'unavailable', 'policy'],
      ['HostEndpoint', 'unavailable', 'policy'],
      ['NetworkPolicy', 'unavailable', 'policy'],
      ['NetworkSet', 'unavailable', 'policy'],
      ['Tier', 'unavailable', 'policy'],
    ]);
  });

  it('is a limit when the server has a kind only in a version that we do not know', async () => {
    const group = { name: 'policy.networking.k8s.io', versions: ['v1', 'v1alpha1'] };
    const { kubeconfig } = await start(
      { '/apis/policy.networking.k8s.io/v1/clusternetworkpolicies': [{ metadata: { name: 'deny-all' }, spec: { tier: 'Admin' } }] },
      (_, response, path) => {
        if (path === '/apis/policy.networking.k8s.io/v1') return json(response, 200, { resources: [{ name: 'clusternetworkpolicies' }] });
        return path === '/apis/policy.networking.k8s.io/v1alpha1' && json(response, 200, { resources: [] });
      },
      [group],
    );
    const { objects } = await readCluster({ kubeconfig });
    const cluster = toCluster(objects, [], 'default');
    expect(cluster.problems).toContainEqual(
      expect.objectContaining({ facts: expect.objectContaining({ reason: 'unknown-version', kind: 'ClusterNetworkPolicy' }) }),
    );
    expect(cluster.policies.map(({ faults }) => faults.length > 0)).toEqual([true, true]);
  });
});

describe('a cluster that does not answer', () => {
  it('names the context and the others when nobody listens', async () => {
    const file = writeKubeconfig(join(tmpFolder(), 'config'), new URL('http://127.0.0.1:1').href);
    await expect(readCluster({ kubeconfig: file })).rejects.toMatchObject({
      code: 'cluster-unreachable',
      facts: { why: 'refused', otherContexts: ['other'] },
    });
  });

  it('says how long it waited when the server is silent', async () => {
    const { kubeconfig } = await start({}, () => true);
    await expect(readCluster({ kubeconfig, timeoutMs: 200 })).rejects.toMatchObject({
      code: 'cluster-slow',
      facts: { seconds: 0.2 },
    });
  });

  it('tells an expired token from a clock that is wrong', async () => {
    const { kubeconfig } = await start({}, (_, response) => refuse(response, 401, 'Unauthorized'));
    await expect(readCluster({ kubeconfig })).rejects.toMatchObject({
      code: 'not-authenticated',
      facts: { clockAheadSeconds: undefined },
    });
    await server?.stop();
    const late = new Date(Date.now() - 3 * 3_600_000).toUTCString();
    const skewed = await start({}, (_, response) => refuse(response, 401, 'Unauthorized', { date: late }));
    await expect(readCluster({ kubeconfig: skewed.kubeconfig })).rejects.toMatchObject({
      code: 'not-authenticated',
      // In whole seconds, and a second may begin meanwhile.
      facts: { clockAheadSeconds: expect.toSatisfy((ahead: number) => Math.abs(ahead - 3 * 3600) < 60) },
    });
  });

  it('recognises a login page in between', async () => {
    const { kubeconfig } = await start({}, (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>Please log in</html>');
      return true;
    });
    await expect(readCluster({ kubeconfig })).rejects.toMatchObject({ code: 'not-an-api-server' });
  });

  it('gives up on a server that is overloaded, in its words', async () => {
    const { kubeconfig } = await start({}, (_, response) => refuse(response, 500, 'etcdserver: no leader'));
    await expect(readCluster({ kubeconfig })).rejects.toMatchObject({
      code: 'cluster-error',
      facts: { status: 500, said: 'etcdserver: no leader' },
    });
  });
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!hasOpenssl)('a certificate that is not valid now', () => {
  /** Self-signed for 127.0.0.1, for a time of its own; Node can make keys but no certificates. */
  function certificate(folder: string, from: string, until: string): { readonly key: string; readonly cert: string } {
    const file = (name: string) => join(folder, name);
    writeFileSync(file('index.txt'), '');
    writeFileSync(file('serial'), '01');
    const authority = `database=${file('index.txt')}\nserial=${file('serial')}\nnew_certs_dir=${folder}\ndefault_md=sha256\npolicy=p`;
    writeFileSync(file('ca.cnf'), `[ca]\ndefault_ca=d\n[d]\n${authority}\n[p]\ncommonName=supplied\n[v3]\nsubjectAltName=IP:127.0.0.1\n`);
    const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'csr.pem', '-subj', '/CN=shop');
    openssl(
      'ca',
      '-batch',
      '-selfsign',
      '-config',
      'ca.cnf',
      '-keyfile',
      'key.pem',
      '-in',
      'csr.pem',
      '-out',
      'cert.pem',
      '-extensions',
      'v3',
      '-startdate',
      from,
      '-enddate',
      until,
    );
    return { key: file('key.pem'), cert: file('cert.pem') };
  }

  it.each([
    ['expired', '20200101000000Z', '20210101000000Z'],
    ['not-yet-valid', '20900101000000Z', '20910101000000Z'],
  ])("%s, and this machine's clock is named", async (what, from, until) => {
    const folder = tmpFolder();
    const { key, cert } = certificate(folder, from, until);
    const tls = createHttpsServer({ key: readFileSync(key), cert: readFileSync(cert) });
    await new Promise<void>((ready) => tls.listen(0, '127.0.0.1', ready));
    try {
      const kubeconfig = writeKubeconfig(join(folder, 'config'), `https://127.0.0.1:${(tls.address() as AddressInfo).port}`);
      const config = JSON.parse(readFileSync(kubeconfig, 'utf8'));
      config.clusters[0].cluster['certificate-authority'] = 'cert.pem';
      writeFileSync(kubeconfig, JSON.stringify(config));
      await expect(readCluster({ kubeconfig })).rejects.toMatchObject({
        code: 'cluster-certificate',
        facts: { why: what, now: expect.stringMatching(/^\d{4}-/) },
      });
    } finally {
      tls.close();
    }
  });
});

const folders: string[] = [];
function tmpFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'netverdict-live-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('credentials', () => {
  const tokenSeen: string[] = [];
  const remember: Misbehave = (request, _response, path) => {
    if (path === '/apis') tokenSeen.push(String(request.headers.authorization));
    return false;
  };

  it('come from a program, which is told what is wanted, and again when the server refuses them', async () => {
    const folder = tmpFolder();
    const program = join(folder, 'give-token.mjs');
    writeFileSync(
      program,
      `import { readFileSync, writeFileSync } from 'node:fs';
const count = Number(readFileSync(${JSON.stringify(join(folder, 'count'))}, 'utf8')) + 1;
writeFileSync(${JSON.stringify(join(folder, 'count'))}, String(count));
const { kind, spec } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
if (kind !== 'ExecCredential' || spec.interactive !== false || process.env.EXTRA !== 'yes') process.exit(3);
console.log(JSON.stringify({ kind: 'ExecCredential', status: { token: 'token-' + count } }));`,
    );
    writeFileSync(join(folder, 'count'), '0');
    tokenSeen.length = 0;
    const { url } = await start({}, (request, response, path) => {
      void remember(request, response, path);
      return request.headers.authorization === 'Bearer token-1' && refuse(response, 401, 'Unauthorized');
    });
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: [program],
      env: [{ name: 'EXTRA', value: 'yes' }],
      interactiveMode: 'Never',
    };
    const kubeconfig = writeKubeconfig(join(folder, 'config'), url, { exec });
    await readCluster({ kubeconfig });
    // Once at the start, and once for all the requests that were refused.
    expect(tokenSeen.at(-1)).toBe('Bearer token-2');
    expect(readFileSync(join(folder, 'count'), 'utf8')).toBe('2');
  });

  it('say how to install a program that is missing', async () => {
    const exec = { command: 'no-such-login-program', installHint: 'install it from example.test' };
    const kubeconfig = writeKubeconfig(join(tmpFolder(), 'config'), 'http://127.0.0.1:1', { exec });
    await expect(readCluster({ kubeconfig })).rejects.toMatchObject({
      code: 'credential-program-failed',
      facts: { why: 'not-installed', installHint: 'install it from example.test' },
    });
  });

  it('act as somebody else with --as', async () => {
    const seen: unknown[] = [];
    const { kubeconfig } = await start({}, (request) => {
      seen.push([request.headers['impersonate-user'], request.headers['impersonate-group']]);
      return false;
    });
    await readCluster({ kubeconfig, as: 'bea', asGroups: ['dev', 'ops'] });
    expect(seen[0]).toEqual(['bea', 'dev, ops']);
    await expect(readCluster({ kubeconfig, asGroups: ['dev'] })).rejects.toMatchObject({ code: 'as-group-without-as' });
  });

  it('are read again from a token file', async () => {
    const folder = tmpFolder();
    writeFileSync(join(folder, 'token'), 'from-file\n');
    tokenSeen.length = 0;
    const { url } = await start({}, remember);
    // Relative to the kubeconfig, as kubectl has it.
    await readCluster({ kubeconfig: writeKubeconfig(join(folder, 'config'), url, { tokenFile: 'token' }) });
    expect(tokenSeen).toEqual(['Bearer from-file']);
  });

  it("are a pod's own service account where there is no kubeconfig", async () => {
    const root = tmpFolder();
    const home = join(root, 'var/run/secrets/kubernetes.io/serviceaccount');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'token'), 'pod-token');
    writeFileSync(join(home, 'namespace'), 'web');
    writeFileSync(join(home, 'ca.crt'), '');
    tokenSeen.length = 0;
    const { url } = await start({}, remember);
    const before = { ...process.env };
    // Port 8080 would make the client speak plain http; the fake has another, so the host is what is looked at.
    Object.assign(process.env, {
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: new URL(url).port,
      KUBECONFIG: join(root, 'none'),
    });
    try {
      await expect(readCluster({ serviceAccountRoot: root })).rejects.toMatchObject({
        facts: { server: expect.stringContaining('https://127.0.0.1') },
      });
    } finally {
      process.env = before;
    }
  });
});

describe('a kubeconfig', () => {
  it('can be several files: the first entry of a name wins, and a file may be missing', async () => {
    const folder = tmpFolder();
    const { url } = await start();
    const first = writeKubeconfig(join(folder, 'first'), url);
    const second = writeKubeconfig(join(folder, 'second'), 'http://127.0.0.1:1');
    const before = { ...process.env };
    process.env.KUBECONFIG = [join(folder, 'missing'), first, second].join(':');
    try {
      expect((await readCluster()).context.server).toBe(url);
    } finally {
      process.env = before;
    }
  });

  it.each([
    ['is no YAML', '{ users: [', 'kubeconfig-invalid'],
    ['names a context that is not there', '{ "current-context": "prod", "contexts": [] }', 'no-such-context'],
    ['chooses no context', '{ "contexts": [ { "name": "prod", "context": {} } ] }', 'no-cluster'],
    [
      'names a cluster that is not there',
      '{ "current-context": "a", "contexts": [ { "name": "a", "context": { "cluster": "x" } } ] }',
      'kubeconfig-invalid',
    ],
    ['is empty', '', 'no-cluster'],
  ])('that %s is a failure', async (_, text, code) => {
    const file = join(tmpFolder(), 'config');
    writeFileSync(file, text);
    await expect(readCluster({ kubeconfig: file })).rejects.toMatchObject({ code });
  });

  it('that does not exist is a failure when it was asked for by name', async () => {
    await expect(readCluster({ kubeconfig: '/no/such/config' })).rejects.toMatchObject({ code: 'kubeconfig-unreadable' });
  });
});
