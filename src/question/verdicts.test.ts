import { describe, expect, it } from 'vitest';
import { clusterOf, semanticsNamed } from '../../tests/shop-manifests.ts';
import { lineAnswerer } from '../answer/verdict-lines.ts';
import { asReadBy } from '../program/in-force.ts';
import { reachOf } from '../reach/reach.ts';

const pod = (name: string, app: string, ips: readonly string[], node = 'n1') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${app} } }
spec: { nodeName: ${node}, containers: [{ name: main, image: main, ports: [{ containerPort: 7070 }] }] }
status: { phase: Running, podIP: "${ips[0]}", podIPs: [${ips.map((ip) => `{ ip: "${ip}" }`).join()}], conditions: [{ type: Ready, status: "True" }] }
`;
const CART = `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { type: NodePort, clusterIP: 10.96.0.7, selector: { app: cart }, ports: [{ port: 80, targetPort: 7070, nodePort: 31080 }] }
`;
const NODE = 'apiVersion: v1\nkind: Node\nmetadata: { name: n1 }\nstatus: { addresses: [{ type: InternalIP, address: 192.0.2.11 }] }\n';
const egressTo = (peer: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: frontend, namespace: shop }
spec: { podSelector: { matchLabels: { app: frontend } }, policyTypes: [Egress], egress: [{ to: [${peer}] }] }
`;

function ask(objects: readonly string[], question: object): Record<string, unknown> {
  const answer = lineAnswerer(reachOf(clusterOf(...objects), semanticsNamed('calico-iptables')));
  return JSON.parse(answer(JSON.stringify(question)) ?? '{}');
}

const shop = [NODE, pod('frontend', 'frontend', ['10.0.0.1']), pod('cart', 'cart', ['10.0.0.2']), CART];

describe('a question asked by the address of a Service', () => {
  const question = { id: 1, from: 'shop/frontend', to: '10.96.0.7', port: 80 };
  it('is answered for the pods behind it', () => {
    expect(ask([...shop, egressTo('{ podSelector: { matchLabels: { app: cart } } }')], question)).toMatchObject({
      id: 1,
      outcome: 'allowed',
    });
    expect(ask([...shop, egressTo('{ ipBlock: { cidr: 10.96.0.7/32 } }')], question)).toMatchObject({ id: 1, outcome: 'denied' });
  });
  it('names a port that the Service has', () => {
    expect(ask(shop, { ...question, port: 81 })).toEqual({ id: 1, outcome: 'broken', because: ['service-port-missing'] });
  });
  it('lists pods that differ', () => {
    const second = pod('cart-2', 'cart', ['10.0.0.3']).replace('app: cart', 'app: cart, version: two');
    expect(ask([...shop, second, egressTo('{ podSelector: { matchLabels: { version: two } } }')], question)).toMatchObject({
      outcome: 'partial',
      pods: { 'shop/cart': 'denied', 'shop/cart-2': 'allowed' },
    });
  });
  it('a node port too; the same address on another port is the node', () => {
    expect(ask(shop, { from: '203.0.113.7', to: '192.0.2.11', port: 31080 })).toMatchObject({
      outcome: 'allowed',
      ingress: { outcome: 'not-isolated' },
    });
    expect(ask(shop, { from: '203.0.113.7', to: '192.0.2.11', port: 31081 })).toMatchObject({ ingress: { outcome: 'exempt' } });
  });
});

describe('a question asked by the address of a pod', () => {
  const dual = [pod('frontend', 'frontend', ['10.0.0.1', '2001:db8::1']), pod('cart', 'cart', ['10.0.0.2', '2001:db8::2'])];
  const open4 = egressTo('{ ipBlock: { cidr: 10.0.0.0/8 } }');
  it('is about the family of that address', () => {
    expect(ask([...dual, open4], { from: 'shop/frontend', to: '10.0.0.2', port: 7070 })).toMatchObject({ outcome: 'allowed' });
    expect(ask([...dual, open4], { from: 'shop/frontend', to: '2001:db8::2', port: 7070 })).toMatchObject({ outcome: 'denied' });
  });
  it('of its own: loopback', () => {
    expect(ask(dual, { from: 'shop/cart', to: '10.0.0.2', port: 7070 })).toMatchObject({ egress: { because: 'loopback' } });
  });
});

describe('what is checked after a connection that a rule for requests lets in', () => {
  const cart = (http: string) => `
{ apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: { name: cart, namespace: shop }, spec: { endpointSelector: {}, ingress: [{ toPorts: [{ ports: [{ port: "7070" }]${http} }] }], ingressDeny: [{ fromEntities: [world] }] } }
`;
  const askCilium = (http: string, from: string): Record<string, unknown> => {
    const semantics = semanticsNamed('cilium-kpr');
    const cluster = asReadBy(
      clusterOf(NODE, pod('frontend', 'frontend', ['10.0.0.1']), pod('cart', 'cart', ['10.0.0.2'], 'n2'), cart(http)),
      semantics,
    );
    return JSON.parse(lineAnswerer(reachOf(cluster, semantics))(JSON.stringify({ from, to: 'shop/cart', port: 7070 })) ?? '{}');
  };
  it('is named, as `why` names it', () => {
    expect(askCilium(', rules: { http: [{ method: GET }] }', 'shop/frontend').ingress).toEqual({
      outcome: 'allowed',
      rules: ['shop/cart ingress[0]'],
      further: 'requests',
    });
  });
  it('is absent where a rule admits the port as such', () => {
    expect(askCilium('', 'shop/frontend').ingress).toEqual({ outcome: 'allowed', rules: ['shop/cart ingress[0]'] });
  });
  it('a rule that denies is named beside its policy', () => {
    expect(askCilium('', '203.0.113.7').ingress).toEqual({
      outcome: 'denied',
      policies: ['shop/cart'],
      rule: 'shop/cart ingressDeny[0]',
    });
  });
});
