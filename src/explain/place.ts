// From an origin to the words `api.yaml:17`, where positions are worked out at last.
import { locate } from '../manifest/locate.ts';
import { type Origin, type Place, printPath } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';

/** `{ file: 'api.yaml', line: 17, column: 9 }`; undefined for nothing. */
function placeFor(origin: Origin | undefined): Place | undefined {
  return origin === undefined ? undefined : locate(origin);
}

/** What the words beside a place say already: which object it is in, or also where in it. */
export type SaidBeside = 'nothing' | 'object' | 'path';

/**
 * `api.yaml:17`. Where there are no lines because a cluster sent it, the place inside the object: `spec.egress[0].ports[0]`, with the
 * object (`NetworkPolicy/web/deny spec.egress[0]`) unless the words beside name it. '' where there is nothing left to say.
 */
export function printPlace(origin: Origin | undefined, beside: SaidBeside = 'nothing'): string {
  const place = placeFor(origin);
  if (origin === undefined || place === undefined || isNowhere(place)) return '';
  if (place.line !== 0) return `${place.file}:${place.line}`;
  if (beside === 'path') return '';
  const object = beside === 'object' ? '' : place.file.replace(/^cluster:/, '');
  return [object, printPath(origin.path)].filter((part) => part !== '').join(' ');
}

/** A pod that was assumed, or named by its labels: nobody has written it. */
function isNowhere({ file }: Place): boolean {
  return file === '(assumed)' || file === '(typed)';
}

/** With the column, as editors and terminals make a link of it: `api.yaml:17:9`. */
export function placeOf(problem: Problem): string {
  const place = problem.place ?? placeFor(problem.origin);
  if (place === undefined) return '';
  if (place.line === 0) return place.file;
  return place.column === 0 ? `${place.file}:${place.line}` : `${place.file}:${place.line}:${place.column}`;
}
