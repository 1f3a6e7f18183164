import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { apiNoLongerServed } from './reading.ts';

const old = (version: string) => policy('cart', 'podSelector: {}').replace('networking.k8s.io/v1', version);

describe('api-no-longer-served', () => {
  it('names the removed group of NetworkPolicy at its apiVersion', () => {
    expect(found(apiNoLongerServed, old('extensions/v1beta1'))).toEqual(['1 error removed']);
  });
  it.each(['v1', 'networking.k8s.io/v1beta1', 'networking.example/v1'])('names a NetworkPolicy in %s, which no server has', (version) => {
    expect(found(apiNoLongerServed, old(version))).toEqual(['1 error neverServed']);
  });
  it('names a kind in other letters, at the kind', () => {
    const text = policy('cart', 'podSelector: {}').replace('kind: NetworkPolicy', 'kind: Networkpolicy');
    expect(found(apiNoLongerServed, text)).toEqual(['2 error neverServed']);
  });
  it('takes the present version', () => {
    expect(found(apiNoLongerServed, old('networking.k8s.io/v1'))).toEqual([]);
  });
});
