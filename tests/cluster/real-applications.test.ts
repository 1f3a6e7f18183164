// Real applications, loaded through the API of a real server and read back: the same verdicts as from their manifests.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterOf, loadCluster } from '../../src/manifest/load.ts';
import { objectsOf } from '../../src/manifest/objects.ts';
import { parseText } from '../../src/manifest/parse.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { decide } from '../../src/policy/decide.ts';
import { podEnd } from '../../src/policy/end.ts';
import { chooseProfile, type ProfileChoice, semanticsOf } from '../../src/profile/choose.ts';
import { readInputs } from '../../src/source/files.ts';
import { readCluster } from '../../src/source/live.ts';
import { problemSentence } from '../../src/words/en/problem.ts';
import { hasShared, sharedPath } from '../shared.ts';
import { type ApiServer, startApiServer, startTimeoutMs } from './apiserver.ts';
import { call, type KubeObject, load } from './load.ts';
import { describeWithCluster } from './suite.ts';

const semantics = semanticsOf(chooseProfile('calico') as ProfileChoice);

/** Every pair of workloads on every port that anybody declares, with what decided it: `shop/a[Deployment] → shop/b[Deployment]:80 denied`. */
function verdicts(cluster: Cluster, namespaces: ReadonlySet<string>): readonly string[] {
  const pods = [...cluster.workloads.values()]
    .filter(({ namespace }) => namespaces.has(namespace))
    .flatMap(({ ref, pods: [pod] }) => (pod === undefined ? [] : [{ ref, pod }]));
  const ports = [...new Set(pods.flatMap(({ pod }) => pod.ports.map(({ port }) => port)))].sort((a, b) => a - b);
  const lines: string[] = [];
  for (const from of pods) {
    for (const to of pods) {
      for (const port of ports) {
        const { outcome } = decide(cluster, semantics, { source: podEnd(from.pod), destination: podEnd(to.pod), protocol: 'TCP', port });
        lines.push(`${from.ref} → ${to.ref}:${port} ${outcome}`);
      }
    }
  }
  return lines.sort();
}

describeWithCluster(`a real application in a real cluster${hasShared ? '' : ' (skipped: no shared data)'}`, () => {
  let server: ApiServer;

  beforeAll(async () => {
    if (hasShared) server = await startApiServer();
  }, startTimeoutMs());
  afterAll(async () => {
    await server?.stop();
  });

  /** The applications live in the same namespaces and use the same names. */
  async function clear(namespaces: Iterable<string>): Promise<void> {
    const apps = ['deployments', 'statefulsets', 'daemonsets'].map((resource) => ['apis/apps/v1', resource] as const);
    const others = [
      ['apis/batch/v1', 'jobs'],
      ['apis/networking.k8s.io/v1', 'networkpolicies'],
      ['api/v1', 'pods'],
      ['api/v1', 'services'],
    ] as const;
    for (const namespace of namespaces) {
      for (const [root, resource] of [...apps, ...others]) {
        const path = `/${root}/namespaces/${namespace}/${resource}`;
        expect((await call(server, 'DELETE', `${path}?propagationPolicy=Background&gracePeriodSeconds=0`)).status, path).toBe(200);
      }
    }
  }

  test
    .skipIf(!hasShared)
    .each(['acs-security-demos', 'bookinfo', 'guestbook', 'online-boutique', 'quote-of-the-day', 'sock-shop', 'wordpress'])(
    '%s has the verdicts of its manifests',
    { timeout: 120_000 },
    async (name) => {
      const { texts } = await readInputs([sharedPath('realworld', name, 'manifests')], {});
      const { objects } = objectsOf(texts.flatMap(({ file, text }) => parseText(file, text).documents));
      const written = loadCluster(texts);
      const namespaces = new Set([...written.workloads.values()].map(({ namespace }) => namespace));
      // What the server does not know (routes of OpenShift) or refuses is not in the cluster; workloads and policies all are.
      const given = objects.map(({ value, namespace }) => ({
        ...value,
        metadata: { ...(value.metadata as object), ...(namespace === undefined ? {} : { namespace }) },
      })) as KubeObject[];
      const implied = [...namespaces].map((ns): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: ns } }));
      const rejections = await load(server, [...implied, ...given]);
      // The server refuses what our validation refuses, in the same words, and nothing else.
      const refused = rejections.filter(({ status }) => status === 400 || status === 422).map(({ message }) => message);
      const said = written.problems
        .filter(({ code }) => code === 'invalid' || code === 'wrong-type')
        .map((problem) => problemSentence(problem).text);
      expect(said).toEqual(refused.map((message) => `The ${message}`));

      const live = clusterOf((await readCluster({ kubeconfig: server.kubeconfigPath })).objects, [], 'default');
      const expected = verdicts(written, namespaces);
      expect(expected.length).toBeGreaterThan(0);
      // Of what is in the cluster besides, nothing is asked.
      const pairOf = (line: string) => line.slice(0, line.lastIndexOf(' '));
      const asked = new Set(expected.map(pairOf));
      expect(verdicts(live, namespaces).filter((line) => asked.has(pairOf(line)))).toEqual(expected);
      await clear(namespaces);
    },
  );
});
