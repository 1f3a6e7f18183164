// Two versions of a policy with the same rules, of which one isolates and the other does not.
import { expect, test } from 'vitest';
import { clusterOf } from '../../tests/shop-manifests.ts';
import { chooseProfile, type ProfileChoice } from '../profile/choose.ts';
import { diff } from './diff.ts';

const pod = (name: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { containers: [] }
`;
const policy = (isolates: boolean) => `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: cart } }
  enableDefaultDeny: { ingress: ${isolates} }
  ingress: [{ fromEndpoints: [{ matchLabels: { app: frontend } }] }]
`;
const shop = (isolates: boolean) => clusterOf(pod('frontend'), pod('checkout'), pod('cart'), policy(isolates));
const closed = (before: boolean, after: boolean) =>
  [...diff(shop(before), shop(after), chooseProfile('cilium') as ProfileChoice).rows()]
    .filter(({ change }) => change === 'closed')
    .map(({ from, to }) => `${from} → ${to}`);

test('a Cilium policy that begins to isolate closes what its rules leave out', () => {
  expect(closed(false, true)).toContain('shop/checkout[Pod] → shop/cart[Pod]');
  expect(closed(false, true)).not.toContain('shop/frontend[Pod] → shop/cart[Pod]');
});

test('one that stays as it is closes nothing', () => {
  expect(closed(true, true)).toEqual([]);
});
