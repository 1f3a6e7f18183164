// Two values of one object → the places where they differ, each as a path into the value that has it. Items of a list are paired by what
// they say, so that a rule that is put in front does not make all others look changed.

import type { Path } from '../model/origin.ts';
import { isObject } from '../objects/read.ts';

/** In both: the value there became another one. In `after` alone: it came. In `before` alone: it went. */
export interface ValueChange {
  readonly before: Path | undefined;
  readonly after: Path | undefined;
}

/**
 * `{ port: 80 }` and `{ port: 81 }` → `[{ before: ['port'], after: ['port'] }]`; [] for equal values. The deepest places: of a list of
 * which one item is new only the item is named. Never throws.
 */
export function valueChanges(before: unknown, after: unknown): readonly ValueChange[] {
  const found: ValueChange[] = [];
  compare(before, after, [], [], found);
  return found;
}

function compare(before: unknown, after: unknown, pathBefore: Path, pathAfter: Path, found: ValueChange[]): void {
  if (isEqual(before, after)) return;
  if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const [was, is] = [Object.hasOwn(before, key), Object.hasOwn(after, key)];
      if (was && is) compare(before[key], after[key], [...pathBefore, key], [...pathAfter, key], found);
      else found.push({ before: was ? [...pathBefore, key] : undefined, after: is ? [...pathAfter, key] : undefined });
    }
  } else if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, pathBefore, pathAfter, found);
  else found.push({ before: pathBefore, after: pathAfter });
}

/** Longer lists are compared place by place: pairing them would cost the product of their lengths. */
const LONGEST_PAIRED = 400;

function compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  pathBefore: Path,
  pathAfter: Path,
  found: ValueChange[],
): void {
  let [i, j] = [0, 0];
  const isShort = before.length <= LONGEST_PAIRED && after.length <= LONGEST_PAIRED;
  for (const [nextI, nextJ] of [...(isShort ? commonItems(before, after) : []), [before.length, after.length] as const]) {
    // Between two items that are the same in both: what stands there on both sides is the same item, changed.
    while (i < nextI && j < nextJ) {
      compare(before[i], after[j], [...pathBefore, i], [...pathAfter, j], found);
      i++;
      j++;
    }
    for (; i < nextI; i++) found.push({ before: [...pathBefore, i], after: undefined });
    for (; j < nextJ; j++) found.push({ before: undefined, after: [...pathAfter, j] });
    i++;
    j++;
  }
}

/** The longest common subsequence, as pairs of places. */
function commonItems(before: readonly unknown[], after: readonly unknown[]): readonly (readonly [number, number])[] {
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] as number;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] = isEqual(before[i], after[j]) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < before.length && j < after.length; ) {
    if (isEqual(before[i], after[j])) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  if (!isObject(a) || !isObject(b) || Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}
