import { describe, expect, it } from 'vitest';
import { found, only } from '../../../../tests/lint/lint-yaml.ts';
import { policy } from '../../../../tests/lint/shop.ts';

const peer = (text: string) => policy('cart', `podSelector: {}\ningress:\n- from:\n  - ${text}`);

describe('peer-says-nothing', () => {
  it.each([
    ['{}', ['8 error empty']],
    ['{ namespaceSelector: null }', ['8 error empty']],
    ['{ matchLabels: { app: frontend } }', ['8 error labelsTooHigh']],
    ['{ podSelector: {} }', []],
    ['{ namespaceSelector: {} }', []],
  ])('%s', (text, expected) => {
    expect(found('peer-says-nothing', peer(text))).toEqual(expected);
  });
  it('moves labels under podSelector', () => {
    const [finding] = only('peer-says-nothing', peer('{ matchLabels: { app: frontend } }'));
    expect(finding?.fix?.edits).toMatchObject([{ kind: 'move-under', keys: ['matchLabels'], under: 'podSelector' }]);
  });
});
