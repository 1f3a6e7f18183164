import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { replicasFareDifferently } from './reading.ts';

const pod = (name: string, labels: string) => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  labels: { ${labels} }
  ownerReferences: [{ apiVersion: apps/v1, kind: StatefulSet, name: cart, uid: "1", controller: true }]
spec: { containers: [] }
`;
const pods = (label: string) => [pod('cart-0', `app: cart, ${label}: a`), pod('cart-1', `app: cart, ${label}: b`)];

describe('replicas-fare-differently', () => {
  it('names the label that tells replicas apart', () => {
    expect(found(replicasFareDifferently, stream(...pods('tier'), policy('cart', 'podSelector: { matchLabels: { tier: a } }')))).toEqual([
      '6 warning differ',
    ]);
  });
  it('does not mind a label that no policy asks about', () => {
    expect(found(replicasFareDifferently, stream(...pods('tier'), policy('cart', 'podSelector: { matchLabels: { app: cart } }')))).toEqual(
      [],
    );
  });
  it('leaves a StatefulSet’s own pod name to another rule', () => {
    const selector = 'podSelector: { matchLabels: { statefulset.kubernetes.io/pod-name: a } }';
    expect(found(replicasFareDifferently, stream(...pods('statefulset.kubernetes.io/pod-name'), policy('cart', selector)))).toEqual([]);
  });
});
