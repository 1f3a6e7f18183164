import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { startsUnprotected } from './rule.ts';

const pod = (spec: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: shop }\nspec: { ${spec} }\n`;
const SECRET = 'volumes: [{ name: s, secret: { secretName: s } }], containers: []';
const deny = policy('deny', 'podSelector: {}');

describe('starts-unprotected', () => {
  it.each([
    ['kube-router', SECRET, ['1 warning window']],
    ['aws-vpc-cni-standard', SECRET, ['1 warning window']],
    ['aws-vpc-cni-strict', SECRET, []],
    ['cilium', SECRET, []],
    ['kubernetes', SECRET, []],
    ['kube-router', 'containers: []', []],
  ])('on %s with %s', (cni, spec, expected) => {
    expect(found(startsUnprotected, stream(deny, pod(spec)), { cni })).toEqual(expected);
  });
});
