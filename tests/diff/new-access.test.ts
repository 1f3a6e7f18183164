// `diff --no-new-access` and `--no-public-access`: what a change opens to any pod, also to pods that nobody has created yet.
import { describe, expect, it } from 'vitest';
import { chooseProfile, isUnknown } from '../../src/profile/choose.ts';
import { type AccessKind, newAccess } from '../../src/question/new-access.ts';
import { clusterOf } from '../shop-manifests.ts';

const SHOP = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: cart, labels: {app: cart}}, spec: {containers: [{name: c, image: i}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cart, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress:
  - from: [{podSelector: {matchLabels: {app: frontend}}}]
    ports: [{port: 8080}]
  egress:
  - to: [{podSelector: {}}]
`;
const IN_NEW_NAMESPACES = `${SHOP}`.replace(
  '  egress:',
  '  - from: [{namespaceSelector: {matchLabels: {team: web}}}]\n    ports: [{port: http}]\n  egress:',
);
const TO_OUTSIDE = `${SHOP}  - to: [{ipBlock: {cidr: 203.0.113.0/24}}]\n`;
const NARROWER = SHOP.replace('port: 8080', 'port: 8080, protocol: TCP').replace(
  '  egress:\n  - to: [{podSelector: {}}]\n',
  '  egress: []\n',
);
const WITH_WORKLOAD = `{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: front, labels: {app: frontend}}, spec: {containers: [{name: c, image: i}]}}\n---\n${SHOP}`;
const ADMIN = (namespaces: string) => `${SHOP}---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: in}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: shop}}}
  ingress:
  - {name: in, action: Accept, from: [{namespaces: {matchLabels: {${namespaces}}}}]}
`;

function found(before: string, after: string, kinds: readonly AccessKind[] = ['new', 'public'], cni = 'calico') {
  const choice = chooseProfile(cni);
  if (isUnknown(choice)) throw new Error(cni);
  return newAccess(clusterOf(before), clusterOf(after), choice, kinds);
}

const outcomes = (...args: Parameters<typeof found>) => found(...args).map(({ kind, outcome }) => `${kind} ${outcome}`);

describe('new access', () => {
  it('is none where nothing changes, where a change only closes, and where a workload comes under the same policies', () => {
    const nothing = ['new nothing-opened', 'public nothing-opened'];
    expect(outcomes(SHOP, SHOP)).toEqual(nothing);
    expect(outcomes(SHOP, NARROWER)).toEqual(nothing);
    expect(outcomes(SHOP, WITH_WORKLOAD)).toEqual(nothing);
  });

  it('is found for pods in namespaces that do not exist, which call their port so; and closing it again is none', () => {
    const [access] = found(SHOP, IN_NEW_NAMESPACES, ['new']);
    expect(access?.outcome).toBe('opened');
    expect(access?.rows.map(({ from, to }) => `${from} → ${to}`)).toContainEqual(
      expect.stringMatching(/^new-namespace\S* → shop\/\S* \(port http TCP \d+\)$/),
    );
    expect(access?.rows.flatMap(({ causes }) => causes.map(({ edit }) => edit.ref))).toContain('shop/cart');
    expect(outcomes(IN_NEW_NAMESPACES, SHOP, ['new'])).toEqual(['new nothing-opened']);
  });

  it('to addresses outside is public access, and no other', () => {
    expect(outcomes(SHOP, TO_OUTSIDE)).toEqual(['new undecided', 'public opened']);
    expect(outcomes(SHOP, IN_NEW_NAMESPACES)).toEqual(['new opened', 'public nothing-opened']);
  });

  it('comes from ClusterNetworkPolicies, told apart by those of both states', () => {
    expect(outcomes(ADMIN('team: web'), ADMIN('team: ops'), ['new'], 'kube-network-policies')).toEqual(['new opened']);
    expect(outcomes(ADMIN('team: web'), SHOP, ['new'], 'kube-network-policies')).toEqual(['new nothing-opened']);
  });
});
