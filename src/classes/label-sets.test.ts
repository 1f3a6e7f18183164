import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, type Requirement, type Selector } from '../model/selector.ts';
import { labelSetsOf } from './label-sets.ts';

const origin = { document: { file: 'shop.yaml', text: undefined, start: 0, end: 0, line: 1, format: 'yaml' as const }, path: [] };
const selector = (...requirements: readonly Omit<Requirement, 'origin'>[]): Selector => ({
  requirements: requirements.map((requirement) => ({ ...requirement, origin })),
  origin,
});
const is = (key: string, ...values: readonly string[]) => ({ key, operator: 'In' as const, values });
const isNot = (key: string, ...values: readonly string[]) => ({ key, operator: 'NotIn' as const, values });

function setsOf(...selectors: readonly Selector[]): object[] {
  const found = labelSetsOf(selectors, 1000);
  if (found.kind === 'too-many') throw new Error('too many');
  return found.sets.map((labels) => Object.fromEntries(labels));
}

describe('label sets that selectors can tell apart', () => {
  it('are one, without a label, where nothing is selected', () => {
    expect(setsOf()).toEqual([{}]);
    expect(setsOf(selector())).toEqual([{}]);
  });

  it('have the labels that a combination of answers needs, and no more', () => {
    expect(setsOf(selector(is('app', 'cart')), selector(is('app', 'cart'), is('tier', 'a')))).toEqual([
      {},
      { app: 'cart' },
      { app: 'cart', tier: 'a' },
    ]);
  });

  it('have a value of their own where one that nobody names makes a difference', () => {
    expect(setsOf(selector({ key: 'app', operator: 'Exists', values: [] }), selector(is('app', 'cart')))).toEqual([
      {},
      { app: 'cart' },
      { app: 'another-value' },
    ]);
  });

  it('take a label that is absent for one that NotIn matches', () => {
    expect(setsOf(selector(isNot('app', 'cart')))).toEqual([{}, { app: 'cart' }]);
  });

  it('stop when there are too many, and name the keys that multiply', () => {
    const many = Array.from({ length: 12 }, (_, i) => selector(is(`key-${i}`, 'x')));
    expect(labelSetsOf(many, 1000)).toMatchObject({ kind: 'too-many', keys: expect.arrayContaining(['key-0', 'key-11']) });
  });

  const requirement = fc.oneof(
    fc.record({
      key: fc.constantFrom('app', 'tier', 'team'),
      operator: fc.constantFrom('In' as const, 'NotIn' as const, 'StartsWith' as const, 'EndsWith' as const, 'Contains' as const),
      values: fc.subarray(['a', 'ab', 'b', 'c'], { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      key: fc.constantFrom('app', 'tier'),
      operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
      values: fc.constant([]),
    }),
  );
  const flat = fc.array(requirement, { maxLength: 3 }).map((list) => selector(...list));
  const nested = fc.tuple(fc.constantFrom('AnyOf' as const, 'NoneOf' as const), fc.array(flat, { minLength: 1, maxLength: 2 }), flat).map(
    ([operator, of, beside]): Selector => ({
      ...beside,
      requirements: [...beside.requirements, { key: '', operator, values: [], of, origin }],
    }),
  );
  const anySelectors = fc.array(fc.oneof({ weight: 3, arbitrary: flat }, nested), { maxLength: 6 });
  const anyLabels = fc.dictionary(fc.constantFrom('app', 'tier', 'team', 'odd'), fc.constantFrom('a', 'ab', 'b', 'c', 'xaby', 'zz'), {
    maxKeys: 4,
  });

  it('answer for whatever labels a pod may have: some set gives every selector the same answer, and no two sets give the same ones', () => {
    fc.assert(
      fc.property(anySelectors, anyLabels, (selectors, labels) => {
        const found = labelSetsOf(selectors, 100_000);
        if (found.kind === 'too-many') throw new Error('too many');
        const answers = (set: ReadonlyMap<string, string>) => selectors.map((each) => matches(each, set)).join();
        const told = found.sets.map(answers);
        expect(told).toContain(answers(new Map(Object.entries(labels))));
        expect(new Set(told).size).toBe(told.length);
      }),
      { numRuns: 500 },
    );
  });
});
