import { describe, expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { printPortSet } from '../net/port-set.ts';
import { chooseProfile, type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import { exposuresOf } from './exposure.ts';
import { reachOf } from './reach.ts';

const calico = semanticsOf(chooseProfile('calico-iptables') as ProfileChoice);

const CART = `
apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, labels: { app: cart } }
spec: { containers: [{ name: cart, ports: [{ name: grpc, containerPort: 7070 }] }] }
`;

const policy = (spec: string) => `${CART}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
${spec}`;

function ingressOf(yaml: string) {
  const cluster = loadCluster([{ file: 'cart.yaml', text: yaml }]);
  expect(cluster.problems).toEqual([]);
  const exposure = exposuresOf(reachOf(cluster, calico)).find(
    ({ workload, direction }) => workload === 'shop/cart[Pod]' && direction === 'ingress',
  );
  return (
    exposure && {
      isolated: exposure.isolated,
      peers: exposure.peers.map((peer) => [
        peer.kind === 'entire-cluster' ? 'all' : `${peer.namespace ?? ''}|${peer.namespaces}|${peer.pods}`,
        printPortSet(peer.allowed),
      ]),
    }
  );
}

describe('who could reach a workload and is not in the input', () => {
  it('without a policy it is everyone', () => {
    expect(ingressOf(CART)).toEqual({ isolated: false, peers: [['all', 'all']] });
  });

  it('a default deny leaves nobody', () => {
    expect(ingressOf(policy('  policyTypes: [Ingress]'))).toEqual({ isolated: true, peers: [] });
  });

  it('an empty from is everyone, and a namespaceSelector {} every pod', () => {
    expect(ingressOf(policy('  ingress: [{ from: [], ports: [{ port: grpc }] }]'))?.peers).toEqual([['all', 'TCP 7070']]);
    expect(ingressOf(policy('  ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 7070 }] }]'))?.peers).toEqual([
      ['all', 'TCP 7070'],
    ]);
  });

  it('a selector stands for pods that may come, with what wider rules open to them too', () => {
    const rules = `  ingress:
    - from: [{ namespaceSelector: {} }]
      ports: [{ port: 80 }]
    - from: [{ namespaceSelector: { matchLabels: { team: red } } }]
      ports: [{ port: 7070 }]`;
    expect(ingressOf(policy(rules))?.peers).toEqual([
      ['all', 'TCP 80'],
      ['|team=red|', 'TCP 80,7070'],
    ]);
  });

  it('a selector that may do no more than everyone is not listed', () => {
    const rules = `  ingress:
    - from: [{ namespaceSelector: {} }]
    - from: [{ namespaceSelector: { matchLabels: { team: red } } }]
      ports: [{ port: 7070 }]`;
    expect(ingressOf(policy(rules))?.peers).toEqual([['all', 'all']]);
  });

  it('a bare podSelector is bound to the namespace, and is left to the map when the pod it means is there', () => {
    const rule = '  ingress: [{ from: [{ podSelector: { matchLabels: { app: frontend } } }] }]';
    expect(ingressOf(policy(rule))?.peers).toEqual([['shop||app=frontend', 'all']]);
    const frontend = CART.replaceAll('cart', 'frontend');
    expect(ingressOf(`${frontend}---${policy(rule)}`)?.peers).toEqual([]);
    // No selector selects a pod in its node's network, so the map says nothing of such pods.
    const onNode = frontend.replace('spec: {', 'spec: { hostNetwork: true,');
    expect(ingressOf(`${onNode}---${policy(rule)}`)?.peers).toEqual([['shop||app=frontend', 'all']]);
  });

  it('two workloads under the same policies resolve the same port name each for itself', () => {
    const rule = policy('  ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: grpc }] }]');
    const twin = CART.replace('name: cart,', 'name: cart-2,').replace('7070', '9090');
    const cluster = loadCluster([{ file: 'cart.yaml', text: `${twin}---${rule}` }]);
    const ports = exposuresOf(reachOf(cluster, calico)).flatMap(({ workload, direction, peers }) =>
      direction === 'ingress' ? [[workload, ...peers.map(({ allowed }) => printPortSet(allowed))]] : [],
    );
    expect(ports).toEqual([
      ['shop/cart-2[Pod]', 'TCP 9090'],
      ['shop/cart[Pod]', 'TCP 7070'],
    ]);
  });

  it('a row claims nothing that holds for some of its pods only', () => {
    const rules = `  ingress:
    - from: [{ podSelector: { matchExpressions: [{ key: tier, operator: NotIn, values: [web] }] } }]
      ports: [{ port: 80 }]
    - from: [{ podSelector: { matchExpressions: [{ key: tier, operator: DoesNotExist }] } }]
      ports: [{ port: 7070 }]`;
    expect(ingressOf(policy(rules))?.peers).toEqual([
      ['shop||tier!=web', 'TCP 80'],
      ['shop||!tier', 'TCP 7070'],
    ]);
  });

  it('a peer by expressions stays although such a pod is there: others may come', () => {
    const rule = '  ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: app, operator: Exists }] } }] }]';
    expect(ingressOf(policy(rule))?.peers).toEqual([['shop||app', 'all']]);
  });

  it('a policy that cannot be read is named, not skipped', () => {
    const cluster = loadCluster([{ file: 'cart.yaml', text: policy('  ingress: [{ from: [{}] }]') }]);
    expect(exposuresOf(reachOf(cluster, calico))[0]?.unreadable).toEqual(['shop/cart']);
  });

  it('is told apart for the pods of one workload that differ, and once where they do not', () => {
    const replica = (number: number, role: string) => `
apiVersion: v1
kind: Pod
metadata:
  name: cart-${number}
  namespace: shop
  labels: { app: cart, role: ${role} }
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: cart, uid: u }]
spec: { containers: [{ name: cart }] }
`;
    const closed = policy('  policyTypes: [Ingress]').split('---')[1]?.replace('app: cart', 'role: writer') ?? '';
    const pods = [replica(1, 'writer'), replica(2, 'reader'), replica(3, 'reader')];
    const cluster = loadCluster([{ file: 'cart.yaml', text: [...pods, closed].join('---') }]);
    const said = exposuresOf(reachOf(cluster, calico)).map(({ workload, pods, direction, isolated }) => [
      workload,
      pods,
      direction,
      isolated,
    ]);
    expect(said).toEqual([
      ['shop/cart[ReplicaSet]', ['shop/cart-1'], 'ingress', true],
      ['shop/cart[ReplicaSet]', ['shop/cart-2', 'shop/cart-3'], 'ingress', false],
      ['shop/cart[ReplicaSet]', undefined, 'egress', false],
    ]);
  });
});

describe('what cluster-wide rules by address leave open to pods that nobody has seen', () => {
  const tenants = (...rules: readonly string[]) => {
    const yaml = `${CART}---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: tenants }
spec: { tier: Admin, priority: 1, subject: { namespaces: {} }, egress: [${rules.join(', ')}] }
`;
    const semantics = semanticsOf(chooseProfile('kube-network-policies') as ProfileChoice);
    const cluster = loadCluster([{ file: 'cart.yaml', text: yaml }]);
    expect(cluster.problems).toEqual([]);
    const found = exposuresOf(reachOf(cluster, semantics)).find(({ direction }) => direction === 'egress');
    return { open: found?.peers.map(({ allowed }) => printPortSet(allowed)), byAddress: found?.byAddress };
  };
  const SSH = 'protocols: [{ tcp: { destinationPort: { number: 22 } } }]';
  const deny = (networks: string) => `{ action: Deny, to: [{ networks: [${networks}] }], ${SSH} }`;
  const PODS = '{ action: Accept, to: [{ namespaces: {} }] }';

  it('every address is every pod', () => {
    expect(tenants(deny("0.0.0.0/0, '::/0'"))).toEqual({ open: ['TCP 1-21,23-65535 UDP 1-65535 SCTP 1-65535'], byAddress: [] });
  });
  it('some addresses may be those of a pod, unless a rule before it means all pods', () => {
    expect(tenants(deny('10.0.0.0/8'))).toEqual({ open: ['all'], byAddress: ['tenants egress[0]'] });
    expect(tenants(deny('0.0.0.0/0'))).toEqual({ open: ['all'], byAddress: ['tenants egress[0]'] });
    expect(tenants(PODS, deny('10.0.0.0/8'))).toEqual({ open: ['all'], byAddress: [] });
  });
  it('no pod has a link-local address', () => {
    expect(tenants(deny('169.254.169.254/32'))).toEqual({ open: ['all'], byAddress: [] });
  });
});
