import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type HopRow, hopsFrom } from './hops.ts';

const rows = (text: string): HopRow[] => text.split(' ').map((pair) => ({ from: pair.charAt(0), to: pair.charAt(1) }));
const asked = (text: string, start: string, most = 9) => {
  const { rings, cuts } = hopsFrom(rows(text), [start], { most, isOutside: (end) => end === 'X' });
  return {
    rings: rings.map((ring) => ring.map(({ end, by }) => `${by.from}${end}`).join(' ')),
    cuts: cuts.map(({ row, cuts: count }) => `${row.from}${row.to} ${count}`),
  };
};

it('reaches each end in the fewest hops, and names the connection', () => {
  expect(asked('ab ac bd cd de', 'a').rings).toEqual(['ab ac', 'bd', 'de']);
  expect(asked('ab bc cd', 'a', 2).rings).toEqual(['ab', 'bc']);
});

it('stops at ends outside, and ignores ends that cannot be reached', () => {
  expect(asked('aX Xb ca', 'a').rings).toEqual(['aX']);
  expect(asked('ca', 'a')).toEqual({ rings: [], cuts: [] });
});

it('names the connections that most ends depend on', () => {
  expect(asked('ab bc bd ce de ef', 'a').cuts).toEqual(['ab 5']);
  expect(asked('ab ac bd cd de df', 'a').cuts).toEqual([]);
  // A path back is not a second path.
  expect(asked('ab bc cb', 'a').cuts).toEqual(['ab 2']);
});

it('counts exactly the ends that removing the connection cuts off, on random maps', () => {
  const letters = 'abcdefgh';
  const pair = fc.tuple(fc.constantFrom(...letters), fc.constantFrom(...letters)).filter(([from, to]) => from !== to);
  fc.assert(
    fc.property(fc.uniqueArray(pair, { selector: ([from, to]) => from + to, minLength: 1, maxLength: 20 }), (pairs) => {
      const all = pairs.map(([from, to]) => ({ from, to }));
      const reached = (some: readonly HopRow[]) =>
        hopsFrom(some, ['a'], { most: 20, isOutside: () => false }).rings.flatMap((ring) => ring.map(({ end }) => end)).length;
      const whole = reached(all);
      const lost = all.map((row) => whole - reached(all.filter((other) => other !== row)));
      const { cuts } = hopsFrom(all, ['a'], { most: 20, isOutside: () => false });
      for (const { row, cuts: count } of cuts) expect(count).toBe(lost[all.indexOf(row)]);
      const most = Math.max(...lost);
      expect(cuts[0]?.cuts ?? 0).toBe(most > 1 ? most : 0);
    }),
  );
});
