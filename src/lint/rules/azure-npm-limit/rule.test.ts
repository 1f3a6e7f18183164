import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { azureNpmLimit } from './rule.ts';

const from = (...cidrs: string[]) =>
  policy('in', `podSelector: {}\ningress: [{ from: [${cidrs.map((cidr) => `{ ipBlock: { cidr: "${cidr}" } }`).join(', ')}] }]`);
const many = Array.from({ length: 5 }, (_, i) => `203.0.${i}.0/24`);

describe('azure-npm-limit', () => {
  it.each([
    ['five blocks', from(...many), ['6 warning blocks']],
    ['four blocks', from(...many.slice(1)), []],
    ['IPv6', from('2001:db8::/32'), ['6 warning ipv6']],
  ])('%s', (_, yaml, expected) => {
    expect(found(azureNpmLimit, yaml, { cni: 'azure-npm' })).toEqual(expected);
    expect(found(azureNpmLimit, yaml, { cni: 'azure-cilium' })).toEqual([]);
  });
});
