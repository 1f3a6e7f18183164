import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { namespaceNotWritten } from './rule.ts';

const bare = (spec: string) => policy('cart', spec).replace(', namespace: shop', '');
const cart = 'podSelector: { matchLabels: { app: cart } }';

describe('namespace-not-written', () => {
  it('says where the pods are, and writes it when there is only one such place', () => {
    const yaml = stream(bare(cart), SHOP);
    expect(found(namespaceNotWritten, yaml)).toEqual(['1 warning podsElsewhere']);
    expect(findings(namespaceNotWritten, yaml)[0]?.fix?.edits).toMatchObject([{ kind: 'add-entry', key: 'namespace', value: 'shop' }]);
  });
  it('is only a note for a policy on every pod', () => {
    expect(found(namespaceNotWritten, stream(bare('podSelector: {}'), SHOP))).toEqual(['1 note contextDecides']);
  });
  it('is silent when nobody says a namespace, when -n does, and when there is nothing to compare with', () => {
    expect(found(namespaceNotWritten, stream(bare(cart), SHOP.replaceAll(', namespace: shop', '')))).toEqual([]);
    expect(found(namespaceNotWritten, stream(bare(cart), SHOP), { namespace: 'shop' })).toEqual([]);
    expect(found(namespaceNotWritten, bare(cart))).toEqual([]);
  });
});
