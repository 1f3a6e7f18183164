// A map that shares all but a few entries with another one: what a world of a hundred thousand pods copies for one of them.

/** What an overlay is made of. Never two layers deep, so that reading costs two lookups at most. */
interface Layers<K, V> {
  readonly below: ReadonlyMap<K, V>;
  readonly own: ReadonlyMap<K, V>;
  /** How many keys of `own` are not in `below`. */
  readonly added: number;
}

/** More own entries than this, and the next change makes one plain map of everything. */
const MOST_OWN = 200;

// biome-ignore lint/suspicious/noExplicitAny: the layers of maps of all types; a map is only ever found under itself
const layersOf = new WeakMap<ReadonlyMap<any, any>, Layers<any, any>>();

/** `base` with these entries set; new keys come last. `base` is not changed, and `[]` gives it back. */
export function withEntries<K, V>(base: ReadonlyMap<K, V>, entries: readonly (readonly [K, V])[]): ReadonlyMap<K, V> {
  if (entries.length === 0) return base;
  const known: Layers<K, V> = layersOf.get(base) ?? { below: base, own: new Map(), added: 0 };
  if (known.own.size + entries.length > MOST_OWN) return new Map([...base, ...entries]);
  const own = new Map([...known.own, ...entries]);
  let added = 0;
  for (const key of own.keys()) if (!known.below.has(key)) added++;
  return overlaid({ below: known.below, own, added });
}

function overlaid<K, V>(layers: Layers<K, V>): ReadonlyMap<K, V> {
  const { below, own, added } = layers;
  function* entries(): MapIterator<[K, V]> {
    for (const [key, value] of below) yield [key, own.has(key) ? (own.get(key) as V) : value];
    if (added > 0) for (const entry of own) if (!below.has(entry[0])) yield entry;
  }
  function* part<T>(of: (entry: [K, V]) => T): MapIterator<T> {
    for (const entry of entries()) yield of(entry);
  }
  const map: ReadonlyMap<K, V> = {
    get: (key) => (own.has(key) ? own.get(key) : below.get(key)),
    has: (key) => own.has(key) || below.has(key),
    size: below.size + added,
    entries,
    keys: () => part(([key]) => key),
    values: () => part(([, value]) => value),
    forEach(callback, self) {
      for (const [key, value] of entries()) callback.call(self, value, key, map);
    },
    [Symbol.iterator]: entries,
  };
  layersOf.set(map, layers);
  return map;
}
