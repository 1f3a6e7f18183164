import { describe, expect, it } from 'vitest';
import { found, said } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { shutOffByDefaultDeny } from './rule.ts';

const deny = policy('deny', 'podSelector: {}');
const cart = (spec: string) => policy('cart', `podSelector: { matchLabels: { app: cart } }\n${spec}`);

describe('shut-off-by-default-deny', () => {
  it('lists all Services that a default deny shuts off', () => {
    expect(said(shutOffByDefaultDeny, stream(deny, SHOP))).toEqual([
      '`shop/deny` isolates every pod in `shop`, and no policy allows anything to reach `shop/cart[Deployment]`, `shop/checkout[Deployment]`, `shop/frontend[Deployment]` behind Services `cart`, `checkout`, `frontend`',
    ]);
  });
  it('leaves out who is let in by somebody, and who is shut by name', () => {
    expect(said(shutOffByDefaultDeny, stream(deny, cart('ingress: [{ from: [{ podSelector: {} }] }]'), SHOP))[0]).not.toContain('cart');
    expect(said(shutOffByDefaultDeny, stream(deny, cart('policyTypes: [Ingress]'), SHOP))[0]).not.toContain('cart');
  });
  it('has nothing to say without Services, or without a deny', () => {
    expect(found(shutOffByDefaultDeny, deny)).toEqual([]);
    expect(found(shutOffByDefaultDeny, stream(policy('out', 'podSelector: {}\npolicyTypes: [Egress]'), SHOP))).toEqual([]);
  });
});
