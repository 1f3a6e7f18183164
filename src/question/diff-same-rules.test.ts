// Policies with the same rules in both states that mean something else: one isolates, or another Tier is asked first.
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

test('policies whose Tiers change places open what the first one allows', () => {
  const inTier = (name: string, order: number, action: string) => [
    `
apiVersion: projectcalico.org/v3
kind: Tier
metadata: { name: ${name} }
spec: { order: ${order} }
`,
    `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: ${name}.cart }
spec: { tier: ${name}, order: 1, selector: app == 'cart', types: [Ingress], ingress: [{ action: ${action} }] }
`,
  ];
  const tiered = (first: number, second: number) =>
    clusterOf(pod('frontend'), pod('cart'), ...inTier('closing', first, 'Deny'), ...inTier('opening', second, 'Allow'));
  const rows = (before: [number, number], after: [number, number]) =>
    [...diff(tiered(...before), tiered(...after), chooseProfile('calico') as ProfileChoice).rows()].map(
      ({ from, to, change }) => `${change} ${from} → ${to}`,
    );
  expect(rows([100, 200], [300, 200])).toContain('opened shop/frontend[Pod] → shop/cart[Pod]');
  expect(rows([100, 200], [150, 200])).toEqual([]);
});
