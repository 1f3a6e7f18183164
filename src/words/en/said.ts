// The shape of everything that is said, and the few forms that many sentences share. Lower case, no full stop at the end of a text.

/** `{ text: 'no such file or folder: `deplyo`', hint: 'did you mean `deploy`?' }`; no hint when nothing better than the text is known. */
export interface Said {
  readonly text: string;
  readonly hint?: string | undefined;
}

/** `['deploy', 'deploys']` → 'did you mean `deploy` or `deploys`?'; undefined when nothing is near. */
export function didYouMean(near: readonly string[]): string | undefined {
  return near.length === 0 ? undefined : `did you mean ${near.map((name) => `\`${name}\``).join(' or ')}?`;
}

/** `counted(1, 'pod')` → '1 pod', `counted(2, 'policy', 'policies')` → '2 policies'. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What another program said, appended: ': no space left on device'; nothing when it said nothing. */
export function quoting(said: string): string {
  return said === '' ? '' : `: ${said}`;
}
