import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { typesLeftToDefault } from './rule.ts';

describe('types-left-to-default', () => {
  it.each([
    ['podSelector: {}\negress: []', ['6 warning emptyEgress']],
    ['podSelector: {}\npolicyTypes: []', ['6 warning emptyList']],
    ['podSelector: {}\npolicyTypes: [Ingress]\negress: []', []],
    ['podSelector: {}\ningress: [{}]', []],
    ['podSelector: {}\negress: [{}]', []],
    ['podSelector: {}', []],
  ])('%j', (spec, expected) => {
    expect(found(typesLeftToDefault, policy('cart', spec))).toEqual(expected);
  });
  it('writes the list that is in force, never blindly both', () => {
    expect(findings(typesLeftToDefault, policy('cart', 'podSelector: {}\negress: []'))[0]?.fix).toMatchObject({
      edits: [{ kind: 'add-entry', key: 'policyTypes', value: ['Ingress'] }],
      keepsMeaning: true,
    });
    const both = policy('cart', 'podSelector: {}\npolicyTypes: []\negress: [{}]');
    expect(findings(typesLeftToDefault, both)[0]?.fix?.edits).toMatchObject([{ value: ['Ingress', 'Egress'] }]);
  });
});
