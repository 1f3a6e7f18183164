import { describe, expect, it } from 'vitest';
import { CART, clusterOf, PAYMENTS, WEB } from '../../tests/shop-manifests.ts';
import type { Cluster } from '../model/cluster.ts';
import { findNode, findObject } from './find.ts';
import { isError, parseName } from './name.ts';

const shop = clusterOf(WEB, PAYMENTS, CART);

function find(text: string, cluster: Cluster = shop) {
  const name = parseName(text, { namespace: 'shop' });
  if (name.kind !== 'object') throw new Error(`${text} is no object`);
  return findObject(cluster, name);
}

function ref(text: string, cluster: Cluster = shop): string {
  const found = find(text, cluster);
  switch (found.kind) {
    case 'error':
      return `error ${found.code}`;
    case 'workload':
      return found.workload.ref;
    case 'pod':
      return `pod ${found.pod.ref}`;
    case 'service':
      return `svc ${found.service.ref}`;
  }
}

const livePods = (...names: readonly string[]) =>
  names
    .map(
      (name) => `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  labels: { app: cart, pod-template-hash: 6d4cf56db6 }
  ownerReferences: [{ kind: ReplicaSet, name: cart-6d4cf56db6, controller: true, apiVersion: apps/v1, uid: x }]
spec: { containers: [{ name: server, image: cart }], nodeName: worker-1 }
status: { podIP: 10.244.1.7, hostIP: 192.168.0.11, phase: Running }
`,
    )
    .join('---');

describe('a name without a kind is a workload, else a pod, else a Service', () => {
  it.each([
    ['cart', 'shop/cart[Deployment]'],
    ['web/frontend', 'web/frontend[Deployment]'],
    ['payments/db', 'payments/db[StatefulSet]'],
    ['payments/svc/db', 'svc payments/db'],
    ['payments/sts/db', 'payments/db[StatefulSet]'],
  ])('%s', (text, wanted) => {
    expect(ref(text)).toBe(wanted);
  });

  it('a Service counts when nothing else is called so', () => {
    const queue = `{ apiVersion: v1, kind: Service, metadata: { name: queue, namespace: shop }, spec: { ports: [{ port: 5672 }] } }`;
    expect(ref('queue', clusterOf(CART, queue))).toBe('svc shop/queue');
    expect(ref('deploy/queue', clusterOf(CART, queue))).toBe('error unknown-name');
  });

  it('a pod of its own is a pod; with a Deployment of that name it is an error that lists both', () => {
    const pod = `{ apiVersion: v1, kind: Pod, metadata: { name: debug, namespace: shop }, spec: { containers: [] } }`;
    expect(ref('debug', clusterOf(CART, pod))).toBe('pod shop/debug');
    expect(ref('cart', clusterOf(CART, pod.replace('debug', 'cart')))).toBe('error ambiguous-name');
    expect(ref('pod/cart', clusterOf(CART, pod.replace('debug', 'cart')))).toBe('pod shop/cart');
  });

  it('two workloads of one name are listed', () => {
    const both = clusterOf(CART, CART.replace('kind: Deployment', 'kind: StatefulSet'));
    expect(find('cart', both)).toMatchObject({
      code: 'ambiguous-name',
      facts: { candidates: ['shop/cart[Deployment]', 'shop/cart[StatefulSet]'] },
    });
    expect(ref('sts/cart', both)).toBe('shop/cart[StatefulSet]');
  });

  it('live pods, and the ReplicaSet that their Deployment hides', () => {
    const live = clusterOf(CART, livePods('cart-6d4cf56db6-abcde', 'cart-6d4cf56db6-fghij'));
    expect(ref('pod/cart-6d4cf56db6-abcde', live)).toBe('pod shop/cart-6d4cf56db6-abcde');
    expect(ref('rs/cart-6d4cf56db6', live)).toBe('shop/cart-6d4cf56db6[ReplicaSet]');
    expect(ref('rs/cart-999', live)).toBe('error unknown-name');
  });

  it('the API server and cluster DNS have Services that no manifest writes', () => {
    expect(ref('default/svc/kubernetes')).toBe('svc default/kubernetes');
    expect(ref('kube-system/svc/kube-dns')).toBe('svc kube-system/kube-dns');
    expect(ref('default/svc/kubernets')).toBe('error unknown-namespace');
  });
});

describe('a name that means nothing says what is near', () => {
  it('a typing mistake', () => {
    expect(find('web/fronted')).toMatchObject({ code: 'unknown-name', facts: { nearest: ['web/frontend[Deployment]'] } });
    expect(find('web/Frontend')).toMatchObject({ code: 'unknown-name', facts: { nearest: ['web/frontend[Deployment]'] } });
  });
  it('the namespace was forgotten', () => {
    expect(find('frontend')).toMatchObject({
      code: 'unknown-name',
      facts: { namespace: 'shop', elsewhere: ['web/frontend[Deployment]', 'web/svc/frontend'] },
    });
  });
  it('the namespace is misspelt, or is a kind', () => {
    expect(find('paymets/api')).toMatchObject({
      code: 'unknown-namespace',
      facts: { nearest: ['payments'], elsewhere: ['payments/api[Deployment]', 'payments/svc/api'] },
    });
    expect(find('depoly/cart')).toMatchObject({ code: 'unknown-namespace', facts: { nearestKind: ['deploy'] } });
  });
  it('another kind has the name', () => {
    expect(find('payments/sts/api')).toMatchObject({
      code: 'unknown-name',
      facts: { kind: 'StatefulSet', nearest: ['payments/api[Deployment]', 'payments/svc/api'] },
    });
  });
  it('nothing is near', () => {
    expect(find('web/zzz')).toMatchObject({ code: 'unknown-name', facts: { nearest: [], elsewhere: [] } });
  });
});

describe('nodes', () => {
  it('are found as objects, or where a pod mentions them with an address', () => {
    const node = `{ apiVersion: v1, kind: Node, metadata: { name: worker-2 }, status: { addresses: [{ type: InternalIP, address: 192.168.0.12 }] } }`;
    const cluster = clusterOf(CART, livePods('cart-6d4cf56db6-abcde'), node);
    expect(findNode(cluster, 'worker-2')).toMatchObject({ addresses: [{ value: 0xc0a8000c }] });
    expect(findNode(cluster, 'worker-1')).toMatchObject({ addresses: [{ value: 0xc0a8000b }] });
    const unknown = findNode(cluster, 'worker-3');
    expect(isError(unknown) && unknown).toMatchObject({ code: 'unknown-node', facts: { nearest: ['worker-2', 'worker-1'] } });
  });
});
