import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { ipblockBesideSelector } from './refusals.ts';

const peer = (text: string) => policy('cart', `podSelector: {}\ningress:\n- from:\n  - ${text}`);

describe('ipblock-beside-selector', () => {
  it.each([
    ['{ ipBlock: { cidr: 10.0.0.0/8 }, podSelector: {} }', ['8 error both']],
    ['{ ipBlock: { cidr: 10.0.0.0/8 }, namespaceSelector: {} }', ['8 error both']],
    ['{ podSelector: {}, namespaceSelector: {} }', []],
    ['{ ipBlock: { cidr: 10.0.0.0/8 } }', []],
  ])('%s', (text, expected) => {
    expect(found(ipblockBesideSelector, peer(text))).toEqual(expected);
  });
});
