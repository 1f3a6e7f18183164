import { expect, test } from 'vitest';
import { type Constraint, type StateVerdict, searchWaves } from './rollout-search.ts';

/** A constraint that these states break: `{ '10': 'cut' }` is the first step without the second. */
function constraint(steps: readonly number[], bad: Readonly<Record<string, StateVerdict>>): Constraint {
  return { steps, verdict: (applied) => bad[steps.map((step) => (applied(step) ? '1' : '0')).join('')] ?? 'safe' };
}
const search = (steps: number, constraints: readonly Constraint[], precedence: readonly (readonly [number, number])[] = []) => {
  const found = searchWaves({ steps, constraints, precedence });
  return found.kind === 'waves' ? found.waves : found.kind;
};

test('steps without a constraint go together', () => {
  expect(search(3, [])).toEqual([[0, 1, 2]]);
});

test('a state that only one order passes makes two waves', () => {
  expect(search(2, [constraint([0, 1], { '10': 'cut' })])).toEqual([[1], [0]]);
});

test('two steps of which either alone is bad have no order', () => {
  expect(search(2, [constraint([0, 1], { '10': 'cut', '01': 'opened' })])).toBe('none');
});

test('a wave is split where an interleaving is bad although both ends of it are good', () => {
  expect(search(3, [constraint([0, 1, 2], { '110': 'cut', '010': 'cut', '011': 'cut' })])).toEqual([[0, 2], [1]]);
});

test('a first step that is good and leads nowhere is not taken', () => {
  expect(search(3, [constraint([0, 1, 2], { '110': 'cut', '101': 'cut', '010': 'cut' })])).toEqual([[2], [1], [0]]);
});

test('a precedence is kept where nothing else asks for an order', () => {
  expect(search(2, [], [[1, 0]])).toEqual([[1], [0]]);
});

test('a doubt is no safe state, unless that is accepted', () => {
  const constraints = [constraint([0, 1], { '10': 'doubt', '01': 'doubt' })];
  expect(search(2, constraints)).toBe('none');
  expect(searchWaves({ steps: 2, constraints, precedence: [], acceptDoubt: true })).toEqual({ kind: 'waves', waves: [[0, 1]] });
});

test('two hundred steps of which each needs the one before it', () => {
  const chain = Array.from({ length: 199 }, (_, i) => constraint([i, i + 1], { '01': 'cut' }));
  expect(search(200, chain)).toEqual(Array.from({ length: 200 }, (_, i) => [i]));
});
