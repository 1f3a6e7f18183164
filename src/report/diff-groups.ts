// Rows and isolation changes of a comparison put together, so that a person reads reasons, not pairs: what changes for the same edits is
// told once, and many reasons of one kind are told as one.

import { namespaceSizes } from '../answer/map.ts';
import { groupRows, type MapGroup } from '../answer/map-groups.ts';
import { portsDocument } from '../answer/ports.ts';
import type { Direction } from '../model/policy.ts';
import type { DiffCause, DiffRow, IsolationRow, Reasons } from '../question/diff.ts';
import { type DiffReport, isolationSubject, portChange } from './diff-report.ts';

/** Why a group changes. */
export interface GroupReasons {
  /** All of them together; of several that would do it alone, the one that explains most rows. */
  readonly causes: readonly DiffCause[];
  /** Where several groups were put together: for each row some of these, beside `causes`. Empty otherwise. */
  readonly others: readonly DiffCause[];
}

export interface RowGroup extends GroupReasons {
  readonly change: DiffRow['change'];
  /** Set where workloads that come or go are the reason, and there are several: the groups would be as many as their pairs. */
  readonly passing: 'come' | 'go' | undefined;
  readonly rows: readonly DiffRow[];
  /** Rows that open the same ports and close the same, sources and targets told together. */
  readonly lines: readonly { readonly ports: string; readonly groups: readonly MapGroup[] }[];
}

export interface IsolationGroup extends GroupReasons {
  readonly change: IsolationRow['change'];
  readonly directions: readonly Direction[];
  /** `shop/cart`, `shop/cart (shop/cart-6d4)` where only some of its pods are meant. */
  readonly subjects: readonly string[];
}

const CHANGES: readonly DiffRow['change'][] = ['opened', 'closed', 'changed', 'undecided'];

/** More reasons than this for one kind of change are put together: deleting a folder of policies is one event, not thirty. */
const MOST_REASONS = 5;

interface Heap<T> extends GroupReasons {
  readonly items: readonly T[];
}

/** In the order of CHANGES; inside, in the order of the rows. */
export function rowGroups({ rows, clusters, answer }: DiffReport): readonly RowGroup[] {
  const leading = leadingCauses(rows);
  const { added, removed } = answer.workloads;
  const passingOf = ({ comes, goes }: DiffRow): RowGroup['passing'] =>
    comes.length > 0 && added.length > 1 ? 'come' : goes.length > 0 && removed.length > 1 ? 'go' : undefined;
  return CHANGES.flatMap((change) => {
    const own = rows.filter((row) => row.change === change);
    const passing = (['come', 'go'] as const).flatMap((way) => {
      const items = own.filter((row) => passingOf(row) === way);
      return items.length === 0 ? [] : [{ way, items }];
    });
    const staying = own.filter((row) => passingOf(row) === undefined);
    // Where a workload goes, its namespace is whole in the state that still has it.
    const sizes = namespaceSizes((change === 'closed' ? clusters.before : clusters.after).workloads.values());
    const linesOf = (list: readonly DiffRow[]): RowGroup['lines'] =>
      [...groupedBy(list, portChange)].map(([ports, same]) => ({
        ports,
        groups: groupRows(
          same.map((row) => ({ from: row.from, to: row.to, allowed: portsDocument(row.change === 'closed' ? row.before : row.after) })),
          sizes,
        ),
      }));
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

/** Workloads that lose the same for the same reasons, in the order of the answer. */
export function isolationGroups({ answer }: Pick<DiffReport, 'answer'>): readonly IsolationGroup[] {
  const leading = leadingCauses(answer.isolation);
  return (['lost', 'unsure', 'gained'] as const).flatMap((change) => {
    const rows = answer.isolation.filter((row) => row.change === change);
    const subjects = [...groupedBy(rows, (row) => `${isolationSubject(row)} ${reasonKey(leading(row))}`).values()];
    const byDirections = groupedBy(subjects, (own) => own.map(({ direction }) => direction).join(' and '));
    return [...byDirections.values()].flatMap((alike) =>
      heaps(alike, ([first]) => (first === undefined ? [] : leading(first))).map(({ causes, others, items }): IsolationGroup => {
        const directions = items[0]?.map(({ direction }) => direction) ?? [];
        return {
          change,
          directions,
          causes,
          others,
          subjects: items.flatMap(([first]) => (first === undefined ? [] : isolationSubject(first))),
        };
      }),
    );
  });
}

/** Of causes that would each be enough, the one that is named most often: one default deny explains more than ten rules. */
export function leadingCauses(rows: Iterable<Reasons>): (row: Reasons) => readonly DiffCause[] {
  const count = new Map<string, number>();
  for (const { causes } of rows) for (const cause of causes) count.set(causeKey(cause), (count.get(causeKey(cause)) ?? 0) + 1);
  return ({ causes, isEachEnough }) => {
    const [first, ...others] = causes;
    if (!isEachEnough || first === undefined) return causes;
    return [others.reduce((best, other) => ((count.get(causeKey(other)) ?? 0) > (count.get(causeKey(best)) ?? 0) ? other : best), first)];
  };
}

function causeKey({ edit, place }: DiffCause): string {
  const origin = place?.after ?? place?.before;
  return `${edit.kind} ${edit.ref} ${origin?.path.join('/') ?? ''}`;
}

function reasonKey(causes: readonly DiffCause[]): string {
  return causes.map(causeKey).sort().join(' ');
}

/** By reason. Of too many reasons those are put together that share the commonest edit, then the smallest of the others. */
function heaps<T>(items: readonly T[], causesOf: (item: T) => readonly DiffCause[]): readonly Heap<T>[] {
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
  const [shared] = named.reduce<readonly DiffCause[]>((best, other) => (other.length > best.length ? other : best), []);
  const hasShared = (heap: Heap<T>) => shared !== undefined && heap.causes.some((cause) => causeKey(cause) === causeKey(shared));
  const together = found.filter(hasShared);
  const bySize = found.filter((heap) => !hasShared(heap)).sort((a, b) => b.items.length - a.items.length);
  const kept = bySize.length + 1 <= MOST_REASONS ? bySize : bySize.slice(0, MOST_REASONS - 2);
  const rest = bySize.slice(kept.length);
  return [...merged(together, shared), ...kept, ...merged(rest, undefined)];
}

function merged<T>(list: readonly Heap<T>[], shared: DiffCause | undefined): readonly Heap<T>[] {
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
