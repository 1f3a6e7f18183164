// Finding the node of a path in YAML text, with its offsets; and whether it may be changed there: what an anchor gives to other
// places, or an alias or a merge key brings from one, is not this object's own.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { cutList } from '../manifest/list-items.ts';
import { CUT_FROM } from '../manifest/yaml.ts';
import type { Path, SourceDocument } from '../model/origin.ts';
import type { Style } from './render.ts';

/** YAML text of its own within a file: a document, or one item of a long list. Offsets of nodes count from `base`. */
export interface Piece {
  readonly text: string;
  readonly base: number;
  /** Where the piece ends in the file. */
  readonly end: number;
  readonly tree: Document.Parsed;
  /** Anchors that somebody refers to, here or elsewhere in the document. */
  readonly used: ReadonlySet<string>;
  readonly style: Style;
  readonly eol: '\n' | '\r\n';
}

export type Collection = YAMLMap<Node, Node | null> | YAMLSeq<Node>;
export type Entry = Pair<Node, Node | null>;

/** A place in a tree. `pair`: where it is the value of a mapping's entry. */
export interface Spot {
  /** null: nothing is written there. */
  readonly node: Node | null;
  readonly pair: Entry | undefined;
  readonly parent: Collection | undefined;
  /** Of the pair or item in its parent. */
  readonly index: number;
  /** Everything that the path goes through, the document's root first and `node` last. */
  readonly chain: readonly Node[];
}

/** Why a text cannot be edited there. */
export type NoSpot = 'not-found' | 'shared' | 'layout';

const LONGEST_PIECE = 1 << 22;

/**
 * The smallest part of the document that holds the path, and the path inside it: an item of a list that is too long to be read whole.
 * `make` reads it; undefined for what is too long or no clean YAML. Edits with one `key` are in one piece.
 */
export function pieceAt(
  document: SourceDocument,
  path: Path,
): { readonly path: Path; readonly key: string; readonly make: () => Piece | undefined } {
  const { text = '', start, end } = document;
  const [key, index] = path;
  if (end - start > CUT_FROM && key === 'items' && typeof index === 'number' && path.length > 2) {
    const item = cutList(document)?.items[index];
    if (item !== undefined) {
      return { path: [0, ...path.slice(2)], key: `item ${index}`, make: () => pieceOf(document, text, item.start, item.end) };
    }
  }
  return { path, key: 'whole', make: () => (end - start > LONGEST_PIECE ? undefined : pieceOf(document, text, start, end)) };
}

function pieceOf(document: SourceDocument, whole: string, start: number, end: number): Piece | undefined {
  const text = whole.slice(start, end);
  const tree = parseDocument(text, { keepSourceTokens: true, uniqueKeys: false, logLevel: 'silent' });
  if (tree.errors.length > 0) return undefined;
  const used = new Set<string>();
  const anchors = new Set<string>();
  visit(tree, {
    Alias: (_, { source }) => void used.add(source),
    Node: (_, node) => void ('anchor' in node && node.anchor !== undefined && anchors.add(node.anchor)),
  });
  const isPart = start !== document.start || end !== document.end;
  const elsewhere = isPart ? whole.slice(document.start, start) + whole.slice(end, document.end) : '';
  for (const anchor of anchors) if (isPart && elsewhere.includes(`*${anchor}`)) used.add(anchor);
  return { text, base: start, end, tree, used, style: styleOf(tree, text), eol: text.includes('\r\n') ? '\r\n' : '\n' };
}

/** The first of each kind of indentation in the text says how it is done here. */
function styleOf(tree: Document.Parsed, text: string): Style {
  let step: number | undefined;
  let dash: number | undefined;
  let spaced: boolean | undefined;
  visit(tree, {
    Pair(_, { key, value }) {
      const from = (key as Node | null)?.range?.[0];
      const inner = value as Node | null;
      if (from === undefined || inner?.range === undefined || inner.range === null || isFlow(inner)) return;
      const [to] = inner.range;
      if (text.lastIndexOf('\n', to - 1) < from) return;
      if (isMap(inner)) step ??= columnIn(text, to) - columnIn(text, from);
      if (isSeq(inner)) dash ??= columnIn(text, to) - columnIn(text, from);
    },
    Map(_, node) {
      if (node.flow === true && node.items.length > 0 && node.range) spaced ??= text[node.range[0] + 1] === ' ';
    },
  });
  const levels = step ?? 2;
  return { step: levels, dash: dash ?? 2, spaced: spaced ?? true };
}

export function columnIn(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** `[…]` and `{…}`. */
export function isFlow(node: Node | null): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true;
}

export function isBlock(node: Node | null): node is Collection {
  return (isMap(node) || isSeq(node)) && node.flow !== true;
}

/** The place of a path, or why there is none that may be changed. */
export function spotAt({ tree, used }: Piece, path: Path): Spot | NoSpot {
  let spot: Spot = { node: tree.contents, pair: undefined, parent: undefined, index: 0, chain: tree.contents ? [tree.contents] : [] };
  if (isShared(spot.node, used)) return 'shared';
  for (const step of path) {
    const next = child(spot, step);
    if (typeof next === 'string') return next;
    if (isShared(next.node, used)) return 'shared';
    spot = next;
  }
  return spot;
}

function child({ node, chain }: Spot, step: string | number): Spot | NoSpot {
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return item === undefined
      ? 'not-found'
      : { node: item, pair: undefined, parent: node as Collection, index: Number(step), chain: [...chain, item] };
  }
  if (!isMap(node)) return 'not-found';
  const pairs = node.items as Entry[];
  const index = pairs.findLastIndex(({ key }) => isCalled(key, String(step)));
  const pair = pairs[index];
  if (pair === undefined) return pairs.some(({ key }) => isCalled(key, '<<')) ? 'shared' : 'not-found';
  return { node: pair.value, pair, parent: node as Collection, index, chain: pair.value === null ? chain : [...chain, pair.value] };
}

function isCalled(key: Node, name: string): boolean {
  return isScalar(key) && (String(key.value) === name || key.source === name);
}

function isShared(node: Node | null, used: ReadonlySet<string>): boolean {
  return node !== null && (isAlias(node) || ('anchor' in node && node.anchor !== undefined && used.has(node.anchor)));
}

/** Does anything inside, the node itself too, have an anchor that somebody refers to? */
export function hasSharedInside(node: Node | null, used: ReadonlySet<string>): boolean {
  const shared: Node[] = [];
  if (node !== null) visit(node, { Node: (_, inner) => void (!isAlias(inner) && isShared(inner, used) && shared.push(inner)) });
  return shared.length > 0;
}

/** Offsets in the piece's text. */
export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** After the last character of the node that is no white space. */
export function endOf({ text }: Piece, node: Node): number {
  const [from, to] = node.range ?? [0, 0];
  return from + text.slice(from, to).trimEnd().length;
}

/** After the colon of an entry; after its key where there is none. */
export function colonEnd(pair: Entry): number {
  for (const token of pair.srcToken?.sep ?? []) if (token.type === 'map-value-ind') return token.offset + 1;
  return pair.key.range?.[1] ?? 0;
}

export function pairEnd(piece: Piece, pair: Entry): number {
  const { value } = pair;
  const isWritten = value?.range && value.range[1] > value.range[0];
  return isWritten ? Math.max(endOf(piece, value), colonEnd(pair)) : colonEnd(pair);
}

/** Where the dash of an item of a block list stands. */
export function dashOf(list: Collection, index: number): number | undefined {
  const token = isSeq(list) ? list.srcToken : undefined;
  if (token?.type !== 'block-seq') return undefined;
  return token.items[index]?.start.find(({ type }) => type === 'seq-item-ind')?.offset;
}

/** The end of the line that this offset is in, without its line break. */
export function lineEnd(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  const end = found < 0 ? text.length : found;
  return text[end - 1] === '\r' && end - 1 >= offset ? end - 1 : end;
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Is there nothing but blanks before this offset in its line? */
export function isFirstInLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}
