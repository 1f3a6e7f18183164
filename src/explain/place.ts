// From an origin to the words `api.yaml:17`, where positions are worked out at last.
import { locate } from '../manifest/locate.ts';
import type { Origin, Place } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';

/** `{ file: 'api.yaml', line: 17, column: 9 }`; undefined for nothing. */
export function placeFor(origin: Origin | undefined): Place | undefined {
  return origin === undefined ? undefined : locate(origin);
}

/** `api.yaml:17`, `cluster:NetworkPolicy/web/deny` where lines are not known, '' for nothing. */
export function printPlace(origin: Origin | undefined): string {
  const place = placeFor(origin);
  if (place === undefined) return '';
  return place.line === 0 ? place.file : `${place.file}:${place.line}`;
}

/** With the column, as editors and terminals make a link of it: `api.yaml:17:9`. */
export function placeOf(problem: Problem): string {
  const place = problem.place ?? placeFor(problem.origin);
  if (place === undefined) return '';
  if (place.line === 0) return place.file;
  return place.column === 0 ? `${place.file}:${place.line}` : `${place.file}:${place.line}:${place.column}`;
}
