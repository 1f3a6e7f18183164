import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { restrictionWithoutEffect } from './rule.ts';

const narrow = policy(
  'cart',
  'podSelector: { matchLabels: { app: cart } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: frontend } } }] }]',
);
const wide = (selector: string) => policy('open', `podSelector: ${selector}\ningress: [{}]`);

describe('restriction-without-effect', () => {
  it('names the policy that opens what this one restricts', () => {
    expect(found(restrictionWithoutEffect, stream(narrow, wide('{}'), SHOP))).toEqual(['1 warning overridden']);
  });
  it('is silent when the wide policy means other pods, or the other direction', () => {
    expect(found(restrictionWithoutEffect, stream(narrow, wide('{ matchLabels: { app: frontend } }'), SHOP))).toEqual([]);
    const egress = policy('open', 'podSelector: {}\npolicyTypes: [Egress]\negress: [{}]');
    expect(found(restrictionWithoutEffect, stream(narrow, egress, SHOP))).toEqual([]);
  });
  it('does not speak of a default deny', () => {
    expect(found(restrictionWithoutEffect, stream(policy('deny', 'podSelector: {}'), wide('{}'), SHOP))).toEqual([]);
  });
  it('speaks of a deny for some pods', () => {
    const deny = policy('deny-cart', 'podSelector: { matchLabels: { app: cart } }');
    expect(found(restrictionWithoutEffect, stream(deny, wide('{}'), SHOP))).toEqual(['1 warning overridden']);
  });
  it('cannot tell without pods', () => {
    expect(found(restrictionWithoutEffect, stream(narrow, wide('{}')))).toEqual([]);
  });
});
