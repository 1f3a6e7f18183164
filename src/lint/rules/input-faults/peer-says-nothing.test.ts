import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { peerSaysNothing } from './refusals.ts';

const peer = (text: string) => policy('cart', `podSelector: {}\ningress:\n- from:\n  - ${text}`);

describe('peer-says-nothing', () => {
  it.each([
    ['{}', ['8 error empty']],
    ['{ namespaceSelector: null }', ['8 error empty']],
    ['{ matchLabels: { app: frontend } }', ['8 error labelsTooHigh']],
    ['{ podSelector: {} }', []],
    ['{ namespaceSelector: {} }', []],
  ])('%s', (text, expected) => {
    expect(found(peerSaysNothing, peer(text))).toEqual(expected);
  });
  it('moves labels under podSelector', () => {
    const [finding] = findings(peerSaysNothing, peer('{ matchLabels: { app: frontend } }'));
    expect(finding?.fix?.edits).toMatchObject([{ kind: 'move-under', keys: ['matchLabels'], under: 'podSelector' }]);
  });
});
