// Sets of classes: a sorted list always, and a bitset beside it where the set is large enough to pay for one.

export interface ClassSet {
  /** Ascending, no doubles. */
  readonly members: Uint32Array;
  /** One bit per class; undefined for a small set, where looking through the list is as fast. */
  readonly words: Uint32Array | undefined;
}

export const NO_CLASSES: ClassSet = { members: new Uint32Array(0), words: undefined };

/** Lists up to this length are searched one by one. */
const SHORT = 8;

/** `members` in any order, doubles allowed. `universe`: how many classes there are. */
export function classSet(members: Iterable<number>, universe: number): ClassSet {
  const sorted = Uint32Array.from(members).sort();
  let count = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[count++] = sorted[i] as number;
  if (count === 0) return NO_CLASSES;
  const distinct = count === sorted.length ? sorted : sorted.slice(0, count);
  // A bitset costs a bit for every class there is: worth it from one member in 64, where it is twice as large as the list.
  return { members: distinct, words: count > SHORT && count * 64 >= universe ? bitsOf(distinct, universe) : undefined };
}

function bitsOf(members: Uint32Array, universe: number): Uint32Array {
  const words = new Uint32Array((universe + 31) >>> 5);
  for (const member of members) words[member >>> 5] = (words[member >>> 5] as number) | (1 << (member & 31));
  return words;
}

export function hasClass({ members, words }: ClassSet, wanted: number): boolean {
  if (words !== undefined) return ((words[wanted >>> 5] as number) & (1 << (wanted & 31))) !== 0;
  const { length } = members;
  if (length <= SHORT) {
    for (let i = 0; i < length; i++) if (members[i] === wanted) return true;
    return false;
  }
  let low = 0;
  let high = length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const member = members[middle] as number;
    if (member === wanted) return true;
    if (member < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
