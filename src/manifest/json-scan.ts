// One pass over JSON text without building values: where a value ends, keys that are written twice, how deep and how much. JSON.parse
// then builds the value; this says what JSON.parse does not say, or says too late, and where.
import type { Path } from '../model/origin.ts';
import { charAfterSpace, faultAt, isWordStart, type JsonFault, scalarEnd, strictScalarEnd, stringEnd, stringFault } from './json-tokens.ts';

export interface JsonScan {
  /** The offset after the value, or of the character that cannot stand there. */
  readonly end: number;
  readonly fault: JsonFault | undefined;
  readonly values: number;
  /** `[['metadata', 'labels', 'app']]`: JSON.parse lets the last one win without a word. */
  readonly duplicates: readonly Path[];
}

export interface JsonLimits {
  readonly depth: number;
  readonly values: number;
  readonly duplicates: number;
  /**
   * Look at every character, as JSON.parse does; slower, to find the place of an error. Without it a scan of sound JSON says the same;
   * of other text it may say anything.
   */
  readonly strict: boolean;
  /** Where the next backslash is, -1 when not looked for yet. Shared by the scans of one text: looking for it may go to the text's end. */
  readonly escapes: { next: number };
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_MAP = 123;
const CLOSE_MAP = 125;

/** Up to this many keys are compared one with another; a bigger object gets a Set. */
const FEW_KEYS = 24;

/** The collections that are open, outermost first, by depth from 1. No closures in the scan: each captured variable would cost a third. */
interface Open {
  /** A map's current key: where it is written. -1 for a list. */
  readonly keyFrom: Int32Array;
  readonly keyTo: Int32Array;
  /** For a map: where its keys begin on the stack of keys. For a list: the number of the current item. */
  readonly first: Int32Array;
}

/** Keys by a rough hash and by where they are written. */
interface Seen {
  readonly hashes: Int32Array<ArrayBuffer>;
  readonly starts: Int32Array<ArrayBuffer>;
  readonly ends: Int32Array<ArrayBuffer>;
}

// Written over by each scan, and never read before they are written: a stream of a million small values must not allocate for each.
let open = openTo(512);
let seen: Seen = { hashes: new Int32Array(256), starts: new Int32Array(256), ends: new Int32Array(256) };

function openTo(depth: number): Open {
  return { keyFrom: new Int32Array(depth + 1), keyTo: new Int32Array(depth + 1), first: new Int32Array(depth + 1) };
}

const EXPECTS_VALUE = 0;
const EXPECTS_KEY = 1;
const AFTER_VALUE = 2;

/** Scans the JSON value that begins at `start`, white space before it allowed. Never throws; does not recurse. */
export function scanJson(text: string, start: number, limits: JsonLimits): JsonScan {
  const { length } = text;
  const { strict } = limits;
  const maxDepth = limits.depth;
  const maxValues = limits.values;
  const duplicates: Path[] = [];
  if (open.first.length <= maxDepth) open = openTo(maxDepth);
  const { keyFrom, keyTo, first } = open;
  const manyKeys: (Set<string> | undefined)[] = [];
  // The keys of all open maps, as a stack.
  let { hashes, starts, ends } = seen;
  let keys = 0;
  let values = 0;
  let depth = 0;
  let isList = false;
  let expects = EXPECTS_VALUE;
  let at = start;
  // Keys before the next backslash are what they look like.
  const { escapes } = limits;
  let nextEscape = escapes.next;
  let fault: JsonFault | undefined;

  for (;;) {
    let c = text.charCodeAt(at);
    if (expects === EXPECTS_KEY && !strict) {
      // Whatever stands before the next quote must be white space, or JSON.parse will say so. A third of the time for indented JSON.
      at = text.indexOf('"', at);
      if (at < 0) at = length;
      c = text.charCodeAt(at);
    } else {
      while (c === 32 || c === 10 || c === 13 || c === 9) c = text.charCodeAt(++at);
    }

    if (expects === AFTER_VALUE) {
      if (depth === 0) break;
      if (c === COMMA) {
        if (strict && charAfterSpace(text, at + 1) === (isList ? CLOSE_LIST : CLOSE_MAP)) {
          fault = 'trailing-comma';
          break;
        }
        at++;
        if (isList) first[depth] = (first[depth] as number) + 1;
        expects = isList ? EXPECTS_VALUE : EXPECTS_KEY;
      } else if (c === (isList ? CLOSE_LIST : CLOSE_MAP)) {
        at++;
        if (!isList) {
          keys = first[depth] as number;
          if (depth < manyKeys.length) manyKeys.length = depth;
        }
        depth--;
        isList = depth > 0 && (keyFrom[depth] as number) < 0;
      } else {
        fault = faultAt(text, at);
        break;
      }
    } else if (expects === EXPECTS_KEY) {
      if (c !== QUOTE) {
        fault = isWordStart(c) ? 'unquoted-key' : faultAt(text, at);
        break;
      }
      const from = at + 1;
      const to = stringEnd(text, from, strict);
      if (to < 0) {
        at = -1 - to;
        fault = stringFault(text, at);
        break;
      }
      if (nextEscape < from) {
        nextEscape = text.indexOf('\\', from);
        if (nextEscape < 0) nextEscape = length;
        escapes.next = nextEscape;
      }
      const hash = nextEscape < to ? roughHashOf(keyText(text, from, to)) : roughHash(text, from, to);
      keyFrom[depth] = from;
      keyTo[depth] = to;
      const base = first[depth] as number;
      let isTwice = false;
      if (keys - base < FEW_KEYS) {
        for (let k = base; k < keys; k++) {
          if (hashes[k] === hash && keyText(text, starts[k] as number, ends[k] as number) === keyText(text, from, to)) isTwice = true;
        }
        if (!isTwice) {
          if (keys === hashes.length) {
            seen = { hashes: grown(hashes), starts: grown(starts), ends: grown(ends) };
            ({ hashes, starts, ends } = seen);
          }
          hashes[keys] = hash;
          starts[keys] = from;
          ends[keys++] = to;
        }
      } else {
        let many = manyKeys[depth];
        if (many === undefined) {
          many = new Set();
          for (let k = base; k < keys; k++) many.add(keyText(text, starts[k] as number, ends[k] as number));
          manyKeys[depth] = many;
        }
        const key = keyText(text, from, to);
        isTwice = many.has(key);
        many.add(key);
      }
      if (isTwice && duplicates.length < limits.duplicates) duplicates.push(pathOf(text, open, depth));
      at = to + 1;
      c = text.charCodeAt(at);
      while (c === 32 || c === 10 || c === 13 || c === 9) c = text.charCodeAt(++at);
      if (c !== COLON) {
        fault = faultAt(text, at);
        break;
      }
      at++;
      expects = EXPECTS_VALUE;
    } else {
      if (++values > maxValues) {
        fault = 'too-many-values';
        break;
      }
      expects = AFTER_VALUE;
      if (c === QUOTE) {
        const to = stringEnd(text, at + 1, strict);
        if (to < 0) {
          at = -1 - to;
          fault = stringFault(text, at);
          break;
        }
        at = to + 1;
      } else if (c === OPEN_MAP || c === OPEN_LIST) {
        if (depth === maxDepth) {
          fault = 'too-deep';
          break;
        }
        depth++;
        at++;
        isList = c === OPEN_LIST;
        keyFrom[depth] = isList ? -1 : 0;
        first[depth] = isList ? 0 : keys;
        c = text.charCodeAt(at);
        while (c === 32 || c === 10 || c === 13 || c === 9) c = text.charCodeAt(++at);
        if (c !== (isList ? CLOSE_LIST : CLOSE_MAP)) expects = isList ? EXPECTS_VALUE : EXPECTS_KEY;
      } else {
        const to = strict ? strictScalarEnd(text, at) : scalarEnd(text, at);
        if (to <= at) {
          fault = faultAt(text, at);
          break;
        }
        at = to;
      }
    }
  }
  return { end: Math.min(at, length), fault, values, duplicates };
}

function pathOf(text: string, open: Open, depth: number): Path {
  const path: (string | number)[] = [];
  for (let d = 1; d <= depth; d++) {
    const from = open.keyFrom[d] as number;
    path.push(from < 0 ? (open.first[d] as number) : keyText(text, from, open.keyTo[d] as number));
  }
  return path;
}

function keyText(text: string, from: number, to: number): string {
  const raw = text.slice(from, to);
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

/** Different for most keys that stand in one object; keys that it makes equal are then compared. */
function roughHash(text: string, from: number, to: number): number {
  const last = text.charCodeAt(to - 1);
  const length = to - from;
  return (length << 24) ^ (text.charCodeAt(from) << 16) ^ (text.charCodeAt(from + (length >> 1)) << 8) ^ last;
}

function roughHashOf(key: string): number {
  return roughHash(key, 0, key.length);
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(array.length * 2);
  bigger.set(array);
  return bigger;
}
