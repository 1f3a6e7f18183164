// Probes through a real API server. Behind it stands a stand-in kubelet (stand-in-kubelet.ts): the way there, the rights, the objects and
// the cleaning up are real; the pods are processes of this machine, and their addresses are loopback addresses.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toCluster } from '../../src/manifest/to-cluster.ts';
import { type ProbeApi, type ProbeWay, probeOnce } from '../../src/probe/connect.ts';
import { type ManyOptions, probeMany } from '../../src/probe/many.ts';
import { type ProbePlan, planProbe } from '../../src/probe/plan.ts';
import { chooseProfile, type ProfileChoice, semanticsOf } from '../../src/profile/choose.ts';
import { why } from '../../src/question/why.ts';
import { clusterRole } from '../../src/source/cluster-role.ts';
import { readCluster } from '../../src/source/live.ts';
import { execInPod } from '../../src/source/live-exec.ts';
import { type Api, openApi } from '../../src/source/live-request.ts';
import { failureOf } from '../failure-of.ts';
import { type ApiServer, limitedUser, startApiServer, startTimeoutMs } from './apiserver.ts';
import { call, type KubeObject, load } from './load.ts';
import { type StandInKubelet, startStandInKubelet } from './stand-in-kubelet.ts';
import { describeWithCluster } from './suite.ts';

const pod = (name: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: { nodeName: 'node-1', serviceAccountName: 'shop', containers: [{ name: 'main', image: 'example.test/main' }], ...more },
  status: { podIP: '10.0.0.1' },
});

describeWithCluster('a probe of a live cluster', () => {
  let server: ApiServer;
  let kubelet: StandInKubelet;
  let admin: Api;
  let listener: Server;
  let port: number;
  const connections: string[] = [];

  beforeAll(async () => {
    // Newer servers translate exec for the kubelet into a protocol that the stand-in does not speak.
    server = await startApiServer(['--feature-gates=TranslateStreamCloseWebsocketRequests=false']);
    kubelet = await startStandInKubelet(server, 'node-1', (name) => name.startsWith('netverdict-probe-'));
    // Pods whose address is this machine: what listens here is theirs.
    const local = (name: string) => ({ ...pod(name), status: { podIP: '127.0.0.1' } });
    const pods = [pod('frontend'), pod('cart'), local('shop-a'), local('shop-b')];
    expect(await load(server, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, ...pods])).toEqual([]);
    admin = await openApi({ kubeconfig: server.kubeconfigPath });
    listener = createServer((socket) => {
      connections.push(String(socket.remoteAddress));
      socket.end();
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    port = (listener.address() as AddressInfo).port;
  }, startTimeoutMs());

  afterAll(async () => {
    admin?.close();
    listener?.close();
    await kubelet?.stop();
    await server?.stop();
  });

  const probing = (api: Api): ProbeApi => ({
    get: (path) => api.get(path),
    send: (method, path, body, type) => api.send(method, path, body, type),
    exec: (where, command, signal) => execInPod(api, where, command, signal),
  });

  const ask = (api: Api, more: Partial<Parameters<typeof probeOnce>[1]> = {}) =>
    probeOnce(probing(api), {
      source: { namespace: 'shop', name: 'frontend' },
      target: { host: '127.0.0.1', port, protocol: 'TCP' },
      way: 'debug',
      image: 'example.test/tools:v1',
      timeoutSeconds: 2,
      signal: new AbortController().signal,
      ...more,
    });

  const podsOf = async () =>
    ((await call(server, 'GET', '/api/v1/namespaces/shop/pods')).body as { items: { metadata: { name: string } }[] }).items.map(
      ({ metadata }) => metadata.name,
    );

  /** Pods of probes that are there now. */
  const ours = async () => (await podsOf()).filter((name) => name.startsWith('netverdict-probe-')).length;

  test('a debug container in the source pod makes the connection, and stays in its list, ended', { timeout: 60_000 }, async () => {
    const outcome = await ask(admin);
    expect(outcome).toMatchObject({ result: 'answered', left: { pod: 'shop/frontend' } });
    expect(connections.length).toBe(1);
    const { body } = await call(server, 'GET', '/api/v1/namespaces/shop/pods/frontend');
    const { spec, metadata } = body as { spec: { ephemeralContainers: object[] }; metadata: object };
    expect(spec.ephemeralContainers).toMatchObject([{ image: 'example.test/tools:v1', securityContext: { runAsNonRoot: true } }]);
    // Nothing else of the pod has changed: policies see the same pod.
    expect(metadata).toMatchObject({ labels: { app: 'frontend' } });
    expect(spec).toMatchObject({ serviceAccountName: 'shop' });
  });

  test('what is refused is said to be refused', { timeout: 60_000 }, async () => {
    expect(await ask(admin, { target: { host: '127.0.0.1', port: 1, protocol: 'TCP' } })).toMatchObject({ result: 'refused' });
  });

  test('a second probe of the same pod stands beside the first', { timeout: 60_000 }, async () => {
    const before = kubelet.started.length;
    await ask(admin);
    expect(kubelet.started.length).toBe(before + 1);
    expect(new Set(kubelet.started).size).toBe(kubelet.started.length);
  });

  test('exec in the pod itself makes the connection and leaves nothing', { timeout: 60_000 }, async () => {
    const before = connections.length;
    expect(await ask(admin, { way: 'exec' })).toMatchObject({ result: 'answered', left: undefined });
    expect(await ask(admin, { way: 'exec', container: 'main', target: { host: '127.0.0.1', port: 1, protocol: 'TCP' } })).toMatchObject({
      result: 'refused',
    });
    expect(connections.length).toBe(before + 1);
  });

  test('exec of a command that the image does not have is said so', async () => {
    const { code, text } = await execInPod(
      admin,
      { namespace: 'shop', name: 'frontend', container: undefined },
      ['no-such-shell'],
      new AbortController().signal,
    );
    expect(code).toBeUndefined();
    expect(text).toContain('executable file not found');
  });

  test('a pod of its own has the labels of the source and is gone afterwards', { timeout: 60_000 }, async () => {
    const seen: unknown[] = [];
    const api = probing(admin);
    const spying: ProbeApi = {
      ...api,
      send: (method, path, body, type) => {
        if (method === 'POST') seen.push(body);
        return api.send(method, path, body, type);
      },
    };
    const request = {
      source: { namespace: 'shop', name: 'frontend' },
      target: { host: '127.0.0.1', port, protocol: 'TCP' },
      way: 'throwaway',
    } as const;
    expect(await probeOnce(spying, { ...request, image: 'a', timeoutSeconds: 2, signal: new AbortController().signal })).toMatchObject({
      result: 'answered',
      left: undefined,
    });
    expect(seen).toMatchObject([
      {
        metadata: { labels: { app: 'frontend' }, ownerReferences: [{ kind: 'Pod', name: 'frontend', controller: true }] },
        spec: { serviceAccountName: 'shop', nodeName: 'node-1' },
      },
    ]);
    expect(await ours()).toBe(0);
  });

  test('a pod of its own is gone also when the person interrupts', { timeout: 60_000 }, async () => {
    const abort = new AbortController();
    // Longer than anybody waits: a name that resolves slowly, or a listener that never answers.
    const running = ask(admin, {
      way: 'throwaway',
      target: { host: '10.255.255.1', port: 9, protocol: 'UDP' },
      timeoutSeconds: 30,
      signal: abort.signal,
    });
    running.catch(() => {});
    await expect.poll(ours, { timeout: 20_000 }).toBe(1);
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: 'interrupted' });
    expect(await ours()).toBe(0);
  });

  // --- many at once ---

  const read = async () => toCluster((await readCluster({ kubeconfig: server.kubeconfigPath })).objects, [], 'shop');
  const semantics = semanticsOf(chooseProfile('calico') as ProfileChoice);
  async function plans(...questions: readonly (readonly [from: string, to: string])[]): Promise<readonly ProbePlan[]> {
    const cluster = await read();
    return questions.map(([from, to]) => {
      const answer = why(cluster, semantics, { from, to, namespace: 'shop' });
      if (answer.kind === 'error') throw new Error(JSON.stringify(answer.errors));
      return planProbe(cluster, answer);
    });
  }
  const manyOptions = (way: ProbeWay, signal = new AbortController().signal): ManyOptions => ({
    way,
    image: 'example.test/tools:v1',
    timeoutSeconds: 2,
    denySymptom: 'timeout',
    signal,
  });

  test.each(['debug', 'exec', 'throwaway'] as const)(
    'many questions are a container per pod (%s), and each has its outcome and its control',
    { timeout: 60_000 },
    async (way) => {
      const asked = await plans(['shop-a', `shop-b:${port}`], ['shop-a', 'shop-b:1'], ['shop-b', `shop-a:${port}`], ['shop-b', 'shop-a:1']);
      const before = kubelet.started.length;
      const probed = await probeMany(probing(admin), asked, manyOptions(way));
      expect(probed.map((each) => ('failure' in each ? each.failure.code : each.outcome.result))).toEqual([
        'answered',
        'refused',
        'answered',
        'refused',
      ]);
      const controls = way === 'throwaway' ? undefined : { result: 'refused', by: 'itself' };
      expect(probed[1]).toMatchObject(controls === undefined ? { control: undefined } : { control: controls });
      // Two that ask, and two that are asked whether they answer themselves.
      expect(kubelet.started.length - before).toBe({ debug: 4, exec: 0, throwaway: 2 }[way]);
      expect(await ours()).toBe(0);
    },
  );

  test('many pods of their own are gone when the person interrupts', { timeout: 60_000 }, async () => {
    const asked = await plans(['shop-a', '10.255.255.1:9/udp'], ['shop-b', '10.255.255.1:9/udp']);
    const abort = new AbortController();
    const running = probeMany(probing(admin), asked, { ...manyOptions('throwaway', abort.signal), timeoutSeconds: 30 });
    running.catch(() => {});
    await expect.poll(ours, { timeout: 20_000 }).toBe(2);
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: 'interrupted' });
    expect(await ours()).toBe(0);
  });

  test('a pod that does not run, or is not there, is no source', async () => {
    expect(await load(server, [{ ...pod('waiting'), status: { phase: 'Pending' } }])).toEqual([]);
    await expect(ask(admin, { source: { namespace: 'shop', name: 'waiting' } })).rejects.toMatchObject({ code: 'pod-not-running' });
    await expect(ask(admin, { source: { namespace: 'shop', name: 'nobody' } })).rejects.toMatchObject({ code: 'no-such-pod' });
    await call(server, 'DELETE', '/api/v1/namespaces/shop/pods/waiting?gracePeriodSeconds=0');
  });

  test.each(['debug', 'exec', 'throwaway'] as const)(
    'the printed rights are enough for %s, and without them it is said which are missing',
    { timeout: 60_000 },
    async (way) => {
      const limited = await openApi({ kubeconfig: server.limitedKubeconfigPath });
      try {
        const reading = clusterRole({}, 'prober').rules;
        await allow(reading);
        expect(await failureOf(ask(limited, { way }))).toMatchObject({
          code: 'forbidden',
          hint: expect.stringContaining('netverdict rbac --probe'),
        });
        const { rules } = clusterRole({ probe: way }, 'prober');
        await allow(rules);
        await expect
          .poll(
            () =>
              ask(limited, { way }).then(
                ({ result }) => result,
                (error) => error.code,
              ),
            { timeout: 20_000, interval: 300 },
          )
          .toBe('answered');
        // None of them is unused.
        for (const [i, rule] of rules.entries()) {
          if (reading.some((each) => JSON.stringify(each) === JSON.stringify(rule))) continue;
          for (const verb of rule.verbs) {
            const verbs = rule.verbs.filter((each) => each !== verb);
            await allow(verbs.length === 0 ? rules.toSpliced(i, 1) : rules.with(i, { ...rule, verbs }));
            const code = () =>
              ask(limited, { way }).then(
                ({ result }) => result,
                (error) => error.code,
              );
            await expect
              .poll(code, { timeout: 20_000, interval: 300, message: `without ${verb} ${rule.resources.join()}` })
              .toMatch(/forbidden|probe-left-behind/);
            // What was left behind because of it.
            for (const name of await podsOf())
              if (name.startsWith('netverdict-probe-'))
                await call(server, 'DELETE', `/api/v1/namespaces/shop/pods/${name}?gracePeriodSeconds=0`);
          }
        }
      } finally {
        limited.close();
      }
    },
  );

  async function allow(rules: readonly object[]): Promise<void> {
    expect(
      (await call(server, 'PUT', '/apis/rbac.authorization.k8s.io/v1/clusterroles/prober', { ...clusterRole({}, 'prober'), rules })).status,
    ).toBeLessThan(300);
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'prober' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'prober' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: limitedUser }],
    };
    await load(server, [binding]);
    await new Promise((later) => setTimeout(later, 500));
  }

  test('an image that cannot be fetched is said so', { timeout: 60_000 }, async () => {
    kubelet.failImages();
    expect(await failureOf(ask(admin))).toMatchObject({
      code: 'probe-not-started',
      text: expect.stringContaining('ImagePullBackOff'),
    });
  });
});
