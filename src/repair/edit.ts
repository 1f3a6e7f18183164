// Edits → the text of the files they are in: only the characters that an edit means change, comments, order and indentation stay.
// What comes out is read again before anybody sees it: a text that does not say exactly what the edits say is refused.
import { valueEnd } from '../manifest/json-locate.ts';
import { topItems } from '../manifest/locate.ts';
import { parseText } from '../manifest/parse.ts';
import type { Edit, Plain } from '../model/edit.ts';
import type { Origin, SourceDocument } from '../model/origin.ts';
import { editedValue, isPlaced, type PlacedEdit } from './edited-value.ts';
import { itemAfter, jsonSplices } from './json-splices.ts';
import { mended } from './mend-syntax.ts';
import { blockLines } from './render.ts';
import { inOrder, type Splice, spliced } from './splice.ts';
import { type Piece, pieceAt } from './yaml-nodes.ts';
import { yamlSplices } from './yaml-splices.ts';

/** A file before and after. `splices` are offsets into `before`, in order. */
export interface EditedText {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly splices: readonly Splice[];
}

/**
 * Why edits cannot be made: the object came from no text (a live cluster); nothing is written at that place; an anchor or an alias
 * shares the place with others; the layout is one that is not edited; two edits want the same characters; the text would say
 * something else.
 */
export type RefusalReason = 'no-text' | 'not-found' | 'shared' | 'layout' | 'overlap' | 'differs';
export interface EditRefusal {
  readonly reason: RefusalReason;
  readonly at: Origin | undefined;
}

export type EditedTexts = { readonly texts: readonly EditedText[]; readonly refused?: undefined } | { readonly refused: EditRefusal };

/**
 * All edits or none: `{ texts: [{ file: 'cart.yaml', before, after, splices }] }`, one for each file, or `{ refused }` with the first
 * edit that cannot be made. `textOf` gives the text of a file that could not be read as YAML, for `mend-syntax`. Never throws.
 */
export function editTexts(edits: readonly Edit[], textOf: (file: string) => string | undefined = () => undefined): EditedTexts {
  const byDocument = new Map<SourceDocument, PlacedEdit[]>();
  const byText = new Map<string, { readonly file: string; readonly text: string; readonly splices: Splice[] }>();
  const fileOf = (file: string, text: string) => {
    const known = byText.get(`${file}\0${text.length}`);
    if (known !== undefined) return known;
    const made = { file, text, splices: [] };
    byText.set(`${file}\0${text.length}`, made);
    return made;
  };
  for (const edit of edits) {
    if (isPlaced(edit)) {
      const own = byDocument.get(edit.at.document);
      if (own === undefined) byDocument.set(edit.at.document, [edit]);
      else own.push(edit);
      continue;
    }
    const text = textOf(edit.place.file);
    const splices = text === undefined ? undefined : mended(text, edit.place, edit.fault);
    if (text === undefined || splices === undefined) return { refused: { reason: 'not-found', at: undefined } };
    fileOf(edit.place.file, text).splices.push(...splices);
  }
  for (const [document, own] of byDocument) {
    const found = documentSplices(document, own);
    if ('reason' in found) return { refused: found };
    fileOf(document.file, document.text ?? '').splices.push(...found.splices);
  }
  const texts: EditedText[] = [];
  for (const { file, text, splices } of byText.values()) {
    const ordered = inOrder(splices);
    if (ordered === undefined) return { refused: { reason: 'overlap', at: undefined } };
    texts.push({ file, before: text, after: spliced(text, ordered), splices: ordered });
  }
  return { texts };
}

function documentSplices(document: SourceDocument, edits: readonly PlacedEdit[]): { readonly splices: readonly Splice[] } | EditRefusal {
  const { text } = document;
  const [first] = edits;
  if (text === undefined) return { reason: 'no-text', at: first?.at };
  const splices: Splice[] = [];
  const parts = new Map<string, Part>();
  const pieces = new Map<string, Piece | undefined>();
  for (const edit of edits) {
    if (edit.kind === 'remove' && edit.at.path.length === 0) {
      // The whole document, with the line that separates it from the one before.
      if (edits.length > 1) return { reason: 'overlap', at: edit.at };
      return { splices: [{ start: document.start, end: document.end, text: '', depth: 0 }] };
    }
    const found = document.format === 'json' ? inJson(document, text, edit) : inYaml(document, edit, pieces);
    if (typeof found === 'string') return { reason: found, at: edit.at };
    splices.push(...found.splices);
    const { before = '', start, end } = found;
    const key = `${start} ${before}`;
    const part = parts.get(key);
    if (part === undefined) parts.set(key, { start, end, before, edits: [found.edit] });
    else part.edits.push(found.edit);
  }
  const ordered = inOrder(splices);
  if (ordered === undefined) return { reason: 'overlap', at: first?.at };
  const areTrue = [...parts.values()].every((part) => saysTheSame(document.file, text, part, ordered));
  return areTrue ? { splices: ordered } : { reason: 'differs', at: first?.at };
}

/** Text that can be read on its own with `before` before it, and the edits inside it by their paths from there. */
interface Part {
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly edits: PlacedEdit[];
}

interface PlacedSplices {
  readonly start: number;
  readonly end: number;
  readonly before?: string;
  readonly edit: PlacedEdit;
  readonly splices: readonly Splice[];
}

/** Of a list at the top only the item that is edited is read again; of one that gets a further item, the last. */
function inJson(document: SourceDocument, text: string, edit: PlacedEdit): PlacedSplices | RefusalReason {
  const { start, end } = document;
  const { path } = edit.at;
  const [key, index] = path;
  const items = typeof key === 'string' && (path.length > 2 || edit.kind === 'add-item') ? topItems(document, text, key) : [];
  const item = typeof index === 'number' ? items[index] : undefined;
  if (item !== undefined && path.length > 2) {
    const own = { ...edit, at: { document, path: path.slice(2) } };
    const splices = jsonSplices(text, item, own, start);
    return splices === undefined ? 'not-found' : { start: item, end: valueEnd(text, item), edit: own, splices };
  }
  const last = items.at(-1);
  if (last !== undefined && path.length === 1 && edit.kind === 'add-item') {
    const itemEnd = valueEnd(text, last);
    const splices = [itemAfter(text, last, itemEnd, edit.value, path, start)];
    const own = { ...edit, at: { document, path: [] } };
    return { start: last, end: text.indexOf(']', itemEnd) + 1, before: '[', edit: own, splices };
  }
  const splices = jsonSplices(text, start, edit);
  return splices === undefined ? 'not-found' : { start, end, edit, splices };
}

function inYaml(document: SourceDocument, edit: PlacedEdit, pieces: Map<string, Piece | undefined>): PlacedSplices | RefusalReason {
  const { path, key, make } = pieceAt(document, edit.at.path);
  if (!pieces.has(key)) pieces.set(key, make());
  const piece = pieces.get(key);
  if (piece === undefined) return 'layout';
  const { base, end } = piece;
  const found = yamlSplices(piece, path, edit);
  if (typeof found === 'string') return found;
  const splices = found.map((splice) => ({ ...splice, start: splice.start + base, end: splice.end + base }));
  return { start: base, end, edit: { ...edit, at: { document, path } }, splices };
}

/** Reads the edited text with the reader of every manifest, and holds it against the edited value. */
function saysTheSame(file: string, text: string, { start, end, before, edits }: Part, splices: readonly Splice[]): boolean {
  const value = onlyValue(file, before + text.slice(start, end));
  const wanted = value && editedValue(value.value, [], edits);
  const found = onlyValue(file, before + spliced(text, splices, start, end));
  return wanted !== undefined && found !== undefined && isEqual(wanted.value, found.value);
}

function onlyValue(file: string, text: string): { readonly value: unknown } | undefined {
  const { documents } = parseText(file, text);
  const [only] = documents;
  return only !== undefined && documents.length === 1 ? only : undefined;
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return keys.length === others.length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key as never], b[key as never]));
}

/**
 * A new object in the file of another one: a further item where that one is in a list, else a further document at the end. undefined for
 * a JSON file with one object, and where the other one came from no text.
 */
export function withNewObject(beside: Origin, value: Plain): Edit | EditedText | undefined {
  const { document, path } = beside;
  const { text, file } = document;
  if (text === undefined) return undefined;
  const items = path.lastIndexOf('items');
  if (items >= 0 && typeof path[items + 1] === 'number') {
    return { kind: 'add-item', at: { document, path: path.slice(0, items + 1) }, value };
  }
  if (document.format === 'json') return undefined;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const ended = text === '' || text.endsWith('\n') ? '' : eol;
  const lines = ['---', ...blockLines(value)].map((line) => line + eol).join('');
  const splice = { start: text.length, end: text.length, text: ended + lines, depth: 0 };
  return { file, before: text, after: text + splice.text, splices: [splice] };
}
