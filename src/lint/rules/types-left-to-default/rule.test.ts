import { describe, expect, it } from 'vitest';
import { found, only } from '../../../../tests/lint/lint-yaml.ts';
import { policy } from '../../../../tests/lint/shop.ts';

describe('types-left-to-default', () => {
  it.each([
    ['podSelector: {}\negress: []', ['6 warning emptyEgress']],
    ['podSelector: {}\npolicyTypes: []', ['6 warning emptyList']],
    ['podSelector: {}\npolicyTypes: [Ingress]\negress: []', []],
    ['podSelector: {}\ningress: [{}]', []],
    ['podSelector: {}\negress: [{}]', []],
    ['podSelector: {}', []],
  ])('%j', (spec, expected) => {
    expect(found('types-left-to-default', policy('cart', spec))).toEqual(expected);
  });
  it('writes the list that is in force, never blindly both', () => {
    expect(only('types-left-to-default', policy('cart', 'podSelector: {}\negress: []'))[0]?.fix).toMatchObject({
      edits: [{ kind: 'add-entry', key: 'policyTypes', value: ['Ingress'] }],
      keepsMeaning: true,
    });
    const both = policy('cart', 'podSelector: {}\npolicyTypes: []\negress: [{}]');
    expect(only('types-left-to-default', both)[0]?.fix?.edits).toMatchObject([{ value: ['Ingress', 'Egress'] }]);
  });
});
