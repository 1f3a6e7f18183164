import { expect, test } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { inOrder, type OrderBy } from './rollout-orders.ts';
import { stepsBetween } from './rollout-steps.ts';

const policy = (name: string, wave?: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop${wave === undefined ? '' : `, annotations: { argocd.argoproj.io/sync-wave: "${wave}" }`} }
spec: { podSelector: {}, policyTypes: [Ingress] }
`;
const POD = `
apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop }
spec: { containers: [] }
`;
const cluster = (files: Readonly<Record<string, string>>) => loadCluster(Object.entries(files).map(([file, text]) => ({ file, text })));

function names(by: OrderBy, before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) {
  return inOrder(by, stepsBetween(cluster(before), cluster(after)).steps).map(({ name }) => name);
}

test('files are applied in the order of a walk through the folder, each from top to bottom, and deletions come last', () => {
  const after = {
    'k8s/b.yaml': policy('second'),
    'k8s/a.yaml': `${policy('z-first')}---${policy('a-then')}`,
    'k8s/a/x.yaml': policy('inside'),
  };
  expect(names('files', { 'old.yaml': policy('gone') }, after)).toEqual(['inside', 'z-first', 'a-then', 'second', 'gone']);
});

test('sync waves go before kinds, and kinds before names; what has no wave is in wave 0', () => {
  const after = { 'k8s/a.yaml': [policy('b'), policy('late', '2'), policy('early', '-1'), policy('odd', 'x'), POD].join('---') };
  expect(names('sync-waves', {}, after)).toEqual(['early', 'b', 'odd', 'cart', 'late']);
});
