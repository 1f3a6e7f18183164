// One YAML document: text → events (js-yaml) → value, as kubectl reads it. A broken one becomes a Problem with its line and column.
import { EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import type { SourceDocument } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import { type Budget, MAX_ALIASED, MAX_DEPTH, MAX_MOVED } from './limits.ts';
import { cutList } from './list-items.ts';
import { placeAt } from './positions.ts';
import { diagnoseYaml } from './yaml-hints.ts';
import { type Oddity, type YamlFault, type YamlValue, yamlValue } from './yaml-value.ts';

/** Documents longer than this are cut at their items, if they are lists. Below, cutting saves nothing. */
export const CUT_FROM = 1 << 18;

/**
 * What is read in one piece: js-yaml's events take up to some twenty times the text. No object comes near it (etcd takes 1.5 MB by
 * default); lists do, and are cut.
 */
export const MAX_PIECE = 1 << 24;

export type YamlDocument =
  | { readonly value: unknown; readonly oddities: readonly Oddity[]; readonly problem?: undefined }
  | { readonly problem: Problem };

/**
 * The value of a document: `{ value: { apiVersion: 'v1', kind: 'Pod', … }, oddities: [] }`. A problem when it cannot be read: never
 * a half of a document. Never throws.
 */
export function readYaml(document: SourceDocument, budget: Budget): YamlDocument {
  const length = document.end - document.start;
  if (length > CUT_FROM) {
    const before = { ...budget };
    const list = readList(document, budget);
    if (list !== undefined && list.fault === undefined) return list;
    if (length > MAX_PIECE) {
      if (list !== undefined) return { problem: problemOf(list.at, list.fault) };
      const facts = { bytes: length, limit: MAX_PIECE };
      return { problem: { code: 'file-too-large', severity: 'error', facts, place: placeAt(document, document.start) } };
    }
    Object.assign(budget, before);
  }
  const read = readPiece(document, budget);
  return read.fault === undefined ? read : { problem: problemOf(document, read.fault) };
}

/**
 * The same for documents that follow one another in one text. Small ones are parsed together, a group at a time: js-yaml takes longer
 * to begin than to read a small object. The values are those that `readYaml` gives one by one.
 */
export function readYamls(documents: readonly SourceDocument[], budget: Budget): YamlDocument[] {
  const read: YamlDocument[] = [];
  for (let from = 0; from < documents.length; ) {
    const to = groupEnd(documents, from);
    const group = to - from > 1 ? readGroup(documents.slice(from, to), budget) : undefined;
    if (group !== undefined) for (const each of group) read.push(each);
    else for (const document of documents.slice(from, to)) read.push(readYaml(document, budget));
    from = to;
  }
  return read;
}

/** Characters that are parsed together. */
const GROUP = 1 << 16;

function groupEnd(documents: readonly SourceDocument[], from: number): number {
  const start = documents[from]?.start ?? 0;
  let to = from + 1;
  while (to < documents.length && documents[to]?.start === documents[to - 1]?.end && (documents[to]?.end ?? 0) - start <= GROUP) to++;
  return to;
}

/** Undefined when one of them is broken, or js-yaml sees other documents there than we do: then each is read by itself. */
function readGroup(documents: readonly SourceDocument[], budget: Budget): YamlDocument[] | undefined {
  const start = documents[0]?.start ?? 0;
  const source = (documents[0]?.text ?? '').slice(start, documents.at(-1)?.end);
  let events: Event[];
  try {
    events = parseEvents(source, { maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return undefined;
  }
  const starts: number[] = [];
  for (const [i, event] of events.entries()) if (event.type === EVENT_ID.DOCUMENT) starts.push(i);
  if (starts.length !== documents.length) return undefined;
  return documents.map((document, i): YamlDocument => {
    const value = yamlValue(events.slice(starts[i], starts[i + 1]), source, budget);
    return value.fault === undefined ? value : { problem: problemOf(document, { ...value.fault, offset: start + value.fault.offset }) };
  });
}

export interface YamlEvents {
  readonly events: readonly Event[];
  /** The text that the events' offsets count in: the document's own part of its file, lines that stood too far left moved to the right. */
  readonly source: string;
  /** From an offset in `source` to one in the file. */
  readonly inFile: (offset: number) => number;
}

const PAD = ' '.repeat(256);

/**
 * js-yaml's events of a document; a fault when it is no YAML or nested too deep, its offset one in the file.
 * Lines inside quotes, brackets and braces may stand further left than YAML allows, as kubectl's parser has it: people close a
 * `config: '{` with a `}'` in the first column. js-yaml does not, so such lines are moved and the text is read again,
 * while `budget.moved` characters last.
 */
export function yamlEvents(
  document: SourceDocument,
  budget: Pick<Budget, 'moved'> = { moved: MAX_MOVED },
): YamlEvents | { readonly fault: YamlFault } {
  let source = (document.text ?? '').slice(document.start, document.end);
  const moved: number[] = [];
  const inFile = (offset: number): number => {
    let before = 0;
    while (before < moved.length && (moved[before] ?? 0) + PAD.length <= offset) before++;
    return document.start + offset - before * PAD.length;
  };
  for (;;) {
    try {
      return { events: parseEvents(source, { maxDepth: MAX_DEPTH }), source, inFile };
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      const position = error.mark?.position ?? 0;
      const line = source.lastIndexOf('\n', position - 1) + 1;
      const canMove = error.reason === 'deficient indentation' && line > (moved.at(-1) ?? 0) && budget.moved >= source.length;
      if (!canMove) {
        const code = error.reason.startsWith('nesting exceeded') ? 'nested-too-deep' : 'not-yaml';
        return { fault: { code, reason: error.reason, offset: inFile(position) } };
      }
      budget.moved -= source.length;
      source = source.slice(0, line) + PAD + source.slice(line);
      moved.push(line);
    }
  }
}

function readPiece(document: SourceDocument, budget: Budget): YamlValue | { readonly fault: YamlFault } {
  const parsed = yamlEvents(document, budget);
  if ('fault' in parsed) return parsed;
  const read = yamlValue(parsed.events, parsed.source, budget);
  return read.fault === undefined ? read : { fault: { ...read.fault, offset: parsed.inFile(read.fault.offset) } };
}

/** A List read some items at a time. Undefined when it is none, or must be read whole to say what is wrong with it. */
function readList(
  document: SourceDocument,
  budget: Budget,
): YamlValue | { readonly fault: YamlFault; readonly at: SourceDocument } | undefined {
  const cut = cutList(document);
  if (cut === undefined) return undefined;
  const value: Record<string, unknown> = {};
  const oddities: Oddity[] = [];
  const items: unknown[] = [];
  for (const part of cut.around) {
    const read = readPiece(part, budget);
    if (read.fault !== undefined) return { fault: read.fault, at: part };
    if (read.value === undefined || read.value === null) continue;
    for (const [key, each] of Object.entries(read.value)) {
      if (Object.hasOwn(value, key)) return undefined;
      value[key] = each;
    }
    oddities.push(...read.oddities);
  }
  for (let from = 0; from < cut.items.length; ) {
    const to = groupEnd(cut.items, from);
    const first = cut.items[from] ?? document;
    const part = { ...first, end: cut.items[to - 1]?.end ?? first.end };
    if (part.end - part.start > MAX_PIECE) return undefined;
    const read = readPiece(part, budget);
    if (read.fault !== undefined) return { fault: read.fault, at: part };
    if (!Array.isArray(read.value) || read.value.length !== to - from) return undefined;
    for (const { is, path } of read.oddities) oddities.push({ is, path: ['items', from + Number(path[0]), ...path.slice(1)] });
    for (const item of read.value) items.push(item);
    from = to;
  }
  value.items = items;
  return { value, oddities };
}

function problemOf(document: SourceDocument, fault: YamlFault): Problem {
  const at = (offset: number): Pick<Problem, 'severity' | 'place'> => ({
    severity: 'error',
    place: placeAt(document, offset),
  });
  switch (fault.code) {
    case 'alias-bomb':
      return { code: 'alias-bomb', facts: { limit: MAX_ALIASED, reason: fault.reason }, ...at(fault.offset) };
    case 'nested-too-deep':
      return { code: 'nested-too-deep', facts: { limit: MAX_DEPTH }, ...at(fault.offset) };
    case 'limit':
      return { code: 'limit', facts: { what: fault.reason }, ...at(fault.offset) };
    case 'not-yaml': {
      const text = (document.text ?? '').slice(document.start, document.end);
      const { code, offset, hint } = diagnoseYaml(text, fault.offset - document.start, fault.reason);
      const quoted = fault.found !== undefined && { found: fault.found };
      const facts = code === 'not-yaml' ? { reason: fault.reason, ...quoted, ...(hint !== undefined && { hint }) } : {};
      return { code, facts, ...at(document.start + offset) };
    }
  }
}
