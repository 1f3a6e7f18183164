import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { secondNetworkUnprotected } from './rule.ts';

const deny = policy('deny', 'podSelector: {}');
const pod = (annotations: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: shop, annotations: { ${annotations} } }\nspec: { containers: [] }\n`;

describe('second-network-unprotected', () => {
  it('speaks of isolated pods with further networks', () => {
    const multus = pod('k8s.v1.cni.cncf.io/networks: a');
    expect(found(secondNetworkUnprotected, stream(deny, multus))).toEqual(['7 warning second']);
    expect(found(secondNetworkUnprotected, multus)).toEqual([]);
    expect(found(secondNetworkUnprotected, stream(deny, pod('a: b')))).toEqual([]);
  });
});
