import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { manyPoliciesOnOnePod } from './rule.ts';

const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: shop }\nspec: { containers: [] }\n';
const policies = (count: number) => Array.from({ length: count }, (_, i) => policy(`p${i}`, 'podSelector: {}'));

describe('many-policies-on-one-pod', () => {
  it('begins above fifteen', () => {
    expect(found(manyPoliciesOnOnePod, stream(pod, ...policies(16)))).toEqual(['1 note many']);
    expect(found(manyPoliciesOnOnePod, stream(pod, ...policies(15)))).toEqual([]);
  });
});
