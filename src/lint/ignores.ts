// Findings that were looked at and accepted: `# netverdict-ignore RULE: reason` in the YAML, or the annotation
// `netverdict.dev/ignore` on the object. Without a reason an ignore does nothing, and is a finding itself.
import { locate } from '../manifest/locate.ts';
import { at, type Origin, type SourceDocument } from '../model/origin.ts';
import { type LintContext, perRun } from './context.ts';
import { IGNORE_ANNOTATION, type ObjectAt, objectsByRoot } from './objects.ts';

/** `{ rules: ['pod-open'], reason: 'a load test, gone by March', scope: 'object' }` */
export interface Ignore {
  readonly rules: readonly string[];
  /** Empty: none was given, and the ignore is not in force. */
  readonly reason: string;
  /** The whole object, or one line of it. */
  readonly scope: 'object' | { readonly line: number };
  /** The line of the comment; where the annotation stands. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
}

const MARK = 'netverdict-ignore';
/** `# netverdict-ignore pod-open, dns-denied: reason` at the end of a line or on its own. */
const COMMENT = /(^|\s)#\s*netverdict-ignore\b(.*)$/;

/** Every ignore in the input, by the object that it stands in. Objects without one are not in the map. */
export const ignoresIn: (context: LintContext) => ReadonlyMap<ObjectAt, readonly Ignore[]> = perRun((context) => {
  const found = new Map<ObjectAt, Ignore[]>();
  const marks = new Map<string, readonly number[]>();
  for (const [document, objects] of objectsByRoot(context)) {
    const comments = commentsIn(document, marks);
    for (const object of objects.values()) {
      const annotated = object.ignores === undefined ? [] : annotationIgnores(object.root, object.ignores);
      if (annotated.length > 0) found.set(object, annotated);
    }
    if (comments.length > 0) placeComments(comments, [...objects.values()], found);
  }
  return found;
});

interface Comment {
  readonly line: number;
  readonly column: number;
  /** The line it speaks of: its own, or the next one that is no comment. */
  readonly about: number;
  readonly text: string;
}

function commentsIn(document: SourceDocument, marks: Map<string, readonly number[]>): readonly Comment[] {
  const { text, file, start, end, format } = document;
  if (text === undefined || format === 'json') return [];
  let positions = marks.get(file);
  if (positions === undefined) {
    const all: number[] = [];
    for (let position = text.indexOf(MARK); position >= 0; position = text.indexOf(MARK, position + 1)) all.push(position);
    positions = all;
    marks.set(file, all);
  }
  const from = positions.length === 0 ? start : commentsBefore(text, start);
  const inside = positions.filter((position) => position >= from && position < end);
  if (inside.length === 0) return [];
  const lines = text.slice(from, end).split('\n');
  const firstLine = document.line - text.slice(from, start).split('\n').length + 1;
  return lines.flatMap((line, i): Comment[] => {
    const match = COMMENT.exec(line);
    if (match === null) return [];
    const isAlone = line.slice(0, match.index).trim() === '';
    let about = i;
    while (isAlone && about < lines.length - 1 && isEmpty(lines[about] ?? '')) about++;
    return [{ line: firstLine + i, column: line.indexOf('#', match.index) + 1, about: firstLine + about, text: match[2] ?? '' }];
  });
}

/** A line without content: nothing, a comment, or a document mark. */
function isEmpty(line: string): boolean {
  return /^\s*(#|$)/.test(line) || /^---\s*(#|$)/.test(line);
}

/** Comments that stand above the `---` of a document belong to it. */
function commentsBefore(text: string, start: number): number {
  let from = start;
  while (from > 0) {
    const lineStart = text.lastIndexOf('\n', from - 2) + 1;
    const line = text.slice(lineStart, from).trim();
    if (line !== '' && !line.startsWith('#')) return from;
    from = lineStart;
  }
  return from;
}

function placeComments(comments: readonly Comment[], objects: readonly ObjectAt[], found: Map<ObjectAt, Ignore[]>): void {
  const [only, ...others] = objects;
  if (only === undefined) return;
  // Which object a line belongs to: the last one that begins at or before it.
  const starts =
    others.length === 0
      ? [{ object: only, line: 0, first: locate(only.root).line }]
      : objects
          .map((object) => ({ object, line: locate(object.root).line, first: locate(object.root).line }))
          .sort((a, b) => a.line - b.line);
  for (const { line, column, about, text } of comments) {
    const holder = starts.findLast((candidate) => candidate.line <= about);
    if (holder === undefined) continue;
    const ignore: Ignore = {
      ...readIgnore(text),
      scope: about === holder.first ? 'object' : { line: about },
      place: { file: only.root.document.file, line, column },
    };
    const list = found.get(holder.object);
    if (list === undefined) found.set(holder.object, [ignore]);
    else list.push(ignore);
  }
}

function annotationIgnores(root: Origin, text: string): Ignore[] {
  const place = locate(at(root, 'metadata', 'annotations', IGNORE_ANNOTATION));
  return text
    .split(/[\n;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => ({ ...readIgnore(part), scope: 'object', place }));
}

/** ` pod-open, dns-denied: a load test` → rules and reason. */
function readIgnore(text: string): Pick<Ignore, 'rules' | 'reason'> {
  const colon = text.indexOf(':');
  const names = colon < 0 ? text : text.slice(0, colon);
  return {
    rules: names
      .split(/[\s,]+/)
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    reason: colon < 0 ? '' : text.slice(colon + 1).trim(),
  };
}
