import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { apiNoLongerServed } from './rule.ts';

const old = (version: string) => policy('cart', 'podSelector: {}').replace('networking.k8s.io/v1', version);

describe('api-no-longer-served', () => {
  it('names the removed group of NetworkPolicy at its apiVersion', () => {
    expect(found(apiNoLongerServed, old('extensions/v1beta1'))).toEqual(['1 error removed']);
  });
  it('takes the present version', () => {
    expect(found(apiNoLongerServed, old('networking.k8s.io/v1'))).toEqual([]);
  });
});
