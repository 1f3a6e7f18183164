import { describe, expect, it } from 'vitest';
import { clusterOf, denyAll, semanticsNamed } from '../../tests/shop-manifests.ts';
import { why } from '../question/why.ts';
import { route } from './route.ts';

const NGINX = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: controller, namespace: ingress-nginx }
spec:
  template:
    metadata: { labels: { app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller } }
    spec: { containers: [{ name: nginx, image: nginx, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: controller, namespace: ingress-nginx }
spec:
  type: LoadBalancer
  clusterIP: 10.96.0.50
  selector: { app.kubernetes.io/name: ingress-nginx }
  ports: [{ port: 80, targetPort: 8080 }]
status: { loadBalancer: { ingress: [{ ip: 198.51.100.20 }] } }
`;
const CART = `
apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, labels: { app: cart } }
spec: { containers: [{ name: main, image: cart, ports: [{ containerPort: 7070 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, targetPort: 7070 }] }
`;
const rule = (host: string | undefined, status = '') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, namespace: shop }
spec:
  ingressClassName: nginx
  rules:
    - http: { paths: [{ path: /cart, pathType: Prefix, backend: { service: { name: cart, port: { number: 80 } } } }] }
${host === undefined ? '' : `      host: "${host}"`}
${status}
`;

function ends(to: string, ingress: string, from = '203.0.113.7'): readonly string[] {
  const found = route(clusterOf(NGINX, CART, ingress), semanticsNamed('calico'), { from, to, namespace: 'shop' });
  if (found.errors !== undefined) return found.errors.map(({ code }) => code);
  return found.routes.flatMap(({ legs }) => legs.filter(({ part }) => part === 'way').map(({ destinationRef }) => destinationRef));
}

describe('names that an Ingress serves', () => {
  it.each([
    ['a host of a rule', 'https://shop.example/cart', 'shop.example'],
    ['a host under a wildcard', 'https://eu.shop.example/cart', '*.shop.example'],
    ['the wildcard itself', 'https://*.shop.example/cart', '*.shop.example'],
    ['any host, to a client outside, where the rule has none', 'https://shop.example/cart', undefined],
    ['the address of the load balancer', 'http://198.51.100.20/cart', undefined],
    ['localhost, from outside', 'http://localhost/cart', undefined],
    ['localhost as a host of a rule', 'http://cart.localhost/cart', 'cart.localhost'],
  ])('%s', (_, to, host) => {
    expect(ends(to, rule(host))).toEqual(['shop/cart']);
  });
  it('an address that only the status of the Ingress has', () => {
    const status = 'status: { loadBalancer: { ingress: [{ ip: 198.51.100.99 }] } }';
    expect(ends('http://198.51.100.99/cart', rule(undefined, status))).toEqual(['shop/cart']);
  });
  it('a pod that asks for a host of the world does not mean a rule without a host, nor itself the controller', () => {
    const pod = 'shop/cart';
    expect(ends('https://api.stripe.com/cart', rule(undefined), pod)).not.toEqual(['shop/cart']);
    expect(ends('http://localhost:7070/cart', rule('localhost'), pod)).toEqual(['shop/cart']);
  });
  it('the address of the load balancer without a URL is the Service of the controller', () => {
    expect([...new Set(ends('198.51.100.20:80', rule(undefined)))]).toEqual(['ingress-nginx/controller']);
  });
  it('is denied where the backend does not admit the controller', () => {
    const ask = (...objects: string[]) => {
      const found = why(clusterOf(NGINX, CART, rule(undefined), ...objects), semanticsNamed('calico'), {
        from: 'internet',
        to: 'https://shop.example/cart',
        namespace: 'shop',
      });
      return found.kind === 'answer' && found.outcome;
    };
    expect(ask()).toBe('allowed');
    expect(ask(denyAll('shop', 'Ingress'))).toBe('denied');
  });
});
