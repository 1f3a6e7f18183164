// Finding a path in a YAML document's events: through anchors, aliases and merge keys, to where the thing is really written.
import { EVENT_ID, type Event, SCALAR_STYLE } from 'js-yaml';
import type { Path } from '../model/origin.ts';
import { afterNode, colonEnd, nodeEnd } from './yaml-end.ts';
import { isMergeKey, offsetOf, scalarKey } from './yaml-events.ts';

/** Aliases and merges on the way to one place; a document that was read has no circle, this is for one that was not. */
const MAX_ALIASES = 1000;

interface Search {
  readonly events: readonly Event[];
  readonly source: string;
  aliases: number;
  /** An alias led to an anchor that is not in these events. */
  lost: boolean;
}

/** A node by the number of its event, and the offset to show for it: of its key, or of the item itself. */
interface Found {
  readonly node: number;
  readonly offset: number;
  /** Of an entry. */
  readonly key?: number;
}

export interface InEvents {
  readonly offset: number;
  /** The offset behind its last character, worked out when asked; undefined where that would be a guess. */
  readonly end: () => number | undefined;
  /** How many steps of the path there are. */
  readonly depth: number;
  /** True when an alias led to an anchor outside these events: a larger part of the document may know it. */
  readonly lost: boolean;
}

/**
 * The offset in `source` of what stands at `path`: a mapping entry's key, a list item's content. Of two equal keys the one that wins.
 * For a path that does not exist the deepest part of it that does. 0 for an empty document.
 */
export function findInEvents(events: readonly Event[], source: string, path: Path): InEvents {
  const search: Search = { events, source, aliases: 0, lost: false };
  let here: Found = { node: 1, offset: Math.max(0, startOf(search, 1)) };
  let depth = 0;
  for (const step of path) {
    const next = child(search, here.node, step);
    if (next === undefined) break;
    here = next;
    depth++;
  }
  return { offset: here.offset, end: () => endOf(search, here), depth, lost: search.lost };
}

/** Of an entry without a value the colon, of an item that is not written its dash. */
function endOf({ events, source }: Search, { node, offset, key }: Found): number | undefined {
  const end = nodeEnd(events, source, node);
  if (end !== undefined) return end;
  const event = events[node];
  if (event?.type !== EVENT_ID.SCALAR || event.valueStart >= 0) return undefined;
  if (key === undefined) return source[offset] === '-' ? offset + 1 : undefined;
  const keyEnd = nodeEnd(events, source, key);
  return keyEnd === undefined ? undefined : colonEnd(source, keyEnd);
}

function child(search: Search, at: number, step: string | number): Found | undefined {
  const node = content(search, at);
  const event = node === undefined ? undefined : search.events[node];
  if (node === undefined || event === undefined) return undefined;
  if (event.type === EVENT_ID.SEQUENCE && typeof step === 'number') return item(search, node, step);
  return event.type === EVENT_ID.MAPPING ? entry(search, node, String(step)) : undefined;
}

function item(search: Search, sequence: number, wanted: number): Found | undefined {
  let node = sequence + 1;
  for (let i = 0; search.events[node] !== undefined && search.events[node]?.type !== EVENT_ID.POP; i++) {
    if (i === wanted) return { node, offset: Math.max(0, startOf(search, node)) };
    node = afterNode(search.events, node);
  }
  return undefined;
}

/** The entry as construction would have it: the last of equal keys, a merge counting as written where its `<<` stands. */
function entry(search: Search, mapping: number, wanted: string): Found | undefined {
  let found: Found | undefined;
  for (let node = mapping + 1; search.events[node] !== undefined && search.events[node]?.type !== EVENT_ID.POP; ) {
    const value = afterNode(search.events, node);
    const keyNode = content(search, node);
    const key = keyNode === undefined ? undefined : search.events[keyNode];
    if (key?.type === EVENT_ID.SCALAR) {
      if (isMergeKey(key, search.source)) found = merged(search, value, wanted) ?? found;
      else if (scalarKey(key, search.source) === wanted) found = { node: value, offset: Math.max(0, startOf(search, node)), key: node };
    }
    node = afterNode(search.events, value);
  }
  return found;
}

/** The entry in what `<<` takes: one mapping, or a list of them of which the first has the last word. */
function merged(search: Search, at: number, wanted: string): Found | undefined {
  const node = content(search, at);
  const event = node === undefined ? undefined : search.events[node];
  if (node === undefined || event === undefined) return undefined;
  if (event.type === EVENT_ID.MAPPING) return entry(search, node, wanted);
  if (event.type !== EVENT_ID.SEQUENCE) return undefined;
  for (let source = node + 1; search.events[source] !== undefined && search.events[source]?.type !== EVENT_ID.POP; ) {
    const found = merged(search, source, wanted);
    if (found !== undefined) return found;
    source = afterNode(search.events, source);
  }
  return undefined;
}

/** The node itself, or what an alias stands for: the anchor of that name that was written last before it. */
function content(search: Search, at: number): number | undefined {
  const event = search.events[at];
  if (event?.type !== EVENT_ID.ALIAS) return at;
  if (++search.aliases > MAX_ALIASES) return undefined;
  const name = search.source.slice(event.anchorStart, event.anchorEnd);
  for (let node = at - 1; node >= 0; node--) {
    const each = search.events[node];
    if (each === undefined || each.type === EVENT_ID.ALIAS || !('anchorStart' in each) || each.anchorStart < 0) continue;
    if (search.source.slice(each.anchorStart, each.anchorEnd) === name) return node;
  }
  search.lost = true;
  return undefined;
}

/** Where a node is to be shown. An item that is not written (`- ` and nothing more) is shown at its dash, a block scalar at its `|`. */
function startOf(search: Search, at: number): number {
  const event = search.events[at];
  if (event === undefined) return 0;
  const offset = offsetOf(event);
  if (event.type !== EVENT_ID.SCALAR) return offset;
  if (event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK) {
    if (event.tagStart >= 0 || event.anchorStart >= 0) return offset;
    return search.source.lastIndexOf(event.style === SCALAR_STYLE.LITERAL_BLOCK ? '|' : '>', event.valueStart - 1);
  }
  return offset >= 0 ? offset : dashAfter(search, at);
}

/** The dash of an empty item: the next one after what is written last before it, empty items of the same list counted. */
function dashAfter(search: Search, at: number): number {
  let from = 0;
  let emptyItems = 0;
  let depth = 0;
  for (let node = at - 1; node > 0; node--) {
    const event = search.events[node];
    if (event === undefined || event.type === EVENT_ID.DOCUMENT) break;
    if (event.type === EVENT_ID.POP) {
      depth++;
    } else if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      // A block list begins at the dash of its first item, so the list itself will do.
      from = event.start;
      if (depth-- <= 1) break;
    } else if (event.type === EVENT_ID.ALIAS || event.valueStart >= 0) {
      from = event.type === EVENT_ID.ALIAS ? event.anchorEnd : event.valueEnd;
      break;
    } else if (depth === 0) {
      emptyItems++;
    }
  }
  const dash = /(?:^|[ \n])-(?=\s|$)|#.*/g;
  dash.lastIndex = Math.max(0, from - 1);
  for (let match = dash.exec(search.source); match !== null; match = dash.exec(search.source)) {
    if (!match[0].startsWith('#') && emptyItems-- === 0) return match.index + match[0].length - 1;
  }
  return from;
}
