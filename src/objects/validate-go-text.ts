// How Go prints what it complains about: %q, encoding/json, the names of JSON types, lengths in bytes.
// The API server's messages are made of these. Knows no field and no rule.

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const PLAIN = /^[ !#-[\]-~]*$/;
const SHORT: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};

/** `fmt.Sprintf("%q", text)`: `a "b"` → `"a \"b\""`, an escape character → `"\x1b"`. Nothing in it can move a cursor. */
export function goQuote(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  let out = '';
  for (const character of wellFormed(text)) out += quoted(character, character.codePointAt(0) ?? 0);
  return `"${out}"`;
}

function quoted(character: string, code: number): string {
  const short = SHORT[code];
  if (short !== undefined) return short;
  if (PRINTABLE.test(character)) return character;
  const hex = code.toString(16);
  if (code < 0x20 || code === 0x7f) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/**
 * `json.Marshal(value)` of text and lists: as JSON.stringify, with `<`, `>`, `&` and the two odd line ends escaped. So are DEL and the
 * C1 controls, which Go leaves as they are: U+009B begins an escape sequence on some terminals.
 */
export function goJson(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? wellFormed(part) : part));
  return text.replace(/[<>&\u007f-\u009f\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Half of a surrogate pair is no character: Go reads U+FFFD in its place. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}

/** `len(text)` in Go: UTF-8 bytes. `cart` → 4, `é` → 2. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** What encoding/json calls a JSON value it cannot use: `bool`, `number`, `string`, `array`, `object`. */
export function goKindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'number';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
