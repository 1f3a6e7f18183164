// `diff`: what a change of manifests opens, closes and uncovers, and which edit does it. Facts only; report/diff-*.ts says them.

import { type ChangedRow, changedRows, type Diff, diffOf, type IsolationChange, isolationChanges } from '../compare/compare.ts';
import { type InertPolicy, policiesWithoutPods, type RulePeer } from '../compare/inert.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import { isNoPorts } from '../net/port-set.ts';
import { type ProfileChoice, type Say, semanticsOf, whoSays } from '../profile/choose.ts';
import { asReadBy } from '../program/in-force.ts';
import { type DiffCause, type DiffCauses, diffCauses, type Reasons } from './diff-causes.ts';
import { type ChangedDepartures, changedDepartures } from './diff-departures.ts';
import { type ObjectEdit, objectEdits } from './diff-edits.ts';
import { type ApplyOrder, applyOrder } from './diff-order.ts';

export type { DiffCause, ObjectEdit, Reasons };

export interface DiffRow extends ChangedRow, Reasons {}

export interface IsolationRow extends IsolationChange, Reasons {}

/** What the CNI does to connections that are open when a policy starts to deny them. */
export interface Established {
  readonly value: 'cut' | 'kept' | 'open';
  /** Where profiles differ: who says what. */
  readonly says: readonly Say<'establishedCutOnDeny'>[];
}

export interface DiffCounts {
  readonly opened: number;
  readonly closed: number;
  readonly changed: number;
  /** Rows of which only what is open to doubt has changed. */
  readonly undecided: number;
  readonly isolationLost: number;
  readonly isolationGained: number;
}

/** Everything but the rows; those come one by one from `rows`, because there can be many. */
export interface DiffAnswer {
  readonly profile: string;
  readonly edits: readonly ObjectEdit[];
  readonly workloads: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly isolation: readonly IsolationRow[];
  readonly inert: readonly InertPolicy[];
  /** New peers of which the new state has no pod, so that no row can tell what they open. */
  readonly unseen: readonly RulePeer[];
  /** undefined where the order does not matter. */
  readonly order: ApplyOrder | undefined;
  readonly established: Established;
  /** Where the enforcer of the profile begins or ceases to do otherwise; undefined: none that is known to. */
  readonly departures: ChangedDepartures | undefined;
  /** Can be asked more than once; each time the rows are worked out anew. */
  readonly rows: () => Iterable<DiffRow>;
}

/** Never throws. Two equal states have no rows, no edits and no isolation change. */
export function diff(earlier: Cluster, later: Cluster, choice: ProfileChoice): DiffAnswer {
  const semantics = semanticsOf(choice);
  const [before, after] = [asReadBy(earlier, semantics), asReadBy(later, semantics)];
  const compared = diffOf(before, after, semantics);
  const edits = objectEdits(compared);
  const causes = diffCauses(compared, edits);
  const value = semantics.establishedCutOnDeny;
  return {
    profile: choice.name,
    edits,
    workloads: { added: only(after, before), removed: only(before, after) },
    isolation: isolationChanges(compared).map((change) => ({ ...change, ...causes.ofIsolation(change) })),
    ...policiesWithoutPods(compared),
    order: applyOrder(compared, edits),
    established: { value, says: value === 'open' ? whoSays(choice, 'establishedCutOnDeny') : [] },
    departures: edits.length === 0 ? undefined : changedDepartures(before, after, semantics),
    rows: () => explained(compared, causes),
  };
}

function* explained(compared: Diff, causes: DiffCauses): Generator<DiffRow> {
  for (const row of changedRows(compared)) yield { ...row, ...causes.ofRow(row) };
}

function only(one: Cluster, other: Cluster): readonly string[] {
  return [...one.workloads.keys()].filter((ref) => !other.workloads.has(ref)).sort();
}

/** A changed row counts as opened when it opens a port, and as closed when it closes one; so does the exit code. */
function opens(row: ChangedRow): boolean {
  return !isNoPorts(row.opened);
}

function closes(row: ChangedRow): boolean {
  return !isNoPorts(row.closed);
}

export function countRows(rows: Iterable<ChangedRow>, isolation: readonly Pick<IsolationChange, 'change'>[]): DiffCounts {
  const counts = { opened: 0, closed: 0, changed: 0, undecided: 0 };
  for (const row of rows) counts[row.change]++;
  return {
    ...counts,
    isolationLost: isolation.filter(({ change }) => change === 'lost').length,
    isolationGained: isolation.filter(({ change }) => change === 'gained').length,
  };
}

/** What `--fail-on` can ask for. */
export const FAIL_ON = ['opened', 'closed', 'isolation-lost', 'undecided'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** Does the row or the isolation change belong to one of the kinds that were asked for? */
export function rowFails(row: ChangedRow, on: ReadonlySet<FailOn>): boolean {
  const isDoubtful = !isNoPorts(row.perhapsOpened) || !isNoPorts(row.perhapsClosed);
  return (on.has('opened') && opens(row)) || (on.has('closed') && closes(row)) || (on.has('undecided') && isDoubtful);
}

export function isolationFails({ change }: Pick<IsolationChange, 'change'>, on: ReadonlySet<FailOn>): boolean {
  return (on.has('isolation-lost') && change === 'lost') || (on.has('undecided') && change === 'unsure');
}

/**
 * Where a cause stands: the place in the state that has it, the new one first; else the object. `inState` says whose file that is.
 */
export function placeOfCause({ edit, place }: DiffCause): { readonly at: Origin | undefined; readonly inState: 'before' | 'after' } {
  if (place?.after !== undefined) return { at: place.after, inState: 'after' };
  // Something was taken out: what is left of the object shows best where.
  if (place?.before !== undefined) return { at: place.before, inState: 'before' };
  return edit.after === undefined ? { at: edit.before, inState: 'before' } : { at: edit.after, inState: 'after' };
}
