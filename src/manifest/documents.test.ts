import { describe, expect, it } from 'vitest';
import { splitDocuments } from './documents.ts';

const parts = (text: string) => splitDocuments('shop.yaml', text, 1000).map((part) => [part.line, text.slice(part.start, part.end)]);

describe('a stream is cut at its document marks', () => {
  it.each([
    ['one document without a mark', 'a: 1\n', [[1, 'a: 1\n']]],
    [
      'two documents',
      'a: 1\n---\nb: 2\n',
      [
        [1, 'a: 1\n'],
        [2, '---\nb: 2\n'],
      ],
    ], // prettier-ignore
    [
      'a comment or a value behind the mark',
      '--- # cart\na: 1\n--- {b: 2}\n',
      [
        [1, '--- # cart\na: 1\n'],
        [3, '--- {b: 2}\n'],
      ],
    ], // prettier-ignore
    [
      'Windows line breaks',
      'a: 1\r\n---\r\nb: 2\r\n',
      [
        [1, 'a: 1\r\n'],
        [2, '---\r\nb: 2\r\n'],
      ],
    ], // prettier-ignore
    ['documents of comments only are left out', '# x\n---\n# Source: a\n---\n\n---\na: 1\n---\n', [[6, '---\na: 1\n']]],
    ['directives belong to the document after them', '%YAML 1.2\n---\na: 1\n', [[1, '%YAML 1.2\n---\na: 1\n']]],
    [
      'an end mark',
      'a: 1\n...\n%YAML 1.1\n---\nb: 2\n...\n',
      [
        [1, 'a: 1\n'],
        [3, '%YAML 1.1\n---\nb: 2\n'],
      ],
    ], // prettier-ignore
    ['neither longer dashes nor dashes with text, nor indented ones', 'a: |\n  ---\n  x\nb: ----\n', [[1, 'a: |\n  ---\n  x\nb: ----\n']]],
    [
      'a byte order mark where files were joined',
      'a: 1\n\ufeff---\nb: 2\n',
      [
        [1, 'a: 1\n'],
        [2, '---\nb: 2\n'],
      ],
    ], // prettier-ignore
    ['a mark without a line break at the end', 'a: 1\n---', [[1, 'a: 1\n']]],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => {
    expect(parts(text)).toEqual(expected);
  });

  it('stops at the limit', () => {
    expect(splitDocuments('shop.yaml', '--- 1\n'.repeat(50), 7)).toHaveLength(7);
  });
});
