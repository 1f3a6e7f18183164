import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../tests/shop-manifests.ts';
import type { FamilyVerdict } from './verdict.ts';
import { forOwnNode } from './verdict.ts';

const RULE = '[{ action: ACTION, from: [{ namespaces: {} }] }]';
const admin = (action: string) => `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: shop }
spec: { tier: Admin, priority: 1, subject: { namespaces: {} }, ingress: ${RULE.replace('ACTION', action)} }`;
const PLAIN = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: shop, namespace: shop }
spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }] }`;

/** A verdict that stays open because of the only rule of the policy. */
function openBecauseOf(yaml: string): FamilyVerdict {
  const [policy] = clusterOf(yaml).policies;
  if (policy === undefined || policy.ingress === 'not-governed') throw new Error('no rule');
  const [rule] = policy.ingress;
  if (rule === undefined) throw new Error('no rule');
  return { outcome: 'undecided', because: [{ code: 'address-unknown', end: 'node/n1', rule: { policy, direction: 'ingress', rule } }] };
}

describe('what a pod’s own node meets where only a rule may deny it', () => {
  it('is open where nothing but a NetworkPolicy’s allow is in doubt', () => {
    expect(forOwnNode(openBecauseOf(PLAIN))).toEqual({ outcome: 'exempt', because: 'own-node' });
  });
  it('stays undecided where the rule is of an ordered tier: the next one may deny', () => {
    expect(forOwnNode(openBecauseOf(admin('Accept'))).outcome).toBe('undecided');
    expect(forOwnNode(openBecauseOf(admin('Deny'))).outcome).toBe('undecided');
  });
});
