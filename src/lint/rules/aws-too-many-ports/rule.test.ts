import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { awsTooManyPorts } from './rule.ts';

const ports = (first: number, count: number) => Array.from({ length: count }, (_, i) => `{ port: ${first + i} }`).join(', ');
const ingress = (name: string, list: string, from = '{ podSelector: {} }') =>
  policy(name, `podSelector: {}\ningress: [{ from: [${from}], ports: [${list}] }]`);

describe('aws-too-many-ports', () => {
  it('counts what several policies open towards one peer', () => {
    expect(found(awsTooManyPorts, stream(ingress('a', ports(1, 25)), SHOP), { cni: 'aws' })).toEqual(['1 error tooMany']);
    expect(found(awsTooManyPorts, stream(ingress('a', ports(1, 13)), ingress('b', ports(100, 13)), SHOP), { cni: 'aws' })).toEqual([
      '1 error tooMany',
    ]);
    expect(found(awsTooManyPorts, stream(ingress('a', ports(1, 13)), ingress('b', ports(1, 13)), SHOP), { cni: 'aws' })).toEqual([]);
    expect(
      found(awsTooManyPorts, stream(ingress('a', ports(1, 13)), ingress('b', ports(100, 13), '{ ipBlock: { cidr: 10.0.0.0/8 } }'), SHOP), {
        cni: 'aws',
      }),
    ).toEqual([]);
  });
  it('speaks of the AWS CNI only', () => {
    expect(found(awsTooManyPorts, stream(ingress('a', ports(1, 25)), SHOP), { cni: 'calico' })).toEqual([]);
  });
});
