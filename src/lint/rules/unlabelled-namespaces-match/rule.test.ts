import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { unlabelledNamespacesMatch } from './rule.ts';

const selector = (expressions: string) =>
  policy('cart', `podSelector: {}\ningress:\n- from:\n  - namespaceSelector:\n      matchExpressions: [${expressions}]`);

describe('unlabelled-namespaces-match', () => {
  it.each([
    ['{ key: env, operator: NotIn, values: [dev] }', ['8 warning absent']],
    ['{ key: env, operator: DoesNotExist }', ['8 warning absent']],
    ['{ key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system] }', ['8 note byName']],
    ['{ key: env, operator: NotIn, values: [dev] }, { key: team, operator: Exists }', []],
    ['{ key: env, operator: In, values: [prod] }', []],
  ])('%s', (expressions, expected) => {
    expect(found(unlabelledNamespacesMatch, selector(expressions))).toEqual(expected);
  });
});
