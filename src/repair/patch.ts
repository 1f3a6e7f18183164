// Steps → files as they would be, and the difference as a unified diff that `git apply` and `patch` take.
import type { Plain } from '../model/edit.ts';
import type { Origin } from '../model/origin.ts';
import { type EditRefusal, editTexts, withNewObject } from './edit.ts';
import { isPlaced, type PlacedEdit } from './edited-value.ts';
import { blockLines } from './render.ts';
import { inOrder, type Splice, spliced } from './splice.ts';
import type { Step } from './step.ts';

/** `before` is undefined for a file that is not there yet. */
export interface PlannedFile {
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string;
  readonly splices: readonly Splice[];
}

export type PlannedFiles = { readonly files: readonly PlannedFile[]; readonly refused?: undefined } | { readonly refused: EditRefusal };

/**
 * The text of every file that the steps touch. `refused` when one of them cannot be written: objects of a live cluster or of standard
 * input, what an anchor shares, a layout that is not edited. Never half of the steps.
 */
export function plannedFiles(steps: readonly Step[]): PlannedFiles {
  const edits: PlacedEdit[] = [];
  const appended = new Map<string, { readonly text: string; readonly values: Plain[] }>();
  const files: PlannedFile[] = [];
  for (const step of steps) {
    if (step.kind === 'edit') {
      edits.push(...step.edits);
      continue;
    }
    const { document } = step.beside;
    if (document.text === undefined || isNoFile(document.file)) return { refused: { reason: 'no-text', at: step.beside } };
    const placed = withNewObject(step.beside, step.value);
    if (placed === undefined) files.push(newFile(step.beside, step.name, step.value));
    else if ('kind' in placed) {
      if (isPlaced(placed)) edits.push(placed);
    } else {
      const known = appended.get(document.file) ?? { text: document.text, values: [] };
      known.values.push(step.value);
      appended.set(document.file, known);
    }
  }
  const foreign = edits.find(({ at }) => isNoFile(at.document.file));
  if (foreign !== undefined) return { refused: { reason: 'no-text', at: foreign.at } };
  const edited = editTexts(edits);
  if (edited.refused !== undefined) return { refused: edited.refused };
  for (const { file, before, splices } of edited.texts) {
    const own = appended.get(file);
    appended.delete(file);
    files.push(planned(file, before, own === undefined ? splices : [...splices, atEnd(before, own.values)]));
  }
  for (const [file, { text, values }] of appended) files.push(planned(file, text, [atEnd(text, values)]));
  return { files };
}

/** `<stdin>`, `cluster:…`: nothing that could be written to. */
function isNoFile(file: string): boolean {
  return file.startsWith('<') || file.startsWith('cluster:');
}

function planned(file: string, before: string, splices: readonly Splice[]): PlannedFile {
  const ordered = inOrder(splices) ?? splices;
  return { file, before, after: spliced(before, ordered), splices: ordered };
}

function atEnd(text: string, values: readonly Plain[]): Splice {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = values.flatMap((value) => ['---', ...blockLines(value)]).map((line) => line + eol);
  return { start: text.length, end: text.length, text: (text === '' || text.endsWith('\n') ? '' : eol) + lines.join(''), depth: 0 };
}

/** Beside a JSON file, which can hold one object only. */
function newFile({ document }: Origin, name: string, value: Plain): PlannedFile {
  const folder = document.file.slice(0, document.file.lastIndexOf('/') + 1);
  const after = `${blockLines(value).join('\n')}\n`;
  return { file: `${folder}${name}.yaml`, before: undefined, after, splices: [{ start: 0, end: 0, text: after, depth: 0 }] };
}

const CONTEXT = 3;

/** Lines that change, with their numbers: one for each place. Offsets are of whole lines. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** At most how many characters a unified diff of these files has. Lines can be long: a cluster's dump is often one line. */
export function diffLength(files: readonly PlannedFile[]): number {
  let length = 0;
  for (const { before = '', splices } of files) {
    for (const { start, end, text } of splices) {
      let [from, to] = [start, end];
      for (let i = 0; i <= CONTEXT; i++) {
        from = from <= 0 ? 0 : before.lastIndexOf('\n', from - 1);
        const next = before.indexOf('\n', to);
        to = next < 0 ? before.length : next + 1;
      }
      length += 2 * (to - from) + text.length;
    }
  }
  return length;
}

/** `--- a/cart.yaml` … with three lines of context; '' for files that stay as they are. */
export function unifiedDiff(files: readonly PlannedFile[]): string {
  return files.map(fileDiff).join('');
}

function fileDiff({ file, before, splices }: PlannedFile): string {
  const text = before ?? '';
  const places = placesOf(text, splices);
  if (places.length === 0) return '';
  const name = file.replace(/^(?:\.\/)+/, '');
  const tail = name.includes(' ') ? '\t' : '';
  const [from, to] = name.startsWith('/') ? [name, name] : [`a/${name}`, `b/${name}`];
  const offsets = offsetsOf(text);
  const count = offsets.length - 1;
  const lineOf = (number: number) => text.slice(offsets[number], offsets[number + 1]);
  const out = [before === undefined ? '--- /dev/null' : `--- ${from}${tail}`, `+++ ${to}${tail}`];
  let shift = 0;
  for (const hunk of hunksOf(places, offsets)) {
    const first = Math.max(0, lineAt(offsets, hunk[0]?.start ?? 0) - CONTEXT);
    const last = Math.min(count, lineAt(offsets, hunk.at(-1)?.end ?? 0) + CONTEXT);
    const body: string[] = [];
    let at = first;
    let added = 0;
    let removed = 0;
    for (const place of hunk) {
      const start = lineAt(offsets, place.start);
      for (; at < start; at++) body.push(` ${lineOf(at)}`);
      body.push(...place.removed.map((line) => `-${line}`), ...place.added.map((line) => `+${line}`));
      at += place.removed.length;
      added += place.added.length;
      removed += place.removed.length;
    }
    for (; at < last; at++) body.push(` ${lineOf(at)}`);
    const was = last - first;
    const is = was - removed + added;
    out.push(`@@ -${range(first, was)} +${range(first + shift, is)} @@`, ...body.map(withoutBreak));
    shift += added - removed;
  }
  return `${out.join('\n')}\n`;
}

/** `12,7`; a range of no lines is said to be at the line before it. */
function range(first: number, count: number): string {
  return count === 1 ? String(first + 1) : `${count === 0 ? first : first + 1},${count}`;
}

/** The line without its break; a last line without one says so. */
function withoutBreak(line: string): string {
  // QUOTED: diff
  return line.endsWith('\n') ? line.slice(0, -1) : `${line}\n\\ No newline at end of file`;
}

/** Lines with their breaks. No last empty one. */
function splitLines(text: string): readonly string[] {
  const offsets = offsetsOf(text);
  return offsets.slice(1).map((end, i) => text.slice(offsets[i], end));
}

/** Where each line begins, and the end of the text. */
function offsetsOf(text: string): readonly number[] {
  const offsets = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) offsets.push(at + 1);
  if (offsets.at(-1) !== text.length) offsets.push(text.length);
  return offsets;
}

/** The number of the line that begins at, or holds, this offset; the number of lines for the end. */
function lineAt(offsets: readonly number[], offset: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function placesOf(text: string, splices: readonly Splice[]): readonly Place[] {
  const regions: { start: number; end: number; own: Splice[] }[] = [];
  for (const splice of splices) {
    const start = text.lastIndexOf('\n', splice.start - 1) + 1;
    const found = splice.end > splice.start && text[splice.end - 1] === '\n' ? splice.end - 1 : text.indexOf('\n', splice.end);
    const end = found < 0 ? text.length : found + 1;
    const last = regions.at(-1);
    if (last !== undefined && start < last.end) {
      last.end = Math.max(last.end, end);
      last.own.push(splice);
    } else regions.push({ start, end, own: [splice] });
  }
  return regions.flatMap(({ start, end, own }): Place[] => {
    const old = splitLines(text.slice(start, end));
    const now = splitLines(spliced(text, own, start, end));
    let before = 0;
    while (before < old.length && before < now.length && old[before] === now[before]) before++;
    let after = 0;
    while (after < old.length - before && after < now.length - before && old[old.length - 1 - after] === now[now.length - 1 - after])
      after++;
    const removed = old.slice(before, old.length - after);
    const added = now.slice(before, now.length - after);
    if (removed.length + added.length === 0) return [];
    const from = start + old.slice(0, before).join('').length;
    return [{ start: from, end: from + removed.join('').length, removed, added }];
  });
}

/** Places whose context would touch stand in one hunk. */
function hunksOf(places: readonly Place[], offsets: readonly number[]): readonly (readonly Place[])[] {
  const hunks: Place[][] = [];
  for (const place of places) {
    const last = hunks.at(-1)?.at(-1);
    if (last !== undefined && lineAt(offsets, place.start) - lineAt(offsets, last.end) <= 2 * CONTEXT)
      (hunks.at(-1) as Place[]).push(place);
    else hunks.push([place]);
  }
  return hunks;
}
