import { describe, expect, it } from 'vitest';
import { clusterOf, semanticsNamed } from '../../tests/shop-manifests.ts';
import { readingsOf } from './stages.ts';

const NETWORK_POLICY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { podSelector: {} }`;
const BASELINE = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: floor }
spec: { tier: Baseline, priority: 0, subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }] }`;
const CALICO = `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: gate }
spec: { selector: all(), types: [Ingress] }`;

const tiers = (cni: string, ...texts: readonly string[]) =>
  readingsOf(clusterOf(...texts).policies, semanticsNamed(cni)).map(({ stages }) => stages.map(({ tier }) => tier));

describe('the stages that decide a direction', () => {
  it('are those of the API, one after the other', () => {
    const [reading] = readingsOf(clusterOf(NETWORK_POLICY).policies, semanticsNamed());
    expect(reading?.stages.map(({ tier, combine, end }) => [tier, combine, end])).toEqual([
      ['admin', 'ordered', 'next'],
      ['namespaced', 'union', 'deny'],
      ['baseline', 'ordered', 'next'],
      ['further', 'veto', 'next'],
    ]);
  });

  it('are Calico’s tiers where its own policies are in force, with Kubernetes’ kinds inside them', () => {
    const [calico] = tiers('calico', NETWORK_POLICY, CALICO);
    expect(calico).toContain('tier default');
    expect(calico).not.toContain('namespaced');
  });

  it('have several readings where the profile leaves open what matters to these policies, and one where it decides', () => {
    const open = { ...semanticsNamed(), adminPolicies: 'open' } as const;
    expect(readingsOf(clusterOf(BASELINE).policies, open).map(({ unlike }) => unlike)).toEqual([[], ['adminPolicies']]);
    expect(readingsOf(clusterOf(NETWORK_POLICY).policies, open)).toHaveLength(1);
  });
});
