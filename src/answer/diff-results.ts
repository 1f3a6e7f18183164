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
}

/** In this order: what could not be read, what is uncovered, what opens and closes, policies that match nothing, and what to mind. [] for no change. */
export function diffResults(diff: ConnectivityDiff): readonly DiffResult[] {
  return [
    ...unreadResults(diff),
    ...isolationResults(diff),
    ...rowResults(diff),
    ...inertResults(diff),
    ...unseenResults(diff),
    ...applyResults(diff),
  ];
}

function unreadResults({ unread = [], base, head }: ConnectivityDiff): DiffResult[] {
  return unread.map((part) => {
    const at = part.place;
    const isOld = part.state === 'base';
    return {
      rule: 'state-unreadable',
      text: unreadWords(part, isOld ? base : head),
      at: at === undefined || !isOld ? at : oldPlace(at),
      object: at?.file ?? '',
    };
  });
}

function isolationResults({ isolation, orderedTiers }: ConnectivityDiff): DiffResult[] {
  return isolation.flatMap((row): DiffResult[] => {
    if (row.change === 'gained') return [];
    const [cause] = row.because;
    const words = isolationWords(row.change, [row.direction], orderedTiers === true);
    return [
      {
        rule: isolationRule(row),
        text: isolationResult(isolationSubject(row), words, cause),
        at: cause && placeIn(cause),
        object: cause === undefined ? row.workload : objectOf(cause),
      },
    ];
  });
}

/** Labels that changed are a reason of their own; otherwise a policy came, went or changed. */
function isolationRule({ change, because }: DiffIsolation): DiffRuleId {
  if (change === 'unsure') return 'isolation-unclear';
  return because.some(({ of }) => of === 'policy') ? 'policy-change-leaves-open' : 'relabelling-leaves-open';
}

const VERBS = { 'access-widened': 'opens', 'access-lost': 'closes', 'access-unclear': 'leaves undecided' } as const;

/** One for each edited place and each kind of change; a row with two causes is told at both. */
function rowResults({ changes }: ConnectivityDiff): DiffResult[] {
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
  return [...byPlace.values()].map(({ rule, cause, rows }): DiffResult => {
    const object = cause === undefined ? '' : objectOf(cause);
    return { rule, text: rowsResult(VERBS[rule], rows, cause), at: cause && placeIn(cause), object };
  });
}

function rulesOf({ change, opened, closed }: DiffChange): readonly (keyof typeof VERBS)[] {
  if (change === 'undecided') return ['access-unclear'];
  return [...(opened === undefined ? [] : (['access-widened'] as const)), ...(closed === undefined ? [] : (['access-lost'] as const))];
}

function inertResults({ inert }: ConnectivityDiff): DiffResult[] {
  return inert.map(({ kind, policy, text, at }) => ({ rule: 'policy-inert', text, at, object: `${kind} ${policy}` }));
}

function unseenResults({ unseen }: ConnectivityDiff): DiffResult[] {
  return unseen.map(({ kind, policy, text, at }) => ({ rule: 'peer-not-here', text, at, object: `${kind} ${policy}` }));
}

/** Told at the first edit that is to be applied, or at the first that closes something: a result needs a line. */
function applyResults({ order, changes, establishedConnections, profile }: ConnectivityDiff): DiffResult[] {
  const found: DiffResult[] = [];
  const first = order?.apply.find(({ at }) => at !== undefined);
  const risk = order?.cutInAnotherOrder[0];
  if (order !== undefined && first !== undefined && risk !== undefined) {
    found.push({ rule: 'apply-order', text: orderResult(order.apply, risk), at: first.at, object: objectOf(first) });
  }
  const closing = changes.find(({ closed }) => closed !== undefined)?.because[0];
  if (closing !== undefined) {
    found.push({
      rule: 'open-connections',
      text: establishedWords(establishedConnections, profile),
      at: placeIn(closing),
      object: objectOf(closing),
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
