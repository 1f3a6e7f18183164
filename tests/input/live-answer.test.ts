// What an answer about a live cluster says of places and commands: where inside the object, and what its reader can type.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtCli } from '../cli-process.ts';
import { type FakeApiServer, startFakeApiServer } from '../fake-apiserver.ts';

const pod = (name: string, ip: string) => ({
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: { containers: [{ name: 'main', image: `example.test/${name}`, ports: [{ containerPort: 7070 }] }] },
  status: { phase: 'Running', podIP: ip, conditions: [{ type: 'Ready', status: 'True' }] },
});
const POLICY = {
  metadata: { name: 'cart-ingress', namespace: 'shop' },
  spec: {
    podSelector: { matchLabels: { app: 'cart' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'frontend' } } }], ports: [{ port: 8080 }] }],
  },
};

let server: FakeApiServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'live-answer-'));
  symlinkSync(builtCli(), join(folder, 'kubectl-netverdict'));
  server = await startFakeApiServer(
    {
      '/api/v1/pods': [pod('frontend', '10.0.0.1'), pod('cart', '10.0.0.2')],
      '/api/v1/namespaces': [{ metadata: { name: 'shop', labels: { 'kubernetes.io/metadata.name': 'shop' } } }],
      '/apis/networking.k8s.io/v1/networkpolicies': [POLICY],
    },
    undefined,
    [{ name: 'networking.k8s.io', versions: ['v1'] }],
  );
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

/** What it prints, on both streams. Not `runCli`: the server answers from this process, which must not wait. */
function asked(program: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, KUBECONFIG: server.kubeconfig, NO_COLOR: '1' };
  return new Promise((done) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, env }, (_failed, stdout, stderr) => done(`${stderr}${stdout}`));
  });
}

it('a place in a cluster is one inside the object, and no object is named where the words beside name it', async () => {
  const text = await asked(builtCli(), 'why', '--cluster', '--cni', 'calico', 'shop/frontend', 'shop/cart:7070');
  expect(text).toContain('isolated by cart-ingress; no ingress rule allows this peer');
  expect(text).toContain('nearest    cart-ingress ingress[0].from[0]\n');
  expect(text).toContain('allow port 7070/TCP in the rule (NetworkPolicy/shop/cart-ingress spec.ingress[0]');
  expect(text).not.toContain('cluster:');
});

it('the command to go on with names the context that was read, also where nobody said it', async () => {
  const plain = await asked(builtCli(), 'why', '--cluster', '--cni', 'calico', 'shop/frontend', 'shop/cart:7070');
  expect(plain).toContain(' netverdict fix --context test --cni calico shop/frontend shop/cart:7070 -o kubectl');
  const plugin = await asked(join(folder, 'kubectl-netverdict'), 'why', '--cni', 'calico', 'shop/frontend', 'shop/cart:7070');
  expect(plugin).toContain(' kubectl netverdict fix --context test --cni calico shop/frontend shop/cart:7070 -o kubectl');
});

it('commands in help, hints and messages are those of the plugin, where it was called as one', async () => {
  const plugin = join(folder, 'kubectl-netverdict');
  expect(await asked(plugin, 'why', '--help')).toMatch(/^Usage: kubectl netverdict why /);
  expect(await asked(plugin, 'why', 'shop/frontend', 'shop/nobody')).toContain('kubectl netverdict map lists');
  expect(await asked(builtCli(), 'why', '--help')).toMatch(/^Usage: netverdict why /);
});
