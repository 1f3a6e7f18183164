import { describe, expect, it } from 'vitest';
import { found, said } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { oneSideOnly } from './rule.ts';

const select = (app: string) => `podSelector: { matchLabels: { app: ${app} } }`;
const out = (ports = '') => policy('out', `${select('frontend')}\npolicyTypes: [Egress]\negress:\n- to: [{ ${select('cart')} }]${ports}`);
const into = (from: string, ports = '') => policy('in', `${select('cart')}\ningress:\n- from: [{ ${select(from)} }]${ports}`);
const ports = (list: string) => `\n  ports: [${list}]`;

describe('one-side-only', () => {
  it('names an egress rule whose destination lets somebody else in', () => {
    expect(found(oneSideOnly, stream(out(), into('checkout'), SHOP))).toEqual(['8 error denied']);
    expect(said(oneSideOnly, stream(out(), into('checkout'), SHOP))[0]).toContain(
      'allows `shop/frontend[Deployment]` → `shop/cart[Deployment]`',
    );
  });
  it('names an ingress rule whose source may not send', () => {
    const deny = policy('deny', `${select('frontend')}\npolicyTypes: [Egress]`);
    expect(found(oneSideOnly, stream(into('frontend'), deny, SHOP))).toEqual(['7 error denied']);
  });
  it('says so when only the ports differ', () => {
    expect(found(oneSideOnly, stream(out(ports('{ port: 80 }')), into('frontend', ports('{ port: 7070 }')), SHOP))).toEqual([
      '8 error otherPorts',
      '17 error otherPorts',
    ]);
  });
  it.each([
    ['both ends agree', into('frontend')],
    ['both agree on one of the ports', into('frontend', ports('{ port: 7070 }'))],
    ['the other end is not isolated', policy('other', select('checkout'))],
    ['the other end cannot be read', policy('bad', `${select('cart')}\npolicyTypes: [ingress]`)],
  ])('is silent when %s', (_, other) => {
    expect(found(oneSideOnly, stream(out(), other, SHOP))).toEqual([]);
  });
  it('does not take a wide peer for an intention', () => {
    const wide = policy('out', `${select('frontend')}\npolicyTypes: [Egress]\negress:\n- to: [{ podSelector: {} }]`);
    expect(found(oneSideOnly, stream(wide, into('checkout'), SHOP))).toEqual([]);
  });
});
