import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { emptyListAdmitsEveryone } from './rule.ts';

describe('empty-list-admits-everyone', () => {
  it.each([
    ['ingress: [{ from: [] }]', ['6 warning everyone']],
    ['ingress: [{ from: [], ports: [{ port: 80 }] }]', ['6 warning everyone']],
    ['egress: [{ to: [] }]\npolicyTypes: [Egress]', ['6 warning everyone']],
    ['ingress: [{ ports: [{ port: 80 }] }]', []],
    ['ingress: [{}]', []],
    ['ingress: []', []],
    ['egress: [{ to: [], ports: [{ port: 53, protocol: UDP }] }]\npolicyTypes: [Egress]', []],
  ])('%s', (rules, expected) => {
    expect(found(emptyListAdmitsEveryone, policy('cart', `podSelector: {}\n${rules}`))).toEqual(expected);
  });
});
