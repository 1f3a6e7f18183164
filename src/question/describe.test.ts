import { describe, expect, it } from 'vitest';
import { policy, SHOP, stream } from '../../tests/lint/shop.ts';
import { loadCluster } from '../manifest/load.ts';
import type { Cluster } from '../model/cluster.ts';
import { describePods, describePolicy } from './describe.ts';

const read = (...documents: readonly string[]) => loadCluster([{ file: 'shop.yaml', text: stream(...documents) }]);

function podsOf(cluster: Cluster, workload: string) {
  return describePods(cluster, cluster.workloads.get(workload)?.pods ?? []);
}

const shut = policy('shut', 'podSelector: {}\npolicyTypes: [Ingress]');
const further = `apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: first }
spec:
  priority: 10
  subject: { namespaces: {} }
  ingress: [{ name: all, action: Allow, from: [{ namespaces: {} }] }]
`;

describe('a pod under its policies', () => {
  it('is isolated by them, and by nothing else where there is nothing else', () => {
    const [cart] = podsOf(read(shut, SHOP), 'shop/cart[Deployment]');
    expect(cart).toMatchObject({ ingress: { isolated: true, also: [], by: ['shop/shut'] }, egress: { isolated: false, also: [] } });
  });

  it('is told with the policies that are asked before NetworkPolicies, in their order', () => {
    const [cart] = podsOf(read(shut, further, SHOP), 'shop/cart[Deployment]');
    expect(cart?.ingress).toMatchObject({
      isolated: true,
      also: [],
      by: ['first', 'shop/shut'],
      rules: [{ action: 'allow', tier: 'admin' }],
    });
  });

  it('is open where a policy on it cannot be read', () => {
    const [cart] = podsOf(read(policy('bad', 'podSelector: {}\npolicyTypes: [ingress]'), SHOP), 'shop/cart[Deployment]');
    expect(cart?.ingress).toMatchObject({ isolated: false, also: [{ policy: 'shop/bad', because: 'unreadable' }] });
  });
});

describe('a workload', () => {
  const replica = (number: number, role: string) => `apiVersion: v1
kind: Pod
metadata:
  name: store-${number}
  namespace: shop
  labels: { app: store, role: ${role} }
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: store, uid: u }]
spec: { containers: [{ name: main }] }
`;
  const writers = policy('writers', 'podSelector: { matchLabels: { role: writer } }\npolicyTypes: [Ingress]');

  it('has a description for each group of pods that are under the same policies', () => {
    const cluster = read(writers, replica(1, 'writer'), replica(2, 'reader'), replica(3, 'reader'));
    const found = podsOf(cluster, 'shop/store[ReplicaSet]').map(({ pods, selects }) => [pods, selects]);
    expect(found).toEqual([
      [['shop/store-1'], ['shop/writers']],
      [['shop/store-2', 'shop/store-3'], []],
    ]);
  });

  it('in the network of its node is held by no policy, and the policy that fits it says so', () => {
    const agent = `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: shop }
spec:
  selector: { matchLabels: { app: agent } }
  template: { metadata: { labels: { app: agent } }, spec: { hostNetwork: true, containers: [{ name: main }] } }
`;
    const cluster = read(policy('agent', 'podSelector: { matchLabels: { app: agent } }\npolicyTypes: [Ingress]'), agent);
    expect(podsOf(cluster, 'shop/agent[DaemonSet]')).toMatchObject([{ onNode: true, selects: [] }]);
    const traps = cluster.policies.flatMap((each) => describePolicy(cluster, each).traps.map(({ code }) => code));
    expect(traps).toContain('host-network');
    expect(traps).not.toContain('selects-nothing');
  });
});

describe('a port name in an egress rule', () => {
  const egress = (to: string) =>
    policy('out', `podSelector: {}\npolicyTypes: [Egress]\negress:\n- { to: [${to}], ports: [{ port: http }] }`);
  it.each([
    ['for addresses matches nothing', '{ ipBlock: { cidr: 192.0.2.0/24 } }', true],
    ['for pods is looked up in them', '{ podSelector: {} }', false],
  ])('%s', (_, to, expected) => {
    const cluster = read(egress(to));
    const codes = cluster.policies.flatMap((each) => describePolicy(cluster, each).traps.map(({ code }) => code));
    expect(codes.includes('name-of-no-port')).toBe(expected);
  });
});
