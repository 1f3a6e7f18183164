// What an unquoted word of YAML means to kubectl: YAML 1.1 as go-yaml v2 reads it (`on` is a boolean, `010` is eight), for one scalar.

/**
 * go.yaml.in/yaml/v2 resolve.go, resolveMapList. Most surprise people; all of them are what reaches the API server.
 * Left out on purpose: the single letters y, Y, n and N, booleans to go-yaml v2 and text to nearly every other reader (kustomize, yq, PyYAML,
 * js-yaml). Somebody who writes `namespace: y` means a namespace called y; nobody writes `hostNetwork: y`.
 */
const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...['yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
]);
/**
 * An unquoted `y`, `Y`, `n` or `N`: a boolean for kubectl, a string for every other tool that reads manifests (PyYAML, kustomize, YAML
 * 1.2). Whoever writes one in a manifest means the letter (`namespace: y`) and will learn from the API server that it is none, so it
 * is read as the letter, and the reader reports it.
 */
export function isLetterBoolean(text: string): boolean {
  return text === 'y' || text === 'Y' || text === 'n' || text === 'N';
}

const LONGEST_WORD = 5;
const NOT_FINITE: ReadonlyMap<string, number> = new Map([
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** Go's ParseFloat itself, which takes an underscore between two digits. */
const DOT_FLOAT = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;

/**
 * The value of an unquoted, untagged scalar: `8080` → 8080, `on` → true, `~` → null, `010` → 8, `1_000` → 1000, `grpc` → 'grpc'.
 * Dates, versions (`1.2.3`) and base 60 (`1:30`) stay strings. Source: go.yaml.in/yaml/v2 v2.4.3, resolve().
 */
export function resolvePlain(text: string): string | number | boolean | null {
  const first = text.charCodeAt(0);
  if ((first >= 48 && first <= 57) || first === 43 || first === 45) return NOT_FINITE.get(text) ?? resolveNumber(text) ?? text;
  if (first === 46) return NOT_FINITE.get(text) ?? (DOT_FLOAT.test(text) ? finite(text.replaceAll('_', '')) : undefined) ?? text;
  if (text.length > LONGEST_WORD) return text;
  const word = WORDS.get(text);
  return word === undefined ? text : word;
}

/** The integer or decimal that Go's ParseInt (base 0) or ParseFloat makes of it; undefined when neither takes it. */
function resolveNumber(text: string): number | undefined {
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  const match = INTEGER.exec(plain);
  if (match !== null) {
    const value = magnitude(match[2] ?? '');
    const fits = match[1] === '-' ? value <= 2 ** 63 : value < 2 ** 64;
    // `+ 0` turns the -0 of `-0` into 0: Go's integers have one zero.
    if (fits) return (match[1] === '-' ? -value : value) + 0;
  }
  return FLOAT.test(plain) ? finite(plain) : undefined;
}

/** ParseFloat has no number for `1e400`; the text stays a string. */
function finite(digits: string): number | undefined {
  const value = Number(digits);
  return Number.isFinite(value) ? value : undefined;
}

function magnitude(digits: string): number {
  if (digits.charCodeAt(0) !== 48 || digits.length === 1) return Number(digits);
  // JavaScript knows 0x, 0b and 0o, but not that a leading zero alone means octal.
  return /^0[0-7]/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
}

/**
 * The value of a scalar with a tag: `!!str 80` → '80', `!!int "80"` → 80. Tags that are not YAML's own leave the text as it is, and so
 * do `!!binary` (kubectl would decode it; no field that we read has it) and `!!timestamp`. Undefined: text and tag do not fit, an error.
 */
export function resolveTagged(tag: string, text: string): string | number | boolean | null | undefined {
  const value = resolvePlain(text);
  switch (tag.startsWith('!<tag:yaml.org,2002:') ? `!!${tag.slice(20, -1)}` : tag) {
    case '!!int':
      return typeof value === 'number' && !isFloatText(text) ? value : undefined;
    case '!!float':
      return typeof value === 'number' ? value : undefined;
    case '!!bool':
      return typeof value === 'boolean' ? value : undefined;
    case '!!null':
      return value === null ? value : undefined;
    default:
      return text;
  }
}

/** `1e3` and `1.0` are floats for Go even when whole; `08` too, for it is no octal number. `0x1e` is not. */
function isFloatText(text: string): boolean {
  return !INTEGER.test(text.replaceAll('_', ''));
}

/**
 * The JSON key that kubectl makes of an unquoted mapping key: `80` → '80', `yes` → 'true', `0x10` → '16', `1.10` → '1.1'.
 * Undefined for null, which no JSON object can have as a key. Source: sigs.k8s.io/yaml v1.6.0, convertToJSONableObject.
 */
export function keyOfPlain(text: string): string | undefined {
  const value = resolvePlain(text);
  if (typeof value === 'string') return value;
  if (value === null) return undefined;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return isFloatText(text) ? printFloat32(value) : String(value);
}

/** Go's `strconv.FormatFloat(value, 'g', -1, 32)`: the fewest digits that name the same 32-bit number, an exponent from 1e+06 and below 1e-04. */
function printFloat32(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (single === 0) return '0';
  let digits = 1;
  while (digits < 9 && Math.fround(Number(single.toPrecision(digits))) !== single) digits++;
  const [mantissa = '', exponent = '0'] = single.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(single.toPrecision(digits)));
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
