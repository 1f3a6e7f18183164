import { describe, expect, it } from 'vitest';
import { loadCluster } from './load.ts';
import { MAX_REPLICAS } from './template-pods.ts';

function clusterOf(text: string) {
  return loadCluster([{ file: 'shop.yaml', text }]);
}

const carts = (spec: string) => `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: cart, namespace: shop }
spec: { serviceName: carts, ${spec}, template: { metadata: { labels: { app: cart } }, spec: { containers: [{ name: cart, image: cart }] } } }
`;

describe('the replicas of a StatefulSet', () => {
  it.each([
    ['replicas: 3', ['shop/cart-0', 'shop/cart-1', 'shop/cart-2']],
    ['replicas: 2, ordinals: { start: 5 }', ['shop/cart-5', 'shop/cart-6']],
    ['updateStrategy: {}', ['shop/cart-0']],
    ['replicas: 0', ['shop/cart']],
  ])('%s makes %j', (spec, refs) => {
    expect(clusterOf(carts(spec)).pods.map(({ ref }) => ref)).toEqual(refs);
  });
  it('have a name, an index and a host name of their own', () => {
    const [, second] = clusterOf(carts('replicas: 2')).pods;
    expect(Object.fromEntries(second?.labels ?? [])).toEqual({
      app: 'cart',
      'apps.kubernetes.io/pod-index': '1',
      'statefulset.kubernetes.io/pod-name': 'cart-1',
    });
    expect(second?.dns).toMatchObject({ hostname: 'cart-1', subdomain: 'carts' });
  });
  it('are made up to a limit, however many are written', () => {
    expect(clusterOf(carts('replicas: 2000000000')).pods).toHaveLength(MAX_REPLICAS);
  });
  it('are those of the input where it has them', () => {
    const live = `${carts('replicas: 3')}---
apiVersion: v1
kind: Pod
metadata: { name: cart-1, namespace: shop, ownerReferences: [{ kind: StatefulSet, name: cart, controller: true }] }
spec: { containers: [] }
`;
    expect(clusterOf(live).pods.map(({ ref, template }) => [ref, template])).toEqual([['shop/cart-1', false]]);
  });
});

describe('the pods of a Job', () => {
  const job = (kind: string, rest: string, metadata = '') => `
apiVersion: batch/v1
kind: ${kind}
metadata: { name: checkout, namespace: shop${metadata} }
spec: { ${rest} }
`;
  const template = (labels: string) => `template: { metadata: { labels: { ${labels} } }, spec: { containers: [] } }`;
  const labelsOf = (text: string) => Object.fromEntries(clusterOf(text).pods[0]?.labels ?? []);
  it('carry its name and uid', () => {
    expect(labelsOf(job('Job', template('app: checkout'), ', uid: 4f1c'))).toEqual({
      app: 'checkout',
      'batch.kubernetes.io/job-name': 'checkout',
      'job-name': 'checkout',
      'batch.kubernetes.io/controller-uid': '4f1c',
      'controller-uid': '4f1c',
    });
  });
  it('keep a label that the template has', () => {
    expect(labelsOf(job('Job', template('job-name: pay')))).toMatchObject({
      'job-name': 'pay',
      'batch.kubernetes.io/job-name': 'checkout',
    });
  });
  it('of a CronJob have a name that no selector value can be', () => {
    expect(labelsOf(job('CronJob', `jobTemplate: { spec: { ${template('app: checkout')} } }`))['job-name']).toBe('checkout-{minute}');
  });
});
