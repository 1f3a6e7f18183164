// Plain values as YAML text, in block or flow style. Strings are quoted wherever some reader of YAML 1.1 or 1.2 could take them for
// something else (`on`, `80`, `1e3`), since API servers refuse a label that is no string.
import type { Plain } from '../model/edit.ts';

/** How a document is written, so that what is added looks as if it had always been there. */
export interface Style {
  /** Blanks for each level of a mapping: 2, or 4. */
  readonly step: number;
  /** Blanks between a key and the dashes of its list: 0, or as many as `step`. */
  readonly dash: number;
  /** `{ a: b }` (true) or `{a: b}`. */
  readonly spaced: boolean;
}

const USUAL: Style = { step: 2, dash: 2, spaced: true };

/** Lines at indent 0: `['podSelector:', '  matchLabels:', '    app: cart']`. A scalar or an empty collection is one line. */
export function blockLines(value: Plain, style: Style = USUAL): string[] {
  if (isList(value) && value.length > 0) return value.flatMap((item) => prefixed(blockLines(item, style), '- ', '  '));
  if (isMapping(value) && Object.keys(value).length > 0)
    return Object.entries(value).flatMap(([key, inner]) => entryLines(key, inner, style));
  return [flow(value, style)];
}

/** `['ports:', '  - port: 53']` or `['port: 53']`. */
export function entryLines(key: string, value: Plain, style: Style = USUAL): string[] {
  const name = scalar(key);
  if (!isFilled(value)) return [`${name}: ${flow(value, style)}`];
  const indent = ' '.repeat(isList(value) ? style.dash : style.step);
  return [`${name}:`, ...blockLines(value, style).map((line) => indent + line)];
}

function prefixed(lines: readonly string[], first: string, others: string): string[] {
  return lines.map((line, i) => (i === 0 ? first : others) + line);
}

/** `{ port: 53, protocol: UDP }`, `[a, b]`, `'on'`. */
export function flow(value: Plain, style: Style = USUAL): string {
  if (isList(value)) return `[${value.map((item) => flow(item, style)).join(', ')}]`;
  if (!isMapping(value)) return scalar(value);
  const entries = Object.entries(value).map(([key, inner]) => `${scalar(key)}: ${flow(inner, style)}`);
  if (entries.length === 0) return '{}';
  return style.spaced ? `{ ${entries.join(', ')} }` : `{${entries.join(', ')}}`;
}

/** A key and its value inside braces: `port: 53`. */
export function flowEntry(key: string, value: Plain, style: Style = USUAL): string {
  return `${scalar(key)}: ${flow(value, style)}`;
}

export function isFilled(value: Plain): boolean {
  return (isList(value) && value.length > 0) || (isMapping(value) && Object.keys(value).length > 0);
}

export function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

export function isMapping(value: Plain): value is { readonly [key: string]: Plain } {
  // What strangers wrote has null in it, whatever its type says.
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `quote`: the marks that the text at this place had before, kept where they can be. */
export function scalar(value: Plain, quote?: '"' | "'"): string {
  if (typeof value !== 'string') return String(value);
  const needsEscapes = [...value].some((character) => character < ' ' || character > '~');
  if (quote === '"' || needsEscapes) return JSON.stringify(value);
  return quote === "'" || !isPlain(value) ? `'${value.replaceAll("'", "''")}'` : value;
}

const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|~|nan|inf)$/i;
/** Label keys and values, names, and IPv4 prefixes; anything else gets quotes. A letter, a slash or a letter after a digit makes it no number. */
const PLAIN = /^(?:[A-Za-z_/][A-Za-z0-9_./-]*|\d+\.\d+\.\d+\.\d+\/\d+)$/;

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !WORDS.test(text) && !text.endsWith('-');
}
