// Finding a path in JSON text without parsing it: strings and whole values are stepped over.
import type { Path } from '../model/origin.ts';
import { scalarEnd, stringEnd } from './json-tokens.ts';

const QUOTE = 34;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_MAP = 123;
const CLOSE_MAP = 125;

/** Where something is written: a key or an item to show, and the value to go on from. */
export interface JsonNode {
  readonly offset: number;
  readonly value: number;
}

/**
 * The node at `path` inside the value that begins at `start`: of an entry its key, of a list item the item. Of two equal keys the last.
 * For a path that does not exist the deepest part of it that does; `depth` says how many of its steps. For sound JSON only.
 */
export function findInJson(text: string, start: number, path: Path): { readonly node: JsonNode; readonly depth: number } {
  const value = afterSpace(text, start);
  let node: JsonNode = { offset: value, value };
  let depth = 0;
  for (const step of path) {
    const next = child(text, node.value, step);
    if (next === undefined) break;
    node = next;
    depth++;
  }
  return { node, depth };
}

/**
 * The offsets of the items of the list under `key` in the object that begins at `start`, to look up many of them; [] where there is no
 * such list. Of two equal keys the last. Goes through the text once.
 */
export function itemOffsets(text: string, start: number, key: string): readonly number[] {
  let found: number[] = [];
  const value = afterSpace(text, start);
  if (text.charCodeAt(value) !== OPEN_MAP) return found;
  let at = afterSpace(text, value + 1);
  while (at < text.length && text.charCodeAt(at) === QUOTE) {
    const end = stringEnd(text, at + 1, false);
    if (end < 0) return found;
    const here = afterSpace(text, afterSpace(text, end + 1) + 1);
    if (!isKey(text, at, end, key)) {
      at = afterComma(text, valueEnd(text, here));
      continue;
    }
    found = [];
    if (text.charCodeAt(here) !== OPEN_LIST) {
      at = afterComma(text, valueEnd(text, here));
      continue;
    }
    at = afterSpace(text, here + 1);
    while (at < text.length && text.charCodeAt(at) !== CLOSE_LIST) {
      found.push(at);
      at = afterComma(text, valueEnd(text, at));
    }
    at = afterComma(text, at + 1);
  }
  return found;
}

function child(text: string, value: number, step: string | number): JsonNode | undefined {
  const open = text.charCodeAt(value);
  let at = afterSpace(text, value + 1);
  if (open === OPEN_LIST && typeof step === 'number') {
    for (let i = 0; at < text.length && text.charCodeAt(at) !== CLOSE_LIST; i++) {
      if (i === step) return { offset: at, value: at };
      at = afterComma(text, valueEnd(text, at));
    }
    return undefined;
  }
  if (open !== OPEN_MAP) return undefined;
  let found: JsonNode | undefined;
  while (at < text.length && text.charCodeAt(at) === QUOTE) {
    const end = stringEnd(text, at + 1, false);
    if (end < 0) return found;
    const colon = afterSpace(text, end + 1);
    const here = afterSpace(text, colon + 1);
    if (isKey(text, at, end, String(step))) found = { offset: at, value: here };
    at = afterComma(text, valueEnd(text, here));
  }
  return found;
}

function isKey(text: string, quote: number, end: number, key: string): boolean {
  const raw = text.slice(quote + 1, end);
  return raw === key || (raw.includes('\\') && JSON.parse(text.slice(quote, end + 1)) === key);
}

/** The offset after the value that begins at `start`; one that is not below `limit` where the value goes on behind that. */
export function valueEnd(text: string, start: number, limit = text.length): number {
  let depth = 0;
  const last = Math.min(limit, text.length);
  for (let at = start; at < last; ) {
    const c = text.charCodeAt(at);
    if (c === QUOTE) {
      const end = stringEnd(text, at + 1, false);
      if (end < 0) return text.length;
      at = end + 1;
    } else if (c === OPEN_MAP || c === OPEN_LIST) {
      depth++;
      at++;
    } else if (c === CLOSE_MAP || c === CLOSE_LIST) {
      depth--;
      at++;
    } else if (depth === 0) {
      return scalarEnd(text, at);
    } else {
      at++;
      continue;
    }
    if (depth === 0) return at;
  }
  return text.length;
}

function afterComma(text: string, from: number): number {
  const at = afterSpace(text, from);
  return text.charCodeAt(at) === COMMA ? afterSpace(text, at + 1) : at;
}

function afterSpace(text: string, from: number): number {
  let at = from;
  let c = text.charCodeAt(at);
  while (c === 32 || c === 10 || c === 13 || c === 9) c = text.charCodeAt(++at);
  return at;
}
