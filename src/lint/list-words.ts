// Lists in messages: names in backticks, the first few of them, the rest counted.

/** `listed(['a', 'b', 'c', 'd'])` → `` `a`, `b`, `c` and 1 more ``; '' for none. */
export function listed(names: readonly string[], most = 3): string {
  const distinct = [...new Set(names)];
  const shown = distinct.slice(0, most).map((name) => `\`${name}\``);
  const left = distinct.length - shown.length;
  return left > 0 ? `${shown.join(', ')} and ${left} more` : shown.join(', ');
}

/** `counted(1, 'pod')` → `1 pod`; `counted(2, 'pod')` → `2 pods`; a word ending in y gets -ies. */
export function counted(count: number, word: string): string {
  return `${count} ${count === 1 ? word : word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`}`;
}
