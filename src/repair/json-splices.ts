// Edits of JSON text: what is put in follows the layout of what stands beside it.
import { findInJson, valueEnd } from '../manifest/json-locate.ts';
import type { Plain } from '../model/edit.ts';
import type { Path } from '../model/origin.ts';
import { applied, type PlacedEdit } from './edited-value.ts';
import { isFilled } from './render.ts';
import type { Splice } from './splice.ts';

/**
 * undefined when the edit has no place in the text. `start`: where the JSON value begins that the paths speak of; `root`: where the whole
 * document does, which shows how it is laid out.
 */
export function jsonSplices(text: string, start: number, edit: PlacedEdit, root = start): readonly Splice[] | undefined {
  const { path } = edit.at;
  const { node, depth } = findInJson(text, start, path);
  if (depth < path.length) return undefined;
  const end = valueEnd(text, node.value);
  const layout = layoutOf(text, root);
  switch (edit.kind) {
    case 'set-value':
      return [splice(node.value, end, rendered(text, node.value, edit.value, layout), path)];
    case 'rename-key':
      return typeof path.at(-1) === 'string'
        ? [splice(node.offset, valueEnd(text, node.offset), JSON.stringify(edit.key), path)]
        : undefined;
    case 'add-entry':
    case 'add-item':
      return added(text, start, edit, node.value, end, layout);
    case 'insert-item': {
      if (typeof path.at(-1) !== 'number') return undefined;
      const before = /\s*$/.exec(text.slice(Math.max(0, node.value - 1000), node.value))?.[0] ?? '';
      const between = before.includes('\n') ? before.slice(before.lastIndexOf('\n')) : layout.colon === ': ' ? ' ' : '';
      const value = between.startsWith('\n') ? rendered(text, node.value, edit.value, layout) : oneLine(edit.value, layout);
      return [splice(node.value, node.value, `${value},${between}`, path)];
    }
    case 'remove':
      return [removed(text, node.offset, end, path)];
    default: {
      // What moves things about is written anew as a whole: JSON has no comments to lose.
      const whole = edit.kind === 'move-under' ? path : edit.kind === 'split-item' ? path.slice(0, -2) : path.slice(0, -1);
      const at = findInJson(text, start, whole).node.value;
      const stop = valueEnd(text, at);
      const changed = applied(JSON.parse(text.slice(at, stop)), path.slice(whole.length), edit);
      return changed && [splice(at, stop, rendered(text, at, changed.value as Plain, layout), whole)];
    }
  }
}

function splice(start: number, end: number, text: string, path: Path): Splice {
  return { start, end, text, depth: path.length };
}

/** One line (undefined), or indented by this much; with or without a blank after a colon. */
interface Layout {
  readonly step: string | undefined;
  readonly colon: ':' | ': ';
}

function layoutOf(text: string, start: number): Layout {
  const head = text.slice(start, start + 4000);
  const step = /^\s*[{[][ \t]*\r?\n([ \t]+)\S/.exec(head)?.[1];
  return { step, colon: step !== undefined || /"\s*:\s/.test(head) ? ': ' : ':' };
}

type Addition = Extract<PlacedEdit, { kind: 'add-entry' | 'add-item' }>;

function added(text: string, start: number, edit: Addition, open: number, end: number, layout: Layout): readonly Splice[] | undefined {
  const { path } = edit.at;
  const isEntry = edit.kind === 'add-entry';
  const alone: Plain = isEntry ? { [edit.key]: edit.value } : [edit.value];
  if (isEntry && text.startsWith('null', open)) return [splice(open, end, rendered(text, open, alone, layout), path)];
  if (text[open] !== (isEntry ? '{' : '[')) return undefined;
  const inside = text.slice(open + 1, end - 1);
  if (inside.trim() === '') return [splice(open, end, rendered(text, open, alone, layout), path)];
  const anchor = isEntry && edit.after !== undefined ? findInJson(text, start, [...path, edit.after]) : undefined;
  const hasAnchor = anchor !== undefined && anchor.depth === path.length + 1;
  const after = hasAnchor ? valueEnd(text, anchor.node.value) : open + 1 + inside.trimEnd().length;
  const gap = /^\s*/.exec(inside)?.[0] ?? '';
  const isMultiline = gap.includes('\n');
  const between = isMultiline ? gap.slice(gap.lastIndexOf('\n')) : /,\s/.test(inside) ? ' ' : '';
  const value = isMultiline ? rendered(text, open + 1 + gap.length, edit.value, layout) : oneLine(edit.value, layout);
  return [splice(after, after, `,${between}${isEntry ? JSON.stringify(edit.key) + layout.colon : ''}${value}`, path)];
}

/** One more item behind the last one of a list, which stands from `last` to `end`. For long lists: nothing before that is looked at. */
export function itemAfter(text: string, last: number, end: number, value: Plain, path: Path, root: number): Splice {
  const layout = layoutOf(text, root);
  const gap = /\s*$/.exec(text.slice(Math.max(0, last - 1000), last))?.[0] ?? '';
  const isMultiline = gap.includes('\n');
  const between = isMultiline ? gap.slice(gap.lastIndexOf('\n')) : gap !== '' || /,\s/.test(text.slice(last, end)) ? ' ' : '';
  return splice(end, end, `,${between}${isMultiline ? rendered(text, last, value, layout) : oneLine(value, layout)}`, path);
}

/** With the comma behind it and the white space up to what follows; the last one with the comma before it. */
function removed(text: string, from: number, end: number, path: Path): Splice {
  const next = /\s*,\s*/y;
  next.lastIndex = end;
  if (next.test(text)) return splice(from, next.lastIndex, '', path);
  const before = /,?\s*$/.exec(text.slice(Math.max(0, from - 10_000), from))?.[0] ?? '';
  if (before.startsWith(',')) return splice(from - before.length, end, '', path);
  const close = /\s*/y;
  close.lastIndex = end;
  close.test(text);
  return splice(from - before.length, close.lastIndex, '', path);
}

/** The value as it would be written at this offset: over several lines where its surroundings are. */
function rendered(text: string, at: number, value: Plain, layout: Layout): string {
  if (layout.step === undefined || !isFilled(value)) return oneLine(value, layout);
  const line = text.lastIndexOf('\n', at - 1);
  const indent = /^[ \t]*/.exec(text.slice(line + 1, at))?.[0] ?? '';
  return JSON.stringify(value, null, layout.step).replaceAll('\n', `\n${indent}`);
}

function oneLine(value: Plain, { colon }: Layout): string {
  const plain = JSON.stringify(value);
  if (colon === ':') return plain;
  // Blanks after colons and commas, outside of strings.
  return plain.replace(/"(?:[^"\\]|\\.)*"|[:,]/g, (token) => (token === ':' || token === ',' ? `${token} ` : token));
}
