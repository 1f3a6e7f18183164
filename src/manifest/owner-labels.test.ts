import { describe, expect, it } from 'vitest';
import { loadCluster } from './load.ts';

const pod = (name: string, labels: Readonly<Record<string, string>>, namespace = 'shop') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels, ownerReferences: [{ kind: 'StatefulSet', name: 'cart', controller: true }] },
});
const policy = (podSelector: object, from: readonly object[] = [], namespace = 'shop') => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'rules', namespace },
  spec: { podSelector, policyTypes: ['Ingress'], ingress: [{ from }] },
});
const namespace = (name: string, labels: object) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
const leader = { matchLabels: { role: 'leader' } };
const pods = [pod('cart-0', { app: 'cart', role: 'leader', index: '0' }), pod('cart-1', { app: 'cart', role: 'follower', index: '1' })];

function found(...objects: readonly object[]): unknown[] {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  return loadCluster([{ file: 'shop.json', text }])
    .problems.filter(({ code }) => code === 'owner-labels-differ')
    .map(({ facts }) => facts);
}

describe('labels that differ within a workload', () => {
  it.each([
    ['a subject', policy(leader)],
    ['a peer of the same namespace', policy({}, [{ podSelector: leader }])],
    [
      'a peer of a namespace that the selector means',
      policy({}, [{ podSelector: leader, namespaceSelector: { matchLabels: { team: 'shop' } } }], 'payments'),
    ],
  ])('are told where %s sees them', (_, rules) => {
    const wanted = [{ workload: 'shop/cart[StatefulSet]', labels: ['role'] }];
    expect(found(namespace('shop', { team: 'shop' }), ...pods, rules)).toEqual(wanted);
  });

  it.each([
    ['no policy asks about them', policy({ matchLabels: { app: 'cart' } })],
    ['the selector says the same of every pod', policy({ matchExpressions: [{ key: 'role', operator: 'Exists' }] })],
    ['the policy is of another namespace', policy(leader, [], 'payments')],
    [
      'the peer means another namespace',
      policy({}, [{ podSelector: leader, namespaceSelector: { matchLabels: { team: 'search' } } }], 'payments'),
    ],
  ])('are no matter where %s', (_, rules) => {
    expect(found(namespace('shop', { team: 'shop' }), ...pods, rules)).toEqual([]);
  });
});
