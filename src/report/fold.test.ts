import { describe, expect, it } from 'vitest';
import { fold, visibleWidth } from './fold.ts';

describe('a line that does not fit', () => {
  it.each([
    ['a line that fits stays as it is', '  cause      a label differs', 40, ['  cause      a label differs']],
    ['what follows hangs under the text', '  cause      a label differs', 20, ['  cause      a label', '             differs']],
    ['a word longer than the line stays whole', 'from shop/frontend-6d4f y', 10, ['from', '   shop/frontend-6d4f', '   y']],
    ['a label keeps its first word, however long', 'to shop/frontend-6d4f y', 10, ['to shop/frontend-6d4f', '   y']],
    ['the blanks before a place are dropped with the break', 'a rule   api.yaml:17', 10, ['a rule', '   api.yaml:17']],
  ])('%s', (_, line, width, lines) => {
    expect(fold(line, width, line.startsWith('  ') ? 13 : 3)).toEqual(lines);
  });

  it('colours take no room', () => {
    const painted = '\u001b[31m✗ denied\u001b[39m by a rule';
    expect(visibleWidth(painted)).toBe(18);
    expect(fold(painted, 18, 2)).toEqual([painted]);
    expect(fold(painted, 13, 2)).toEqual(['\u001b[31m✗ denied\u001b[39m by a', '  rule']);
  });
});
