// From an Origin to the file, line and column that a person reads. Looked up when somebody asks, never while reading.
import { type Origin, type Path, type Place, printPath, type SourceDocument } from '../model/origin.ts';
import { findInJson, itemOffsets, valueEnd } from './json-locate.ts';
import { type CutList, cutList } from './list-items.ts';
import { placeAt } from './positions.ts';
import { CUT_FROM, MAX_PIECE, type YamlEvents, yamlEvents } from './yaml.ts';
import { findInEvents, type InEvents } from './yaml-locate.ts';

/**
 * `{ file: 'cart.yaml', line: 17, column: 9 }` for `spec.ingress[0].from[1]`. What is shown of a mapping entry is its key, of a list
 * item what follows the dash, of a document its first key: where an editor's cursor should stand. Through aliases and merge keys it
 * is the line where the thing is really written. For a path that does not exist, the deepest part of it that does: a field that
 * is missing is shown at the mapping that lacks it. Line 0 and the path when the document came from no text. Never throws.
 */
export function locate(origin: Origin): Place {
  const { document, path } = origin;
  if (document.text === undefined) return { file: document.file, line: 0, column: 0, ...(path.length > 0 && { path: printPath(path) }) };
  return placeAt(document, spanOf(document, document.text, path).offset);
}

/**
 * The same with its end, `{ file: 'cart.yaml', line: 17, column: 9, endLine: 19, endColumn: 24 }`: behind the last character of the value.
 * Without an end where that would be a guess, and for more text than anybody marks in an editor.
 */
export function locateRange(origin: Origin): Place {
  const { document, path } = origin;
  if (document.text === undefined) return locate(origin);
  const span = spanOf(document, document.text, path);
  const place = placeAt(document, span.offset);
  const end = span.end();
  if (end === undefined || end <= span.offset || end > document.end) return place;
  const { line, column } = placeAt(document, end);
  return { ...place, endLine: line, endColumn: column };
}

/** Offsets in the file; the end is worked out when asked. */
interface Span {
  readonly offset: number;
  readonly end: () => number | undefined;
}

function spanOf(document: SourceDocument, text: string, path: Path): Span {
  return document.format === 'json' ? jsonSpan(document, text, path) : yamlSpan(document, path);
}

function withoutEnd(offset: number): Span {
  return { offset, end: () => undefined };
}

/** To find the end of a value all of it is read, for one place among many. */
const LONGEST_RANGE = CUT_FROM;

/** Offsets of the items of a JSON document's top lists, by the key of the list. Without it each look-up would step over the items before. */
const itemsOf = new WeakMap<SourceDocument, Map<string, readonly number[]>>();

function jsonSpan(document: SourceDocument, text: string, path: Path): Span {
  const [key, index] = path;
  if (typeof key !== 'string' || typeof index !== 'number') return jsonSpanFrom(text, document.start, path);
  const item = topItems(document, text, key)[index];
  return item === undefined ? jsonSpanFrom(text, document.start, [key]) : jsonSpanFrom(text, item, path.slice(2));
}

function jsonSpanFrom(text: string, start: number, path: Path): Span {
  const { offset, value } = findInJson(text, start, path).node;
  const end = () => {
    const limit = value + LONGEST_RANGE;
    const found = valueEnd(text, value, limit);
    return found < limit ? found : undefined;
  };
  return { offset, end };
}

/** Where the items of a list that stands at the top of a JSON document begin; [] for what is no list. */
export function topItems(document: SourceDocument, text: string, key: string): readonly number[] {
  let lists = itemsOf.get(document);
  if (lists === undefined) {
    lists = new Map();
    itemsOf.set(document, lists);
  }
  let items = lists.get(key);
  if (items === undefined) {
    items = itemOffsets(text, document.start, key);
    lists.set(key, items);
  }
  return items;
}

function yamlSpan(document: SourceDocument, path: Path): Span {
  const cut = cutOf(document);
  if (cut === undefined) return find(document, path);
  const [key, index] = path;
  if (key === 'items' && typeof index === 'number') {
    const item = cut.items[index];
    if (item !== undefined) {
      const found = find(item, [0, ...path.slice(2)]);
      // The anchor may stand in another item. Nothing longer than a piece was read whole, so there it cannot.
      return found.lost && document.end - document.start <= MAX_PIECE ? find(document, path) : found;
    }
  }
  let best: Span & { readonly depth: number } = { ...withoutEnd(document.start), depth: -1 };
  for (const part of cut.around) {
    const found = find(part, path);
    if (found.depth > best.depth) best = found;
  }
  // What stands around the items is not the end of the whole.
  if (best.depth > 0) return best;
  if (key !== 'items') return withoutEnd(best.offset);
  // The line of `items:` itself is in none of the parts; it stands above the first item.
  return withoutEnd((document.text ?? '').lastIndexOf('\nitems:', cut.items[0]?.start) + 1);
}

function find(document: SourceDocument, path: Path): InEvents {
  const { events, source, inFile } = eventsOf(document);
  const found = findInEvents(events, source, path);
  const end = () => {
    const inSource = found.end();
    return inSource === undefined ? undefined : inFile(inSource);
  };
  return { ...found, offset: inFile(found.offset), end };
}

/** Where a long list is cut. Kept as long as its document is: a question about each of its items must not cut it again. */
const cuts = new WeakMap<SourceDocument, { readonly list: CutList | undefined }>();

function cutOf(document: SourceDocument): CutList | undefined {
  if (document.end - document.start <= CUT_FROM) return undefined;
  let cut = cuts.get(document);
  if (cut === undefined) {
    cut = { list: cutList(document) };
    cuts.set(document, cut);
  }
  return cut.list;
}

/** Events of the documents that were asked about last. They take up to twenty times the text, so not those of all documents are kept. */
const known = new WeakMap<SourceDocument, YamlEvents>();
const recent: (WeakRef<SourceDocument> | undefined)[] = new Array(256).fill(undefined);
let turn = 0;

function eventsOf(document: SourceDocument): YamlEvents {
  const before = known.get(document);
  if (before !== undefined) return before;
  const read = yamlEvents(document);
  const events = 'fault' in read ? { events: [], source: '', inFile: () => document.start } : read;
  const oldest = recent[turn]?.deref();
  if (oldest !== undefined) known.delete(oldest);
  recent[turn] = new WeakRef(document);
  turn = (turn + 1) % recent.length;
  known.set(document, events);
  return events;
}
