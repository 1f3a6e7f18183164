// From one ruleset to another in one transaction, the smallest that does it: elements where only members changed, a chain's rules where rules
// changed, a whole set only where its shape did. Counters that stay keep their numbers, and sets that packets fill keep what they hold.
import {
  type Chain,
  type Counter,
  type Element,
  elementKey,
  type MapEntry,
  type NftMap,
  type NftSet,
  type NftVerdict,
  type Rule,
  type Ruleset,
} from './ruleset.ts';

export type Change =
  | { readonly kind: 'add-counter'; readonly counter: Counter }
  | { readonly kind: 'add-chain'; readonly chain: Chain }
  | { readonly kind: 'add-set'; readonly set: NftSet }
  | { readonly kind: 'add-map'; readonly map: NftMap }
  | { readonly kind: 'add-elements'; readonly set: NftSet; readonly elements: readonly Element[] }
  | { readonly kind: 'delete-elements'; readonly set: NftSet; readonly elements: readonly Element[] }
  | { readonly kind: 'add-entries'; readonly map: NftMap; readonly entries: readonly MapEntry[] }
  | { readonly kind: 'delete-entries'; readonly map: NftMap; readonly entries: readonly MapEntry[] }
  | { readonly kind: 'add-rules'; readonly chain: string; readonly rules: readonly Rule[] }
  | { readonly kind: 'flush-chain'; readonly chain: string }
  | { readonly kind: 'delete'; readonly what: 'chain' | 'set' | 'map' | 'counter'; readonly name: string };

/** A table without anything: `delta(nothing(table), ruleset)` is everything, in an order in which it can be built. */
export function nothing({ table, comment }: Pick<Ruleset, 'table' | 'comment'>): Ruleset {
  return { table, comment, counters: [], sets: [], maps: [], chains: [], legend: new Map() };
}

/**
 * `delta(before, after)` for two rulesets of one table, in the order in which it must run: what is pointed to is there before the pointer
 * and goes after it. [] when nothing changed; a pod that joins shop/cart → `[{ kind: 'add-elements', … }, { kind: 'add-entries', … }]`.
 * Comments are not compared: they say what names say already.
 */
export function delta(before: Ruleset, after: Ruleset): Change[] {
  if (before.table !== after.table)
    throw new Error(`${before.table} and ${after.table} are two tables: load the new one, then delete the other`);
  const counters = compare(before.counters, after.counters, () => true);
  const sets = compare(before.sets, after.sets, (a, b) => sameShape(a, b) && a.recorded?.size === b.recorded?.size);
  const maps = compare(before.maps, after.maps, (a, b) => sameShape(a, b) && a.to === b.to);
  const chains = compare(before.chains, after.chains, (a, b) => a.hook === b.hook);

  const elements = sets.kept.map(([old, set]) => ({ set, ...difference(old.elements, set.elements, elementKey) }));
  const entries = maps.kept.map(([old, map]) => ({ map, ...difference(old.entries, map.entries, entryKey) }));
  // What is deleted must not be asked any more, so chains that asked it are emptied first and filled again.
  const goes = new Set([...sets.removed, ...maps.removed].map(({ name }) => name));
  const rewritten = chains.kept.filter(
    ([old, now]) => rulesKey(old.rules) !== rulesKey(now.rules) || old.rules.some((rule) => asks(rule, goes)),
  );

  return [
    ...counters.added.map((counter): Change => ({ kind: 'add-counter', counter })),
    ...[...rewritten.map(([old]) => old), ...chains.removed].map(({ name }): Change => ({ kind: 'flush-chain', chain: name })),
    ...entries.flatMap(({ map, removed }): Change[] => (removed.length > 0 ? [{ kind: 'delete-entries', map, entries: removed }] : [])),
    ...elements.flatMap(({ set, removed }): Change[] => (removed.length > 0 ? [{ kind: 'delete-elements', set, elements: removed }] : [])),
    ...maps.removed.map(({ name }): Change => ({ kind: 'delete', what: 'map', name })),
    ...sets.removed.map(({ name }): Change => ({ kind: 'delete', what: 'set', name })),
    ...chains.removed.map(({ name }): Change => ({ kind: 'delete', what: 'chain', name })),
    ...counters.removed.map(({ name }): Change => ({ kind: 'delete', what: 'counter', name })),
    ...chains.added.map((chain): Change => ({ kind: 'add-chain', chain })),
    ...sets.added.flatMap((set): Change[] => [{ kind: 'add-set', set }, ...filling(set)]),
    ...elements.flatMap(({ set, added }): Change[] => (added.length > 0 ? [{ kind: 'add-elements', set, elements: added }] : [])),
    ...maps.added.flatMap((map): Change[] => [{ kind: 'add-map', map }, ...fillingMap(map)]),
    ...entries.flatMap(({ map, added }): Change[] => (added.length > 0 ? [{ kind: 'add-entries', map, entries: added }] : [])),
    ...[...rewritten.map(([, now]) => now), ...chains.added].flatMap(({ name, rules }): Change[] =>
      rules.length > 0 ? [{ kind: 'add-rules', chain: name, rules }] : [],
    ),
  ];
}

function filling(set: NftSet): Change[] {
  return set.elements.length > 0 ? [{ kind: 'add-elements', set, elements: set.elements }] : [];
}

function fillingMap(map: NftMap): Change[] {
  return map.entries.length > 0 ? [{ kind: 'add-entries', map, entries: map.entries }] : [];
}

interface Comparison<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  /** In both, with the old and the new one. */
  readonly kept: readonly (readonly [T, T])[];
}

/** By name. Two of one name that are not alike are one removed and one added. */
function compare<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
  alike: (a: T, b: T) => boolean,
): Comparison<T> {
  const old = new Map(before.map((thing) => [thing.name, thing]));
  const now = new Map(after.map((thing) => [thing.name, thing]));
  const stays = (a: T | undefined, b: T | undefined) => a !== undefined && b !== undefined && alike(a, b);
  return {
    added: after.filter((thing) => !stays(old.get(thing.name), thing)),
    removed: before.filter((thing) => !stays(thing, now.get(thing.name))),
    kept: after.flatMap((thing) => {
      const was = old.get(thing.name);
      return was !== undefined && alike(was, thing) ? [[was, thing] as const] : [];
    }),
  };
}

function difference<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): { readonly added: readonly T[]; readonly removed: readonly T[] } {
  if (before === after) return { added: [], removed: [] };
  const old = new Set(before.map(keyOf));
  const now = new Set(after.map(keyOf));
  return { added: after.filter((item) => !old.has(keyOf(item))), removed: before.filter((item) => !now.has(keyOf(item))) };
}

function sameShape(a: NftSet | NftMap, b: NftSet | NftMap): boolean {
  return a.interval === b.interval && a.fields.join() === b.fields.join();
}

function entryKey({ key, value }: MapEntry): string {
  return `${elementKey(key)}:${typeof value === 'object' ? verdictKey(value) : value}`;
}

function verdictKey(verdict: NftVerdict): string {
  return 'chain' in verdict ? `${verdict.kind} ${verdict.chain}` : verdict.kind;
}

function rulesKey(rules: readonly Rule[]): string {
  return JSON.stringify(rules);
}

function asks(rule: Rule, names: ReadonlySet<string>): boolean {
  return rule.some((part) => ('set' in part && names.has(part.set)) || ('map' in part && names.has(part.map)));
}
