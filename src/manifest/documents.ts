// Cuts a text at its document marks (`---`, `...`), so that one broken document does not take the others with it. Parses nothing.
import type { SourceDocument } from '../model/origin.ts';

const LINE_FEED = 10;
const RETURN = 13;
const SPACE = 32;
const TAB = 9;
const HASH = 35;
const PERCENT = 37;
const DASH = 45;
const DOT = 46;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * The documents of a YAML stream that hold anything: not those of comments only, as `helm template` prints by the hundred.
 * A document begins at its `---` line, or at the directives (`%YAML 1.2`) before it. `---` and `...` count in column 0 only, and there
 * always, even inside quotes and block scalars (YAML 1.2.2, 9.1.2: c-forbidden). Stops after `limit` documents; the caller sees it by the count.
 */
export function splitDocuments(file: string, text: string, limit: number): SourceDocument[] {
  const documents: SourceDocument[] = [];
  let start = 0;
  let startLine = 1;
  let opened = false;
  let directives = false;
  let content = false;
  const close = (end: number): void => {
    if (content) documents.push({ file, text, start, end, line: startLine, format: 'yaml' });
    content = false;
    opened = false;
    directives = false;
  };
  let line = 1;
  for (let at = 0; at < text.length && documents.length < limit; line++) {
    const found = text.indexOf('\n', at);
    const eol = found < 0 ? text.length : found;
    let mark = at;
    // Files that were joined with `cat` keep the byte order mark of the second in the middle.
    if (text.charCodeAt(at) === BYTE_ORDER_MARK && isMark(text, at + 1, DASH)) mark = at + 1;
    if (isMark(text, mark, DASH)) {
      if (content || opened || !directives) {
        close(at);
        start = mark;
        startLine = line;
      }
      opened = true;
      content = hasContent(text, mark + 3, eol);
    } else if (isMark(text, at, DOT)) {
      close(at);
      start = Math.min(eol + 1, text.length);
      startLine = line + 1;
    } else if (text.charCodeAt(at) === PERCENT && !content && !opened) {
      directives = true;
    } else if (!content) {
      content = hasContent(text, at, eol);
    }
    at = eol + 1;
  }
  if (documents.length < limit) close(text.length);
  return documents;
}

/** Three equal characters, then white space or the end: `---`, `--- # cart`, `...`; not `----` and not `---cart`. */
function isMark(text: string, at: number, character: number): boolean {
  if (text.charCodeAt(at) !== character || text.charCodeAt(at + 1) !== character || text.charCodeAt(at + 2) !== character) return false;
  if (at + 3 >= text.length) return true;
  const next = text.charCodeAt(at + 3);
  return next === SPACE || next === LINE_FEED || next === RETURN || next === TAB;
}

function hasContent(text: string, from: number, eol: number): boolean {
  for (let at = from; at < eol; at++) {
    const character = text.charCodeAt(at);
    if (character !== SPACE && character !== TAB && character !== RETURN) return character !== HASH;
  }
  return false;
}
