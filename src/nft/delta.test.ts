import { describe, expect, it } from 'vitest';
import { type Change, delta, nothing } from './delta.ts';
import { printChanges } from './print.ts';
import { type Chain, elementKey, type MapEntry, type NftMap, type NftSet, type Ruleset } from './ruleset.ts';
import { stages } from './stages.ts';

const set = (name: string, ...values: readonly number[]): NftSet => ({
  name,
  fields: ['ip saddr'],
  interval: false,
  elements: values.map((value) => [value]),
});
const jump = (chain: string) => ({ kind: 'jump', chain }) as const;
const map = (name: string, entries: readonly MapEntry[]): NftMap => ({
  name,
  fields: ['ip daddr'],
  interval: false,
  to: 'verdict',
  entries,
});
const asking = (name: string, ...sets: readonly string[]): Chain => ({
  name,
  rules: sets.map((one) => [{ kind: 'in-set', fields: ['ip saddr'], set: one }, { kind: 'accept' }]),
});
const base: Chain = { name: 'base', hook: 'input', rules: [[{ kind: 'vmap', fields: ['ip daddr'], map: 'in4' }]] };

function table(parts: Partial<Ruleset>): Ruleset {
  return { ...nothing({ table: 'netverdict', comment: '' }), chains: [base], maps: [map('in4', [])], ...parts };
}

/** What the kernel would have after the changes, as one text; refuses what it would refuse. */
function applied(before: Ruleset, changes: readonly Change[]): Map<string, unknown> {
  const sets = new Map(
    before.sets.map(({ name, elements, interval }) => [name, { interval, elements: new Set(elements.map(elementKey)) }]),
  );
  const maps = new Map(before.maps.map(({ name, entries }) => [name, new Map(entries.map(({ key, value }) => [elementKey(key), value]))]));
  const chains = new Map(before.chains.map(({ name, rules }) => [name, [...rules]]));
  const counters = new Set(before.counters.map(({ name }) => name));
  const must = <T>(thing: T | undefined, name: string): T => {
    if (thing === undefined) throw new Error(`there is no ${name}`);
    return thing;
  };
  const usersOf = (name: string) =>
    [...chains.values()].flat().filter((rule) => rule.some((part) => Object.values(part).includes(name))).length +
    [...maps.values()]
      .flatMap((entries) => [...entries.values()])
      .filter((value) => typeof value === 'object' && 'chain' in value && value.chain === name).length;
  for (const change of changes) {
    switch (change.kind) {
      case 'add-counter':
        counters.add(change.counter.name);
        break;
      case 'add-chain':
        chains.set(change.chain.name, []);
        break;
      case 'add-set':
        sets.set(change.set.name, { interval: change.set.interval, elements: new Set() });
        break;
      case 'add-map':
        maps.set(change.map.name, new Map());
        break;
      case 'add-elements':
        for (const element of change.elements) must(sets.get(change.set.name), change.set.name).elements.add(elementKey(element));
        break;
      case 'delete-elements':
        for (const element of change.elements)
          if (!must(sets.get(change.set.name), change.set.name).elements.delete(elementKey(element))) throw new Error('no such element');
        break;
      case 'add-entries':
        for (const { key, value } of change.entries) {
          if (typeof value === 'object' && 'chain' in value) must(chains.get(value.chain), value.chain);
          must(maps.get(change.map.name), change.map.name).set(elementKey(key), value);
        }
        break;
      case 'delete-entries':
        for (const { key } of change.entries)
          if (!must(maps.get(change.map.name), change.map.name).delete(elementKey(key))) throw new Error('no such entry');
        break;
      case 'add-rules':
        for (const rule of change.rules) {
          for (const part of rule) if ('set' in part) must(sets.get(part.set), part.set);
          must(chains.get(change.chain), change.chain).push(rule);
        }
        break;
      case 'flush-chain':
        must(chains.get(change.chain), change.chain).length = 0;
        break;
      case 'delete': {
        if (usersOf(change.name) > 0) throw new Error(`${change.name} is in use`);
        const things: Record<typeof change.what, { delete: (name: string) => boolean }> = {
          chain: chains,
          set: sets,
          map: maps,
          counter: counters,
        };
        if (!things[change.what].delete(change.name)) throw new Error(`there is no ${change.name}`);
      }
    }
  }
  const sorted = <T>(entries: Iterable<readonly [string, T]>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map<string, unknown>([
    ['counters', [...counters].sort()],
    ['sets', sorted(sets).map(([name, { interval, elements }]) => [name, interval, [...elements].sort()])],
    ['maps', sorted(maps).map(([name, entries]) => [name, sorted(entries)])],
    ['chains', sorted(chains)],
  ]);
}

const steps: readonly (readonly [string, Ruleset, Ruleset, readonly string[]])[] = [
  ['nothing, when nothing changed', table({ sets: [set('a', 1)] }), table({ sets: [set('a', 1)] }), []],
  ['one element, when a pod joins', table({ sets: [set('a', 1)] }), table({ sets: [set('a', 1, 2)] }), ['add-elements']],
  ['one element, when a pod leaves', table({ sets: [set('a', 1, 2)] }), table({ sets: [set('a', 2)] }), ['delete-elements']],
  [
    'an entry out and in, when a pod gets other policies',
    table({ maps: [map('in4', [{ key: [1], value: jump('x') }])], chains: [base, asking('x'), asking('y')] }),
    table({ maps: [map('in4', [{ key: [1], value: jump('y') }])], chains: [base, asking('x'), asking('y')] }),
    ['delete-entries', 'add-entries'],
  ],
  [
    "a chain's rules, when a rule of a policy goes",
    table({ sets: [set('a', 1), set('b', 2)], chains: [base, asking('x', 'a', 'b')] }),
    table({ sets: [set('a', 1)], chains: [base, asking('x', 'a')] }),
    ['flush-chain', 'delete', 'add-rules'],
  ],
  [
    'a whole set, with the rules that ask it, when its shape changes',
    table({ sets: [set('a', 1)], chains: [base, asking('x', 'a'), asking('y', 'a')] }),
    table({
      sets: [{ ...set('a'), interval: true, elements: [[{ from: 1, to: 9 }]] }],
      chains: [base, asking('x', 'a'), asking('y', 'a')],
    }),
    ['flush-chain', 'flush-chain', 'delete', 'add-set', 'add-elements', 'add-rules', 'add-rules'],
  ],
  [
    'chain, set, counter and entry in that order, when a policy comes',
    table({}),
    table({
      counters: [{ name: 'c' }],
      sets: [set('a', 1)],
      maps: [map('in4', [{ key: [1], value: jump('x') }])],
      chains: [base, asking('x', 'a')],
    }),
    ['add-counter', 'add-chain', 'add-set', 'add-elements', 'add-entries', 'add-rules'],
  ],
];

describe('from one ruleset to another', () => {
  it.each(steps)('%s', (_, before, now, kinds) => {
    const changes = delta(before, now);
    expect(changes.map(({ kind }) => kind)).toEqual(kinds);
    expect(applied(before, changes)).toEqual(applied(now, []));
  });

  it.each(steps)('and the way back: %s', (_, before, now) => {
    expect(applied(now, delta(now, before))).toEqual(applied(before, []));
  });

  it('keeps what packets have noted', () => {
    const denied: NftSet = { ...set('denied4'), recorded: { size: 10 } };
    const changes = delta(table({ sets: [denied] }), table({ sets: [denied, set('a', 1)] }));
    expect(printChanges('netverdict', changes)).toBe(
      'add set inet netverdict a {\n\ttypeof ip saddr;\n}\nadd element inet netverdict a { 0.0.0.1 }\n',
    );
  });

  it('is refused between two tables, because it could not be one step', () => {
    expect(() => delta(table({}), { ...table({}), table: 'other' })).toThrow('two tables');
  });
});

describe('a large ruleset in stages', () => {
  const large = table({
    sets: Array.from({ length: 40 }, (_, i) => set(`s${i}`, ...Array.from({ length: 700 }, (_, k) => k + 1))),
    chains: [base, ...Array.from({ length: 40 }, (_, i) => asking(`c${i}`, `s${i}`))],
  });

  it('is one text when it fits', () => {
    expect(stages(large, { buffer: Number.POSITIVE_INFINITY })).toHaveLength(1);
  });

  it('hooks in with the last text, and with it the table before goes', () => {
    const texts = stages(large, { buffer: 50_000, replaces: 'netverdict.other' });
    expect(texts.length).toBeGreaterThan(10);
    for (const text of texts.slice(0, -1)) {
      expect(text).not.toContain('hook');
      expect(text).not.toContain('netverdict.other');
    }
    expect(texts.at(-1)).toContain('delete table inet netverdict.other\nadd chain inet netverdict base {\n\ttype filter hook input');
  });

  it('leaves nothing out', () => {
    const texts = stages(large, { buffer: 50_000 }).join('');
    for (const { name } of large.sets) expect(texts).toContain(`add set inet netverdict ${name} {`);
    expect([...texts.matchAll(/0\.0\.2\.188/g)]).toHaveLength(40); // 700, the last of each set
    expect([...texts.matchAll(/accept/g)].length).toBe(41); // 40 rules and the base chain's policy
  });
});
