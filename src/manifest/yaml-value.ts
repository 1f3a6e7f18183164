// From js-yaml's events to the plain JSON value that kubectl would send: what scalars, keys, merges and aliases mean, and a bound on
// what aliases unfold to. js-yaml's own constructor differs from kubectl's in all of these, and forgets where a second key stands.
import { type AliasEvent, EVENT_ID, type Event, getScalarValue, type MappingEvent, type ScalarEvent, type SequenceEvent } from 'js-yaml';
import type { Path } from '../model/origin.ts';
import { type Budget, MAX_DEPTH, MAX_ODDITIES } from './limits.ts';
import { isLetter, isMergeKey, offsetOf, scalarKey, scalarValue } from './yaml-events.ts';

/** Why a text that js-yaml can parse has no JSON value. */
export const YAML_FAULTS = [
  'several-documents',
  'key-not-scalar',
  'key-is-null',
  'unknown-alias', // { found }
  'anchor-holds-itself', // { found }
  'aliases-too-large',
  'aliases-too-deep',
  'tag-does-not-fit', // { found }: `!!int abc`
  'not-a-json-number', // { found }: `.inf`
  'merge-of-no-mapping',
  'too-many-values',
] as const;
export type YamlReason = (typeof YAML_FAULTS)[number];

export interface YamlFault {
  readonly code: 'not-yaml' | 'alias-bomb' | 'nested-too-deep' | 'limit';
  /** A code of ours, or js-yaml's own words: `deficient indentation`. */
  readonly reason: string;
  /** What of the text the reason is about, where it quotes any: `common` of `*common`. */
  readonly found?: string;
  /** In the text that was parsed. */
  readonly offset: number;
}

/** Something that was read, but is likely not what was meant: a key that stands twice, an unquoted `y` that was read as the letter. */
export interface Oddity {
  readonly is: 'duplicate-key' | 'letter';
  readonly path: Path;
}

export interface YamlValue {
  readonly value: unknown;
  readonly oddities: readonly Oddity[];
  readonly fault?: undefined;
}

/** A node that is complete: with how many nodes are in it when aliases are unfolded, and how deep it goes. */
interface Node {
  value: unknown;
  size: number;
  height: number;
  /** Where it begins. */
  readonly offset: number;
  /** False while it is being read: an alias to it would stand inside itself. */
  done: boolean;
}

interface Frame {
  readonly node: Node;
  /** One of the two is set: the collection that is being filled. */
  readonly map: Record<string, unknown> | undefined;
  readonly list: unknown[] | undefined;
  /** The key that waits for its value; `merging` when that key is `<<`. */
  key: string | undefined;
  merging: boolean;
  /** Keys that came by `<<` alone: writing them once more is no duplicate. */
  merged: Set<string> | undefined;
}

interface Construction {
  readonly source: string;
  readonly budget: Budget;
  readonly frames: Frame[];
  readonly anchors: Map<string, Node>;
  readonly oddities: Oddity[];
  root: unknown;
}

/**
 * The value of the one document in `events` (undefined when there is none), with what is odd about it:
 * `{ value: { kind: 'Pod', … }, oddities: [{ is: 'duplicate-key', path: ['metadata', 'labels', 'app'] }] }`.
 * Of two equal keys the last wins, as for kubectl.
 * A fault instead when no JSON value can be made of it, or only one that is too big or too deep. Never throws.
 */
export function yamlValue(events: readonly Event[], source: string, budget: Budget): YamlValue | { readonly fault: YamlFault } {
  const state: Construction = { source, budget, frames: [], anchors: new Map(), oddities: [], root: undefined };
  let documents = 0;
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT && ++documents > 1) {
      return { fault: fault('not-yaml', 'several-documents', 0) };
    }
    const found = read(state, event);
    if (found !== undefined) return { fault: found };
  }
  return { value: state.root, oddities: state.oddities };
}

function read(state: Construction, event: Event): YamlFault | undefined {
  switch (event.type) {
    case EVENT_ID.DOCUMENT:
      return undefined;
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return openCollection(state, event);
    case EVENT_ID.POP: {
      const node = state.frames.pop()?.node;
      if (node === undefined) return undefined;
      node.done = true;
      return put(state, node, node.offset);
    }
    case EVENT_ID.ALIAS:
      return readAlias(state, event);
    case EVENT_ID.SCALAR:
      return readScalar(state, event);
  }
}

function openCollection(state: Construction, event: MappingEvent | SequenceEvent): YamlFault | undefined {
  if (expectsKey(state.frames.at(-1))) return fault('not-yaml', 'key-not-scalar', offsetOf(event));
  const map = event.type === EVENT_ID.MAPPING ? {} : undefined;
  const list = map === undefined ? [] : undefined;
  const node = { value: map ?? list, size: 1, height: 1, offset: offsetOf(event), done: false };
  keep(state, event, node);
  state.frames.push({ node, map, list, key: undefined, merging: false, merged: undefined });
  return undefined;
}

function readAlias(state: Construction, event: AliasEvent): YamlFault | undefined {
  const name = state.source.slice(event.anchorStart, event.anchorEnd);
  const node = state.anchors.get(name);
  if (node === undefined) return fault('not-yaml', 'unknown-alias', offsetOf(event), name);
  if (!node.done) return fault('alias-bomb', 'anchor-holds-itself', offsetOf(event), name);
  state.budget.aliased -= node.size;
  if (state.budget.aliased < 0) return fault('alias-bomb', 'aliases-too-large', offsetOf(event));
  if (state.frames.length + node.height > MAX_DEPTH) return fault('nested-too-deep', 'aliases-too-deep', offsetOf(event));
  return put(state, node, offsetOf(event));
}

function readScalar(state: Construction, event: ScalarEvent): YamlFault | undefined {
  const frame = state.frames.at(-1);
  const value = scalarValue(event, state.source);
  if (value === undefined) {
    const tag = state.source.slice(event.tagStart, event.tagEnd);
    return fault('not-yaml', 'tag-does-not-fit', offsetOf(event), `${tag} ${getScalarValue(state.source, event)}`);
  }
  if (typeof value === 'number' && !Number.isFinite(value) && !expectsKey(frame)) {
    return fault('not-yaml', 'not-a-json-number', offsetOf(event), getScalarValue(state.source, event));
  }
  const node = { value, size: 1, height: 0, offset: offsetOf(event), done: true };
  keep(state, event, node);
  if (event.valueEnd - event.valueStart === 1 && isLetter(event, state.source)) {
    note(state, 'letter', [...pathTo(state.frames), ...(expectsKey(frame) ? [String(value)] : [])]);
  }
  if (frame === undefined || !expectsKey(frame)) return put(state, node, node.offset);
  if (isMergeKey(event, state.source)) {
    frame.merging = true;
    return undefined;
  }
  frame.key = scalarKey(event, state.source);
  return frame.key === undefined ? fault('not-yaml', 'key-is-null', offsetOf(event)) : undefined;
}

function expectsKey(frame: Frame | undefined): boolean {
  return frame?.map !== undefined && frame.key === undefined && !frame.merging;
}

function note(state: Construction, is: Oddity['is'], path: Path): void {
  if (state.oddities.length < MAX_ODDITIES) state.oddities.push({ is, path });
}

/** `['spec', 'ports', 0]`: the key or the number of the item that each open collection is at. */
function pathTo(frames: readonly Frame[]): Path {
  const path: (string | number)[] = [];
  for (const { key, list, merging } of frames) {
    const step = key ?? list?.length ?? (merging ? '<<' : undefined);
    if (step !== undefined) path.push(step);
  }
  return path;
}

function keep(state: Construction, event: MappingEvent | SequenceEvent | ScalarEvent, node: Node): void {
  if (event.anchorStart >= 0) state.anchors.set(state.source.slice(event.anchorStart, event.anchorEnd), node);
}

/** Hands a complete node to the collection that is open. */
function put(state: Construction, node: Node, offset: number): YamlFault | undefined {
  if (--state.budget.values < 0) return fault('limit', 'too-many-values', offset);
  const frame = state.frames.at(-1);
  if (frame === undefined) {
    state.root = node.value;
    return undefined;
  }
  frame.node.size += node.size;
  if (node.height >= frame.node.height) frame.node.height = node.height + 1;
  if (frame.list !== undefined) {
    frame.list.push(node.value);
  } else if (frame.map !== undefined && frame.merging) {
    frame.merging = false;
    return mergeAll(state, frame, frame.map, node.value, offset);
  } else if (frame.map !== undefined && frame.key === undefined) {
    // Only an alias comes here: it may stand for a key.
    if (typeof node.value === 'object') return fault('not-yaml', 'key-not-scalar', offset);
    frame.key = String(node.value);
  } else if (frame.map !== undefined && frame.key !== undefined) {
    const key = frame.key;
    frame.key = undefined;
    if (Object.hasOwn(frame.map, key) && !frame.merged?.delete(key)) {
      note(state, 'duplicate-key', [...pathTo(state.frames.slice(0, -1)), key]);
    }
    setKey(frame.map, key, node.value);
  }
  return undefined;
}

/**
 * `<<: *common` or `<<: [*common, *more]`. go-yaml v2 writes merged keys over those that stand before the `<<`, against the YAML
 * specification, and lets the first of a list win; what kubectl sends is what the cluster gets, so the same happens here.
 */
function mergeAll(state: Construction, frame: Frame, map: Record<string, unknown>, value: unknown, offset: number): YamlFault | undefined {
  const sources = Array.isArray(value) ? value.toReversed() : [value];
  for (const source of sources) {
    if (typeof source !== 'object' || source === null || Array.isArray(source)) {
      return fault('not-yaml', 'merge-of-no-mapping', offset);
    }
    for (const key of Object.keys(source)) {
      state.budget.aliased--;
      if (!Object.hasOwn(map, key)) {
        frame.merged ??= new Set();
        frame.merged.add(key);
      }
      setKey(map, key, source[key]);
    }
  }
  return state.budget.aliased < 0 ? fault('alias-bomb', 'aliases-too-large', offset) : undefined;
}

/** `__proto__` is a key like any other here: written with `=` it would replace the object's prototype. */
function setKey(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  else map[key] = value;
}

function fault(code: YamlFault['code'], reason: YamlReason, offset: number, found?: string): YamlFault {
  return { code, reason, offset: Math.max(0, offset), ...(found !== undefined && { found }) };
}
