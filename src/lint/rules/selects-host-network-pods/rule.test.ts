import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { selectsHostNetworkPods } from './rule.ts';

const pod = (name: string, host: boolean) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: x } }\nspec: { hostNetwork: ${host}, containers: [] }\n`;
const select = (selector: string) => policy('p', `podSelector: ${selector}`);
const byLabel = select('{ matchLabels: { app: x } }');

describe('selects-host-network-pods', () => {
  it.each([
    ['only pods in their node’s network', byLabel, [pod('a', true)], ['5 error only']],
    ['some of them', byLabel, [pod('a', true), pod('b', false)], ['5 warning some']],
    ['every pod, these among them', select('{}'), [pod('a', true), pod('b', false)], ['5 note some']],
    ['ordinary pods', byLabel, [pod('b', false)], []],
  ])('%s', (_, yaml, pods, expected) => {
    expect(found(selectsHostNetworkPods, stream(yaml, ...pods))).toEqual(expected);
  });
});
