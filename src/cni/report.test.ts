import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cniDocument } from '../answer/cni.ts';
import { objectsOf } from '../manifest/objects.ts';
import { parseText } from '../manifest/parse.ts';
import { toCluster } from '../manifest/to-cluster.ts';
import { cniText } from '../report/cni-text.ts';
import { paint } from '../report/paint.ts';
import { detectProfile } from './detect.ts';
import { cniReport } from './report.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../tests/fixtures/cni/${name}.yaml`, import.meta.url), 'utf8');

function report(...texts: readonly string[]) {
  const { objects, problems } = objectsOf(texts.flatMap((text) => parseText('cluster.yaml', text).documents));
  return cniReport(toCluster(objects, problems, 'default'), detectProfile(objects));
}

const node = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: Node\nmetadata: { name: ${name}, labels: { kubernetes.io/os: linux } }\nstatus: { conditions: [ { type: Ready, status: "True" }${more} ] }\n`;

const agent = (daemonSet: string, on: string, ready = 'True', state = '', namespace = 'kube-system'): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${daemonSet}-${on}, namespace: ${namespace}, ownerReferences: [ { apiVersion: apps/v1, kind: DaemonSet, name: ${daemonSet}, controller: true } ] }
spec: { nodeName: ${on}, hostNetwork: true, containers: [ { name: agent, image: a } ] }
status: { phase: Running, conditions: [ { type: Ready, status: "${ready}" } ]${state} }
`;

const policy = (name: string, spec: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec: ${spec}
`;

describe('does it enforce, and where', () => {
  it('on every node whose agent is ready', () => {
    const { enforces, health } = report(fixture('antrea'), agent('antrea-agent', 'node-1'));
    expect(enforces).toBe('yes');
    expect(health.nodes).toEqual([{ node: 'node-1', state: 'enforced', because: undefined }]);
  });

  it('not where there is no agent, and only with old rules where it is not ready', () => {
    const crashing = ', containerStatuses: [ { name: agent, ready: false, state: { waiting: { reason: CrashLoopBackOff } } } ]';
    const { enforces, health } = report(
      fixture('antrea'),
      node('node-2'),
      node('node-3'),
      agent('antrea-agent', 'node-1'),
      agent('antrea-agent', 'node-2', 'False', crashing),
    );
    expect(enforces).toBe('partly');
    expect(health.nodes).toEqual([
      { node: 'node-1', state: 'enforced', because: undefined },
      { node: 'node-2', state: 'stale', because: { code: 'agent-not-ready', pod: 'antrea-agent-node-2', waiting: 'CrashLoopBackOff' } },
      { node: 'node-3', state: 'absent', because: { code: 'no-agent', daemonSets: ['antrea-agent'] } },
    ]);
  });

  it('not on nodes that the DaemonSet leaves out', () => {
    const windows = node('win-1').replace('kubernetes.io/os: linux', 'kubernetes.io/os: windows');
    expect(report(fixture('antrea'), windows, agent('antrea-agent', 'node-1')).health.nodes[1]).toMatchObject({
      state: 'absent',
      because: { code: 'selector-excludes', daemonSet: 'antrea-agent', key: 'kubernetes.io/os', value: 'linux' },
    });
  });

  it('inside k3s, which has no DaemonSet', () => {
    expect(report(fixture('kube-router'))).toMatchObject({ enforces: 'yes', health: { nodes: [{ state: 'enforced' }] } });
  });

  it.each([
    ['flannel', 'no'],
    ['weave', 'partly'],
    ['calico-iptables', 'yes'],
  ] as const)('%s: %s', (name, enforces) => {
    expect(report(fixture(name)).enforces).toBe(enforces);
  });

  it('is not known where no engine is seen', () => {
    expect(report(node('node-1')).enforces).toBe('unknown');
  });

  it('names what plugins write into the conditions of nodes', () => {
    const down = node('node-2', ', { type: NetworkUnavailable, status: "True", reason: CalicoIsDown }');
    expect(report(fixture('calico-iptables'), down).health.conditions).toEqual([
      { node: 'node-2', condition: 'NetworkUnavailable', reason: 'CalicoIsDown' },
    ]);
  });
});

describe('an enforcer that is sick', () => {
  const restarted = (count: number, reason: string) =>
    `, containerStatuses: [ { name: agent, ready: true, restartCount: ${count}, lastState: { terminated: { reason: ${reason}, finishedAt: "2026-11-29T10:00:00Z" } } } ]`;
  const deployment = (name: string, replicas: number, ready: number | undefined) =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name}, namespace: kube-system }\nspec: { replicas: ${replicas}, selector: { matchLabels: { a: b } }, template: { metadata: { labels: { a: b } }, spec: { containers: [ { name: a, image: a } ] } } }\n` +
    (ready === undefined ? '' : `status: { observedGeneration: 1, readyReplicas: ${ready} }\n`);
  const withKernel = (name: string, kernel: string) =>
    `apiVersion: v1\nkind: Node\nmetadata: { name: ${name} }\nstatus: { nodeInfo: { kernelVersion: ${kernel} }, conditions: [ { type: Ready, status: "True" } ] }\n`;

  it('has agents that are killed for want of memory, or restart again and again', () => {
    const found = (count: number, reason: string) =>
      report(fixture('antrea'), agent('antrea-agent', 'node-1', 'True', restarted(count, reason)));
    expect(found(1, 'OOMKilled')).toMatchObject({
      enforces: 'partly',
      ailments: [
        { code: 'agent-restarts', node: 'node-1', pod: 'antrea-agent-node-1', restarts: 1, oom: true, at: '2026-11-29T10:00:00Z' },
      ],
    });
    expect(found(9, 'Error')).toMatchObject({ enforces: 'partly', ailments: [{ restarts: 9, oom: false }] });
    expect(found(2, 'Error')).toMatchObject({ enforces: 'yes', ailments: [] });
  });

  it('has a controller that is dead; one without a status is only a manifest', () => {
    const found = (name: string, ready: number | undefined, replicas = 1) =>
      report(fixture('calico-iptables'), agent('calico-node', 'node-1'), deployment(name, replicas, ready));
    expect(found('calico-kube-controllers', 0)).toMatchObject({
      enforces: 'partly',
      ailments: [{ code: 'controller-down', controller: 'calico-kube-controllers', stops: 'upkeep' }],
    });
    expect(found('calico-typha', 0).ailments).toEqual([{ code: 'controller-down', controller: 'calico-typha', stops: 'changes' }]);
    expect(found('calico-typha', 0, 0).ailments).toHaveLength(1);
    expect(found('calico-kube-controllers', 1).ailments).toEqual([]);
    expect(found('calico-kube-controllers', undefined).ailments).toEqual([]);
    expect(found('antrea-controller', 0).ailments).toEqual([]);
  });

  it('runs on a kernel that is too old for it', () => {
    const found = (kernel: string) => report(fixture('aws-vpc-cni-standard'), withKernel('node-9', kernel)).ailments;
    expect(found('4.14.355-276.amzn2.x86_64')).toEqual([
      { code: 'kernel-too-old', node: 'node-9', kernel: '4.14.355-276.amzn2.x86_64', wants: '5.10' },
    ]);
    expect(found('5.10.0')).toEqual([]);
    expect(found('6.1.0')).toEqual([]);
    expect(report(fixture('antrea'), withKernel('node-9', '4.14.1')).ailments).toEqual([]);
  });

  it('is told with what its death leaves of old and new policies', () => {
    const text = (cni: string, daemonSet: string) =>
      cniText(
        cniDocument(report(fixture(cni), agent(daemonSet, 'node-1', 'True', restarted(1, 'OOMKilled'), namespaceOf(cni)))),
        paint(false),
      );
    const namespaceOf = (cni: string) => (cni.startsWith('calico') ? 'calico-system' : 'kube-system');
    expect(text('kube-network-policies', 'kube-network-policies')).toContain(
      'because it ran out of memory at 2026-11-29T10:00:00Z; while it is down, its pods are open: neither old nor new policies apply',
    );
    expect(text('calico-iptables', 'calico-node')).toContain('while it is down, existing rules stay, changes do not arrive');
    expect(text('antrea', 'antrea-agent')).toContain('! enforced, but not reliably');
    expect(text('antrea', 'antrea-agent')).toContain('whether existing rules stay is not known');
    expect(cniText(cniDocument(report(fixture('weave'))), paint(false))).toContain('Weave Net is archived');
  });
});

describe('what policies ask for in vain', () => {
  it('an endPort on a plugin that has none, and nothing on one that has', () => {
    const range = policy('range', '{ podSelector: {}, ingress: [ { ports: [ { port: 8000, endPort: 8002 } ] } ] }');
    expect(report(fixture('weave'), range).missing).toEqual([{ feature: 'endPort', supported: 'no', policies: ['shop/range'] }]);
    expect(report(fixture('antrea'), range).missing).toEqual([]);
  });

  it('SCTP, where nobody knows', () => {
    const sctp = policy('sctp', '{ podSelector: {}, ingress: [ { ports: [ { protocol: SCTP, port: 7 } ] } ] }');
    expect(report(fixture('weave'), sctp).missing).toEqual([{ feature: 'sctp', supported: 'unknown', policies: ['shop/sctp'] }]);
  });

  it('cluster-wide policies on Weave, and Cilium policies on Calico', () => {
    const cnp = 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: { name: deny }\nspec: {}\n';
    expect(report(fixture('weave'), cnp).missing).toEqual([{ feature: 'ClusterNetworkPolicy', supported: 'no', policies: ['deny'] }]);
    // The fixture is of 1.17; from 1.20 on Cilium reads them.
    expect(report(fixture('cilium-kpr'), cnp).missing).toEqual([{ feature: 'ClusterNetworkPolicy', supported: 'no', policies: ['deny'] }]);
    expect(report(fixture('cilium-kpr').replaceAll('v1.17.3', 'v1.20.2'), cnp).missing).toEqual([]);
    const cilium = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: l7, namespace: shop }\nspec: {}\n';
    expect(report(fixture('calico-iptables'), cilium).missing).toEqual([
      { feature: 'foreign-policy', supported: 'no', policies: ['shop/l7'] },
    ]);
    expect(report(fixture('cilium-kpr'), cilium).missing).toEqual([]);
  });

  it('host-network pods that a policy selects', () => {
    const pods = ['true', 'false'].map(
      (host) =>
        `apiVersion: v1\nkind: Pod\nmetadata: { name: host-${host}, namespace: shop, labels: { app: exporter } }\nspec: { hostNetwork: ${host}, containers: [ { name: a, image: a } ] }\n`,
    );
    const { hostNetwork } = report(
      fixture('calico-iptables'),
      ...pods,
      policy('exporter', '{ podSelector: { matchLabels: { app: exporter } } }'),
    );
    expect(hostNetwork).toEqual([{ policy: 'shop/exporter', pods: ['shop/host-true'] }]);
  });

  it('more ports than the VPC CNI keeps for one peer, over all policies that select a pod', () => {
    const cart =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: cart, namespace: shop, labels: { app: cart } }\nspec: { containers: [ { name: a, image: a } ] }\n';
    const ports = (from: number, count: number) => Array.from({ length: count }, (_, i) => `{ port: ${from + i} }`).join(', ');
    const opens = (name: string, from: number, count: number) =>
      policy(
        name,
        `{ podSelector: { matchLabels: { app: cart } }, ingress: [ { from: [ { podSelector: {} } ], ports: [ ${ports(from, count)} ] } ] }`,
      );
    const overflow = (aws: string, ...policies: readonly string[]) => report(fixture(aws), cart, ...policies).overflows;
    expect(overflow('aws-vpc-cni-standard', opens('a', 8000, 24))).toEqual([]);
    expect(overflow('aws-vpc-cni-standard', opens('a', 8000, 24), opens('b', 8023, 2))).toEqual([
      { direction: 'ingress', pod: 'shop/cart', peer: 'ns/shop', combinations: 25, policies: ['shop/a', 'shop/b'] },
    ]);
    expect(overflow('calico-iptables', opens('a', 8000, 24), opens('b', 8023, 2))).toEqual([]);
  });
});
