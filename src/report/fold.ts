// Lines that fit a terminal: broken at blanks, and what follows hangs under the text it belongs to. Knows colours (they take no room).

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
const COLOR = /\u001b\[[0-9;]*m/g;

/** How many columns a painted text takes. Counts characters; colours are none. */
export function visibleWidth(text: string): number {
  return [...text.replace(COLOR, '')].length;
}

/**
 * `fold('  cause      a long sentence', 20, 13)` → `['  cause      a long', '             sentence']`. Blanks at a break are dropped; a
 * word that is longer than the line stays whole, so that names and paths can be copied.
 */
export function fold(line: string, width: number, hang: number): string[] {
  if (visibleWidth(line) <= width) return [line];
  const lines: string[] = [];
  let current = '';
  let used = 0;
  let hasWord = false;
  for (const [part] of line.matchAll(/ +|[^ ]+/g)) {
    const wide = visibleWidth(part);
    const isBlank = part.startsWith(' ');
    if (!isBlank && hasWord && used + wide > width) {
      lines.push(current.trimEnd());
      current = ' '.repeat(hang);
      used = hang;
      hasWord = false;
    }
    // Blanks after a break would push the text out of its column; before it they are trimmed.
    if (isBlank && !hasWord && lines.length > 0) continue;
    current += part;
    used += wide;
    if (!isBlank && used > hang) hasWord = true;
  }
  return [...lines, current.trimEnd()];
}
