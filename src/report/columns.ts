// Lines of text in columns, and long lists made short. Counts characters, not bytes.
import { fold } from './fold.ts';

/** A column does not get narrower than this, however little room there is. */
const LEAST_COLUMN = 18;

/**
 * Pads every cell but a row's last to its column's width: `[['FROM', 'TO'], ['web', 'cart']]` → `FROM  TO`, `web   cart`. Cells of the
 * widest columns are folded where a row would be wider than `room`, and a row then takes several lines.
 */
export function columns(rows: readonly (readonly string[])[], room: number = Number.POSITIVE_INFINITY): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, width(cell));
  while (widths.reduce((sum, each) => sum + each + 2, -2) > room) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= LEAST_COLUMN) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return rows.flatMap((row) => {
    const cells = row.map((cell, i) => fold(cell, widths[i] ?? 0, HANG));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((lines, i) => pad(lines[line] ?? '', widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  });
}

/** The rest of a folded cell stands two further in, so that it is not taken for a row of its own. */
const HANG = 2;

function pad(text: string, to: number): string {
  return text + ' '.repeat(Math.max(0, to - width(text)));
}

function width(text: string): number {
  return [...text].length;
}

/** `few(['a', 'b', 'c'], 2)` → `a, b and 1 more`. '' for an empty list. */
export { andMore as few } from '../words/en/lists.ts';
