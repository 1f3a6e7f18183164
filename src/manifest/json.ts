// JSON text → values, as many as stand one after the other. JSON.parse builds them; json-scan.ts looks for what it would hide.
import type { SourceDocument } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import { scanJson } from './json-scan.ts';
import type { JsonFault } from './json-tokens.ts';
import { type Budget, MAX_DEPTH, MAX_DOCUMENTS, MAX_ODDITIES, MAX_VALUES } from './limits.ts';
import { placeAt } from './positions.ts';
import type { Oddity } from './yaml-value.ts';

export interface JsonDocument {
  readonly value: unknown;
  readonly document: SourceDocument;
  readonly oddities: readonly Oddity[];
}

export interface JsonText {
  /** The values up to the first that is broken; all of them, when there is no fault. */
  readonly documents: readonly JsonDocument[];
  readonly fault: { readonly reason: JsonFault; readonly offset: number } | undefined;
}

/** True when the part of a text could be JSON: it begins with a brace or a bracket. */
export function looksLikeJson(text: string, start: number): boolean {
  const first = firstCharacter(text, start);
  return first === '{' || first === '[';
}

/** True when it is more likely JSON than YAML in flow style: `{"kind": …`, `[{"kind": …`, `{}`. To choose the error that people see. */
export function isSurelyJson(text: string, start: number): boolean {
  return /^\s*[[{][\s[{]*["\]}]/.test(text.slice(start, start + 200));
}

/**
 * Reads the JSON values between `start` and `end` of the document: one, or several as `kubectl get -o json` twice into one file gives.
 * A fault carries the offset of the first character that cannot stand where it does. Never throws.
 */
export function readJson(document: SourceDocument, budget: Budget): JsonText {
  // The document's own part: a search that finds nothing ends where the document does. On the whole text, a file of many documents
  // would be searched to its end by each of them.
  const { start } = document;
  const text = (document.text ?? '').slice(start, document.end);
  const documents: JsonDocument[] = [];
  let at = afterSpace(text, 0, text.length);
  let line = document.line;
  let counted = 0;
  const escapes = { next: -1 };
  while (at < text.length) {
    if (documents.length === MAX_DOCUMENTS) return { documents, fault: { reason: 'too-many-values', offset: start + at } };
    const limits = { escapes, depth: MAX_DEPTH, values: budget.values, duplicates: MAX_ODDITIES };
    const scan = scanJson(text, at, { ...limits, strict: false });
    const value = scan.fault === undefined ? parsed(text.slice(at, scan.end)) : undefined;
    if (value === undefined) {
      const { fault, end } = scanJson(text, at, { ...limits, strict: true });
      return { documents, fault: { reason: fault ?? 'unexpected-character', offset: start + end } };
    }
    // Only the part that is new is searched: the whole text may be one line.
    line += text.slice(counted, at).split('\n').length - 1;
    counted = at;
    budget.values -= scan.values;
    const oddities = scan.duplicates.map((path): Oddity => ({ is: 'duplicate-key', path }));
    documents.push({ value, document: { ...document, start: start + at, end: start + scan.end, line, format: 'json' }, oddities });
    at = afterSpace(text, scan.end, text.length);
  }
  return { documents, fault: undefined };
}

/** Undefined, which no JSON value is, for text that is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The problem that a fault is: `not-json` with its line and column, or one of the limits. */
export function jsonProblem(document: SourceDocument, fault: { readonly reason: JsonFault; readonly offset: number }): Problem {
  const place = placeAt(document, fault.offset);
  if (fault.reason === 'too-deep') return { code: 'nested-too-deep', severity: 'error', facts: { limit: MAX_DEPTH }, place };
  if (fault.reason === 'too-many-values') {
    return { code: 'limit', severity: 'error', facts: { what: 'too-many-values', limit: MAX_VALUES }, place };
  }
  const found = (document.text ?? '').slice(fault.offset, fault.offset + 1);
  return { code: 'not-json', severity: 'error', facts: { reason: fault.reason, ...(found !== '' && { found }) }, place };
}

function firstCharacter(text: string, start: number): string {
  return text.charAt(afterSpace(text, start, text.length));
}

function afterSpace(text: string, start: number, end: number): number {
  let at = start;
  for (; at < end; at++) {
    const c = text.charCodeAt(at);
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) break;
  }
  return at;
}
