// Rows and isolation changes of a comparison put together, so that a person reads reasons, not pairs: what changes for the same edits is
// one group, and many reasons of one kind are one.

import type { Direction } from './documents/common.ts';
import type { ConnectivityDiff, DiffCauseDocument, DiffChange, DiffIsolation } from './documents/connectivity-diff.ts';
import { groupRows, type MapGroup } from './map-groups.ts';

type Change = DiffChange['change'];

/** What rows and isolation changes have in common. */
export interface Reasons {
  readonly because: readonly DiffCauseDocument[];
  readonly eachIsEnough?: true;
}

/** Why a group changes. */
export interface GroupReasons {
  /** All of them together; of several that would do it alone, the one that explains most rows. */
  readonly causes: readonly DiffCauseDocument[];
  /** Where several groups were put together: for each row some of these, beside `causes`. Empty otherwise. */
  readonly others: readonly DiffCauseDocument[];
}

export interface RowGroup extends GroupReasons {
  readonly change: Change;
  /** Set where workloads that come or go are the reason, and there are several: the groups would be as many as their pairs. */
  readonly passing: 'come' | 'go' | undefined;
  readonly rows: readonly DiffChange[];
  /** Rows that open the same ports and close the same, sources and targets together. `sample`: one of them. */
  readonly lines: readonly { readonly sample: DiffChange; readonly groups: readonly MapGroup[] }[];
}

export interface IsolationGroup extends GroupReasons {
  readonly change: DiffIsolation['change'];
  readonly directions: readonly Direction[];
  /** One for each workload, or group of its pods. */
  readonly subjects: readonly DiffIsolation[];
}

const CHANGES: readonly Change[] = ['opened', 'closed', 'changed', 'undecided'];

/** More reasons than this for one kind of change are put together: deleting a folder of policies is one event, not thirty. */
const MOST_REASONS = 5;

interface Heap<T> extends GroupReasons {
  readonly items: readonly T[];
}

/** In the order of CHANGES; inside, in the order of the rows. */
export function rowGroups({ changes, workloads, namespaces }: ConnectivityDiff): readonly RowGroup[] {
  const leading = leadingCauses(changes);
  const passingOf = ({ added = [], removed = [] }: DiffChange): RowGroup['passing'] =>
    added.length > 0 && workloads.added.length > 1 ? 'come' : removed.length > 0 && workloads.removed.length > 1 ? 'go' : undefined;
  return CHANGES.flatMap((change) => {
    const own = changes.filter((row) => row.change === change);
    const passing = (['come', 'go'] as const).flatMap((way) => {
      const items = own.filter((row) => passingOf(row) === way);
      return items.length === 0 ? [] : [{ way, items }];
    });
    const staying = own.filter((row) => passingOf(row) === undefined);
    // Where a workload goes, its namespace is whole in the state that still has it.
    const sizes = (change === 'closed' ? namespaces?.base : namespaces?.head) ?? {};
    const linesOf = (list: readonly DiffChange[]): RowGroup['lines'] =>
      [...groupedBy(list, portKey).values()].flatMap((same) => {
        const [sample] = same;
        if (sample === undefined) return [];
        const rows = same.map((row) => ({ from: row.from, to: row.to, allowed: row.change === 'closed' ? row.before : row.after }));
        return [{ sample, groups: groupRows(rows, sizes) }];
      });
    return [
      ...passing.map(({ way, items }): RowGroup => {
        return { change, passing: way, causes: [], others: [], rows: items, lines: linesOf(items) };
      }),
      ...heaps(staying, leading).map(({ causes, others, items }): RowGroup => {
        return { change, passing: undefined, causes, others, rows: items, lines: linesOf(items) };
      }),
    ];
  });
}

/** What is said of the ports of a row. */
function portKey({ change, before, after, opened, closed, perhapsOpened, perhapsClosed }: DiffChange): string {
  const sure = change === 'changed' ? [before, after] : change === 'undecided' ? [] : [change === 'opened' ? opened : closed];
  return JSON.stringify([...sure, perhapsOpened ?? [], perhapsClosed ?? []]);
}

/** Workloads that lose the same for the same reasons, in the order of the answer. */
export function isolationGroups({ isolation }: Pick<ConnectivityDiff, 'isolation'>): readonly IsolationGroup[] {
  const leading = leadingCauses(isolation);
  return (['lost', 'unsure', 'gained'] as const).flatMap((change) => {
    const rows = isolation.filter((row) => row.change === change);
    const subjects = [...groupedBy(rows, (row) => JSON.stringify([row.workload, row.pods, reasonKey(leading(row))])).values()];
    const byDirections = groupedBy(subjects, (own) => own.map(({ direction }) => direction).join(' '));
    return [...byDirections.values()].flatMap((alike) =>
      heaps(alike, ([first]) => (first === undefined ? [] : leading(first))).map(({ causes, others, items }): IsolationGroup => {
        const directions = items[0]?.map(({ direction }) => direction) ?? [];
        return { change, directions, causes, others, subjects: items.flatMap(([first]) => first ?? []) };
      }),
    );
  });
}

/** Of causes that would each be enough, the one that is named most often: one default deny explains more than ten rules. */
export function leadingCauses(rows: Iterable<Reasons>): (row: Reasons) => readonly DiffCauseDocument[] {
  const count = new Map<string, number>();
  for (const { because } of rows) for (const cause of because) count.set(causeKey(cause), (count.get(causeKey(cause)) ?? 0) + 1);
  return ({ because, eachIsEnough }) => {
    const [first, ...others] = because;
    if (eachIsEnough !== true || first === undefined) return because;
    return [others.reduce((best, other) => ((count.get(causeKey(other)) ?? 0) > (count.get(causeKey(best)) ?? 0) ? other : best), first)];
  };
}

const keys = new WeakMap<DiffCauseDocument, string>();

/** Equal for the same place of the same edit. */
export function causeKey(cause: DiffCauseDocument): string {
  let key = keys.get(cause);
  if (key === undefined) {
    const { kind, name, part, at, was, now } = cause;
    key = JSON.stringify([kind, name, part, at?.line, at?.column, at?.path, was, now]);
    keys.set(cause, key);
  }
  return key;
}

function reasonKey(causes: readonly DiffCauseDocument[]): string {
  return causes.map(causeKey).sort().join(' ');
}

/** By reason. Of too many reasons those are put together that share the commonest edit, then the smallest of the others. */
function heaps<T>(items: readonly T[], causesOf: (item: T) => readonly DiffCauseDocument[]): readonly Heap<T>[] {
  const found = [...groupedBy(items, (item) => reasonKey(causesOf(item))).values()].map((list): Heap<T> => {
    const [first] = list;
    return { causes: first === undefined ? [] : causesOf(first), others: [], items: list };
  });
  if (found.length <= MOST_REASONS) return found;
  const named = [
    ...groupedBy(
      found.flatMap(({ causes }) => causes),
      causeKey,
    ).values(),
  ];
  const [shared] = named.reduce<readonly DiffCauseDocument[]>((best, other) => (other.length > best.length ? other : best), []);
  const hasShared = (heap: Heap<T>) => shared !== undefined && heap.causes.some((cause) => causeKey(cause) === causeKey(shared));
  const together = found.filter(hasShared);
  const bySize = found.filter((heap) => !hasShared(heap)).sort((a, b) => b.items.length - a.items.length);
  const kept = bySize.length + 1 <= MOST_REASONS ? bySize : bySize.slice(0, MOST_REASONS - 2);
  const rest = bySize.slice(kept.length);
  return [...merged(together, shared), ...kept, ...merged(rest, undefined)];
}

function merged<T>(list: readonly Heap<T>[], shared: DiffCauseDocument | undefined): readonly Heap<T>[] {
  if (list.length <= 1) return list;
  const all = new Map(list.flatMap(({ causes }) => causes).map((cause) => [causeKey(cause), cause]));
  if (shared !== undefined) all.delete(causeKey(shared));
  return [{ causes: shared === undefined ? [] : [shared], others: [...all.values()], items: list.flatMap(({ items }) => items) }];
}

function groupedBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const found = new Map<K, T[]>();
  for (const item of items) {
    const list = found.get(keyOf(item));
    if (list === undefined) found.set(keyOf(item), [item]);
    else list.push(item);
  }
  return found;
}
