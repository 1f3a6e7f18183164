import { describe, expect, it } from 'vitest';
import { found, said } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { adminPassIntoNothing } from './rule.ts';

const cluster = (
  tier: 'Admin' | 'Baseline',
  action: string,
  direction = 'ingress',
  peers = 'from',
) => `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${tier.toLowerCase()} }
spec:
  tier: ${tier}
  priority: 10
  subject: { namespaces: { matchLabels: { kubernetes.io/metadata.name: shop } } }
  ${direction}:
    - action: ${action}
      ${peers}: [{ namespaces: {} }]
`;
const PASS = cluster('Admin', 'Pass');

describe('admin-pass-into-nothing', () => {
  it('finds a Pass behind which nothing says who may talk to the pods', () => {
    expect(found(adminPassIntoNothing, stream(PASS, SHOP))).toEqual(['9 warning opens']);
    expect(said(adminPassIntoNothing, stream(PASS, SHOP))[0]).toMatch(
      /^`admin` ingress\[0\] passes on traffic .*so everything it passes is allowed$/,
    );
  });

  it.each([
    ['a NetworkPolicy that looks this way', policy('all', 'podSelector: {}\npolicyTypes: [Ingress]')],
    ['a rule of the baseline tier', cluster('Baseline', 'Deny')],
    ['a policy that cannot be read', policy('all', 'podSelector: {}\ningress: [{ from: [{}] }]')],
  ])('is content with %s', (_, later) => {
    expect(found(adminPassIntoNothing, stream(PASS, SHOP, later))).toEqual([]);
  });

  it.each([
    ['a NetworkPolicy that looks the other way', policy('all', 'podSelector: {}\npolicyTypes: [Egress]')],
    ['a baseline that passes on, too', cluster('Baseline', 'Pass')],
    ['a NetworkPolicy for other pods', policy('all', 'podSelector: { matchLabels: { app: nothing } }')],
  ])('is not content with %s', (_, later) => {
    expect(found(adminPassIntoNothing, stream(PASS, SHOP, later))).toEqual(['9 warning opens']);
  });

  it('says nothing of Accept, and nothing where no pod is selected', () => {
    expect(found(adminPassIntoNothing, stream(cluster('Admin', 'Accept'), SHOP))).toEqual([]);
    expect(found(adminPassIntoNothing, PASS)).toEqual([]);
  });
});
