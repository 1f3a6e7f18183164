// Edits applied to a parsed value: what the object will be, before any text is touched. The text must then say the same (edit.ts).

import type { Edit, Plain } from '../model/edit.ts';
import type { Path } from '../model/origin.ts';
import { isObject } from '../objects/read.ts';

/** An edit that has a place in a document; `mend-syntax` has none, since such a text has no value. */
export type PlacedEdit = Exclude<Edit, { readonly kind: 'mend-syntax' }>;

export function isPlaced(edit: Edit): edit is PlacedEdit {
  return edit.kind !== 'mend-syntax';
}

/**
 * The value with all edits done; undefined when one of them has no place in it or two contradict each other. `root`: the path of the
 * value in its document. Every path speaks of the value as it was, so that the order of the edits means nothing: what shifts the places
 * of others (a removal, a join, a split) is done last, from the end of its list to the beginning.
 */
export function editedValue(value: unknown, root: Path, edits: readonly PlacedEdit[]): { readonly value: unknown } | undefined {
  let out = value;
  for (const edit of inSafeOrder(edits)) {
    const path = edit.at.path;
    if (path.length < root.length || root.some((step, i) => path[i] !== step)) return undefined;
    const changed = applied(out, path.slice(root.length), edit);
    if (changed === undefined) return undefined;
    out = changed.value;
  }
  return { value: out };
}

function inSafeOrder(edits: readonly PlacedEdit[]): PlacedEdit[] {
  const late = (edit: PlacedEdit) => edit.kind === 'rename-key' || shifts(edit.kind);
  // Of keys that get another name the inner ones first, while their paths still hold.
  const renamed = edits.filter((edit) => edit.kind === 'rename-key').sort((a, b) => b.at.path.length - a.at.path.length);
  return [...edits.filter((edit) => !late(edit)), ...renamed, ...shiftingEdits(edits)];
}

function shifts(kind: PlacedEdit['kind']): boolean {
  return kind === 'remove' || kind === 'insert-item' || kind === 'join-to-previous' || kind === 'split-item' || kind === 'move-under';
}

/** Edits that shift the places of others, in the order in which they are to be made: from the end of a list to its beginning. */
export function shiftingEdits(edits: readonly PlacedEdit[]): readonly PlacedEdit[] {
  // Of several that put something before one item, the first is to stand first, so it is put in last.
  return edits
    .filter(({ kind }) => shifts(kind))
    .reverse()
    .sort(lastFirst);
}

/** Later items of a list first, and what is inside before what it is in. */
function lastFirst(a: PlacedEdit, b: PlacedEdit): number {
  const [x, y] = [a.at.path, b.at.path];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const [one, other] = [x[i], y[i]];
    if (typeof one === 'number' && typeof other === 'number' && one !== other) return other - one;
  }
  return y.length - x.length;
}

type Changed = { readonly value: unknown } | undefined;

/** One edit; `path`: its place from here. undefined when it has none. */
export function applied(value: unknown, path: Path, edit: PlacedEdit): Changed {
  switch (edit.kind) {
    case 'set-value':
      return replaced(value, path, (old) => (old === undefined ? undefined : { value: edit.value }));
    case 'add-entry':
      return replaced(value, path, (old) => {
        if (old === null) return { value: { [edit.key]: edit.value } };
        if (!isObject(old) || Object.hasOwn(old, edit.key)) return undefined;
        return { value: withEntry(old, edit.key, edit.value, edit.after) };
      });
    case 'add-item':
      return replaced(value, path, (old) => (Array.isArray(old) ? { value: [...old, edit.value] } : undefined));
    case 'insert-item':
      return inParent(value, path, (parent, step) =>
        Array.isArray(parent) && typeof step === 'number'
          ? { value: [...parent.slice(0, step), edit.value, ...parent.slice(step)] }
          : undefined,
      );
    case 'remove':
      return inParent(value, path, (parent, step) => {
        if (Array.isArray(parent)) return { value: parent.filter((_, i) => i !== step) };
        return { value: Object.fromEntries(Object.entries(parent as object).filter(([key]) => key !== step)) };
      });
    case 'rename-key':
      return inParent(value, path, (parent, step) => {
        if (Array.isArray(parent) || Object.hasOwn(parent as object, edit.key)) return undefined;
        return { value: Object.fromEntries(Object.entries(parent as object).map(([key, kept]) => [key === step ? edit.key : key, kept])) };
      });
    case 'move-under':
      return replaced(value, path, (old) => {
        if (!isObject(old) || Object.hasOwn(old, edit.under) || !edit.keys.every((key) => Object.hasOwn(old, key))) return undefined;
        const moved = Object.fromEntries(edit.keys.map((key) => [key, old[key]]));
        const entries = Object.entries(old).flatMap(([key, kept]): [string, unknown][] =>
          key === edit.keys[0] ? [[edit.under, moved]] : edit.keys.includes(key) ? [] : [[key, kept]],
        );
        return { value: Object.fromEntries(entries) };
      });
    case 'join-to-previous':
      return inParent(value, path, (parent, step) => {
        if (!Array.isArray(parent) || typeof step !== 'number' || step === 0) return undefined;
        const [before, own] = [parent[step - 1] as unknown, parent[step] as unknown];
        if (!isObject(before) || !isObject(own) || Object.keys(own).some((key) => Object.hasOwn(before, key))) return undefined;
        return { value: [...parent.slice(0, step - 1), { ...before, ...own }, ...parent.slice(step + 1)] };
      });
    case 'split-item':
      return splitItem(value, path);
  }
}

function splitItem(value: unknown, path: Path): Changed {
  const key = path.at(-1);
  return inParent(value, path.slice(0, -1), (parent, step) => {
    const item = Array.isArray(parent) && typeof step === 'number' ? (parent[step] as unknown) : undefined;
    if (!Array.isArray(parent) || typeof step !== 'number' || !isObject(item) || typeof key !== 'string') return undefined;
    const entries = Object.entries(item);
    const at = entries.findIndex(([each]) => each === key);
    if (at <= 0) return undefined;
    const halves = [Object.fromEntries(entries.slice(0, at)), Object.fromEntries(entries.slice(at))];
    return { value: [...parent.slice(0, step), ...halves, ...parent.slice(step + 1)] };
  });
}

function withEntry(old: Readonly<Record<string, unknown>>, key: string, value: Plain, after: string | undefined): unknown {
  if (after === undefined || !Object.hasOwn(old, after)) return { ...old, [key]: value };
  return Object.fromEntries(
    Object.entries(old).flatMap((entry): [string, unknown][] => (entry[0] === after ? [entry, [key, value]] : [entry])),
  );
}

/** The value with what stands at `path` changed; undefined when there is nothing, or `change` says so. */
function replaced(value: unknown, path: Path, change: (old: unknown) => Changed): Changed {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (Array.isArray(value) && typeof step === 'number' && step < value.length) {
    const inner = replaced(value[step], rest, change);
    return inner && { value: value.map((item, i) => (i === step ? inner.value : (item as unknown))) };
  }
  if (!isObject(value) || typeof step !== 'string' || !Object.hasOwn(value, step)) return undefined;
  const inner = replaced(value[step], rest, change);
  if (inner === undefined) return undefined;
  return { value: Object.fromEntries(Object.entries(value).map(([key, kept]) => [key, key === step ? inner.value : kept])) };
}

/** The same for the collection that the last step of `path` is in; undefined when that step is not there. */
function inParent(value: unknown, path: Path, change: (parent: object, step: string | number) => Changed): Changed {
  const step = path.at(-1);
  if (step === undefined) return undefined;
  return replaced(value, path.slice(0, -1), (parent) => {
    const has = Array.isArray(parent)
      ? typeof step === 'number' && step < parent.length
      : isObject(parent) && Object.hasOwn(parent, String(step));
    return has ? change(parent as object, step) : undefined;
  });
}
