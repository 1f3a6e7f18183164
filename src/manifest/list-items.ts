// Cuts a `List` written as YAML at its items, by indentation alone, so that `kubectl get -A -o yaml` of a whole cluster is read item by
// item: in bounded memory, and the line of one object is found without reading the others again.
import type { SourceDocument } from '../model/origin.ts';

/** The parts of one document. Each is YAML of its own, at its place in the same text. */
export interface CutList {
  /** What stands before and after the items: mappings, or nothing at all. */
  readonly around: readonly SourceDocument[];
  /** Each is a sequence with one item. */
  readonly items: readonly SourceDocument[];
}

const SPACE = 32;
const LINE_FEED = 10;
const RETURN = 13;
const HASH = 35;
const DASH = 45;
const ROOT_KEY = /^[A-Za-z][\w.-]*:(?=\s|$)/;
const ITEMS_KEY = /^items:[ \t]*(#.*)?\r?$/;
const DOCUMENT_MARK = /^---[ \t]*(#.*)?\r?$/;
/** Enough of a line to see which key it begins with. */
const KEY_LENGTH = 400;
const MAX_ITEMS = 2_000_000;

/**
 * The document cut at the items of its `items:` list; undefined when it is not plainly such a list (flow style, tabs, another `items:`).
 * Why indentation is enough: whatever belongs to an item, block scalars and lines of a long string too, is indented deeper than its dash
 * (YAML 1.2.2, 8.1 and 8.2). Anchors that one item gives to another are lost by the cut: reading such an item fails, and the
 * caller then reads the document whole.
 */
export function cutList(document: SourceDocument): CutList | undefined {
  const { text, start, end } = document;
  if (text === undefined) return undefined;
  const around: SourceDocument[] = [];
  const items: SourceDocument[] = [];
  let parts = around;
  let from = start;
  let fromLine = document.line;
  /** -1 before the first item, and the column of the items' dashes from there on. */
  let dash = -1;
  let line = document.line;
  const cut = (at: number, next: SourceDocument[]): void => {
    if (at > from) parts.push({ ...document, start: from, end: at, line: fromLine });
    parts = next;
    from = at;
    fromLine = line;
  };
  let place: 'before' | 'items' | 'after' = 'before';
  for (let at = start; at < end; line++) {
    const found = text.indexOf('\n', at);
    const eol = found < 0 || found > end ? end : found;
    const indent = indentOf(text, at, eol, place === 'items' && dash >= 0 ? dash + 1 : eol - at);
    const first = text.charCodeAt(at + indent);
    // Blank lines and comments stay with what stands before them.
    if (at + indent < eol && first !== RETURN && first !== HASH) {
      if (place === 'items' && dash < 0) {
        if (!isDash(text, at + indent, end)) return undefined;
        dash = indent;
        cut(at, items);
      } else if (place === 'items' && indent === dash && isDash(text, at + indent, end)) {
        if (items.length === MAX_ITEMS) return undefined;
        cut(at, items);
      } else if (place !== 'items' || indent <= dash) {
        const content = text.slice(at, Math.min(eol, at + KEY_LENGTH));
        if (place === 'before' && ITEMS_KEY.test(content)) {
          cut(at, []);
          place = 'items';
        } else if (indent === 0 && ROOT_KEY.test(content) && !content.startsWith('items:')) {
          if (place === 'items') cut(at, around);
          if (place === 'items') place = 'after';
        } else if (indent === 0 && !(at === start && DOCUMENT_MARK.test(content))) {
          return undefined;
        } else if (place === 'items' || first === TAB) {
          return undefined;
        }
      }
    }
    at = eol + 1;
  }
  if (dash < 0) return undefined;
  cut(end, []);
  return { around, items };
}

const TAB = 9;

function indentOf(text: string, at: number, eol: number, atMost: number): number {
  let indent = 0;
  while (indent < atMost && at + indent < eol && text.charCodeAt(at + indent) === SPACE) indent++;
  return indent;
}

function isDash(text: string, at: number, end: number): boolean {
  if (text.charCodeAt(at) !== DASH) return false;
  const next = text.charCodeAt(at + 1);
  return at + 1 >= end || next === SPACE || next === LINE_FEED || next === RETURN;
}
