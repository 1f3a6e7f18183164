// The ValidatingAdmissionPolicies of `baseline -o vap`, executed by a real API server: their CEL compiles, refuses what it should, and takes
// the neighbour that is right.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { vapObjects } from '../../src/answer/admission-vap.ts';
import { objectsYaml } from '../../src/report/baseline-yaml.ts';
import { type ApiServer, startApiServer, startTimeoutMs } from './apiserver.ts';
import { call, messageOf } from './load.ts';
import { describeWithCluster } from './suite.ts';

const vapYaml = (...args: Parameters<typeof vapObjects>) => objectsYaml(vapObjects(...args));

const admission = '/apis/admissionregistration.k8s.io/v1';
const policiesOf = (namespace: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
const deploymentsOf = (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/deployments?dryRun=All`;

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart' },
  spec: {
    selector: { matchLabels: { app: 'cart' } },
    template: { metadata: { labels: { app: 'cart' } }, spec: { containers: [{ name: 'cart', image: 'shop/cart' }] } },
  },
};

const policy = (spec: object, name = 'cart') => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec });
const peers = (labels: object) => [{ podSelector: { matchLabels: labels } }];
const DENY_ALL = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };

describeWithCluster('the admission policies of a baseline', () => {
  let server: ApiServer;
  const refusal = async (path: string, body: object) => messageOf(await call(server, 'POST', path, body));

  beforeAll(async () => {
    server = await startApiServer();
    for (const name of ['shop', 'web', 'loose', 'exempt', 'observability']) {
      const labels = name === 'exempt' ? { 'netverdict.dev/baseline': 'exempt' } : {};
      await call(server, 'POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    }
    for (const document of parseAllDocuments(
      vapYaml({ existing: true, monitoring: 'observability', refuseHostNetwork: true, requiredLabels: ['app'] }),
    )) {
      const object = document.toJS() as { kind: string };
      const path = object.kind === 'ValidatingAdmissionPolicy' ? 'validatingadmissionpolicies' : 'validatingadmissionpolicybindings';
      expect(messageOf(await call(server, 'POST', `${admission}/${path}`, object))).toBeUndefined();
    }
    // The API server reads its policies a moment later.
    const bad = policy({ podSelector: {}, policyTypes: ['Ingress'], egress: [{}] });
    for (let i = 0; i < 120; i++) {
      const isUp = [await refusal(`${policiesOf('web')}?dryRun=All`, bad), await refusal(deploymentsOf('web'), deployment)].every(
        (said) => said !== undefined,
      );
      if (isUp) return;
      await sleep(250);
    }
    throw new Error('the policies were not in force after half a minute');
  }, startTimeoutMs());

  afterAll(async () => {
    await server?.stop();
  });

  test('a workload is refused in a namespace without the baseline, and taken in one that has it', async () => {
    expect(await refusal(deploymentsOf('shop'), deployment)).toMatch(/netverdict-namespace-has-baseline.*no params found/s);
    expect(await refusal(policiesOf('shop'), policy(DENY_ALL, 'baseline-default-deny'))).toBeUndefined();
    for (let i = 0; i < 120 && (await refusal(deploymentsOf('shop'), deployment)) !== undefined; i++) await sleep(250);
    expect(await refusal(deploymentsOf('shop'), deployment)).toBeUndefined();
  }, 120_000);

  test('pod templates in the network of their node, or without a wanted label, are refused where the baseline is', async () => {
    const { template } = deployment.spec;
    const onHost = (hostNetwork: boolean) => ({
      ...deployment,
      spec: { ...deployment.spec, template: { ...template, spec: { ...template.spec, hostNetwork } } },
    });
    expect(await refusal(deploymentsOf('shop'), onHost(true))).toContain('netverdict-pods-not-on-host-network');
    expect(await refusal(deploymentsOf('shop'), onHost(false))).toBeUndefined();
    const other = { name: 'cart' };
    const labelled = {
      ...deployment,
      spec: { selector: { matchLabels: other }, template: { ...template, metadata: { labels: other } } },
    };
    expect(await refusal(deploymentsOf('shop'), labelled)).toContain('the pod template must have label app');
    expect(await refusal(deploymentsOf('observability'), onHost(true))).not.toContain('host-network');
  });

  test('pods are taken everywhere: a drained node must get them back', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'cart' }, spec: deployment.spec.template.spec };
    expect(await refusal('/api/v1/namespaces/web/pods?dryRun=All', pod)).toBeUndefined();
    expect(await refusal(deploymentsOf('web'), deployment)).toContain('netverdict-namespace-has-baseline');
  });

  test('a policy of that name which is no default-deny does not do', async () => {
    const loose = { podSelector: { matchLabels: { app: 'cart' } }, policyTypes: ['Ingress'] };
    expect(await refusal(policiesOf('loose'), policy(loose, 'baseline-default-deny'))).toBeUndefined();
    let said: string | undefined;
    for (let i = 0; i < 120 && !said?.includes('must'); i++) {
      said = await refusal(deploymentsOf('loose'), deployment);
      await sleep(250);
    }
    expect(said).toMatch(/must select every pod|must have policyTypes/);
  }, 120_000);

  test('system namespaces are left alone, and those that are labelled so', async () => {
    expect(await refusal(deploymentsOf('kube-system'), deployment)).toBeUndefined();
    expect(await refusal(deploymentsOf('exempt'), deployment)).toBeUndefined();
    expect(await refusal(deploymentsOf('web'), deployment)).toContain('netverdict-namespace-has-baseline');
  });

  const take = `dryRun=All`;
  const egress = [{ to: peers({ app: 'db' }) }];
  test.each([
    [
      'egress rules without the type',
      { podSelector: {}, policyTypes: ['Ingress'], egress },
      { podSelector: {}, policyTypes: ['Egress'], egress },
      /policyTypes leaves Egress out/,
    ],
    [
      'ingress rules without the type',
      { podSelector: {}, policyTypes: ['Egress'], ingress: [{ from: peers({ app: 'web' }) }] },
      { podSelector: {}, ingress: [{ from: peers({ app: 'web' }) }] },
      /policyTypes leaves Ingress out/,
    ],
    [
      'a peer by the label of one rollout',
      { podSelector: {}, ingress: [{ from: peers({ 'pod-template-hash': '6d4' }) }] },
      { podSelector: {}, ingress: [{ from: peers({ app: 'web' }) }, { from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
      /pod-template-hash/,
    ],
    [
      'a subject by the label of one rollout',
      { podSelector: { matchLabels: { 'pod-template-hash': '6d4' } } },
      { podSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } },
      /would select no pod/,
    ],
    [
      'an ingress rule for everybody and everything',
      { podSelector: {}, ingress: [{}] },
      { podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }] },
      /admits all traffic/,
    ],
  ])('%s is refused, its neighbour is taken', async (_, bad, good, says) => {
    expect(await refusal(`${policiesOf('web')}?${take}`, policy(bad))).toMatch(says);
    expect(await refusal(`${policiesOf('web')}?${take}`, policy(good))).toBeUndefined();
  });
});
