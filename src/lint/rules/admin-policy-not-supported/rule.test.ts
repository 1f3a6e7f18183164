import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { adminPolicyNotSupported } from './rule.ts';

const admin = (kind: string, name: string, version = 'v1alpha1') =>
  `apiVersion: policy.networking.k8s.io/${version}\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: {}\n`;

const CALICO = 'apiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: { name: shut }\nspec: { types: [Ingress] }\n';

const CNP = admin('ClusterNetworkPolicy', 'a', 'v1alpha2');
const OFF =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: cilium-config, namespace: kube-system }\ndata: { enable-k8s-cluster-network-policy: "false" }\n';

describe('admin-policy-not-supported', () => {
  it.each([
    ['an AdminNetworkPolicy', admin('AdminNetworkPolicy', 'a'), 'azure-npm', ['1 error unknownToCni']],
    ['an AdminNetworkPolicy', admin('AdminNetworkPolicy', 'a'), 'ovn-kubernetes', []],
    ['an AdminNetworkPolicy', admin('AdminNetworkPolicy', 'a'), 'kubernetes', []],
    ['a baseline of another name', admin('BaselineAdminNetworkPolicy', 'mine'), 'kubernetes', ['1 error notDefault']],
    ['a baseline called default', admin('BaselineAdminNetworkPolicy', 'default'), 'kubernetes', []],
    ['a ClusterNetworkPolicy', CNP, 'cilium', []],
    ['a ClusterNetworkPolicy where Cilium has them off', `${CNP}---\n${OFF}`, 'cilium', ['1 error unknownToCni']],
    ['a Calico policy', CALICO, 'cilium', ['1 error unknownToCni']],
    ['a Calico policy', CALICO, 'calico', []],
    ['a Calico policy', CALICO, 'kubernetes', []],
    ['a NetworkPolicy', policy('p', 'podSelector: {}'), 'cilium', []],
  ])('%s on %s', (_, yaml, cni, expected) => {
    expect(found(adminPolicyNotSupported, yaml, { cni })).toEqual(expected);
  });
});
