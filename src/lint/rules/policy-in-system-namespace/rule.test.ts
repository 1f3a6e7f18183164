import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { policyInSystemNamespace } from './rule.ts';

describe('policy-in-system-namespace', () => {
  it.each([
    ['kube-system', '{}', ['1 warning everything']],
    ['openshift-dns', '{}', ['1 warning everything']],
    ['kube-system', '{ matchLabels: { app: x } }', ['1 note some']],
    ['shop', '{}', []],
  ])('in %s, selecting %s', (namespace, selector, expected) => {
    expect(found(policyInSystemNamespace, policy('p', `podSelector: ${selector}`, namespace))).toEqual(expected);
  });
});
