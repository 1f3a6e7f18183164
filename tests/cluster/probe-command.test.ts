// The command `probe` as a person runs it, against a real API server and the stand-in kubelet: verdict and connection side by side.
// Loopback knows no policies, so what the model denies gets through here: that is the contradiction which the command must report.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { registerProbe } from '../../src/cli/commands/probe.ts';
import { registerTest } from '../../src/cli/commands/test.ts';
import { type ApiServer, startApiServer, startTimeoutMs } from './apiserver.ts';
import { call, type KubeObject, load } from './load.ts';
import { type StandInKubelet, startStandInKubelet } from './stand-in-kubelet.ts';
import { describeWithCluster } from './suite.ts';

const pod = (name: string, ip: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'example.test/main', ...more }] },
  status: { podIP: ip },
});
const denyAll = (name: string): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: `deny-${name}`, namespace: 'shop' },
  spec: { podSelector: { matchLabels: { app: name } } },
});

describeWithCluster('netverdict probe', () => {
  let server: ApiServer;
  let kubelet: StandInKubelet;
  let listener: Server;
  let port: number;

  beforeAll(async () => {
    listener = createServer((socket) => socket.end());
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    port = (listener.address() as AddressInfo).port;
    server = await startApiServer(['--feature-gates=TranslateStreamCloseWebsocketRequests=false']);
    kubelet = await startStandInKubelet(server, 'node-1', (name) => name.startsWith('netverdict-probe-'));
    const objects = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      pod('frontend', '10.0.0.1'),
      pod('cart', '127.0.0.1'),
      // Nobody listens on 127.0.0.2, and the kubelet says that somebody does on its port 1.
      pod('ready', '127.0.0.2', { readinessProbe: { tcpSocket: { port: 1 } } }),
      pod('guarded', '127.0.0.1'),
      denyAll('guarded'),
      // What a cluster with an engine that enforces looks like.
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'antrea-agent', namespace: 'kube-system' },
        spec: {
          selector: { matchLabels: { a: 'b' } },
          template: {
            metadata: { labels: { a: 'b' } },
            spec: { containers: [{ name: 'antrea-agent', image: 'antrea/antrea-agent-ubuntu:v2.3.0' }] },
          },
        },
      },
    ];
    expect(await load(server, objects)).toEqual([]);
  }, startTimeoutMs());

  afterAll(async () => {
    listener?.close();
    await kubelet?.stop();
    await server?.stop();
  });

  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = 0;
  });

  const probe = (...args: readonly string[]) =>
    run(registerProbe, ['probe', '--kubeconfig', server.kubeconfigPath, '-n', 'shop', '--timeout', '2', ...args]);

  async function run(register: (program: Command) => void, args: readonly string[]): Promise<{ text: string; exitCode: unknown }> {
    let text = '';
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
    const program = new Command('netverdict').exitOverride();
    register(program);
    try {
      await program.parseAsync([...args], { from: 'user' });
    } finally {
      spy.mockRestore();
    }
    return { text, exitCode: process.exitCode };
  }

  test('what is allowed and answers', { timeout: 60_000 }, async () => {
    const { text, exitCode } = await probe('frontend', `pod/cart:${port}`, '--yes');
    expect(text).toContain('✓ answered');
    expect(text).toContain('cni: antrea');
    expect(text).toContain('(they agree)');
    expect(text).toMatch(/left\s+debug container netverdict-probe-\w+ in the list of shop\/frontend/);
    expect(exitCode).toBe(0);
  });

  test('what is denied and answers all the same is a contradiction', { timeout: 60_000 }, async () => {
    const { text, exitCode } = await probe('frontend', `pod/guarded:${port}`, '--yes', '-o', 'json');
    expect(JSON.parse(text)).toMatchObject({
      kind: 'ProbeResult',
      from: 'shop/frontend',
      result: 'answered',
      model: { outcome: 'denied' },
      agreement: 'contradicts',
      meaning: 'denied-but-answered',
      look: expect.arrayContaining([expect.stringContaining('agents')]),
    });
    expect(exitCode).toBe(0);
  });

  test('what nobody answers is asked of itself, and is no question of policies', { timeout: 60_000 }, async () => {
    const before = kubelet.started.length;
    const { text, exitCode } = await probe('frontend', 'pod/cart:1', '--yes', '-o', 'json');
    expect(JSON.parse(text)).toMatchObject({
      result: 'refused',
      control: { by: 'itself', result: 'refused' },
      agreement: 'no-word',
      meaning: 'closed-port',
    });
    // One container for the question, one for the control.
    expect(kubelet.started.length).toBe(before + 2);
    expect(exitCode).toBe(1);
  });

  test('where the kubelet vouches for the port, nothing is created for the control', { timeout: 60_000 }, async () => {
    const before = kubelet.started.length;
    const { text } = await probe('frontend', 'pod/ready:1', '--yes', '-o', 'json');
    expect(JSON.parse(text)).toMatchObject({
      result: 'refused',
      control: { by: 'kubelet' },
      agreement: 'contradicts',
      meaning: 'allowed-but-stopped',
    });
    expect(kubelet.started.length).toBe(before + 1);
  });

  test('a name that does not resolve', { timeout: 60_000 }, async () => {
    const { text, exitCode } = await probe('frontend', 'http://no-such-name.invalid:8080/', '--yes', '-o', 'json', '--exec');
    expect(JSON.parse(text)).toMatchObject({ result: 'name-not-resolved', meaning: 'no-name' });
    expect(exitCode).toBe(1);
  });

  test('without --yes nothing is created where nobody can be asked', async () => {
    const before = kubelet.started.length;
    await expect(probe('frontend', `pod/cart:${port}`)).rejects.toMatchObject({ code: 'needs-yes' });
    expect(kubelet.started.length).toBe(before);
  });

  test('--dry-run prints what the server would take, and does nothing', async () => {
    const before = kubelet.started.length;
    const debug = JSON.parse((await probe('frontend', `pod/cart:${port}`, '--dry-run')).text) as { patch: string; body: object }[];
    const throwaway = JSON.parse((await probe('frontend', `pod/cart:${port}`, '--dry-run', '--throwaway')).text) as { create: object }[];
    expect(kubelet.started.length).toBe(before);
    expect(debug.map(({ patch }) => patch)).toEqual(
      ['frontend', 'cart'].map((name) => `/api/v1/namespaces/shop/pods/${name}/ephemeralcontainers`),
    );
    const patched = await call(server, 'PATCH', `${debug[0]?.patch}?dryRun=All&fieldValidation=Strict`, debug[0]?.body, {
      contentType: 'application/strategic-merge-patch+json',
    });
    expect(patched.status).toBe(200);
    // Also where the strictest Pod Security level is enforced.
    const strict = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'strict', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    };
    expect(await load(server, [strict])).toEqual([]);
    const inStrict = { ...throwaway[0]?.create, metadata: { name: 'p', namespace: 'strict' } };
    expect((await call(server, 'POST', '/api/v1/namespaces/strict/pods?dryRun=All', inStrict)).status).toBe(201);
    const careless = { ...inStrict, spec: { containers: [{ name: 'a', image: 'a' }] } };
    expect((await call(server, 'POST', '/api/v1/namespaces/strict/pods?dryRun=All', careless)).status).toBe(403);
    expect(throwaway[0]?.create).toMatchObject({ metadata: { labels: { app: 'frontend' } } });
    expect(
      (await call(server, 'POST', '/api/v1/namespaces/shop/pods?dryRun=All&fieldValidation=Strict', throwaway[0]?.create)).status,
    ).toBe(201);
  });

  test.each(['debug', 'exec'] as const)('an intents file, asked of the cluster (%s)', { timeout: 60_000 }, async (way) => {
    const folder = mkdtempSync(join(tmpdir(), 'netverdict-intents-'));
    const file = join(folder, 'intents.yaml');
    const written = [
      { name: 'reaches', from: 'shop/pod/frontend', to: 'shop/pod/cart', port, expect: 'allowed' },
      { name: 'is kept out', from: 'shop/pod/frontend', to: 'shop/pod/guarded', port, expect: 'denied' },
      { name: 'is silent', from: 'shop/pod/frontend', to: 'shop/pod/guarded', port: 1, expect: 'denied' },
      { name: 'matches nothing', from: 'shop/pod/nobody', to: 'shop/pod/cart', port, expect: 'allowed' },
    ];
    writeFileSync(file, JSON.stringify({ apiVersion: 'netverdict.dev/v1', kind: 'Intents', intents: written }));
    const before = kubelet.started.length;
    try {
      const how = way === 'exec' ? ['--exec'] : ['--yes'];
      const args = ['test', file, '--live', '--kubeconfig', server.kubeconfigPath, '--timeout', '2', '-q', '-o', 'json', ...how];
      const { text, exitCode } = await run(registerTest, args);
      const { intents } = JSON.parse(text) as { intents: { name: string; holds: boolean }[] };
      expect(Object.fromEntries(intents.map(({ name, holds }) => [name, holds]))).toEqual({
        reaches: true,
        // Loopback knows no policies: this one gets through, and the file says that it must not.
        'is kept out': false,
        // Refused, and the destination refuses itself too: that proves no policy.
        'is silent': false,
        'matches nothing': false,
      });
      expect(exitCode).toBe(1);
      // Three questions from one pod are one container, and one more is the control.
      expect(kubelet.started.length - before).toBe(way === 'exec' ? 0 : 2);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
