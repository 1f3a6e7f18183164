import { describe, expect, it } from 'vitest';
import type { Origin } from '../../model/origin.ts';
import { readIntents } from '../../question/intents-file.ts';
import { intentsFaultText } from './intents-faults.ts';

const origin: Origin = { document: { file: 'intents.yaml', text: '', start: 0, end: 0, line: 1, format: 'yaml' }, path: [] };
const intent = { from: 'shop/frontend', to: 'shop/cart', port: 7070, expect: 'allowed' };

describe('what is wrong with an intents file', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['nothing', { intents: [intent] }, []],
    ['a mistyped key', { intents: [{ ...intent, expects: 'denied' }] }, ['`expects` is not a key here']],
    [
      'a mistyped value',
      { intents: [{ ...intent, expect: 'alowed' }] },
      ['`expect: alowed` must be allowed, denied, never, always or an HTTP status such as 200'],
    ],
    [
      'no ends',
      { intents: [{ to: 'shop/cart', expect: 'allowed' }] },
      ['`from` is missing: NAMESPACE/NAME, NAMESPACE/*, labels, an address, internet, or a list of them'],
    ],
    ['no intents', { intents: [] }, ['there are no intents: `intents` must be a list of intents']],
    ['another document', { kind: 'Pod' }, ['this document is of kind Pod, not `kind: Intents`']],
    [
      'a group inside a group',
      { groups: { front: ['shop/frontend'], all: ['front'] }, intents: [intent] },
      ['group `front` inside group `all`: a group contains ends, not groups'],
    ],
  ])('%s', (_, value, sentences) => {
    expect(readIntents(value, origin).faults.map(intentsFaultText)).toEqual(sentences);
  });
});
