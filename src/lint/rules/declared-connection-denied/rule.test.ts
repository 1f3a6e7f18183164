import { describe, expect, it } from 'vitest';
import { found, said } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { declaredConnectionDenied } from './rule.ts';

/** A pod `client` that is configured so, with labels that no policy of these tests admits. */
const client = (container: string, more = '') => `apiVersion: v1
kind: Pod
metadata: { name: client, namespace: shop, labels: { app: client } }
spec: { containers: [{ name: main, image: example/client, ${container} }]${more} }
`;
const env = (name: string, value: string) => client(`env: [{ name: ${name}, value: '${value}' }]`);
const closed = policy('cart', 'podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Ingress]');
const open = policy(
  'cart',
  'podSelector: { matchLabels: { app: cart } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: client } } }], ports: [{ port: 7070 }] }]',
);
const shut = policy('client', 'podSelector: { matchLabels: { app: client } }\npolicyTypes: [Egress]');
const one = ['1 warning one'];

describe('declared-connection-denied', () => {
  it.each([
    ['an address', env('CART_ADDR', 'cart:7070'), one],
    ['a URL', env('UPSTREAM', 'http://cart.shop.svc.cluster.local:7070/items'), one],
    ['a host', env('CART_HOST', 'cart.shop'), one],
    ['an argument', client("args: ['--cart=cart:7070']"), one],
    ['a word', env('MODE', 'cart'), []],
    ['an address that is open', env('CHECKOUT_ADDR', 'checkout:5050'), []],
    ['a port that the Service lacks', env('CART_ADDR', 'cart:81'), []],
    ['a node', client("env: [{ name: CART_ADDR, value: 'cart:7070' }]", ', hostNetwork: true'), []],
  ])('a pod that names a closed Service by %s', (_, pod, expected) => {
    expect(found(declaredConnectionDenied, stream(closed, SHOP, pod))).toEqual(expected);
  });

  it('is silent where the policy admits it', () => {
    expect(found(declaredConnectionDenied, stream(open, SHOP, env('CART_ADDR', 'cart:7070')))).toEqual([]);
  });

  it('names the end that denies', () => {
    const [text] = said(declaredConnectionDenied, stream(shut, SHOP, env('CART_ADDR', 'cart:7070')));
    expect(text).toBe(
      '`shop/client[Pod]` is configured to call `cart:7070`, but no egress rule of `shop/client` allows it (7070/TCP of `shop/cart[Deployment]`)',
    );
  });

  it('knows the name of one replica, and leaves out what a pod says of its own Service', () => {
    const set = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: store, namespace: shop }
spec:
  serviceName: store
  selector: { matchLabels: { app: store } }
  template:
    metadata: { labels: { app: store } }
    spec: { containers: [{ name: main, env: [{ name: PEER_HOST, value: store-0.store }], ports: [{ containerPort: 6379 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: store, namespace: shop }
spec: { clusterIP: None, selector: { app: store }, ports: [{ port: 6379 }] }
`;
    const own = policy('store', 'podSelector: { matchLabels: { app: store } }\npolicyTypes: [Ingress]');
    expect(found(declaredConnectionDenied, stream(own, set))).toEqual([]);
    expect(found(declaredConnectionDenied, stream(own, set, env('STORE_HOST', 'store-0.store.shop.svc')))).toEqual(one);
  });

  it('says once that one policy denies many', () => {
    const addresses = ['cart:7070', 'checkout:5050', 'frontend:80', 'client:1'].map((value, i) => `{ name: A_${i}, value: '${value}' }`);
    const pod = client(`env: [${addresses.join(', ')}]`);
    const second = pod.replaceAll('client', 'second');
    const all = policy('all', 'podSelector: {}\npolicyTypes: [Ingress]');
    expect(found(declaredConnectionDenied, stream(all, SHOP, pod))).toEqual([...one, ...one, ...one]);
    expect(found(declaredConnectionDenied, stream(all, SHOP, pod, second))).toEqual(['1 warning many']);
  });
});
