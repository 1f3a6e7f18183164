// The shape of everything that is said, and the few forms that many sentences share. Lower case, no full stop at the end of a text.
import type { Facts } from '../../model/problem.ts';
import { clipped } from '../../objects/clip.ts';

/** `{ text: 'no such file or folder: `deplyo`', hint: 'did you mean `deploy`?' }`; no hint when nothing better than the text is known. */
export interface Said {
  readonly text: string;
  readonly hint?: string | undefined;
}

/** `['deploy', 'deploys']` → 'did you mean `deploy` or `deploys`?'; undefined when nothing is near. */
export function didYouMean(near: readonly string[]): string | undefined {
  const names = near.map((name) => `\`${name}\``);
  const last = names.pop();
  if (last === undefined) return undefined;
  return names.length === 0 ? `did you mean ${last}?` : `did you mean ${names.join(', ')} or ${last}?`;
}

/** `counted(1, 'pod')` → '1 pod', `counted(2, 'policy', 'policies')` → '2 policies'. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What another program said, appended: ': no space left on device'; nothing when it said nothing. */
export function quoting(said: string): string {
  return said === '' ? '' : `: ${said}`;
}

/** `{ text, hint }` with a hint, `{ text }` where the hint is '' or undefined. */
export function said(text: string, hint?: string): Said {
  return hint === undefined || hint === '' ? { text } : { text, hint };
}

/** One fact as text, by its name. */
export type Fact = (name: string) => string;

/** `factsOf({ ports: ['80/TCP', '443/TCP'] })('ports')` → `80/TCP, 443/TCP`. '' for a fact that is not there. Long texts are clipped. */
export function factsOf(facts: Facts): Fact {
  return (name) => {
    const value = facts[name];
    return value === undefined ? '' : clipped(Array.isArray(value) ? value.join(', ') : String(value));
  };
}

/** A list that was joined with `, `: `one` for a single entry, `many` for more. */
export function byCount(list: string, one: string, many: string): string {
  return list.includes(', ') ? many : one;
}
