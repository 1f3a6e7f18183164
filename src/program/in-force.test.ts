import { expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { asReadBy } from './in-force.ts';

const shut = (name: string) =>
  `{ apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: { name: ${name} }, spec: { tier: Admin, priority: 10, subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }] } }\n`;
const config = (value: string) =>
  `---\n{ apiVersion: v1, kind: ConfigMap, metadata: { name: cilium-config, namespace: kube-system }, data: { enable-k8s-cluster-network-policy: "${value}" } }\n`;

it.each([
  ['false', 'cilium-kpr', [{ name: 'shut', more: 1, setting: 'enable-k8s-cluster-network-policy' }]],
  ['true', 'cilium-kpr', []],
  ['false', 'kube-network-policies', []],
])('ClusterNetworkPolicies, enable-k8s-cluster-network-policy %s, %s: what is not in force is told of once', (value, cni, told) => {
  const choice = chooseProfile(cni);
  if (isUnknown(choice)) throw new Error(cni);
  const text = `${shut('shut')}---\n${shut('too')}${config(value)}`;
  const { problems } = asReadBy(loadCluster([{ file: 'shop.yaml', text }]), semanticsOf(choice));
  const found = problems
    .filter(({ code }) => code === 'unsupported-policy')
    .map(({ facts: { name, more, setting } }) => ({ name, more, setting }));
  expect(found).toEqual(told);
});
