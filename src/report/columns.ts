// Lines of text in columns, and long lists made short. Counts characters, not bytes.

/** Pads every cell but a row's last to its column's width: `[['FROM', 'TO'], ['web', 'cart']]` → `FROM  TO`, `web   cart`. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, width(cell));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat((widths[i] ?? 0) - width(cell))))
      .join('  ')
      .trimEnd(),
  );
}

function width(text: string): number {
  return [...text].length;
}

/** `few(['a', 'b', 'c'], 2)` → `a, b and 1 more`. '' for an empty list. */
export function few(items: readonly string[], most: number): string {
  return items.length <= most ? items.join(', ') : `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
}
