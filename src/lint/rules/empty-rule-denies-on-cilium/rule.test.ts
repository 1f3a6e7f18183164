import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { emptyRuleDeniesOnCilium } from './rule.ts';

const cilium = (name: string, spec: string) => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec: { endpointSelector: {}, ${spec} }
`;

describe('empty-rule-denies-on-cilium', () => {
  it.each([
    ['allow-cart', 'ingress: [{}]', ['4 error nobody']],
    ['cart', 'egress: [{ toEntities: [world] }, {}]', ['4 error nobody']],
    // The usual way to write a default deny.
    ['cart', 'ingress: [{}]', ['4 note nobody']],
    ['default-deny', 'ingress: [{}]', []],
    ['cart', 'ingress: [{ fromEntities: [all] }]', []],
    ['cart', 'ingress: []', []],
  ])('in %s: %s', (name, spec, expected) => {
    expect(found(emptyRuleDeniesOnCilium, cilium(name, spec))).toEqual(expected);
  });
  it('has nothing to say about a NetworkPolicy', () => {
    expect(found(emptyRuleDeniesOnCilium, policy('allow', 'podSelector: {}\ningress: [{}]'))).toEqual([]);
  });
});
