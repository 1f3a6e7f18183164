import { describe, expect, it } from 'vitest';
import { findings, found, said } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { rulesNotInForce } from './rule.ts';

describe('rules-not-in-force', () => {
  it.each([
    ['podSelector: {}\npolicyTypes: [Ingress]\negress: [{}]', ['7 error ignored']],
    ['podSelector: {}\npolicyTypes: [Egress]\ningress: [{}]', ['7 error ignored']],
    ['podSelector: {}\negress: [{}]', []],
    ['podSelector: {}\npolicyTypes: [Ingress]\negress: []', []],
    ['podSelector: {}\npolicyTypes: [Ingress, Egress]\ningress: [{}]\negress: [{}]', []],
  ])('%j', (spec, expected) => {
    expect(found(rulesNotInForce, policy('cart', spec))).toEqual(expected);
  });
  it('adds the type', () => {
    const yaml = policy('cart', 'podSelector: {}\npolicyTypes: [Ingress]\negress: [{}]');
    expect(findings(rulesNotInForce, yaml)[0]?.fix?.edits).toMatchObject([{ kind: 'add-item', value: 'Egress' }]);
    expect(said(rulesNotInForce, yaml)[0]).toContain('has 1 egress rule that does nothing, because policyTypes does not list Egress');
  });
});
