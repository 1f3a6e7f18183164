// Edits of YAML text: comments, order and indentation stay as they are, and so does every character that the edit does not mean.
import { isMap, isNode, isScalar, isSeq, type Node } from 'yaml';
import type { Plain } from '../model/edit.ts';
import type { Path } from '../model/origin.ts';
import type { PlacedEdit } from './edited-value.ts';
import { blockLines, entryLines, flow, flowEntry, isFilled, isList, scalar } from './render.ts';
import type { Splice } from './splice.ts';
import {
  type Collection,
  colonEnd,
  columnIn,
  dashOf,
  type Entry,
  endOf,
  hasSharedInside,
  isBlock,
  isFirstInLine,
  isFlow,
  lineEnd,
  lineStart,
  type NoSpot,
  type Piece,
  pairEnd,
  type Spot,
  spotAt,
  startOf,
} from './yaml-nodes.ts';

/** Offsets within the piece. A word when the edit cannot be made there without touching more than it means. */
export function yamlSplices(piece: Piece, path: Path, edit: PlacedEdit): readonly Splice[] | NoSpot {
  const spot = spotAt(piece, path);
  if (typeof spot === 'string') return spot;
  const cut = (start: number, end: number, text: string, depth = path.length): Splice => ({ start, end, text, depth });
  const context: Context = { piece, spot, cut };
  switch (edit.kind) {
    case 'set-value':
      return hasSharedInside(spot.node, piece.used) ? 'shared' : setValue(context, edit.value);
    case 'rename-key':
      return spot.pair === undefined
        ? 'not-found'
        : [cut(startOf(spot.pair.key), endOf(piece, spot.pair.key), sameQuotes(spot.pair.key, edit.key))];
    case 'add-entry':
      return addEntry(context, edit.key, edit.value, edit.after);
    case 'add-item':
      return addItem(context, edit.value);
    case 'insert-item':
      return insertItem(context, edit.value);
    case 'remove':
      return hasSharedInside(spot.node, piece.used) ? 'shared' : remove(context);
    case 'move-under':
      return moveUnder(context, edit.keys, edit.under);
    case 'join-to-previous':
      return joinToPrevious(context);
    case 'split-item':
      return splitItem(context, path);
  }
}

interface Context {
  readonly piece: Piece;
  readonly spot: Spot;
  readonly cut: (start: number, end: number, text: string, depth?: number) => Splice;
}
type Splices = readonly Splice[] | NoSpot;

/** Blanks up to a column. */
const blanks = (count: number) => ' '.repeat(count);

function sameQuotes(old: Node | null, value: Plain): string {
  const type = isScalar(old) ? old.type : undefined;
  return scalar(value, typeof value !== 'string' ? undefined : type === 'QUOTE_DOUBLE' ? '"' : type === 'QUOTE_SINGLE' ? "'" : undefined);
}

/** Is what stands here inside brackets or braces? Then everything put here must be, too. */
function isInFlow({ chain, node }: Spot): boolean {
  return chain.some((each) => each !== node && isFlow(each));
}

function setValue({ piece, spot, cut }: Context, value: Plain): Splices {
  const { text, style, eol } = piece;
  const { node, pair } = spot;
  const isWritten = node?.range != null && node.range[1] > node.range[0];
  const wantsLines = isFilled(value) && !isInFlow(spot) && !(isFlow(node) && (node as Collection).items.length > 0);
  const inline = isFilled(value) || typeof value === 'object' ? flow(value, style) : sameQuotes(node, value);
  if (!wantsLines) {
    if (!isWritten || node === null) return pair === undefined ? 'layout' : [cut(colonEnd(pair), colonEnd(pair), ` ${inline}`)];
    if (!isBlock(node) || pair === undefined || text.lastIndexOf('\n', startOf(node)) < colonEnd(pair)) {
      return [cut(startOf(node), endOf(piece, node), inline)];
    }
    // What stood below its key stands beside it now; a comment beside the key stays there.
    const before = lineEnd(text, colonEnd(pair));
    return [cut(colonEnd(pair), colonEnd(pair), ` ${inline}`), cut(before, endOf(piece, node), '')];
  }
  if (node !== null && isWritten && isBlock(node)) {
    const indent = blanks(columnIn(text, startOf(node)));
    return [cut(startOf(node), endOf(piece, node), blockLines(value, style).join(eol + indent))];
  }
  if (pair === undefined) {
    if (node === null || !isWritten) return 'layout';
    return [cut(startOf(node), endOf(piece, node), blockLines(value, style).join(eol + blanks(columnIn(text, startOf(node)))))];
  }
  const indent = blanks(columnIn(text, startOf(pair.key)) + (isList(value) ? style.dash : style.step));
  const end = node !== null && isWritten ? endOf(piece, node) : colonEnd(pair);
  const below = lineEnd(text, end);
  const lines = blockLines(value, style).map((line) => eol + indent + line);
  return [cut(colonEnd(pair), end, ''), cut(below, below, lines.join(''))];
}

function addEntry(context: Context, key: string, value: Plain, after: string | undefined): Splices {
  const { piece, spot, cut } = context;
  const { node } = spot;
  const { text, style, eol } = piece;
  if (node === null || (isScalar(node) && node.value === null)) return setValue(context, { [key]: value });
  if (!isMap(node)) return 'not-found';
  const pairs = node.items as Entry[];
  if (pairs.some((pair) => isScalar(pair.key) && pair.key.value === '<<')) return 'shared';
  if (pairs.length === 0) return setValue(context, { [key]: value });
  const previous = pairs.find((pair) => after !== undefined && isScalar(pair.key) && pair.key.value === after) ?? (pairs.at(-1) as Entry);
  if (node.flow === true) {
    const end = pairEnd(piece, previous);
    return [cut(end, end, `, ${flowEntry(key, value, style)}`)];
  }
  const indent = blanks(columnIn(text, startOf((pairs[0] as Entry).key)));
  const end = lineEnd(text, pairEnd(piece, previous));
  return [
    cut(
      end,
      end,
      entryLines(key, value, style)
        .map((line) => eol + indent + line)
        .join(''),
    ),
  ];
}

function addItem(context: Context, value: Plain): Splices {
  const { piece, spot, cut } = context;
  const { text, style, eol } = piece;
  const { node } = spot;
  if (!isSeq(node)) return 'not-found';
  const last = node.items.at(-1) as Node | undefined;
  if (last === undefined) return setValue(context, [value]);
  if (node.flow === true) {
    const end = endOf(piece, last);
    const ownLine = isFirstInLine(text, startOf(last)) ? eol + blanks(columnIn(text, startOf(last))) : ' ';
    return [cut(end, end, `,${ownLine}${flow(value, style)}`)];
  }
  const dash = dashOf(node as Collection, node.items.length - 1);
  if (dash === undefined) return 'layout';
  const isWritten = last.range != null && last.range[1] > last.range[0];
  const end = lineEnd(text, isWritten ? endOf(piece, last) : dash + 1);
  const lines = isFlow(last) ? [flow(value, style)] : blockLines(value, style);
  const indent = blanks(columnIn(text, dash));
  return [cut(end, end, lines.map((line, i) => `${eol}${indent}${i === 0 ? '- ' : '  '}${line}`).join(''))];
}

/** Before the item at this spot. A comment right above the item stays with it. */
function insertItem({ piece, spot, cut }: Context, value: Plain): Splices {
  const { text, style, eol } = piece;
  const { node, parent, index } = spot;
  if (!isSeq(parent)) return 'not-found';
  if (parent.flow === true) return node === null ? 'layout' : [cut(startOf(node), startOf(node), `${flow(value, style)}, `)];
  const dash = dashOf(parent as Collection, index);
  if (dash === undefined || !isFirstInLine(text, dash)) return 'layout';
  let start = lineStart(text, dash);
  while (start > 0 && /^[ \t]*#/.test(text.slice(lineStart(text, start - 1), start))) start = lineStart(text, start - 1);
  const indent = blanks(columnIn(text, dash));
  const lines = isFlow(node) ? [flow(value, style)] : blockLines(value, style);
  return [cut(start, start, lines.map((line, i) => `${indent}${i === 0 ? '- ' : '  '}${line}${eol}`).join(''))];
}

function remove(context: Context): Splices {
  const { piece, spot, cut } = context;
  const { text } = piece;
  const { node, pair, parent, index, chain } = spot;
  if (parent === undefined) return 'layout';
  const emptied: Plain = isSeq(parent) ? [] : {};
  const from = pair === undefined ? (node === null ? 0 : startOf(node)) : startOf(pair.key);
  const to = pair === undefined ? (node === null ? 0 : endOf(piece, node)) : pairEnd(piece, pair);
  if (parent.items.length === 1) {
    if (parent.flow === true) return [cut(startOf(parent), endOf(piece, parent), isSeq(parent) ? '[]' : '{}')];
    const above = spotOf(piece, parent, chain);
    return above === undefined ? 'layout' : setValue({ ...context, spot: above }, emptied);
  }
  const next = parent.items[index + 1] as Node | Entry | undefined;
  if (parent.flow === true) {
    if (next !== undefined) return [cut(from, isNode(next) ? startOf(next) : startOf(next.key), '')];
    const previous = parent.items[index - 1] as Node | Entry;
    return [cut(isNode(previous) ? endOf(piece, previous) : pairEnd(piece, previous), to, '')];
  }
  const first = pair === undefined ? dashOf(parent, index) : from;
  if (first === undefined) return 'layout';
  if (!isFirstInLine(text, first)) {
    // The first key of a list's item stands behind the dash: the next key takes its place.
    return pair !== undefined && next !== undefined && !isNode(next) ? [cut(from, startOf(next.key), '')] : 'layout';
  }
  const end = text.indexOf('\n', Math.max(first, to - 1));
  if (end >= 0) return [cut(lineStart(text, first), end + 1, '')];
  return [cut(Math.max(0, lineStart(text, first) - 1), text.length, '')];
}

/** The spot of a collection that was gone through on the way. */
function spotOf({ tree }: Piece, wanted: Collection, chain: readonly Node[]): Spot | undefined {
  const at = chain.indexOf(wanted);
  const parent = chain[at - 1];
  const base = { node: wanted, chain: chain.slice(0, at + 1) };
  if (parent === undefined) return tree.contents === wanted ? { ...base, pair: undefined, parent: undefined, index: 0 } : undefined;
  if (isSeq(parent)) return { ...base, pair: undefined, parent: parent as Collection, index: parent.items.indexOf(wanted) };
  if (!isMap(parent)) return undefined;
  const index = parent.items.findIndex((pair) => pair.value === wanted);
  return { ...base, pair: parent.items[index] as Entry | undefined, parent: parent as Collection, index };
}

function moveUnder({ piece, spot, cut }: Context, keys: readonly string[], under: string): Splices {
  const { node } = spot;
  const { text, style, eol } = piece;
  if (!isMap(node)) return 'not-found';
  const pairs = node.items as Entry[];
  const chosen = pairs.flatMap((pair, i) => (isScalar(pair.key) && keys.includes(String(pair.key.value)) ? [i] : []));
  const [first] = chosen;
  if (first === undefined || chosen.length !== keys.length) return 'not-found';
  if (chosen.some((at, i) => at !== first + i)) return 'layout';
  const from = startOf((pairs[first] as Entry).key);
  const to = pairEnd(piece, pairs[first + chosen.length - 1] as Entry);
  if (node.flow === true) return [cut(from, from, `${scalar(under)}: {${style.spaced ? ' ' : ''}`), cut(to, to, style.spaced ? ' }' : '}')];
  const deeper = blanks(style.step);
  const splices = [cut(from, from, `${scalar(under)}:${eol}${blanks(columnIn(text, from))}${deeper}`)];
  for (let line = text.indexOf('\n', from) + 1; line > 0 && line < to; line = text.indexOf('\n', line) + 1) {
    if (text.slice(line, lineEnd(text, line)).trim() !== '') splices.push(cut(line, line, deeper));
  }
  return splices;
}

function joinToPrevious({ piece, spot, cut }: Context): Splices {
  const { parent, index, node } = spot;
  const previous = parent?.items[index - 1];
  if (!isSeq(parent) || !isMap(node) || !isMap(previous)) return 'not-found';
  const [last, first] = [(previous.items as Entry[]).at(-1), (node.items as Entry[])[0]];
  if (last === undefined || first === undefined) return 'layout';
  if (isFlow(node) && isFlow(previous)) return [cut(pairEnd(piece, last), startOf(first.key), ', ')];
  const dash = dashOf(parent as Collection, index);
  const isAligned = columnIn(piece.text, startOf(first.key)) === columnIn(piece.text, startOf((previous.items[0] as Entry).key));
  if (dash === undefined || isFlow(node) || isFlow(previous) || !isAligned) return 'layout';
  return lineStart(piece.text, dash) === lineStart(piece.text, startOf(first.key)) ? [cut(dash, dash + 1, ' ')] : 'layout';
}

function splitItem({ piece, spot, cut }: Context, path: Path): Splices {
  const { text, eol, style } = piece;
  const { parent: item, pair, index } = spot;
  const list = spotAt(piece, path.slice(0, -2));
  const place = path.at(-2);
  if (!isMap(item) || pair === undefined || index === 0 || typeof list === 'string' || !isSeq(list.node) || typeof place !== 'number')
    return 'not-found';
  const from = startOf(pair.key);
  const dash = dashOf(list.node as Collection, place);
  if (item.flow === true) {
    const [close, open] = style.spaced ? [' }', '{ '] : ['}', '{'];
    const between = dash === undefined ? ', ' : `${eol}${blanks(columnIn(text, dash))}- `;
    return [cut(pairEnd(piece, (item.items as Entry[])[index - 1] as Entry), from, `${close}${between}${open}`)];
  }
  if (dash === undefined || !isFirstInLine(text, from)) return 'layout';
  const at = lineStart(text, from) + columnIn(text, dash);
  return at + 2 <= from ? [cut(at, at + 1, '-')] : 'layout';
}
