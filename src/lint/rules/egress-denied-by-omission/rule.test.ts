import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { egressDeniedByOmission } from './rule.ts';

const both = (app: string) =>
  policy(app, `podSelector: { matchLabels: { app: ${app} } }\npolicyTypes: [Ingress, Egress]\ningress: [{ from: [{ podSelector: {} }] }]`);
const withEnv = SHOP.replace('image: example/cart', 'image: example/cart\n          env: [{ name: FRONTEND_ADDR, value: "frontend:80" }]');

describe('egress-denied-by-omission', () => {
  it('is an error when the pod’s own environment names whom it calls', () => {
    expect(found(egressDeniedByOmission, stream(both('cart'), withEnv))).toEqual(['6 error needsIt']);
  });
  it('is a warning for a front door beside backends that nobody may reach', () => {
    const exposed = SHOP.replace('spec:\n  selector: { app: frontend }', 'spec:\n  type: LoadBalancer\n  selector: { app: frontend }');
    expect(found(egressDeniedByOmission, stream(both('frontend'), policy('deny', 'podSelector: {}'), exposed))).toEqual([
      '6 warning frontDoor',
    ]);
    // With backends that somebody may reach, it may well be a page that calls nobody.
    expect(found(egressDeniedByOmission, stream(both('frontend'), exposed))).toEqual(['6 note perhapsMeant']);
  });
  it('is a warning without pods, and a note where nothing shows a need', () => {
    expect(found(egressDeniedByOmission, both('cart'))).toEqual(['6 warning unseen']);
    expect(found(egressDeniedByOmission, stream(both('cart'), SHOP))).toEqual(['6 note perhapsMeant']);
  });
  it('is silent when another policy opens egress of the same pods', () => {
    const dns = policy('dns', 'podSelector: {}\npolicyTypes: [Egress]\negress: [{ ports: [{ port: 53, protocol: UDP }] }]');
    expect(found(egressDeniedByOmission, stream(both('cart'), dns, withEnv))).toEqual([]);
  });
  it.each([
    ['the empty list is written', `${both('cart')}  egress: []\n`],
    ['the name says deny', both('cart').replace('name: cart,', 'name: deny-cart,')],
  ])('is silent when %s', (_, yaml) => {
    expect(found(egressDeniedByOmission, yaml)).toEqual([]);
  });

  it('takes `egress:` without a value for a key that was forgotten, whatever the policy is called', () => {
    const rendered = (egress: string, name = 'cart') =>
      policy(
        name,
        `podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Ingress, Egress]\ningress: [{ ports: [{ port: 7070 }] }]${egress}`,
      );
    expect(found(egressDeniedByOmission, stream(rendered('\negress:'), SHOP))).toEqual(['6 warning noValue']);
    expect(found(egressDeniedByOmission, stream(rendered('\negress:', 'deny-all'), SHOP))).toEqual(['6 warning noValue']);
    expect(found(egressDeniedByOmission, stream(rendered(''), SHOP))).toEqual(['6 note perhapsMeant']);
    expect(found(egressDeniedByOmission, stream(rendered('\negress: []'), SHOP))).toEqual([]);
  });
});
