import { describe, expect, it } from 'vitest';
import type { Origin } from '../model/origin.ts';
import type { Selector } from '../model/selector.ts';
import { editsFor, type Labelled, nearestLabel } from './label-misses.ts';

const document: Origin['document'] = { file: 'a', text: '', start: 0, end: 0, line: 1, format: 'yaml' };
const origin = (...path: string[]): Origin => ({ document, path });
const select = (labels: Record<string, string>): Selector => ({
  requirements: Object.entries(labels).map(([key, value]) => ({
    key,
    operator: 'In',
    values: [value],
    origin: origin('matchLabels', key),
  })),
  origin: origin(),
});
const has = (...all: Record<string, string>[]): Labelled[] =>
  all.map((labels, i) => ({ name: `w${i}`, labels: new Map(Object.entries(labels)), labelsOrigin: origin('labels') }));

describe('the nearest label', () => {
  it.each([
    ['a slip', { app: 'crat' }, has({ app: 'cart' }), 'app=cart', true],
    ['another case', { app: 'Cart' }, has({ app: 'cart' }), 'app=cart', true],
    ['the same value under another key', { 'app.kubernetes.io/name': 'cart' }, has({ app: 'cart' }), 'app=cart', true],
    ['a part of a word', { app: 'front' }, has({ app: 'frontend' }), 'app=frontend', false],
    ['the one of several that differs least', { app: 'checkuot' }, has({ app: 'cart' }, { app: 'checkout' }), 'app=checkout', true],
    ['the one label of two that differs', { app: 'cart', tier: 'data' }, has({ app: 'cart', tier: 'web' }), 'tier=web', false],
  ] as const)('%s', (_, wanted, there, nearest, isSlip) => {
    expect(nearestLabel(select(wanted), there)).toMatchObject({ nearest, isSlip });
  });

  it.each([
    ['names that only differ in a number', { app: 'cart-1' }, has({ app: 'cart-2' })],
    ['short names', { app: 'web' }, has({ app: 'db' })],
    ['unlike names', { app: 'cart' }, has({ app: 'redis' })],
    ['two labels that differ', { app: 'crat', tier: 'dtaa' }, has({ app: 'cart', tier: 'data' })],
    ['nothing', { app: 'cart' }, []],
  ] as const)('is not found among %s', (_, wanted, there) => {
    expect(nearestLabel(select(wanted), there)).toBeUndefined();
  });

  it('is no slip when two different ones are equally near', () => {
    const miss = nearestLabel(select({ app: 'carts' }), has({ app: 'cart' }, { app: 'cards' }));
    expect(miss?.isSlip).toBe(false);
  });

  it('is written by an edit of the value, of the key, or of both', () => {
    const edits = (wanted: Record<string, string>, there: Record<string, string>) => {
      const miss = nearestLabel(select(wanted), has(there));
      return miss === undefined ? [] : editsFor(miss).map(({ kind }) => kind);
    };
    expect(edits({ app: 'crat' }, { app: 'cart' })).toEqual(['set-value']);
    expect(edits({ name: 'cart' }, { app: 'cart' })).toEqual(['rename-key']);
  });
});
