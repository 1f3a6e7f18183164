// From an offset in a document's text to a line and a column, and back to the line's text. Knows nothing of YAML or JSON.
import type { Place, SourceDocument } from '../model/origin.ts';

/**
 * Line breaks are counted in blocks of this many characters, once for each document; a question then looks at one block.
 * Searches run on slices of a block, never on the whole text: a cluster dump is often one line of many megabytes.
 */
const BLOCK = 1 << 12;

/** Per document: how many line breaks stand before each block. Made on the first question. */
const breaksBefore = new WeakMap<SourceDocument, Uint32Array>();

/**
 * The place of an offset in the document's text: `{ file: 'api.yaml', line: 17, column: 9 }`; columns count UTF-16 units from 1.
 * Line 0 when the document has no text (it came from a live cluster). Never throws; an offset outside is moved to the nearest end.
 */
export function placeAt(document: SourceDocument, offset: number): Place {
  const { file, text, start, end } = document;
  if (text === undefined) return { file, line: 0, column: 0 };
  const at = Math.min(Math.max(offset, start), end);
  const before = blocks(document, text);
  const block = Math.floor((at - start) / BLOCK);
  const line = document.line + (before[block] ?? 0) + countBreaks(text.slice(start + block * BLOCK, at));
  return { file, line, column: at - lineStart(document, text, before, at) + 1 };
}

/** The text of a line of the file, without its line break; empty when the line is not in this document. For drawing a caret under it. */
export function lineText(document: SourceDocument, line: number): string {
  const { text, start, end } = document;
  if (text === undefined || line < document.line) return '';
  const before = blocks(document, text);
  const wanted = line - document.line;
  const block = Math.max(0, firstOfAtLeast(before, wanted) - 1);
  let at = start + block * BLOCK;
  for (let left = wanted - (before[block] ?? 0); left > 0; left--) {
    const next = text.indexOf('\n', at);
    if (next < 0 || next + 1 >= end) return '';
    at = next + 1;
  }
  const from = lineStart(document, text, before, at);
  const to = lineEnd(document, text, before, at);
  return text.slice(from, to > from && text.charCodeAt(to - 1) === 13 ? to - 1 : to);
}

/** The next line break from `at` on, or the end of the text. A line may go on behind its document. */
function lineEnd({ start, end }: SourceDocument, text: string, before: Uint32Array, at: number): number {
  const block = Math.floor((at - start) / BLOCK);
  const here = text.slice(at, Math.min(start + (block + 1) * BLOCK, end)).indexOf('\n');
  if (here >= 0) return at + here;
  // On to the first block behind this one that has a line break in it.
  const count = before[block + 1];
  const next = count === undefined ? before.length : firstOfAtLeast(before, count + 1);
  const isLast = next === before.length;
  const eol = text.indexOf('\n', isLast ? Math.max(at, start + (before.length - 1) * BLOCK) : start + (next - 1) * BLOCK);
  return eol < 0 ? text.length : eol;
}

/** Where the line of `at` begins. A document may begin in the middle of a line: `{"kind": …} {"kind": …}`. */
function lineStart(document: SourceDocument, text: string, before: Uint32Array, at: number): number {
  const { start } = document;
  let block = Math.floor((at - start) / BLOCK);
  for (let to = at; ; to = start + (block + 1) * BLOCK) {
    const from = start + block * BLOCK;
    const found = text.slice(from, to).lastIndexOf('\n');
    if (found >= 0) return from + found + 1;
    // On to the nearest block before this one that has a line break in it.
    const count = before[block] ?? 0;
    if (count === 0) break;
    do block--;
    while (before[block] === count);
  }
  return start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
}

function blocks(document: SourceDocument, text: string): Uint32Array {
  const known = breaksBefore.get(document);
  if (known !== undefined) return known;
  const { start, end } = document;
  const counts = new Uint32Array(Math.floor((end - start) / BLOCK) + 1);
  for (let block = 1; block < counts.length; block++) {
    const from = start + (block - 1) * BLOCK;
    counts[block] = (counts[block - 1] ?? 0) + countBreaks(text.slice(from, from + BLOCK));
  }
  breaksBefore.set(document, counts);
  return counts;
}

/** The first block with at least so many line breaks before it; their number where no block has. The counts never fall. */
function firstOfAtLeast(before: Uint32Array, wanted: number): number {
  let from = 0;
  let to = before.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((before[middle] ?? 0) < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}

function countBreaks(part: string): number {
  let count = 0;
  for (let at = part.indexOf('\n'); at >= 0; at = part.indexOf('\n', at + 1)) count++;
  return count;
}
