// Text of an input file → its documents, each a plain JSON value with the place it came from. Says which are broken, and why.
// Knows nothing of Kubernetes: which of the values are objects of a cluster is objects.ts.
import { type Path, printPath, type SourceDocument } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import { splitDocuments } from './documents.ts';
import { isSurelyJson, type JsonDocument, type JsonText, jsonProblem, looksLikeJson, readJson } from './json.ts';
import { type Budget, MAX_ALIASED, MAX_DOCUMENTS, MAX_MOVED, MAX_PROBLEMS, MAX_VALUES } from './limits.ts';
import { placeAt } from './positions.ts';
import { readYaml, readYamls, type YamlDocument } from './yaml.ts';
import type { Oddity } from './yaml-value.ts';

/** `{ value: { apiVersion: 'v1', kind: 'Pod', … }, document: { file: 'cart.yaml', line: 12, … } }` */
export interface ParsedDocument {
  /** Whatever JSON can say: an object, an array, null, a word. */
  readonly value: unknown;
  readonly document: SourceDocument;
}

/** A document without a value, and why. */
export interface BrokenDocument {
  readonly document: SourceDocument;
  readonly problem: Problem;
}

export interface ParsedText {
  readonly documents: readonly ParsedDocument[];
  readonly problems: readonly Problem[];
  /** Those that gave no value; their problems are among `problems` too. */
  readonly broken: readonly BrokenDocument[];
}

/** JSON with an error can still be YAML (a comment, a comma too much). Longer texts are not read a second time to find out. */
const RETRY_AS_YAML = 1 << 22;

/**
 * Reads YAML with many documents, JSON, or several JSON values one after the other, as kubectl does.
 * A document that is broken gives a problem with line and column, and no value; the others are read. A mapping key that is written
 * twice gives a `duplicate-key` problem whose origin names the key, and the value with the last one; an unquoted `y` or `n` a warning
 * (`wrong-type`). Documents of nothing but comments are left out. Never throws; the cost is bounded by the length of the text (MAX_DEPTH, MAX_ALIASED, MAX_VALUES).
 */
export function parseText(file: string, text: string): ParsedText {
  const body = cleaned(text);
  const whole: SourceDocument = { file, text: body, start: 0, end: body.length, line: 1, format: 'yaml' };
  const nul = body.indexOf('\0');
  if (nul >= 0) {
    const problem: Problem = { code: 'not-text', severity: 'error', facts: { reason: 'nul-byte' }, place: placeAt(whole, nul) };
    return { documents: [], problems: [problem], broken: [{ document: whole, problem }] };
  }

  const documents: ParsedDocument[] = [];
  const problems: Problem[] = [];
  const budget: Budget = { aliased: MAX_ALIASED, values: MAX_VALUES, moved: MAX_MOVED };
  const keep = (value: unknown, document: SourceDocument, oddities: readonly Oddity[]): void => {
    documents.push({ value, document });
    for (const oddity of oddities) if (oddity.is === 'duplicate-key') problems.push(duplicateKey(document, oddity.path));
    const letters = oddities.filter(({ is }) => is === 'letter');
    if (letters[0] !== undefined) problems.push(letterBoolean(document, letters[0].path, letters.length));
  };
  const keepAll = (found: readonly JsonDocument[]): void => {
    for (const { value, document, oddities } of found) keep(value, document, oddities);
  };

  const broken: BrokenDocument[] = [];
  const fail = (document: SourceDocument, problem: Problem): void => {
    problems.push(problem);
    broken.push({ document, problem });
  };
  const keepYaml = (part: SourceDocument, read: YamlDocument): void => {
    if (read.problem === undefined) keep(read.value, part, read.oddities);
    else fail(part, read.problem);
  };
  /** A document that begins with a brace or a bracket: JSON, or YAML in flow style. */
  const readFlow = (part: SourceDocument): void => {
    const start = startOfContent(part);
    const isWhole = start === 0 && part.end === body.length;
    const json = isWhole && tried !== undefined ? tried : readJson({ ...part, start }, budget);
    if (json.fault === undefined || !mayBeYaml(part, start, json)) {
      keepAll(json.documents);
      if (json.fault !== undefined) fail(part, jsonProblem(part, json.fault));
      return;
    }
    const yaml = readYaml(part, budget);
    const isJson = yaml.problem?.code === 'not-yaml' && (isSurelyJson(body, start) || /\.json$/i.test(file));
    if (isJson) fail(part, jsonProblem(part, json.fault));
    else keepYaml(part, yaml);
  };

  // A cluster's dump is one JSON value: no time is spent on looking for document marks in it.
  const tried = looksLikeJson(body, 0) ? readJson(whole, budget) : undefined;
  if (tried !== undefined) {
    if (tried.fault === undefined) {
      keepAll(tried.documents);
      return { documents, problems: limited(problems, whole), broken };
    }
    Object.assign(budget, { values: MAX_VALUES });
  }

  const parts = splitDocuments(file, body, MAX_DOCUMENTS);
  for (let from = 0; from < parts.length; ) {
    const part = parts[from];
    if (part !== undefined && looksLikeJson(body, startOfContent(part))) {
      readFlow(part);
      from++;
      continue;
    }
    let to = from + 1;
    while (to < parts.length && !looksLikeJson(body, startOfContent(parts[to]))) to++;
    const group = parts.slice(from, to);
    for (const [i, read] of readYamls(group, budget).entries()) keepYaml(group[i] ?? whole, read);
    from = to;
  }
  if (parts.length >= MAX_DOCUMENTS) {
    const place = placeAt(whole, parts.at(-1)?.end ?? 0);
    problems.push({ code: 'limit', severity: 'error', facts: { what: 'too-many-documents', limit: MAX_DOCUMENTS }, place });
  }
  return { documents, problems: limited(problems, whole), broken };
}

function duplicateKey(document: SourceDocument, path: Path): Problem {
  return { code: 'duplicate-key', severity: 'error', facts: { key: String(path.at(-1)) }, origin: { document, path } };
}

/** One for all of a document: somebody who calls a namespace `y` does so in every line. */
function letterBoolean(document: SourceDocument, path: Path, times: number): Problem {
  const facts = { field: printPath(path), wanted: 'string', found: 'boolean', hint: 'quote-the-letter', times };
  return { code: 'wrong-type', severity: 'warning', facts, origin: { document, path } };
}

/** Without a byte order mark, and with the line breaks of before 2001 (a lone carriage return) as line feeds. Offsets count from here. */
function cleaned(text: string): string {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return body.includes('\r') && /\r(?!\n)/.test(body) ? body.replace(/\r(?!\n)/g, '\n') : body;
}

/** After the `---`. */
function startOfContent(part: SourceDocument | undefined): number {
  const start = part?.start ?? 0;
  return part?.text?.startsWith('---', start) === true ? start + 3 : start;
}

/** JSON that is broken at its very end, or whose first value is sound, is no YAML either. */
function mayBeYaml(part: SourceDocument, start: number, { documents, fault }: JsonText): boolean {
  if (documents.length > 0 || part.end - part.start > RETRY_AS_YAML) return false;
  const isCutOff = fault?.reason === 'unexpected-end' || fault?.reason === 'too-deep' || fault?.reason === 'too-many-values';
  return !(isCutOff && isSurelyJson(part.text ?? '', start));
}

/** The first problems, and one that counts the others. */
function limited(problems: readonly Problem[], whole: SourceDocument): readonly Problem[] {
  if (problems.length <= MAX_PROBLEMS) return problems;
  const facts = { what: 'too-many-problems', limit: MAX_PROBLEMS, found: problems.length };
  return [...problems.slice(0, MAX_PROBLEMS), { code: 'limit', severity: 'error', facts, place: placeAt(whole, 0) }];
}
