// Where a node of a YAML document ends. js-yaml says it of scalars and aliases only; the end of a list or a mapping is that of its last
// part, or the bracket behind it.
import { COLLECTION_STYLE, EVENT_ID, type Event, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';

/** The event after a whole node. */
export function afterNode(events: readonly Event[], at: number): number {
  let open = 0;
  for (let node = at; node < events.length; node++) {
    const type = events[node]?.type;
    if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) open++;
    else if (type === EVENT_ID.POP) open--;
    if (open <= 0) return node + 1;
  }
  return events.length;
}

/**
 * The offset behind the last character of the node: of `[80, 443]` behind the bracket, of a block its last line without the line break, of
 * an alias behind its name. Undefined where nothing is written (the value of `key:`), or where the end would be a guess.
 */
export function nodeEnd(events: readonly Event[], source: string, at: number): number | undefined {
  const event = events[at];
  switch (event?.type) {
    case EVENT_ID.ALIAS:
      return event.anchorEnd;
    case EVENT_ID.SCALAR:
      return scalarEnd(event, source);
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING: {
      const inside = lastEnd(events, source, at);
      return event.style === COLLECTION_STYLE.FLOW && isBracket(source, event.start)
        ? behindBracket(source, event.type === EVENT_ID.SEQUENCE ? ']' : '}', inside ?? event.start + 1)
        : inside;
    }
    default:
      return undefined;
  }
}

/** The end of an entry without a value: behind the colon of its key. */
export function colonEnd(source: string, keyEnd: number): number | undefined {
  const colon = afterBlanks(source, keyEnd);
  return source[colon] === ':' ? colon + 1 : undefined;
}

function scalarEnd(event: ScalarEvent, source: string): number | undefined {
  const { valueStart, valueEnd, style, tagEnd, anchorEnd } = event;
  if (valueStart < 0) return Math.max(tagEnd, anchorEnd) < 0 ? undefined : Math.max(tagEnd, anchorEnd);
  if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED) return valueEnd + 1;
  // The blank lines behind a text belong to nobody that a reader would point at.
  const length = source.slice(valueStart, valueEnd).trimEnd().length;
  return length === 0 ? undefined : valueStart + length;
}

/** The end of the last thing that is written inside a list or a mapping. */
function lastEnd(events: readonly Event[], source: string, at: number): number | undefined {
  let last: number | undefined;
  let beforeLast: number | undefined;
  for (let node = at + 1; events[node] !== undefined && events[node]?.type !== EVENT_ID.POP; node = afterNode(events, node)) {
    beforeLast = last;
    last = node;
  }
  if (last === undefined) return undefined;
  const end = nodeEnd(events, source, last);
  if (end !== undefined || beforeLast === undefined || events[at]?.type !== EVENT_ID.MAPPING) return end;
  const keyEnd = nodeEnd(events, source, beforeLast);
  return keyEnd === undefined ? undefined : colonEnd(source, keyEnd);
}

function isBracket(source: string, at: number): boolean {
  return source[at] === '[' || source[at] === '{';
}

/** Over blanks, line breaks, commas and comments to the bracket; undefined when something else stands there. */
function behindBracket(source: string, bracket: string, from: number): number | undefined {
  for (let at = from; at < source.length; at++) {
    const c = source[at] ?? '';
    if (c === bracket) return at + 1;
    if (c === '#') {
      const line = source.indexOf('\n', at);
      if (line < 0) return undefined;
      at = line;
    } else if (!/[\s,]/.test(c)) {
      return undefined;
    }
  }
  return undefined;
}

function afterBlanks(source: string, from: number): number {
  let at = from;
  while (source[at] === ' ' || source[at] === '\t') at++;
  return at;
}
