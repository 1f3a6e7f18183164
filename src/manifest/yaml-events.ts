// Reading js-yaml's events one by one: what a scalar is worth, which key it is, where a node begins. Knows nothing of whole documents.
import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { isLetterBoolean, keyOfPlain, resolvePlain, resolveTagged } from './yaml-scalars.ts';

/** The value of a scalar as kubectl reads it; undefined when its tag and its text do not fit (`!!int cart`). */
export function scalarValue(event: ScalarEvent, source: string): string | number | boolean | null | undefined {
  const text = getScalarValue(source, event);
  if (event.tagStart >= 0) return resolveTagged(source.slice(event.tagStart, event.tagEnd), text);
  return event.style === SCALAR_STYLE.PLAIN ? resolvePlain(text) : text;
}

/** A scalar as a JSON key: `80` → '80', `yes` → 'true'. Undefined for null, which is no key. */
export function scalarKey(event: ScalarEvent, source: string): string | undefined {
  const text = getScalarValue(source, event);
  if (event.tagStart < 0) return event.style === SCALAR_STYLE.PLAIN ? keyOfPlain(text) : text;
  const value = resolveTagged(source.slice(event.tagStart, event.tagEnd), text);
  if (typeof value === 'number') return keyOfPlain(text);
  return value === null || value === undefined ? undefined : String(value);
}

/** An unquoted `y` or `n`. */
export function isLetter(event: ScalarEvent, source: string): boolean {
  return event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0 && isLetterBoolean(getScalarValue(source, event));
}

/** An unquoted `<<`, or one tagged `!!merge`. */
export function isMergeKey(event: ScalarEvent, source: string): boolean {
  if (event.valueEnd - event.valueStart !== 2 || !source.startsWith('<<', event.valueStart)) return false;
  return event.tagStart < 0 ? event.style === SCALAR_STYLE.PLAIN : source.slice(event.tagStart, event.tagEnd) === '!!merge';
}

/** Where a node begins: at its tag or anchor, its opening quote, its first key. -1 when nothing is written there (the value of `key:`). */
export function offsetOf(event: Event): number {
  switch (event.type) {
    case EVENT_ID.DOCUMENT:
    case EVENT_ID.POP:
      return -1;
    case EVENT_ID.ALIAS:
      return event.anchorStart - 1;
    default:
      if (event.anchorStart >= 0 && (event.tagStart < 0 || event.anchorStart < event.tagStart)) return event.anchorStart - 1;
      if (event.tagStart >= 0) return event.tagStart;
      return event.type === EVENT_ID.SCALAR ? event.valueStart - (isQuoted(event) ? 1 : 0) : event.start;
  }
}

function isQuoted(event: ScalarEvent): boolean {
  return event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
}
