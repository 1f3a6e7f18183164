import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { ingressDeniedByOmission } from './rule.ts';

const egressOnly = policy('cart', 'podSelector: { matchLabels: { app: cart } }\negress: [{}]');

describe('ingress-denied-by-omission', () => {
  it('speaks of an egress policy without policyTypes', () => {
    expect(found(ingressDeniedByOmission, stream(egressOnly, SHOP))).toEqual(['4 error denied']);
    expect(findings(ingressDeniedByOmission, egressOnly)[0]?.fix?.edits).toMatchObject([{ key: 'policyTypes', value: ['Egress'] }]);
  });
  it('is milder where another policy isolates the same pods for ingress', () => {
    expect(found(ingressDeniedByOmission, stream(egressOnly, policy('deny', 'podSelector: {}'), SHOP))).toEqual(['4 warning deniedAnyway']);
  });
  it.each([
    ['the types are written', 'podSelector: {}\npolicyTypes: [Egress]\negress: [{}]'],
    ['both are', 'podSelector: {}\npolicyTypes: [Ingress, Egress]\negress: [{}]'],
    ['there is an ingress rule', 'podSelector: {}\ningress: [{}]\negress: [{}]'],
    ['the empty list is written', 'podSelector: {}\ningress: []\negress: [{}]'],
  ])('is silent when %s', (_, spec) => {
    expect(found(ingressDeniedByOmission, policy('cart', spec))).toEqual([]);
  });
});
