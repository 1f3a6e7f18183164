// Large loads in pieces. A process without real root may send no more than a socket's buffer holds in one netlink transaction (nft raises it
// with SO_SNDBUFFORCE only, which needs CAP_NET_ADMIN outside of any user namespace), and a table of ten thousand pods is more than that.
// The chain with the hook goes last, so nothing is in force until everything is.
import { type Change, delta, nothing } from './delta.ts';
import { printChanges } from './print.ts';
import type { Element, Field, Rule, Ruleset } from './ruleset.ts';

/** What the kernel gives a netlink socket unless somebody changed net.core.wmem_default. */
const _DEFAULT_BUFFER = 212_992;

export interface StageOptions {
  /** The buffer of one transaction in bytes: DEFAULT_BUFFER mostly; `Infinity` with real root. */
  readonly buffer: number;
  /** A table that is in force now, under another name: it goes in the transaction in which the new one comes. */
  readonly replaces?: string;
}

/**
 * Texts for `nft -f -`, to be run one after the other. `['add table inet netverdict…', …, 'delete table inet old\nadd chain … hook …']`.
 * A small ruleset is one text. When one of them fails, delete the new table: what was in force under the other name still is.
 */
export function stages(ruleset: Ruleset, { buffer, replaces }: StageOptions): string[] {
  const changes = delta(nothing(ruleset), ruleset);
  const hooked = new Set(ruleset.chains.filter(({ hook }) => hook !== undefined).map(({ name }) => name));
  const isLast = (change: Change) =>
    (change.kind === 'add-chain' && hooked.has(change.chain.name)) || (change.kind === 'add-rules' && hooked.has(change.chain));
  const parts = changes.filter((change) => !isLast(change)).flatMap(inParts);
  // The estimate is on the high side by a quarter or so; half the buffer is left for what a later nft may add.
  const pieces = fitting(parts, buffer / 2);
  const texts = pieces.map((piece) => printChanges(ruleset.table, piece));
  const begin = `add table inet ${ruleset.table}\ndelete table inet ${ruleset.table}\nadd table inet ${ruleset.table}\n`;
  const end = `${replaces === undefined ? '' : `delete table inet ${replaces}\n`}${printChanges(ruleset.table, changes.filter(isLast))}`;
  return texts.length <= 1 ? [`${begin}${texts[0] ?? ''}${end}`] : [`${begin}${texts[0]}`, ...texts.slice(1), end];
}

/** Would these changes go through in one transaction? */
export function fits(changes: readonly Change[], buffer: number): boolean {
  return changes.reduce((sum, change) => sum + bytesOf(change), 0) <= buffer / 2;
}

function fitting(changes: readonly Change[], limit: number): (readonly Change[])[] {
  const pieces: Change[][] = [[]];
  let size = 0;
  for (const change of changes) {
    const bytes = bytesOf(change);
    if (size > 0 && size + bytes > limit) {
      pieces.push([]);
      size = 0;
    }
    pieces.at(-1)?.push(change);
    size += bytes;
  }
  return pieces;
}

/** Elements and rules of one command: small enough to be packed, large enough that nft has little to do for each. */
const ELEMENTS = 500;
const RULES = 50;

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

/** About how long a change is as a netlink message. Sizes of single things were read off `nft --debug=mnl`. */
function bytesOf(change: Change): number {
  switch (change.kind) {
    case 'add-elements':
    case 'delete-elements':
      return 80 + change.elements.reduce((sum, element) => sum + elementBytes(change.set.fields, element, change.set.interval), 0);
    case 'add-entries':
    case 'delete-entries':
      return (
        80 +
        change.entries.reduce((sum, { key, value }) => {
          const data = typeof value === 'object' && 'chain' in value ? 28 + value.chain.length : 16;
          return sum + elementBytes(change.map.fields, key, change.map.interval) + data;
        }, 0)
      );
    case 'add-rules':
      return change.rules.reduce((sum, rule) => sum + ruleBytes(rule), 0);
    case 'add-set':
      return 400 + change.set.name.length;
    case 'add-map':
      return 450 + change.map.name.length;
    case 'add-chain':
      return 250 + change.chain.name.length;
    case 'add-counter':
      return 300 + change.counter.name.length;
    default:
      return 100;
  }
}

/** A range is two elements, or one with two keys. */
function elementBytes(fields: readonly Field[], element: Element, interval: boolean): number {
  const key = fields.reduce((sum, field) => sum + (field.startsWith('ip6') ? 16 : 4), 0);
  return (24 + key) * (interval && element.length > 0 ? 2 : 1);
}

function ruleBytes(rule: Rule): number {
  return rule.reduce((sum, part) => sum + 100 + ('fields' in part ? part.fields.length * 80 : 0), 150);
}
