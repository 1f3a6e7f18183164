import { expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { selectsByForbiddenLabel } from './rule.ts';

const house = { labels: ['version', 'team.example.com/*'] };
const from = (peer: string) => policy('cart', `podSelector: {}\ningress:\n- from:\n  - ${peer}`);

it.each([
  ['the policy’s own selector', policy('cart', 'podSelector: { matchLabels: { version: v2 } }'), ['5 warning label']],
  ['a peer', from('podSelector: { matchLabels: { app: frontend, version: v2 } }'), ['8 warning label']],
  ['an expression without values', from('podSelector: { matchExpressions: [{ key: version, operator: Exists }] }'), ['8 warning label']],
  ['namespaces by a pattern', from('namespaceSelector: { matchLabels: { team.example.com/name: retail } }'), ['8 warning label']],
  ['another label', from('podSelector: { matchLabels: { app: frontend, app-version: v2 } }'), []],
])('%s', (_, yaml, expected) => {
  expect(found(selectsByForbiddenLabel, yaml, { house })).toEqual(expected);
  expect(found(selectsByForbiddenLabel, yaml)).toEqual([]);
});
