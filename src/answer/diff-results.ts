// What a comparison says line by line: one result for each edit and what it does, at the edited line. For code scanning and annotations.
import {
  type DIFF_RULE_TEXTS,
  establishedWords,
  isolationResult,
  isolationSubject,
  isolationWords,
  orderResult,
  rowsResult,
  unreadWords,
} from '../words/en/diff.ts';
import { causeKey, leadingCauses } from './diff-groups.ts';
import type { Place } from './documents/common.ts';
import type { ConnectivityDiff, DiffCauseDocument, DiffChange, DiffIsolation } from './documents/connectivity-diff.ts';

export type DiffRuleId = keyof typeof DIFF_RULE_TEXTS;

/** Each with its section in docs/diff.md, and its sentence in words/en/diff.ts. `tags`: numbers of the catalogue of faults. */
export const DIFF_RULES: Readonly<Record<DiffRuleId, { readonly level: 'error' | 'warning' | 'note'; readonly tags: readonly string[] }>> =
  {
    'relabelling-leaves-open': { level: 'error', tags: ['NP092'] },
    'policy-change-leaves-open': { level: 'error', tags: ['NP093'] },
    'other-cni-leaves-open': { level: 'error', tags: ['NP093'] },
    'isolation-unclear': { level: 'warning', tags: ['NP093'] },
    'state-unreadable': { level: 'error', tags: ['NP005'] },
    'access-widened': { level: 'warning', tags: ['NP094'] },
    'access-lost': { level: 'warning', tags: ['NP094'] },
    'access-unclear': { level: 'note', tags: ['NP094'] },
    'policy-inert': { level: 'warning', tags: ['NP042', 'NP043'] },
    'peer-not-here': { level: 'note', tags: ['NP043'] },
    'open-connections': { level: 'note', tags: ['NP095', 'NP096'] },
    'apply-order': { level: 'note', tags: ['NP097'] },
  };

export interface DiffResult {
  readonly rule: DiffRuleId;
  readonly text: string;
  /** Line 0 for what only the old state has: the file, without a line of the new one. */
  readonly at: Place | undefined;
  /** `NetworkPolicy shop/cart`. */
  readonly object: string;
  /** Of codes and ends, without lines and words: the same result has the same key in the next run. Each is there once. */
  readonly key: string;
}

/** Before it is known whether another result has the same key. */
interface Found extends Omit<DiffResult, 'key'> {
  /** What the key is made of, besides rule and object. */
  readonly facts: readonly unknown[];
}

/** In this order: what could not be read, what is uncovered, what opens and closes, policies that match nothing, and what to mind. [] for no change. */
export function diffResults(diff: ConnectivityDiff): readonly DiffResult[] {
  return withKeys([
    ...unreadResults(diff),
    ...isolationResults(diff),
    ...rowResults(diff),
    ...inertResults(diff),
    ...unseenResults(diff),
    ...applyResults(diff),
  ]);
}

/** Two broken documents of one file differ in nothing but their lines: the second has its number in its key. */
function withKeys(found: readonly Found[]): readonly DiffResult[] {
  const seen = new Map<string, number>();
  return found.map(({ facts, ...result }) => {
    const key = JSON.stringify([result.rule, result.object, ...facts]);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return { ...result, key: count === 1 ? key : `${key} ${count}` };
  });
}

/** The edit, without its line. */
function editFacts(cause: DiffCauseDocument | undefined): readonly unknown[] {
  return cause === undefined ? [] : [cause.change, cause.part, cause.partChange, cause.was, cause.now];
}

/** `['shop/cart', 'shop/frontend']`: each end once, in an order of its own. */
function endsOf(ends: readonly string[]): readonly string[] {
  return [...new Set(ends)].sort();
}

function unreadResults({ unread = [], base, head }: ConnectivityDiff): Found[] {
  return unread.map((part) => {
    const at = part.place;
    const isOld = part.state === 'base';
    return {
      rule: 'state-unreadable',
      text: unreadWords(part, isOld ? base : head),
      at: at === undefined || !isOld ? at : oldPlace(at),
      object: at?.file ?? '',
      facts: [part.state, part.code],
    };
  });
}

function isolationResults({ isolation, orderedTiers }: ConnectivityDiff): Found[] {
  return isolation.flatMap((row): Found[] => {
    if (row.change === 'gained') return [];
    const [cause] = row.because;
    const words = isolationWords(row.change, [row.direction], orderedTiers === true);
    return [
      {
        rule: isolationRule(row),
        text: isolationResult(isolationSubject(row), words, cause),
        at: cause && placeIn(cause),
        object: cause === undefined ? row.workload : objectOf(cause),
        facts: [row.change, row.direction, row.workload, row.pods, editFacts(cause)],
      },
    ];
  });
}

/** Labels that changed are a reason of their own; otherwise a policy came, went or changed. */
function isolationRule({ change, because }: DiffIsolation): DiffRuleId {
  if (change === 'unsure') return 'isolation-unclear';
  if (because.some(({ of }) => of === 'cni')) return 'other-cni-leaves-open';
  return because.some(({ of }) => of === 'policy') ? 'policy-change-leaves-open' : 'relabelling-leaves-open';
}

const VERBS = { 'access-widened': 'opens', 'access-lost': 'closes', 'access-unclear': 'leaves undecided' } as const;

/** One for each edited place and each kind of change; a row with two causes is told at both. */
function rowResults({ changes }: ConnectivityDiff): Found[] {
  const byPlace = new Map<
    string,
    { readonly rule: keyof typeof VERBS; readonly cause: DiffCauseDocument | undefined; readonly rows: DiffChange[] }
  >();
  const leading = leadingCauses(changes);
  for (const row of changes) {
    const causes = leading(row);
    for (const rule of rulesOf(row)) {
      for (const cause of causes.length === 0 ? [undefined] : causes) {
        const key = `${rule} ${cause === undefined ? '' : causeKey(cause)}`;
        const group = byPlace.get(key);
        if (group === undefined) byPlace.set(key, { rule, cause, rows: [row] });
        else group.rows.push(row);
      }
    }
  }
  return [...byPlace.values()].map(({ rule, cause, rows }): Found => {
    const object = cause === undefined ? '' : objectOf(cause);
    const facts = [editFacts(cause), endsOf(rows.map(({ from }) => from)), endsOf(rows.map(({ to }) => to))];
    return { rule, text: rowsResult(VERBS[rule], rows, cause), at: cause && placeIn(cause), object, facts };
  });
}

function rulesOf({ change, opened, closed }: DiffChange): readonly (keyof typeof VERBS)[] {
  if (change === 'undecided') return ['access-unclear'];
  return [...(opened === undefined ? [] : (['access-widened'] as const)), ...(closed === undefined ? [] : (['access-lost'] as const))];
}

function inertResults({ inert }: ConnectivityDiff): Found[] {
  return inert.map(({ what, kind, policy, text, at }) => ({ rule: 'policy-inert', text, at, object: `${kind} ${policy}`, facts: [what] }));
}

function unseenResults({ unseen }: ConnectivityDiff): Found[] {
  return unseen.map(({ kind, policy, text, at }) => ({ rule: 'peer-not-here', text, at, object: `${kind} ${policy}`, facts: [] }));
}

/** Told at the first edit that is to be applied, or at the first that closes something: a result needs a line. */
function applyResults({ order, changes, establishedConnections, profile, move }: ConnectivityDiff): Found[] {
  const found: Found[] = [];
  const first = order?.apply.find(({ at }) => at !== undefined);
  const risk = order?.cutInAnotherOrder[0];
  if (order !== undefined && first !== undefined && risk !== undefined) {
    const facts = order.apply.map(({ kind, name, change }) => [kind, name, change]);
    found.push({ rule: 'apply-order', text: orderResult(order.apply, risk), at: first.at, object: objectOf(first), facts });
  }
  const closing = changes.find(({ closed }) => closed !== undefined)?.because[0];
  // What happens to open connections while the CNI itself is replaced is nothing that a profile says.
  if (closing !== undefined && move === undefined) {
    found.push({
      rule: 'open-connections',
      text: establishedWords(establishedConnections, profile),
      at: placeIn(closing),
      object: objectOf(closing),
      facts: [establishedConnections],
    });
  }
  return found;
}

/** Does the change deny anything that was allowed, or may it? Else nothing happens to open connections. */
export function closesSomething({ changes }: Pick<ConnectivityDiff, 'changes'>): boolean {
  return changes.some(({ closed, perhapsClosed }) => closed !== undefined || perhapsClosed !== undefined);
}

function objectOf({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind} ${name}`;
}

/** A line of the new state, because a review shows that one. What is gone altogether has only its old file. */
function placeIn({ at, isGone, objectAt }: DiffCauseDocument): Place | undefined {
  if (isGone !== true) return at;
  return objectAt ?? (at && oldPlace(at));
}

/** `main:k8s/cart.yaml` → `k8s/cart.yaml`, without a line. */
function oldPlace({ file }: Place): Place {
  return { file: file.replace(/^[^/:]+:(?=[^/])/, ''), line: 0, column: 0 };
}
