// Programs of the control plane as ends of a question: what policies see of them is their nodes.
import { expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { why } from '../question/why.ts';

const NODES = `apiVersion: v1
kind: Node
metadata: { name: cp, labels: { node-role.kubernetes.io/control-plane: '' } }
status: { addresses: [{ type: InternalIP, address: 172.18.0.2 }] }
---
apiVersion: v1
kind: Node
metadata: { name: n1 }
status: { addresses: [{ type: InternalIP, address: 172.18.0.3 }] }
`;
const CART = `apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, labels: { app: cart } }
spec: { nodeName: n1, containers: [{ name: main }] }
status: { phase: Running, podIP: 10.244.1.7, conditions: [{ type: Ready, status: 'True' }] }
`;
const program = (name: string, label: string, network: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name}-cp, namespace: kube-system, labels: { ${label}: ${name} } }
spec: { nodeName: cp, ${network} containers: [{ name: main }] }
status: { phase: Running, podIP: ${network === '' ? '10.244.0.9' : '172.18.0.2'}, hostIP: 172.18.0.2, conditions: [{ type: Ready, status: 'True' }] }
`;
const both = (cidr: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress: [{ from: [{ ipBlock: { cidr: ${cidr} } }] }]
  egress: [{ to: [{ ipBlock: { cidr: ${cidr} } }] }]
`;

function asked(from: string, to: string, ...texts: readonly string[]): string {
  const choice = chooseProfile('calico');
  if (isUnknown(choice)) throw new Error('no profile');
  const cluster = loadCluster([{ file: 'shop.yaml', text: [CART, ...texts].join('---\n') }]);
  const answer = why(cluster, semanticsOf(choice), { from, to, namespace: 'default' });
  return answer.kind === 'error' ? (answer.errors[0]?.code ?? '') : answer.outcome;
}

it.each(['kube-scheduler', 'kube-controller-manager', 'cloud-controller-manager', 'etcd'])('%s is its node', (name) => {
  const pod = program(name, 'component', 'hostNetwork: true,');
  for (const [cidr, outcome] of [
    ['172.18.0.2/32', 'allowed'],
    ['172.18.0.3/32', 'denied'],
  ] as const) {
    expect(asked(name, 'shop/cart:7070', NODES, pod, both(cidr))).toBe(outcome);
    expect(asked('shop/cart', `${name}:10257`, NODES, pod, both(cidr))).toBe(outcome);
    // Without a pod of it, it is on the nodes of the control plane.
    expect(asked(name, 'shop/cart:7070', NODES, both(cidr))).toBe(outcome);
  }
  expect(asked(name, 'shop/cart:7070', both('0.0.0.0/0'))).toBe('unknown-name');
});

it('the agents of konnectivity are pods', () => {
  const agent = program('konnectivity-agent', 'k8s-app', '');
  expect(asked('konnectivity-agent', 'shop/cart:7070', NODES, agent, both('10.244.0.9/32'))).toBe('allowed');
  expect(asked('konnectivity-agent', 'shop/cart:7070', NODES, agent, both('172.18.0.2/32'))).toBe('denied');
  expect(asked('konnectivity-agent', 'shop/cart:7070', NODES, both('10.244.0.9/32'))).toBe('unknown-name');
});

it('an object of that name comes first', () => {
  const own = CART.replace('name: cart', 'name: etcd').replace('namespace: shop', 'namespace: default').replace('10.244.1.7', '10.244.1.8');
  expect(asked('etcd', 'shop/cart:7070', NODES, own, both('10.244.1.8/32'))).toBe('allowed');
});
