// Small numbers for classes and port groups, the same ones again when the ruleset is compiled anew: a pod that comes must not
// renumber everybody else, or the delta would be the whole table.

/** Signature → number, for every kind of class: `in subject shop/cart-ingress` → 3. Part of a scaling ruleset, given back to the next compile. */
export type Ids = ReadonlyMap<string, number>;

export interface Numbering {
  /** The number of `signature` among its `kind`; a new one gets the next. Numbers begin at 2: 0 is "no class", 1 is "every port". */
  readonly idOf: (kind: string, signature: string) => number;
  /** A number that is not given out but decided once: the one from before, else `value`. */
  readonly keep: (kind: string, signature: string, value: number) => number;
  /** What was asked for, old and new. Signatures that nobody asked for are forgotten. */
  readonly taken: () => Ids;
}

export const EVERY_PORT = 1;

export function numbering(before: Ids = new Map()): Numbering {
  const taken = new Map<string, number>();
  const next = new Map<string, number>();
  for (const [key, id] of before) {
    const kind = kindOf(key);
    next.set(kind, Math.max(next.get(kind) ?? 2, id + 1));
  }
  return {
    idOf: (kind, signature) => {
      const key = `${kind} ${signature}`;
      const known = taken.get(key) ?? before.get(key);
      const id = known ?? next.get(kind) ?? 2;
      if (known === undefined) next.set(kind, id + 1);
      taken.set(key, id);
      return id;
    },
    keep: (kind, signature, value) => {
      const key = `${kind} ${signature}`;
      const kept = taken.get(key) ?? before.get(key) ?? value;
      taken.set(key, kept);
      return kept;
    },
    taken: () => taken,
  };
}

/** Kinds are single words: `in-subject`. */
function kindOf(key: string): string {
  return key.slice(0, key.indexOf(' '));
}
