// Large loads in pieces. A process without real root may send no more than the socket buffer holds in one netlink transaction
// (SO_SNDBUFFORCE needs CAP_NET_ADMIN outside of any user namespace), and a table of ten thousand pods is more than that.
// The chain with the hook goes last, so nothing is in force until everything is.
import { type Change, delta, nothing } from './delta.ts';
import { printChanges } from './print.ts';
import type { Ruleset } from './ruleset.ts';

export interface StageOptions {
  /** The longest text of one transaction. */
  readonly maxText: number;
  /** A table that is in force now, under another name: it goes in the transaction in which the new one comes. */
  readonly replaces?: string;
}

/**
 * Texts for `nft -f -`, to be run one after the other. `['add table inet netverdict…', …, 'delete table inet old\nadd chain … hook …']`.
 * A small ruleset is one text. When one of them fails, delete the new table: what was in force before still is.
 */
export function stages(ruleset: Ruleset, { maxText, replaces }: StageOptions): string[] {
  const changes = delta(nothing(ruleset), ruleset);
  const hooked = new Set(ruleset.chains.filter(({ hook }) => hook !== undefined).map(({ name }) => name));
  const isLast = (change: Change) => (change.kind === 'add-chain' && hooked.has(change.chain.name)) || (change.kind === 'add-rules' && hooked.has(change.chain));
  const begin = `add table inet ${ruleset.table}\ndelete table inet ${ruleset.table}\nadd table inet ${ruleset.table}\n`;
  const end = `${replaces === undefined ? '' : `delete table inet ${replaces}\n`}${printChanges(ruleset.table, changes.filter(isLast))}`;

  const texts: string[] = [];
  let text = begin;
  for (const change of changes.filter((other) => !isLast(other)).flatMap(inParts)) {
    const line = printChanges(ruleset.table, [change]);
    if (text.length + line.length > maxText && text !== '') {
      texts.push(text);
      text = '';
    }
    text += line;
  }
  return text.length + end.length <= maxText ? [...texts, text + end] : [...texts, text, end];
}

/** Elements and rules of one command, so that a command is never much longer than 48 KB. */
const ELEMENTS = 1000;
const RULES = 100;

function inParts(change: Change): Change[] {
  switch (change.kind) {
    case 'add-elements':
      return chunks(change.elements, ELEMENTS).map((elements) => ({ ...change, elements }));
    case 'add-entries':
      return chunks(change.entries, ELEMENTS).map((entries) => ({ ...change, entries }));
    case 'add-rules':
      return chunks(change.rules, RULES).map((rules) => ({ ...change, rules }));
    default:
      return [change];
  }
}

function chunks<T>(list: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
