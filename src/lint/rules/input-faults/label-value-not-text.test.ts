import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { labelValueNotText } from './reading.ts';

describe('label-value-not-text', () => {
  it.each([
    ['true', ['5 error unquoted']],
    ['8080', ['5 error unquoted']],
    ['"true"', []],
    ['v1', []],
  ])('public: %s', (value, expected) => {
    expect(found(labelValueNotText, policy('cart', `podSelector: { matchLabels: { public: ${value} } }`))).toEqual(expected);
  });
  it('speaks of labels of pods too', () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: cart\n  labels:\n    canary: true\nspec: { containers: [] }\n';
    expect(findings(labelValueNotText, pod)[0]?.fix?.edits).toMatchObject([{ kind: 'set-value', value: 'true' }]);
  });
});
