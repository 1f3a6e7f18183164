import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { namespaceWithoutDefaultDeny } from './rule.ts';

const each = ['frontend', 'cart', 'checkout'].map((app) => policy(app, `podSelector: { matchLabels: { app: ${app} } }`));

describe('namespace-without-default-deny', () => {
  it('speaks where every pod is isolated and no policy selects them all', () => {
    expect(found(namespaceWithoutDefaultDeny, stream(SHOP, ...each))).toEqual(['1 warning gap']);
  });
  it.each([
    ['a default deny', [...each, policy('deny', 'podSelector: {}')]],
    ['a default with rules', [...each, policy('own', 'podSelector: {}\ningress: [{ from: [{ podSelector: {} }] }]')]],
    ['some open pods, which another rule names', each.slice(0, 2)],
    ['a policy that cannot be read', [...each, policy('bad', 'podSelector: {}\npolicyTypes: [ingress]')]],
  ])('is silent with %s', (_, policies) => {
    expect(found(namespaceWithoutDefaultDeny, stream(SHOP, ...policies))).toEqual([]);
  });
  it('does not count a policy that opens everything as a default deny', () => {
    expect(found(namespaceWithoutDefaultDeny, stream(SHOP, ...each, policy('open', 'podSelector: {}\ningress: [{}]')))).toEqual([
      '1 warning gap',
    ]);
  });
  it('is a note for egress, and for a namespace without any policy; system namespaces are left alone', () => {
    const both = ['frontend', 'cart', 'checkout'].map((app) =>
      policy(app, `podSelector: { matchLabels: { app: ${app} } }\npolicyTypes: [Egress]`),
    );
    expect(found(namespaceWithoutDefaultDeny, stream(SHOP, ...both))).toEqual(['1 note gap']);
    expect(found(namespaceWithoutDefaultDeny, stream(SHOP, DNS))).toEqual(['1 note noPolicy']);
  });
  it('is a note where the input brings no Namespace, as a chart does', () => {
    const chart = SHOP.slice(SHOP.indexOf('---\n') + 4);
    expect(found(namespaceWithoutDefaultDeny, stream(chart, ...each)).map((each) => each.replace(/^\d+ /, ''))).toEqual(['note gap']);
  });
});
