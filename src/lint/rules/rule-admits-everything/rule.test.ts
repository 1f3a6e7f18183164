import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/lint-yaml.ts';
import { policy } from '../../../../tests/lint/shop.ts';

describe('rule-admits-everything', () => {
  it.each([
    ['ingress: [{}]', ['6 note alone']],
    ['ingress: [{}, { from: [{ podSelector: {} }] }]', ['6 warning besideOthers']],
    ['ingress: [{}]\negress: [{}]', ['6 note alone', '7 note alone']],
    ['ingress: [{ ports: [{ port: 80 }] }]', []],
    ['ingress: [{ from: [{ namespaceSelector: {} }] }]', []],
    ['ingress: [{ from: [] }]', []],
  ])('%s', (rules, expected) => {
    expect(found('rule-admits-everything', policy('cart', `podSelector: {}\n${rules}`))).toEqual(expected);
  });
});
