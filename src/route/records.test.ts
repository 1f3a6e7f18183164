import { describe, expect, it } from 'vitest';
import { clusterOf, KUBE_DNS, semanticsNamed } from '../../tests/shop-manifests.ts';
import { why } from '../question/why.ts';

const pod = (name: string, port: number, ready: string, more = `hostname: ${name}, subdomain: carts,`) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: cart } }
spec: { ${more} containers: [{ name: main, image: cart, ports: [{ name: grpc, containerPort: ${port} }] }] }
status: { phase: Running, conditions: [{ type: Ready, status: "${ready}" }] }
`;
const FRONTEND = `
apiVersion: v1
kind: Pod
metadata: { name: frontend, namespace: shop, labels: { app: frontend } }
spec: { containers: [{ name: main, image: frontend }] }
`;
const service = (more: string, name = 'carts') => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { ${more} }
`;
const CARTS = 'clusterIP: None, selector: { app: cart }, ports: [{ name: grpc, port: 7070, targetPort: grpc }]';

function ask(to: string, ...objects: string[]) {
  const found = why(clusterOf(FRONTEND, KUBE_DNS, ...objects), semanticsNamed('calico'), {
    from: 'shop/frontend',
    to,
    namespace: 'shop',
    symptom: 'nxdomain',
  });
  if (found.kind === 'error') throw new Error(JSON.stringify(found.errors));
  const [connection] = found.connections;
  return { outcome: found.outcome, codes: connection?.codes, fits: connection?.symptom?.fits, notes: connection?.notes };
}

describe('the name of one pod under a headless Service', () => {
  const NAME = 'cart-0.carts:7070';
  it('is there while the pod is ready', () => {
    expect(ask(NAME, pod('cart-0', 7070, 'True'), service(CARTS))).toMatchObject({ outcome: 'allowed', fits: 'no' });
  });
  it('is gone while it is not, which is what NXDOMAIN says', () => {
    expect(ask(NAME, pod('cart-0', 7070, 'False'), service(CARTS))).toMatchObject({
      outcome: 'broken',
      codes: ['name-not-published'],
      fits: 'yes',
    });
  });
  it('stays with publishNotReadyAddresses', () => {
    const always = service(`publishNotReadyAddresses: true, ${CARTS}`);
    expect(ask(NAME, pod('cart-0', 7070, 'False'), always)).toMatchObject({ outcome: 'allowed' });
  });
  it('follows the endpoints where the input has them', () => {
    const slice = (ready: boolean) => `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: carts-1, namespace: shop, labels: { kubernetes.io/service-name: carts } }
addressType: IPv4
endpoints: [{ addresses: [10.0.0.7], conditions: { ready: ${ready} }, targetRef: { kind: Pod, name: cart-0, namespace: shop } }]
ports: [{ name: grpc, port: 7070 }]
`;
    expect(ask(NAME, pod('cart-0', 7070, 'True'), service(CARTS), slice(false))).toMatchObject({ outcome: 'broken' });
    expect(ask(NAME, pod('cart-0', 7070, 'True'), service(CARTS), slice(true))).toMatchObject({ outcome: 'allowed' });
  });
});

describe('a headless Service whose pods give the port name different numbers', () => {
  it('is partial where one pod listens on the port that was asked', () => {
    const pods = [pod('cart-0', 7070, 'True'), pod('cart-1', 7071, 'True')];
    expect(ask('svc/carts:7070', ...pods, service(CARTS))).toMatchObject({ outcome: 'partial', codes: ['headless-port-not-translated'] });
  });
  it('is broken where none does', () => {
    const pods = [pod('cart-0', 7072, 'True'), pod('cart-1', 7071, 'True')];
    expect(ask('svc/carts:7070', ...pods, service(CARTS))).toMatchObject({ outcome: 'broken' });
  });
});

describe('an ExternalName Service', () => {
  const alias = (name: string) => service(`type: ExternalName, externalName: ${name}, ports: [{ port: 7070 }]`, 'basket');
  const inside = (name: string) =>
    ask('basket:7070', pod('cart-0', 7070, 'True'), service(CARTS), alias(name)).notes?.find(({ code }) => code === 'external-name')?.facts
      .inside;
  it('says whether its name is one of this cluster', () => {
    expect(inside('carts.shop.svc.cluster.local')).toBe(true);
    expect(inside('carts.example.com')).toBe(false);
  });
});
