import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseSyslogTime, parseTime, printTime } from './time.ts';

it('reads and prints the times that Date does', () => {
  fc.assert(
    fc.property(fc.integer({ min: -2_000_000_000_000, max: 4_000_000_000_000 }), (time) => {
      const text = new Date(time).toISOString();
      expect(parseTime(text)).toBe(time);
      expect(printTime(time)).toBe(text.replace('.000Z', 'Z'));
    }),
  );
});

it.each([
  ['2026/03/01 10:00:00.000000', 120, 1772352000000],
  ['2026-03-01T10:00:00.123456789+02:00', 0, 1772352000123],
  ['2026-03-01T10:00:00-03:30', 0, 1772371800000],
  ['2026-13-01T10:00:00Z', 0, undefined],
  ['yesterday', 0, undefined],
  [5, 0, undefined],
])('reads %s, %i minutes east of UTC', (text, offset, time) => {
  expect(parseTime(text, offset)).toBe(time);
});

it('gives the year and the zone that a syslog line does not have', () => {
  expect(parseSyslogTime('Mar  1 10:00:00 n1 kernel:', 2026, 0)).toBe(1772359200000);
  expect(parseSyslogTime('Foo  1 10:00:00 n1 kernel:', 2026, 0)).toBeUndefined();
});
