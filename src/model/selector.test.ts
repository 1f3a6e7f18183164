import { describe, expect, it } from 'vitest';
import type { Origin } from './origin.ts';
import { matches, printSelector, type Requirement, type Selector, selectorKey } from './selector.ts';

const origin: Origin = { document: { file: 'shop.yaml', text: '', start: 0, end: 0, line: 1, format: 'yaml' }, path: [] };
const of = (...requirements: readonly Omit<Requirement, 'origin'>[]): Selector => ({
  requirements: requirements.map((one) => ({ ...one, origin })),
  origin,
});
const CART = new Map([
  ['app', 'cart'],
  ['tier', ''],
]);

describe('a label selector', () => {
  it.each<[string, Selector, boolean]>([
    ['without requirements matches everything', of(), true],
    ['In: one of the values', of({ key: 'app', operator: 'In', values: ['shop', 'cart'] }), true],
    ['In: never a label that is not there', of({ key: 'team', operator: 'In', values: [''] }), false],
    ['In: an empty value is a value', of({ key: 'tier', operator: 'In', values: [''] }), true],
    ['NotIn: none of the values', of({ key: 'app', operator: 'NotIn', values: ['cart'] }), false],
    ['NotIn: also a label that is not there', of({ key: 'team', operator: 'NotIn', values: ['a'] }), true],
    ['Exists: with an empty value, too', of({ key: 'tier', operator: 'Exists', values: [] }), true],
    ['DoesNotExist', of({ key: 'team', operator: 'DoesNotExist', values: [] }), true],
    [
      'all requirements have to hold',
      of({ key: 'app', operator: 'Exists', values: [] }, { key: 'tier', operator: 'DoesNotExist', values: [] }),
      false,
    ],
    ['`constructor` is a label like any other', of({ key: 'constructor', operator: 'Exists', values: [] }), false],
  ])('%s', (_, selector, isMatch) => {
    expect(matches(selector, CART)).toBe(isMatch);
  });

  it('is printed as kubectl does, and has one key however it is written', () => {
    const app = { key: 'app', operator: 'In', values: ['cart'] } as const;
    const tier = { key: 'tier', operator: 'NotIn', values: ['back', 'front'] } as const;
    expect(printSelector(of(app, tier))).toBe('app=cart, tier notin (back, front)');
    expect(printSelector(of())).toBe('everything');
    expect(selectorKey(of(app, tier))).toBe(selectorKey(of({ ...tier, values: ['front', 'back'] }, app)));
  });
});
