// Times of log lines as milliseconds, UTC. The engine has no clock and no calendar of its own.

/** Days since 1970 of a date of the Gregorian calendar (the arithmetic of civil days, with years that begin in March). */
function dayOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719468;
}

const TIME = /^(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * `2026-11-24T09:30:01.370211Z` and `2026/11/24 09:30:01.370000` → 1795512601370. Without a zone: `offsetMinutes` east of UTC.
 * undefined for anything else. Digits after the millisecond are dropped.
 */
export function parseTime(text: unknown, offsetMinutes = 0): number | undefined {
  if (typeof text !== 'string' || text.length > 40) return undefined;
  const found = TIME.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone] = found;
  const [mo, da, ho, mi, se] = [Number(month), Number(day), Number(hour), Number(minute), Number(second)];
  if (mo < 1 || mo > 12 || da < 1 || da > 31 || ho > 24 || mi > 59 || se > 60) return undefined;
  const offset = zone === undefined ? offsetMinutes : zone === 'Z' ? 0 : zoneMinutes(zone);
  const seconds = ((dayOf(Number(year), mo, da) * 24 + ho) * 60 + mi - offset) * 60 + se;
  return seconds * 1000 + (fraction === '' ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3)));
}

/** `+02:00` → 120, `-0330` → -210. */
function zoneMinutes(zone: string): number {
  const digits = zone.replace(':', '');
  return (digits.startsWith('-') ? -1 : 1) * (Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5)));
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const SYSLOG = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?/;

/** `Nov 24 09:30:01`, which has no year and no zone; undefined for anything else. */
export function parseSyslogTime(text: string, year: number, offsetMinutes: number): number | undefined {
  const found = SYSLOG.exec(text);
  const month = found === null ? -1 : MONTHS.indexOf(found[1] as string);
  if (found === null || month < 0) return undefined;
  const two = (n: number) => String(n).padStart(2, '0');
  const [, , day, hour, minute, second, fraction] = found;
  const text2 = `${year}-${two(month + 1)}-${two(Number(day))}T${hour}:${minute}:${second}${fraction === undefined ? '' : `.${fraction}`}`;
  return parseTime(text2, offsetMinutes);
}

/** 1795512601370 → `2026-11-24T09:30:01.370Z`, without `.000`. */
export function printTime(time: number): string {
  const ms = ((time % 1000) + 1000) % 1000;
  const seconds = Math.floor(time / 1000);
  const day = Math.floor(seconds / 86400);
  const [year, month, date] = dateOf(day);
  const of = seconds - day * 86400;
  const two = (n: number) => String(n).padStart(2, '0');
  const clock = `${two(Math.floor(of / 3600))}:${two(Math.floor(of / 60) % 60)}:${two(of % 60)}`;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}T${clock}${ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`}Z`;
}

/** The reverse of dayOf. */
function dateOf(day: number): readonly [number, number, number] {
  const z = day + 719468;
  const era = Math.floor(z / 146097);
  const ofEra = z - era * 146097;
  const yearOfEra = Math.floor((ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096)) / 365);
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * ofYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - Math.floor((153 * mp + 2) / 5) + 1];
}
