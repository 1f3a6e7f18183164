// The words of JSON text: where a string or a number ends, what cannot stand where it stands. One token at a time, by offsets.

/** What `not-json` problems carry as `facts.reason`. */
export const JSON_FAULTS = [
  'unexpected-end', // the text stops in the middle: a truncated file
  'unexpected-character', // anything else than what must stand there
  'trailing-comma', // `[1, 2,]`
  'comment', // `// …`, `/* … */` or `# …`
  'single-quotes', // `{'kind': …}`
  'unquoted-key', // `{kind: …}`
  'control-character', // a line break or the like inside a string
  'bad-escape', // `\x` in a string
  'bad-number', // `08`, `1.`, `+1`
  'too-deep',
  'too-many-values',
] as const;
export type JsonFault = (typeof JSON_FAULTS)[number];

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const CLOSE_LIST = 93;
const CLOSE_MAP = 125;

/**
 * The offset of a string's closing quote, from the offset of its first character; -1 minus the offset of what cannot stand there.
 * `indexOf` finds a quote three times as fast as a loop over the characters does.
 */
export function stringEnd(text: string, from: number, strict: boolean): number {
  const quote = text.indexOf('"', from);
  if (quote >= 0 && !strict && text.charCodeAt(quote - 1) !== BACKSLASH) return quote;
  for (let at = from; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === QUOTE) return at;
    if (c === BACKSLASH) {
      if (strict && !isGoodEscape(text, at)) return -1 - at;
      at++;
    } else if (strict && c < 32) {
      return -1 - at;
    }
  }
  return -1 - text.length;
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![^\s,\]}])/y;

function isGoodEscape(text: string, at: number): boolean {
  ESCAPE.lastIndex = at;
  return ESCAPE.test(text);
}

/** `true`, `-1.5e3`: up to the next comma, bracket or space, whatever it is; JSON.parse will say if it is wrong. */
export function scalarEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === COMMA || c === CLOSE_MAP || c === CLOSE_LIST || c <= 32 || c === COLON || c === QUOTE) break;
  }
  return at;
}

/** The same for what JSON allows, and -1 for what it does not. */
export function strictScalarEnd(text: string, from: number): number {
  SCALAR.lastIndex = from;
  return SCALAR.test(text) ? SCALAR.lastIndex : -1;
}

/** The first character after white space. NaN at the end. */
export function charAfterSpace(text: string, from: number): number {
  let at = from;
  let c = text.charCodeAt(at);
  while (c === 32 || c === 10 || c === 13 || c === 9) c = text.charCodeAt(++at);
  return c;
}

/** True for a letter or an underscore: of a key without quotes, if a key must stand there. */
export function isWordStart(c: number): boolean {
  return (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
}

/** What is wrong in a string at the offset that `stringEnd` gave. */
export function stringFault(text: string, at: number): JsonFault {
  if (at >= text.length) return 'unexpected-end';
  return text.charCodeAt(at) === BACKSLASH ? 'bad-escape' : 'control-character';
}

/** What is wrong with whatever stands at an offset where it cannot. */
export function faultAt(text: string, at: number): JsonFault {
  if (at >= text.length) return 'unexpected-end';
  const c = text[at] ?? '';
  if (c === '#' || text.startsWith('//', at) || text.startsWith('/*', at)) return 'comment';
  if (c === "'") return 'single-quotes';
  if (/[-+.0-9]/.test(c)) return 'bad-number';
  return 'unexpected-character';
}
