// The one way from an origin (a document and a path) to the place that an answer carries: file, line and column, and where it ends, resolved when it is made.
import { locateRange } from '../manifest/locate.ts';
import type { Origin } from '../model/origin.ts';
import type { Place } from './documents/common.ts';

/**
 * `{ file: 'api.yaml', line: 17, column: 9, endLine: 17, endColumn: 25 }`; of an object that a cluster sent `{ file: 'cluster:NetworkPolicy/shop/cart', line: 0, column: 0,
 * path: 'spec.egress[0]' }`. Never throws.
 */
export function placeOf(origin: Origin): Place {
  return locateRange(origin);
}

/** `{ at: { file, line, column } }` to be spread into a document, or `{}` for nothing. */
export function placed(origin: Origin | undefined): { readonly at?: Place } {
  return origin === undefined ? {} : { at: placeOf(origin) };
}
