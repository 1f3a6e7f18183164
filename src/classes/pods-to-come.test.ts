import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../tests/arbitraries/runs.ts';
import { semantics } from '../../tests/kernel/agreement.ts';
import { cluster as anyCluster } from '../../tests/kernel/random-cluster.ts';
import { clusterOf } from '../../tests/shop-manifests.ts';
import { newPod } from '../model/new-pod.ts';
import { decide } from '../policy/decide.ts';
import { podEnd } from '../policy/end.ts';
import { isToCome, podsToCome, withPods } from './pods-to-come.ts';

const SHOP = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: cart, labels: {app: cart}}, spec: {containers: [{name: c, image: i}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cart, namespace: shop}
spec:
  podSelector: {matchLabels: {app: cart}}
  ingress:
  - from: [{namespaceSelector: {matchLabels: {team: web}}, podSelector: {matchLabels: {app: frontend}}}]
`;

function refsOf(yaml: string): readonly string[] {
  const found = podsToCome(clusterOf(yaml), { most: 100 });
  if (found.kind === 'too-many') throw new Error('too many');
  return found.pods.map(({ ref }) => ref);
}

describe('pods to come', () => {
  it('are one of each kind, in the namespaces there are and in new ones', () => {
    expect(refsOf(SHOP)).toEqual(['shop/', 'shop/app=cart', 'new-namespace/', 'new-namespace-2/', 'new-namespace-2/app=frontend']);
  });

  it('are one in each namespace where no policy selects anything', () => {
    expect(refsOf('{apiVersion: v1, kind: Namespace, metadata: {name: shop}}')).toEqual(['shop/', 'new-namespace/']);
  });

  it('are told from the pods of the input', () => {
    const cluster = clusterOf(SHOP);
    const found = podsToCome(cluster, { most: 100 });
    if (found.kind === 'too-many') throw new Error('too many');
    expect(withPods(cluster, found.pods, found.namespaces).pods.map(isToCome)).toEqual([false, true, true, true, true, true]);
  });

  it('stop when there are too many', () => {
    expect(podsToCome(clusterOf(SHOP), { most: 2 })).toMatchObject({ kind: 'too-many' });
  });

  it('answer for any pod that somebody creates: one of them gets the same verdicts to and from every pod of the input', () => {
    const labels = fc.record(
      { app: fc.constantFrom('frontend', 'cart', 'checkout', 'stock'), tier: fc.constantFrom('a', 'b', 'c') },
      { requiredKeys: [] },
    );
    const created = fc.record({
      labels,
      namespace: fc.constantFrom('shop', 'bank', 'ops', 'elsewhere'),
      team: fc.constantFrom('red', 'blue', 'green', undefined),
    });
    const plain = semantics('calico');
    let compared = 0;
    fc.assert(
      fc.property(anyCluster, created, (cluster, { labels, namespace, team }) => {
        const found = podsToCome(cluster, { most: 10_000 });
        if (found.kind === 'too-many') throw new Error('too many');
        const origin = { document: { file: 'new.yaml', text: undefined, start: 0, end: 0, line: 1, format: 'yaml' as const }, path: [] };
        const pod = newPod({ namespace, labels: new Map(Object.entries(labels)), origin });
        const own = new Map([['kubernetes.io/metadata.name', namespace], ...(team === undefined ? [] : [['team', team] as const])]);
        const added = cluster.namespaces.has(namespace) ? [] : [{ name: namespace, labels: own, implied: false, origin: undefined }];
        const others = cluster.pods.filter(({ hostNetwork }) => !hostNetwork);
        const answersOf = (state: typeof cluster, asked: typeof pod) =>
          others
            .flatMap((other) =>
              [[podEnd(asked), podEnd(other)] as const, [podEnd(other), podEnd(asked)] as const].map(
                ([source, destination]) => decide(state, plain, { source, destination, protocol: 'TCP', port: 80 }).outcome,
              ),
            )
            .join();
        const wanted = answersOf(withPods(cluster, [pod], added), pod);
        const state = withPods(cluster, found.pods, found.namespaces);
        expect(found.pods.map((each) => answersOf(state, each))).toContain(wanted);
        compared += others.length;
      }),
      runs(60),
    );
    expect(compared).toBeGreaterThan(0);
  });
});
