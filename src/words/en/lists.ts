// Lists that fit a line.

/** `andMore(['a', 'b', 'c'], 2)` → `a, b and 1 more`. '' for an empty list. */
export function andMore(items: readonly string[], most: number): string {
  return items.length <= most ? items.join(', ') : `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
}

/** `counted(1, 'pod')` → `1 pod`; `counted(2, 'policy', 'policies')` → `2 policies`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
