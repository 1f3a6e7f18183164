import { describe, expect, it } from 'vitest';
import { found, only } from '../../../../tests/lint/lint-yaml.ts';
import { policy } from '../../../../tests/lint/shop.ts';

describe('label-value-not-text', () => {
  it.each([
    ['true', ['5 error unquoted']],
    ['8080', ['5 error unquoted']],
    ['"true"', []],
    ['v1', []],
  ])('public: %s', (value, expected) => {
    expect(found('label-value-not-text', policy('cart', `podSelector: { matchLabels: { public: ${value} } }`))).toEqual(expected);
  });
  it('speaks of labels of pods too', () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: cart\n  labels:\n    canary: true\nspec: { containers: [] }\n';
    expect(only('label-value-not-text', pod)[0]?.fix?.edits).toMatchObject([{ kind: 'set-value', value: 'true' }]);
  });
});
