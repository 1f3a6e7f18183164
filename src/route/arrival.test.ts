import { describe, expect, it } from 'vitest';
import { clusterOf, semanticsNamed } from '../../tests/shop-manifests.ts';
import { why } from '../question/why.ts';
import { route } from './route.ts';

const NODES = ['n1 192.0.2.11', 'n2 192.0.2.12'].map((line) => {
  const [name, address] = line.split(' ');
  return `apiVersion: v1\nkind: Node\nmetadata: { name: ${name} }\nstatus: { addresses: [{ type: InternalIP, address: ${address} }] }\n`;
});
const cart = (more: string, ports = '{ containerPort: 7070 }') => `
apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, labels: { app: cart } }
spec: { ${more} containers: [{ name: cart, image: cart, ports: [${ports}] }] }
`;
const FRONTEND = (more: string) => `
apiVersion: v1
kind: Pod
metadata: { name: frontend, namespace: shop, labels: { app: frontend } }
spec: { ${more} containers: [{ name: frontend, image: frontend }] }
`;
const service = (more: string) => `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { ${more} clusterIP: 10.96.0.7, selector: { app: cart }, ports: [{ port: 80, targetPort: 7070, nodePort: 31080 }] }
status: { loadBalancer: { ingress: [{ ip: 198.51.100.20 }] } }
`;
const from = (cidr: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { podSelector: { matchLabels: { app: cart } }, ingress: [{ from: [{ ipBlock: { cidr: ${cidr} } }], ports: [{ port: 7070 }] }] }
`;

function outcome(objects: readonly string[], source: string, to: string, cni = 'calico-iptables') {
  const found = why(clusterOf(...objects), semanticsNamed(cni), { from: source, to, namespace: 'shop' });
  return found.kind === 'answer' ? found.outcome : found.errors.map(({ code }) => code).join();
}

describe('a client outside, by a node port or a load balancer', () => {
  const CLUSTER = 'type: LoadBalancer,';
  const LOCAL = 'type: LoadBalancer, externalTrafficPolicy: Local,';
  it.each([
    // externalTrafficPolicy, what the policy admits, the profile, and what comes of it
    [CLUSTER, '203.0.113.0/24', 'calico-iptables', 'denied'],
    [CLUSTER, '192.0.2.0/24', 'calico-iptables', 'allowed'],
    [CLUSTER, '192.0.2.11/32', 'calico-iptables', 'partial'],
    [LOCAL, '203.0.113.0/24', 'calico-iptables', 'allowed'],
    [LOCAL, '192.0.2.0/24', 'calico-iptables', 'denied'],
    [CLUSTER, '203.0.113.0/24', 'calico-ebpf', 'allowed'],
    [CLUSTER, '192.0.2.0/24', 'calico-ebpf', 'denied'],
    [CLUSTER, '203.0.113.0/24', 'calico', 'undecided'],
    [CLUSTER, '0.0.0.0/0', 'calico', 'allowed'],
    [CLUSTER, '10.0.0.0/8', 'calico', 'denied'],
  ])('%s from %s under %s: %s', (policy, cidr, cni, wanted) => {
    const objects = [...NODES, cart('nodeName: n2,'), service(policy), from(cidr)];
    expect(outcome(objects, '203.0.113.7', '198.51.100.20:80', cni)).toBe(wanted);
    expect(outcome(objects, '203.0.113.7', 'shop/svc/cart:80', cni)).toBe(wanted);
  });
  it('of a node port, the node that was asked is the one that passes it on', () => {
    const objects = (cidr: string) => [...NODES, cart('nodeName: n2,'), service('type: NodePort,'), from(cidr)];
    expect(outcome(objects('192.0.2.11/32'), '203.0.113.7', '192.0.2.11:31080')).toBe('allowed');
    expect(outcome(objects('192.0.2.11/32'), '203.0.113.7', 'node/n2:31080')).toBe('denied');
  });
  it('what a node passes on is not the traffic of the pod’s own node', () => {
    const objects = [...NODES, cart('nodeName: n2,'), service('type: NodePort,'), from('10.0.0.0/8')];
    expect(outcome(objects, '203.0.113.7', '192.0.2.12:31080')).toBe('denied');
    expect(outcome(objects, 'node/n2', 'shop/cart:7070')).toBe('allowed');
  });
  it('nodes that the input does not have are an open question, and only where a block could hold them', () => {
    expect(outcome([cart(''), service(CLUSTER), from('192.0.2.0/24')], '203.0.113.7', 'svc/cart:80')).toBe('undecided');
    expect(outcome([cart(''), service(CLUSTER)], '203.0.113.7', 'svc/cart:80')).toBe('allowed');
  });
  it('with externalTrafficPolicy Local a node without a pod answers nobody', () => {
    const objects = [...NODES, cart('nodeName: n2,'), service(LOCAL)];
    expect(outcome(objects, '203.0.113.7', '192.0.2.11:31080')).toBe('broken');
    expect(outcome(objects, '203.0.113.7', '192.0.2.12:31080')).toBe('allowed');
  });
  it('nodes are told apart only where a block tells them apart', () => {
    const found = route(
      clusterOf(...NODES, cart('nodeName: n2,'), service(CLUSTER), from('192.0.2.0/24')),
      semanticsNamed('calico-iptables'),
      {
        from: 'internet',
        to: 'svc/cart:80',
        namespace: 'shop',
      },
    );
    expect(found.errors === undefined && found.routes.map(({ legs }) => legs.map(({ sources }) => sources))).toEqual([
      [['node/n1', 'node/n2']],
    ]);
  });
});

describe('a node port asked by a pod', () => {
  const EGRESS = (to: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: frontend, namespace: shop }
spec: { podSelector: { matchLabels: { app: frontend } }, policyTypes: [Egress], egress: [{ to: [${to}] }] }
`;
  const base = [...NODES, cart('nodeName: n2,'), service('type: NodePort,')];
  it('of another node: first to the node, then from the node to the pod', () => {
    const pod = FRONTEND('nodeName: n1,');
    expect(outcome([...base, pod, EGRESS('{ ipBlock: { cidr: 192.0.2.12/32 } }')], 'shop/frontend', '192.0.2.12:31080')).toBe('allowed');
    expect(outcome([...base, pod, EGRESS('{ podSelector: { matchLabels: { app: cart } } }')], 'shop/frontend', '192.0.2.12:31080')).toBe(
      'denied',
    );
    expect(outcome([...base, pod, from('10.0.0.0/8')], 'shop/frontend', '192.0.2.12:31080')).toBe('denied');
  });
  it('of the own node: like the Service', () => {
    const pod = FRONTEND('nodeName: n2,');
    expect(outcome([...base, pod, EGRESS('{ podSelector: { matchLabels: { app: cart } } }')], 'shop/frontend', '192.0.2.12:31080')).toBe(
      'allowed',
    );
  });
});

describe('a host port', () => {
  const HOST = '{ containerPort: 7070, hostPort: 8080 }';
  const objects = (more: string) => [...NODES, cart(more, HOST), from('203.0.113.0/24')];
  it('leads to the pod on that node, and the client keeps its address', () => {
    expect(outcome(objects('nodeName: n1,'), '203.0.113.7', '192.0.2.11:8080')).toBe('allowed');
    expect(outcome(objects('nodeName: n1,'), '198.51.100.1', 'node/n1:8080')).toBe('denied');
  });
  it('of a pod that may run elsewhere is open', () => {
    expect(outcome(objects(''), '203.0.113.7', '192.0.2.11:8080')).toBe('undecided');
  });
  it('of a pod on another node is nothing of this node', () => {
    const found = route(clusterOf(...objects('nodeName: n2,')), semanticsNamed('calico'), {
      from: '203.0.113.7',
      to: '192.0.2.11:8080',
      namespace: 'shop',
    });
    expect(found.errors === undefined && found.routes[0]?.legs.map(({ destinationRef }) => destinationRef)).toEqual(['node/n1']);
  });
});
