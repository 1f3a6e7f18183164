import { describe, expect, it } from 'vitest';
import { found, said } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { apiRefusesIt } from './reading.ts';

describe('api-refuses-it', () => {
  it('says what the API server says', () => {
    expect(said(apiRefusesIt, policy('cart', 'podSelector: {}\npolicyTypes: [ingress]'))).toEqual([
      'the API server rejects this: spec.policyTypes[0]: Unsupported value: "ingress": supported values: "Ingress", "Egress"',
    ]);
  });
  it('leaves what other rules speak about to them', () => {
    const yaml = policy('cart', 'podSelector: {}\ningress: [{ ports: [{ protocol: tcp, port: 80 }] }]');
    expect(found(apiRefusesIt, yaml)).toEqual([]);
  });
});
