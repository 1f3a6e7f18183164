import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { peerIsHostNetwork } from './table.ts';

const pod = (name: string, host: boolean) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: x } }\nspec: { hostNetwork: ${host}, containers: [] }\n`;
const from = policy('p', 'podSelector: {}\ningress: [{ from: [{ podSelector: { matchLabels: { app: x } } }] }]');

describe('peer-is-host-network', () => {
  it.each([
    ['only pods in their node’s network', [pod('a', true)], ['6 error never']],
    ['ordinary pods too', [pod('a', true), pod('b', false)], []],
    ['ordinary pods', [pod('b', false)], []],
  ])('the labels fit %s', (_, pods, expected) => {
    expect(found(peerIsHostNetwork, stream(from, ...pods))).toEqual(expected);
  });
});
