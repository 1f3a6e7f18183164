import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { yamlBroken } from './reading.ts';

describe('yaml-broken', () => {
  it.each([
    ['a tab', 'kind: NetworkPolicy\nspec:\n\tpodSelector: {}\n', 'tab-character'],
    ['a comment of another language', 'kind: NetworkPolicy\n// spec\nspec: {}\n', 'slash-comment'],
    ['quotes of a word processor', 'kind: “NetworkPolicy”: x\n', 'smart-quotes'],
  ])('mends %s', (_, yaml, fault) => {
    expect(findings(yamlBroken, yaml)).toMatchObject([{ severity: 'error', fix: { edits: [{ kind: 'mend-syntax', fault }] } }]);
  });
  it('has no fix for what it does not understand', () => {
    expect(findings(yamlBroken, 'kind: [NetworkPolicy\nspec: {}\n')[0]?.fix).toBeUndefined();
  });
  it('takes what parses', () => {
    expect(found(yamlBroken, policy('cart', 'podSelector: {}'))).toEqual([]);
  });
});
