// A change to one place of a manifest, as data: which node, and what is to be there. Applied to text by repair/edit.ts.
import type { Origin, Place } from './origin.ts';

/** What can be written: `{ protocol: 'TCP', port: 53 }`. */
export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain };

export type Edit =
  /** The value at a path becomes another one. */
  | { readonly kind: 'set-value'; readonly at: Origin; readonly value: Plain }
  /** The last step of `at` is a mapping's key; it gets another name and keeps its value. */
  | { readonly kind: 'rename-key'; readonly at: Origin; readonly key: string }
  /** A mapping gets one more entry, after the key `after`, else at its end. */
  | { readonly kind: 'add-entry'; readonly at: Origin; readonly key: string; readonly value: Plain; readonly after?: string }
  /** A list gets one more item at its end. */
  | { readonly kind: 'add-item'; readonly at: Origin; readonly value: Plain }
  /** A list gets one more item, before the one at this place and before the comment above that. */
  | { readonly kind: 'insert-item'; readonly at: Origin; readonly value: Plain }
  /** An entry or an item goes, with the comments on its lines. */
  | { readonly kind: 'remove'; readonly at: Origin }
  /** Entries of a mapping move one level down, under a new key: `matchLabels` → `podSelector: { matchLabels }`. */
  | { readonly kind: 'move-under'; readonly at: Origin; readonly keys: readonly string[]; readonly under: string }
  /** An item of a list becomes part of the item before it: a dash goes. */
  | { readonly kind: 'join-to-previous'; readonly at: Origin }
  /** The other way round: an entry of a list's item, and those behind it, become an item of their own. `at` ends in the entry's key. */
  | { readonly kind: 'split-item'; readonly at: Origin }
  /** Text that is no YAML for a reason with a name; the place is where the reader gave up. */
  | { readonly kind: 'mend-syntax'; readonly place: Place; readonly fault: 'tab-character' | 'slash-comment' | 'smart-quotes' };
