// `lint` reads a live cluster, and tells the CNI from the objects, as every other command does.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtCli } from '../cli-process.ts';
import { type FakeApiServer, startFakeApiServer } from '../fake-apiserver.ts';
import { CILIUM_AUDITS, PODS, policyFor } from './shop.ts';

let server: FakeApiServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lint-input-'));
  server = await startFakeApiServer(
    {
      '/api/v1/namespaces': [{ metadata: { name: 'shop', labels: { 'kubernetes.io/metadata.name': 'shop' } } }],
      '/api/v1/pods': [
        { metadata: { name: 'cart', namespace: 'shop', labels: { app: 'cart' } }, spec: { containers: [{ name: 'main', image: 'cart' }] } },
      ],
      '/apis/networking.k8s.io/v1/networkpolicies': [
        {
          metadata: { name: 'nobody', namespace: 'shop' },
          spec: { podSelector: { matchLabels: { app: 'crat' } }, policyTypes: ['Ingress'] },
        },
      ],
    },
    undefined,
    [{ name: 'networking.k8s.io', versions: ['v1'] }],
  );
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

/** Not `runCli`: the server answers from this process, which must not wait. */
function lint(...args: readonly string[]): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  const env = { ...process.env, KUBECONFIG: server.kubeconfig, NO_COLOR: '1' };
  return new Promise((done) => {
    execFile(process.execPath, [builtCli(), 'lint', ...args], { cwd: folder, env }, (failed, stdout, stderr) =>
      done({ status: failed === null ? 0 : Number(failed.code), stdout, stderr }),
    );
  });
}
const rules = (stdout: string) =>
  (JSON.parse(stdout) as { readonly findings: readonly { readonly rule: string }[] }).findings.map(({ rule }) => rule);

it('finds in the cluster what it would find in files, and fixes nothing there', async () => {
  const { status, stdout, stderr } = await lint('--cluster', '-o', 'json');
  expect({ status, found: rules(stdout) }).toMatchObject({ status: 1, found: expect.arrayContaining(['selects-nothing']) });
  expect(stderr).toContain('based on cluster test');
  expect(await lint('--cluster', '--fix')).toMatchObject({ status: 2, stderr: expect.stringMatching(/live cluster/) });
});

it('with auto the profile is what the objects tell, with its settings', async () => {
  const file = join(folder, 'shop.yaml');
  writeFileSync(file, `${CILIUM_AUDITS}${PODS}${policyFor('frontend')}`);
  const auto = JSON.parse((await lint('-f', file, '--cni', 'auto', '-o', 'json')).stdout) as { readonly profile: string };
  const plain = JSON.parse((await lint('-f', file, '-o', 'json')).stdout) as { readonly profile: string };
  expect(auto.profile).toMatch(/^cilium/);
  expect(plain.profile).toBe('kubernetes');
});
