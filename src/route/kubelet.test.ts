import { describe, expect, it } from 'vitest';
import { clusterOf, semanticsNamed } from '../../tests/shop-manifests.ts';
import { why } from '../question/why.ts';
import { route } from './route.ts';

const CART = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec: { template: { metadata: { labels: { app: cart } }, spec: { containers: [{ name: main, image: cart, ports: [{ containerPort: 7070 }] }] } } }
`;
const DENY = (types: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [${types}] }
`;
const outcome = (from: string, to: string, cni: string, ...objects: string[]) => {
  const found = why(clusterOf(...objects), semanticsNamed(cni), { from, to, namespace: 'shop' });
  return found.kind === 'answer' ? found.outcome : found.errors[0]?.code;
};

describe('the kubelet', () => {
  it('reaches the pods of its node, whatever policies say', () => {
    expect(outcome('kubelet', 'shop/cart:7070', 'calico', CART, DENY('Ingress'))).toBe('allowed');
    expect(outcome('internet', 'shop/cart:7070', 'calico', CART, DENY('Ingress'))).toBe('denied');
  });
  it('as a destination is the node of the pod that asks', () => {
    expect(outcome('shop/cart', 'kubelet:10250', 'calico', CART)).toBe('allowed');
    expect(outcome('shop/cart', 'kubelet', 'calico', CART)).toBe('port-needed');
  });
});

describe('a workload and a pod of one name', () => {
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: cart, namespace: shop }\nspec: { containers: [] }\n';
  it('are an error that lists both', () => {
    const found = route(clusterOf(CART, pod), semanticsNamed('calico'), { from: 'internet', to: 'shop/cart:7070', namespace: 'shop' });
    expect(found.errors?.map(({ facts }) => facts.candidates)).toEqual([['shop/cart[Deployment]', 'shop/pod/cart']]);
  });
  it('are told apart by kind', () => {
    expect(outcome('internet', 'shop/deploy/cart:7070', 'calico', CART, pod)).toBe('allowed');
    expect(outcome('internet', 'shop/pod/cart:7070', 'calico', CART, pod)).toBe('allowed');
  });
});
