import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { namePromisesDenial } from './rule.ts';

const from = (app: string) => `podSelector: {}\ningress: [{ from: [{ podSelector: { matchLabels: { app: ${app} } } }] }]`;

describe('name-promises-denial', () => {
  it.each([
    ['deny-frontend', from('frontend'), ['6 warning opensThis']],
    ['block-from-frontend', from('frontend'), ['6 warning opensThis']],
    ['deny-ingress-from-frontend', from('frontend'), ['6 warning opensThis']],
    ['deny-all', 'podSelector: {}\ningress: [{}]', ['6 warning opensAll']],
    ['default-deny-ingress', 'podSelector: {}\npolicyTypes: [Ingress, Egress]\negress: [{}]', []],
    ['deny-all', 'podSelector: {}\npolicyTypes: [Ingress, Egress]\negress: [{}]', []],
    ['deny-all-but-frontend', from('frontend'), []],
    ['deny-other-namespaces', 'podSelector: {}\ningress: [{ from: [{ podSelector: {} }] }]', []],
    ['deny-all', 'podSelector: {}', []],
    ['from-frontend', from('frontend'), []],
  ])('%s with %j', (name, spec, expected) => {
    expect(found(namePromisesDenial, policy(name, spec))).toEqual(expected);
  });
});
