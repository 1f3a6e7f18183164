import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/lint-yaml.ts';
import { policy } from '../../../../tests/lint/shop.ts';

describe('policy-kind-not-evaluated', () => {
  it('notes a kind of another project', () => {
    const yaml = 'apiVersion: crd.antrea.io/v1beta1\nkind: NetworkPolicy\nmetadata: { name: cart, namespace: shop }\nspec: {}\n';
    expect(found('policy-kind-not-evaluated', yaml)).toEqual(['1 note notEvaluated']);
  });
  it('has nothing to say about a NetworkPolicy', () => {
    expect(found('policy-kind-not-evaluated', policy('cart', 'podSelector: {}'))).toEqual([]);
  });
});
