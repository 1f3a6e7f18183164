import { describe, expect, it } from 'vitest';
import type { SourceDocument } from '../model/origin.ts';
import { lineText, placeAt } from './positions.ts';

const whole = (text: string): SourceDocument => ({ file: 'shop.yaml', text, start: 0, end: text.length, line: 1, format: 'yaml' });

describe('an offset has a line and a column', () => {
  it('both counted from 1, within the file and not the document', () => {
    const text = 'a: 1\n---\nb: 2\nc: 3';
    const second: SourceDocument = { ...whole(text), start: 5, line: 2 };
    expect(placeAt(second, text.indexOf('c'))).toEqual({ file: 'shop.yaml', line: 4, column: 1 });
    expect(placeAt(second, text.indexOf('3'))).toEqual({ file: 'shop.yaml', line: 4, column: 4 });
    expect(placeAt(second, 0)).toEqual({ file: 'shop.yaml', line: 2, column: 1 });
    expect(placeAt(second, 999)).toEqual({ file: 'shop.yaml', line: 4, column: 5 });
  });

  it('line 0 where there is no text', () => {
    expect(placeAt({ file: 'cluster:', text: undefined, start: 0, end: 0, line: 0, format: 'json' }, 5)).toMatchObject({
      line: 0,
      column: 0,
    });
  });

  it('is the same as counting every line break, in short lines and in very long ones', () => {
    const lines = Array.from({ length: 300 }, (_, i) => 'x'.repeat(i % 7 === 0 ? 9000 : i % 50));
    const text = lines.join('\n');
    const document = whole(text);
    for (let offset = 0; offset <= text.length; offset += 997) {
      const before = text.slice(0, offset).split('\n');
      expect(placeAt(document, offset)).toMatchObject({ line: before.length, column: (before.at(-1) ?? '').length + 1 });
    }
    for (const [i, line] of lines.entries()) expect(lineText(document, i + 1)).toBe(line);
  });
});

describe('a line has its text', () => {
  it('without the line break; empty outside the document', () => {
    const text = 'a: 1\r\n---\r\nb: 2\r\n---\r\nc: 3\r\n';
    const second: SourceDocument = { ...whole(text), start: 6, end: 17, line: 2 };
    expect([1, 2, 3, 4, 9].map((line) => lineText(second, line))).toEqual(['', '---', 'b: 2', '', '']);
  });

  it('all of it, when a document begins in the middle', () => {
    const text = '{"a": 1} {"b": 2}\n';
    const second: SourceDocument = { ...whole(text), start: 9, end: 17, format: 'json' };
    expect(lineText(second, 1)).toBe('{"a": 1} {"b": 2}');
    expect(placeAt(second, 10)).toMatchObject({ line: 1, column: 11 });
  });
});
