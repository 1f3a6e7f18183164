import { describe, expect, it } from 'vitest';
import { found, said } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { nobodyEnforces } from './rule.ts';

describe('nobody-enforces', () => {
  it('is one finding for all policies', () => {
    const yaml = stream(policy('a', 'podSelector: {}'), policy('b', 'podSelector: {}'));
    expect(said(nobodyEnforces, yaml, { cni: 'flannel' })).toEqual([
      'flannel does not enforce NetworkPolicies, so 2 policies in this input do nothing',
    ]);
    expect(found(nobodyEnforces, yaml, { cni: 'calico' })).toEqual([]);
    expect(found(nobodyEnforces, yaml)).toEqual([]);
  });
  it('has nothing to say where there are no policies', () => {
    expect(found(nobodyEnforces, SHOP, { cni: 'flannel' })).toEqual([]);
  });
});
