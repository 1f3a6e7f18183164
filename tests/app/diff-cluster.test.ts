// What applying files to a cluster would open and close, and where the cluster has drifted from them: live, and from a snapshot.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtCli, root, runCli, runShell } from '../cli-process.ts';
import { type FakeApiServer, startFakeApiServer } from '../fake-apiserver.ts';
import { checkerOf } from '../schemas/documents.ts';
import { policyFor } from './shop.ts';

const meta = (name: string, more: object = {}) => ({ name, namespace: 'shop', ...more });
const owner = (kind: string, name: string) => ({ ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: name, controller: true }] });
const template = (app: string) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image: `shop/${app}`, ports: [{ name: 'grpc', containerPort: 7070 }] }] },
});
/** With what the API server fills in. */
const livePod = (app: string, ip: string) => ({
  metadata: meta(`${app}-1-a`, { labels: { app, 'pod-template-hash': '1' }, ...owner('ReplicaSet', `${app}-1`) }),
  spec: { ...template(app).spec, nodeName: 'worker-1', serviceAccountName: 'default', dnsPolicy: 'ClusterFirst' },
  status: { phase: 'Running', podIP: ip, conditions: [{ type: 'Ready', status: 'True' }] },
});
const APPS = ['frontend', 'checkout', 'cart'];
const deployment = (app: string, labels = app) => ({
  metadata: meta(app),
  spec: { replicas: 1, selector: { matchLabels: { app: labels } }, template: template(labels) },
});
const livePolicy = (app: string) => ({
  metadata: meta('cart', { uid: 'p', managedFields: [{ manager: 'kubectl' }] }),
  spec: {
    podSelector: { matchLabels: { app: 'cart' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { app } } }], ports: [{ port: 7070, protocol: 'TCP' }] }],
  },
});

let server: FakeApiServer;
let folder: string;
const put = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const manifest = (apiVersion: string, kind: string, value: object): string => JSON.stringify({ apiVersion, kind, ...value });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'diff-cluster-'));
  server = await startFakeApiServer(
    {
      '/api/v1/pods': APPS.map((app, i) => livePod(app, `10.0.0.${i + 1}`)),
      '/api/v1/namespaces': [{ metadata: { name: 'shop', labels: { 'kubernetes.io/metadata.name': 'shop', team: 'shop' } } }],
      '/apis/apps/v1/deployments': APPS.map((app) => ({ ...deployment(app), status: { readyReplicas: 1 } })),
      '/apis/apps/v1/replicasets': APPS.map((app) => ({
        ...deployment(app),
        metadata: meta(`${app}-1`, owner('Deployment', app)),
      })),
      '/apis/networking.k8s.io/v1/networkpolicies': [livePolicy('frontend')],
    },
    undefined,
    [
      { name: 'networking.k8s.io', versions: ['v1'] },
      { name: 'apps', versions: ['v1'] },
    ],
  );
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

interface Document {
  readonly drift: readonly {
    readonly name: string;
    readonly state: string;
    readonly kind: string;
    readonly at?: { readonly file: string };
  }[];
  readonly changes: readonly { readonly change: string; readonly from: string; readonly to: string }[];
  readonly base: string;
  readonly profile: string;
}
const holds = checkerOf('connectivity-diff');
const rows = ({ changes }: Document) => changes.map(({ change, from, to }) => `${change} ${from} → ${to}`);
const drift = ({ drift: all }: Document) => all.map(({ state, kind, name }) => `${state} ${kind} ${name}`);

/** Not `runCli`: the server answers from this process, which must not wait. */
function asked(...args: readonly string[]): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  const env = { ...process.env, KUBECONFIG: server.kubeconfig, NO_COLOR: '1' };
  return new Promise((done) => {
    execFile(process.execPath, [builtCli(), ...args], { cwd: folder, env }, (failed, stdout, stderr) =>
      done({ status: failed === null ? 0 : Number(failed.code), stdout, stderr }),
    );
  });
}

async function applied(...args: readonly string[]): Promise<Document> {
  const { stdout, stderr, status } = await asked('diff', '--cluster', '-o', 'json', ...args);
  expect(status, stderr).toBe(0);
  const document = JSON.parse(stdout) as Document;
  expect(holds(document)).toEqual([]);
  return document;
}

describe('diff --cluster', () => {
  it('is nothing where the files say what is there: defaults and managed fields are no drift', async () => {
    const same = put(
      'same.yaml',
      [policyFor('frontend'), '---', ...APPS.map((app) => `${manifest('apps/v1', 'Deployment', deployment(app))}\n---`)].join('\n'),
    );
    const document = await applied(same);
    expect({ rows: rows(document), drift: drift(document) }).toEqual({ rows: [], drift: [] });
    expect(document.base).toBe('cluster test');
  });

  it('says what applying opens and closes, and that the object differs', async () => {
    const document = await applied(put('other.yaml', policyFor('checkout')));
    expect(rows(document)).toEqual([
      'opened shop/checkout[Deployment] → shop/cart[Deployment]',
      'closed shop/frontend[Deployment] → shop/cart[Deployment]',
    ]);
    expect(drift(document)).toEqual(['differs NetworkPolicy shop/cart']);
    expect(document.drift[0]?.at?.file).toMatch(/other\.yaml$/);
  });

  it('a policy that is missing there is drift, and goes into the namespace that -n or the context names', async () => {
    const policy = policyFor('checkout').replace('name: cart, namespace: shop', 'name: more');
    const more = put('more.yaml', policy);
    expect(drift(await applied(more))).toEqual(['missing NetworkPolicy shop/more']);
    expect(rows(await applied(more))).toEqual(['opened shop/checkout[Deployment] → shop/cart[Deployment]']);
    const elsewhere = await applied('-n', 'payments', more);
    expect({ rows: rows(elsewhere), drift: drift(elsewhere) }).toEqual({ rows: [], drift: ['missing NetworkPolicy payments/more'] });
  });

  it('a rollout with other labels replaces the pods that are there', async () => {
    const document = await applied(put('relabelled.json', manifest('apps/v1', 'Deployment', deployment('frontend', 'shop-window'))));
    expect(rows(document)).toEqual(['closed shop/frontend[Deployment] → shop/cart[Deployment]']);
    expect(drift(document)).toEqual(['differs Deployment shop/frontend']);
  });

  it('labels that controllers gave a namespace stay', async () => {
    const namespace = put('namespace.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n');
    expect(drift(await applied(namespace))).toEqual([]);
    const labelled = put('labelled.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { team: web } }\n');
    expect(drift(await applied(labelled))).toEqual(['differs Namespace shop']);
  });

  it('asks for one cluster and some files, and says so', async () => {
    const { stderr, status } = await asked('diff', '--cluster', '--git', 'main', '.');
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringMatching(/the cluster is the old state here/) });
    const empty = put('empty.yaml', '# nothing\n');
    expect(await asked('diff', '--cluster', empty)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/no Kubernetes object was found in/),
    });
  });
});

it('diff --cluster-file takes a snapshot as the cluster, and the text names the drift', async () => {
  const snapshot = join(folder, 'snapshot.json');
  expect(await asked('snapshot', '--context', 'test', '-o', snapshot)).toMatchObject({ status: 0 });
  const other = put('for-snapshot.yaml', policyFor('checkout'));
  const { stdout, status } = runCli(['diff', '--cluster-file', snapshot, other, '-q', '--fail-on', 'opened'], { cwd: folder });
  expect(status).toBe(1);
  expect(stdout).toMatch(/shop\/checkout +→ shop\/cart/);
  expect(stdout).toMatch(/drift +NetworkPolicy shop\/cart differs in the cluster: app=frontend there, app=checkout here/);
});

it('docs/diff.md shows what is printed', () => {
  const [block = ''] =
    /(?<=```\n)\$ netverdict diff --cluster-file [\s\S]*?(?=```)/.exec(readFileSync(join(root, 'docs/diff.md'), 'utf8')) ?? [];
  const [command = '', ...shown] = block.trimEnd().split('\n');
  const { stdout, status } = runShell(command.slice(2), { cwd: root });
  expect(status).toBe(0);
  expect(shown.length).toBeGreaterThan(2);
  let from = 0;
  for (const line of shown.filter((each) => each !== '…')) {
    const at = stdout.indexOf(line, from);
    expect(at, line).toBeGreaterThanOrEqual(0);
    from = at + line.length;
  }
});
