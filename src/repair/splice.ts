// Pieces of a text that are replaced by others, everything between them left as it is.

/** `text` goes where `start` to `end` was. Offsets into the whole text of a file. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** How deep in the document the change is. Of two that put something in at one offset, the deeper stands first. */
  readonly depth: number;
}

/** In the order of the text; undefined when two of them want the same characters. */
export function inOrder(splices: readonly Splice[]): readonly Splice[] | undefined {
  const sorted = splices
    .map((splice, i) => ({ splice, i }))
    .sort((a, b) => a.splice.start - b.splice.start || a.splice.end - b.splice.end || b.splice.depth - a.splice.depth || a.i - b.i);
  const out = sorted.map(({ splice }) => splice);
  return out.some((splice, i) => i > 0 && splice.start < (out[i - 1] as Splice).end) ? undefined : out;
}

/** `splices` in order. */
export function spliced(text: string, splices: readonly Splice[], from = 0, to = text.length): string {
  let out = '';
  let at = from;
  for (const { start, end, text: put } of splices) {
    if (end < from || start > to) continue;
    out += text.slice(at, start) + put;
    at = end;
  }
  return out + text.slice(at, to);
}
