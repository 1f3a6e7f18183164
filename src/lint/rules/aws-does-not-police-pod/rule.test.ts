import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { awsDoesNotPolicePod } from './rule.ts';

const deny = policy('deny', 'podSelector: {}');
const pod = (labels: string, spec: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: shop, labels: { ${labels} } }\nspec: { ${spec}containers: [] }\n`;

describe('aws-does-not-police-pod', () => {
  it.each([
    ['without an owner', pod('a: b', ''), ['7 warning alone']],
    ['on Fargate', pod('eks.amazonaws.com/fargate-profile: f', ''), ['7 warning fargate']],
    ['on Windows', pod('a: b', 'nodeSelector: { kubernetes.io/os: windows }, '), ['7 warning windows']],
    ['of a Deployment', SHOP, []],
  ])('a pod %s', (_, objects, expected) => {
    expect(found(awsDoesNotPolicePod, stream(deny, objects), { cni: 'aws' })).toEqual(expected);
    expect(found(awsDoesNotPolicePod, stream(deny, objects), { cni: 'calico' })).toEqual([]);
  });
});
