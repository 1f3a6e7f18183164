// What a finding knows: plain values, so that every report, test and page can say them its own way. The words are in src/words/en/lint.

/** The first names of a list, and how many there are: `{ names: ['shop/cart', 'shop/web'], count: 2 }`. Bounded however long the list is. */
export interface Names {
  readonly names: readonly string[];
  readonly count: number;
}

/** `{ policy: 'shop/cart', port: 8080, pods: { names: ['shop/cart[Deployment]'], count: 1 } }`. */
export type Facts = Readonly<Record<string, string | number | Names>>;

/** Each name once: `firstNames(['a', 'b', 'b'])` → `{ names: ['a', 'b'], count: 2 }`; `{ names: [], count: 0 }` for none. */
export function firstNames(list: readonly string[], most = 3): Names {
  const distinct = [...new Set(list)];
  return { names: distinct.slice(0, most), count: distinct.length };
}
