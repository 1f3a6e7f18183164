import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { ruleAdmitsEverything } from './rule.ts';

describe('rule-admits-everything', () => {
  it.each([
    ['ingress: [{}]', ['6 note alone']],
    ['ingress: [{}, { from: [{ podSelector: {} }] }]', ['6 warning besideOthers']],
    ['ingress: [{}]\negress: [{}]', ['6 note alone', '7 note alone']],
    ['ingress: [{ ports: [{ port: 80 }] }]', []],
    ['ingress: [{ from: [{ namespaceSelector: {} }] }]', []],
    ['ingress: [{ from: [] }]', []],
  ])('%s', (rules, expected) => {
    expect(found(ruleAdmitsEverything, policy('cart', `podSelector: {}\n${rules}`))).toEqual(expected);
  });
});
