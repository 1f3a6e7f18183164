import { describe, expect, it } from 'vitest';
import { found, only } from '../../../../tests/lint/lint-yaml.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';

const bare = (spec: string) => policy('cart', spec).replace(', namespace: shop', '');
const cart = 'podSelector: { matchLabels: { app: cart } }';

describe('namespace-not-written', () => {
  it('says where the pods are, and writes it when there is only one such place', () => {
    const yaml = stream(bare(cart), SHOP);
    expect(found('namespace-not-written', yaml)).toEqual(['1 warning podsElsewhere']);
    expect(only('namespace-not-written', yaml)[0]?.fix?.edits).toMatchObject([{ kind: 'add-entry', key: 'namespace', value: 'shop' }]);
  });
  it('is only a note for a policy on every pod', () => {
    expect(found('namespace-not-written', stream(bare('podSelector: {}'), SHOP))).toEqual(['1 note contextDecides']);
  });
  it('is silent when nobody says a namespace, when -n does, and when there is nothing to compare with', () => {
    expect(found('namespace-not-written', stream(bare(cart), SHOP.replaceAll(', namespace: shop', '')))).toEqual([]);
    expect(found('namespace-not-written', stream(bare(cart), SHOP), { namespace: 'shop' })).toEqual([]);
    expect(found('namespace-not-written', bare(cart))).toEqual([]);
  });
});
