import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { policyKindNotEvaluated } from './reading.ts';

describe('policy-kind-not-evaluated', () => {
  it('notes a kind of another project', () => {
    const yaml = 'apiVersion: crd.antrea.io/v1beta1\nkind: NetworkPolicy\nmetadata: { name: cart, namespace: shop }\nspec: {}\n';
    expect(found(policyKindNotEvaluated, yaml)).toEqual(['1 note notEvaluated']);
  });
  it('has nothing to say about a NetworkPolicy', () => {
    expect(found(policyKindNotEvaluated, policy('cart', 'podSelector: {}'))).toEqual([]);
  });
});
