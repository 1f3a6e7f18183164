// Small whole numbers for things that are equal: what the fast evaluator computes with instead of texts and objects.

/** Numbers pairs of numbers 0, 1, 2… in order of first sight. Both must be below 2^26, so that a pair fits one exact number. */
export interface PairNumbering {
  /** The number of the pair, a new one when it was not seen before. */
  readonly of: (a: number, b: number) => number;
  /** The number of the pair, or undefined when it was not seen before. */
  readonly find: (a: number, b: number) => number | undefined;
  /** How many numbers were given. */
  readonly count: () => number;
}

const BASE = 2 ** 26;

/** `first`: the number that the first pair gets. Lists are numbered by chaining: of(of(of(0, a), b), c) with first = 1. */
export function numberPairs(first = 0): PairNumbering {
  const known = new Map<number, number>();
  return {
    of(a, b) {
      const key = a * BASE + b;
      let number = known.get(key);
      if (number === undefined) {
        number = first + known.size;
        known.set(key, number);
      }
      return number;
    },
    find: (a, b) => known.get(a * BASE + b),
    count: () => known.size,
  };
}

/** Numbers texts 0, 1, 2… in order of first sight; `add` says what to keep for a new one. */
export interface Interning<T> {
  readonly of: (key: string, make: (number: number) => T) => T;
  readonly all: readonly T[];
}

export function interning<T>(): Interning<T> {
  const byKey = new Map<string, T>();
  const all: T[] = [];
  return {
    all,
    of(key, make) {
      const known = byKey.get(key);
      if (known !== undefined) return known;
      const made = make(all.length);
      byKey.set(key, made);
      all.push(made);
      return made;
    },
  };
}

/**
 * Splits the parts of a partition so that no part is half inside `members`. `parts[x]` is the part of x; members must be distinct.
 * `next` is the first unused part number; the new first unused one comes back. Cost: the number of members.
 */
export function split(parts: Uint32Array, members: ArrayLike<number>, next: number): number {
  const moved = new Map<number, number>();
  for (let i = 0; i < members.length; i++) {
    const member = members[i] as number;
    const part = parts[member] as number;
    let to = moved.get(part);
    if (to === undefined) {
      to = next++;
      moved.set(part, to);
    }
    parts[member] = to;
  }
  return next;
}

/** Renumbers parts 0, 1, 2… in order of first sight, in place; how many there are. */
export function renumber(parts: Uint32Array): number {
  const numbers = new Map<number, number>();
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as number;
    let number = numbers.get(part);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(part, number);
    }
    parts[i] = number;
  }
  return numbers.size;
}
