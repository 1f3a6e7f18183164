// What a comparison says line by line: one result for each edit and what it does, at the edited line. For code scanning and annotations.
import { placeFor } from '../explain/place.ts';
import type { Origin } from '../model/origin.ts';
import { closes, type DiffCause, type DiffRow, type IsolationRow } from '../question/diff.ts';
import { shortName } from '../words/en/ends.ts';
import { leadingCauses } from './diff-groups.ts';
import {
  causeWords,
  type DiffReport,
  establishedWords,
  gapWords,
  inertOrigin,
  inertWords,
  isolationSubject,
  isolationWords,
  peerOrigin,
  portChange,
  unreadParts,
  unreadWords,
  unseenGroups,
} from './diff-report.ts';

/** Each with its section in docs/diff.md. `tags`: numbers of the catalogue of faults. */
export const DIFF_RULES = {
  'relabelling-leaves-open': { level: 'error', text: 'other labels: no policy isolates the workload any more', tags: ['NP092'] },
  'policy-change-leaves-open': {
    level: 'error',
    text: 'a policy is gone or selects otherwise: nothing isolates the workload any more',
    tags: ['NP093'],
  },
  'isolation-unclear': { level: 'warning', text: 'a policy that cannot be read may or may not isolate the workload', tags: ['NP093'] },
  'state-unreadable': {
    level: 'error',
    text: 'a file could not be read, so its objects look as if they had come or gone',
    tags: ['NP005'],
  },
  'access-widened': { level: 'warning', text: 'connections are opened', tags: ['NP094'] },
  'access-lost': { level: 'warning', text: 'connections are closed', tags: ['NP094'] },
  'access-unclear': { level: 'note', text: 'what the profile or the input leaves open has changed', tags: ['NP094'] },
  'policy-inert': { level: 'warning', text: 'a policy, or a peer of it, means nobody any more', tags: ['NP042', 'NP043'] },
  'peer-not-here': {
    level: 'note',
    text: 'a new peer means pods that are not in the input, so what it opens cannot be told',
    tags: ['NP043'],
  },
  'open-connections': {
    level: 'note',
    text: 'what happens to connections that are open when the change is applied',
    tags: ['NP095', 'NP096'],
  },
  'apply-order': { level: 'note', text: 'policies applied in another order cut connections for a while', tags: ['NP097'] },
} as const;
export type DiffRuleId = keyof typeof DIFF_RULES;

/** Connections that one message names. */
const MOST_NAMED = 10;

export interface DiffResult {
  readonly rule: DiffRuleId;
  readonly text: string;
  readonly at: { readonly file: string; readonly line: number; readonly column: number } | undefined;
  readonly object: string;
}

/** Isolation first, then what opens and closes, policies that mean nobody, and what to mind when it is applied. [] for no change. */
export function diffResults(report: DiffReport): readonly DiffResult[] {
  return [
    ...unreadResults(report),
    ...isolationResults(report),
    ...rowResults(report),
    ...inertResults(report),
    ...unseenResults(report),
    ...applyResults(report),
  ];
}

function unreadResults(report: DiffReport): DiffResult[] {
  return unreadParts(report).map((part) => {
    const { origin, place } = part.problem;
    const at = placeFor(origin) ?? place;
    const old = at && { file: withoutRevision(at.file), line: 0, column: 0 };
    return { rule: 'state-unreadable', text: unreadWords(part, report), at: part.state === 'before' ? old : at, object: at?.file ?? '' };
  });
}

function isolationResults(report: DiffReport): DiffResult[] {
  return report.answer.isolation.flatMap((row): DiffResult[] => {
    if (row.change === 'gained') return [];
    const [cause] = row.causes;
    const because = cause === undefined ? '' : `, because ${causeWords(cause)}`;
    const object = cause === undefined ? row.workload : `${cause.edit.kind} ${cause.edit.ref}`;
    return [
      {
        rule: isolationRule(row),
        text: `${isolationSubject(row)}: ${isolationWords(row.change, [row.direction], report)}${because}`,
        at: cause && placeIn(cause),
        object,
      },
    ];
  });
}

/** Whose labels changed is told so; a policy that came, went or changed is the reason otherwise. */
function isolationRule({ change, causes }: IsolationRow): DiffRuleId {
  if (change === 'unsure') return 'isolation-unclear';
  return causes.some(({ edit }) => edit.thing.is === 'policy') ? 'policy-change-leaves-open' : 'relabelling-leaves-open';
}

/** One for each edited place and each kind of change; a row with two causes is told at both. */
function rowResults({ rows }: DiffReport): DiffResult[] {
  const byPlace = new Map<string, { readonly rule: DiffRuleId; readonly cause: DiffCause | undefined; readonly rows: DiffRow[] }>();
  const leading = leadingCauses(rows);
  for (const row of rows) {
    const causes = leading(row);
    for (const rule of rulesOf(row)) {
      for (const cause of causes.length === 0 ? [undefined] : causes) {
        const key = `${rule} ${cause === undefined ? '' : `${cause.edit.kind} ${cause.edit.ref} ${(cause.place?.after ?? cause.place?.before)?.path.join('/') ?? ''}`}`;
        const group = byPlace.get(key);
        if (group === undefined) byPlace.set(key, { rule, cause, rows: [row] });
        else group.rows.push(row);
      }
    }
  }
  return [...byPlace.values()].map(({ rule, cause, rows: own }): DiffResult => {
    const verb = rule === 'access-widened' ? 'opens' : rule === 'access-lost' ? 'closes' : 'leaves open';
    const names = own.slice(0, MOST_NAMED).map((row) => `${shortName(row.from)} → ${shortName(row.to)} (${portChange(row)})`);
    const more = own.length > names.length ? `\n… and ${own.length - names.length} more` : '';
    const head = cause === undefined ? `the change ${verb}` : `${causeWords(cause)}; this ${verb}`;
    return {
      rule,
      text: `${head} ${own.length} ${own.length === 1 ? 'connection' : 'connections'}:\n${names.join('\n')}${more}`,
      at: cause && placeIn(cause),
      object: cause === undefined ? '' : `${cause.edit.kind} ${cause.edit.ref}`,
    };
  });
}

function rulesOf({ change, opened, closed }: DiffRow): readonly DiffRuleId[] {
  if (change === 'undecided') return ['access-unclear'];
  const has = (ports: DiffRow['opened']) => ports.TCP.length + ports.UDP.length + ports.SCTP.length > 0;
  return [...(has(opened) ? (['access-widened'] as const) : []), ...(has(closed) ? (['access-lost'] as const) : [])];
}

function inertResults({ answer }: DiffReport): DiffResult[] {
  return answer.inert.map((inert) => ({
    rule: 'policy-inert',
    text: inertWords(inert),
    at: placeFor(inertOrigin(inert)),
    object: `${inert.policy.kind} ${inert.policy.ref}`,
  }));
}

function unseenResults(report: DiffReport): DiffResult[] {
  return unseenGroups(report).map(({ words, first }) => ({
    rule: 'peer-not-here',
    text: words,
    at: placeFor(peerOrigin(first)),
    object: `${first.policy.kind} ${first.policy.ref}`,
  }));
}

/** Told at the first edit that is to be applied, or at the first that closes something: a result needs a line. */
function applyResults({ answer, rows }: DiffReport): DiffResult[] {
  const found: DiffResult[] = [];
  const first = answer.order?.order.find(({ after }) => after !== undefined);
  const risk = answer.order?.risks[0];
  if (first !== undefined && risk !== undefined) {
    const names = answer.order?.order.map(({ kind, ref }) => `${kind} ${ref}`).join(', then ');
    found.push({
      rule: 'apply-order',
      text: `apply ${names}; in another order ${gapWords(risk)} is cut for a while`,
      at: placeFor(first.after),
      object: `${first.kind} ${first.ref}`,
    });
  }
  const closing = rows.find((row) => closes(row))?.causes[0];
  if (closing !== undefined) {
    found.push({
      rule: 'open-connections',
      text: establishedWords(answer.established, answer.profile),
      at: placeIn(closing),
      object: `${closing.edit.kind} ${closing.edit.ref}`,
    });
  }
  return found;
}

/**
 * A line of the new state, because a review shows that one: what was taken out is told at the object that it was taken from. An object that
 * is gone altogether has only its old file.
 */
function placeIn({ edit, place }: DiffCause): DiffResult['at'] {
  const now: Origin | undefined = place?.after ?? edit.after;
  if (now !== undefined) return placeFor(now);
  const old = placeFor(edit.before);
  return old && { file: withoutRevision(old.file), line: 0, column: 0 };
}

/** `main:k8s/cart.yaml` → `k8s/cart.yaml`. */
function withoutRevision(file: string): string {
  return file.replace(/^[^/:]+:(?=[^/])/, '');
}
