// The rows of a move to another CNI: every pair of ends on which the two sides answer differently, in the order of `diff`.
import { type ChangedRow, compareRanges, joined, type RowEnd, rowOf, workloadSizes } from '../compare/compare.ts';
import type { DiffEnd } from '../compare/ends.ts';
import type { Direction } from '../model/policy.ts';
import { atomsOf, type IpRange } from '../net/ip-set.ts';
import { isNoPorts } from '../net/port-set.ts';
import type { MapEnd } from '../reach/map-ends.ts';
import { familiesIn } from '../reach/outside-ranges.ts';
import type { RowAnswer } from '../reach/row-answers.ts';
import {
  answerKey,
  askedController,
  askedOutside,
  askedPair,
  blocksOn,
  endIn,
  isSameAnswer,
  isSureTheSame,
  type Mixing,
  portsOfIngresses,
  type Side,
  type Switch,
} from './move-sides.ts';

export interface SwitchedRow {
  readonly row: ChangedRow;
  readonly switches: readonly Switch[];
}

/** What each side leaves open about denials is in its answers already. */
const NO_DOUBTS = { any: [], sctp: [] } as const;

export function changedRows(ends: readonly DiffEnd[], between: Mixing): readonly SwitchedRow[] {
  const sizes = workloadSizes(ends);
  /** By the ends of a row, which stay the same value when rows are joined. */
  const switchesOf = new Map<ChangedRow['ends'], readonly Switch[]>();
  const known = new Map<string, readonly Switch[]>();
  /** `key`: equal for rows of which every side says the same. */
  const rowsOf = (pairs: Iterable<Asked>): readonly ChangedRow[] => {
    const rows: ChangedRow[] = [];
    for (const { from, to, ask, key } of pairs) {
      const [was, is] = [ask(between.before), ask(between.after)];
      if (isSameAnswer(was, is)) continue;
      const row = rowOf(NO_DOUBTS, from, to, was, is);
      if (row === undefined) continue;
      const isSure = row.change !== 'undecided';
      const switches = known.get(key) ?? between.switchesOf(ask, isSure ? isSureTheSame : isSameAnswer);
      known.set(key, switches);
      switchesOf.set(row.ends, switches);
      rows.push(row);
    }
    return joined(rows, sizes);
  };
  const rows = [
    ...rowsOf(withOutside(ends, between, 'ingress').sort((a, b) => compareRanges(a.range, b.range))),
    ...rowsOf(fromController(ends, between)),
    ...ends.flatMap((from, i) => {
      // Pods of one workload may fare alike: its ends are joined when all of them are known.
      if (i > 0 && ends[i - 1]?.workload === from.workload) return [];
      const own = ends.filter(({ workload }) => workload === from.workload);
      return rowsOf(own.flatMap((end) => [...withOutside([end], between, 'egress'), ...withOthers(end, ends, between)]));
    }),
  ];
  return rows.map((row) => ({ row, switches: switchesOf.get(row.ends) ?? [] }));
}

interface Asked {
  readonly from: RowEnd;
  readonly to: RowEnd;
  readonly key: string;
  readonly ask: (side: Side) => RowAnswer;
}

function withOthers(from: DiffEnd, ends: readonly DiffEnd[], between: Mixing): readonly Asked[] {
  return ends.flatMap((to): Asked[] => {
    if (from.workload === to.workload) return [];
    // Nodes let in their own pods, so that every node is one of its own.
    const isOfNode = [from, to].some((end) => end.before?.isNode === true);
    const key = isOfNode ? `${from.index} → ${to.index}` : `${classes(from)} → ${classes(to)}`;
    const ask = (side: Side) => askedPair(side, endOn(side, from, between), endOn(side, to, between));
    return [{ from: { kind: 'end', end: from }, to: { kind: 'end', end: to }, key, ask }];
  });
}

function withOutside(ends: readonly DiffEnd[], between: Mixing, direction: Direction): (Asked & { readonly range: IpRange })[] {
  const families = familiesIn(between.before.cluster);
  const both = [between.before, between.after];
  return ends.flatMap((end) => {
    const blocks = both.flatMap((side) => blocksOn(side, direction, endOn(side, end, between)));
    const ranges: { range: IpRange; readonly key: string }[] = [];
    for (const range of atomsOf(blocks)) {
      if (!families.includes(range.family)) continue;
      const key = both.map((side) => answerKey(askedOutside(side, direction, endOn(side, end, between), range))).join('\n→ ');
      const last = ranges.at(-1);
      // Put together again where neither side changes at a border.
      if (last !== undefined && last.key === key && last.range.family === range.family)
        last.range = { ...last.range, to: range.to } as IpRange;
      else ranges.push({ range, key });
    }
    return ranges.map(({ range }) => {
      const [own, outside]: [RowEnd, RowEnd] = [
        { kind: 'end', end },
        { kind: 'range', range },
      ];
      return {
        range,
        from: direction === 'ingress' ? outside : own,
        to: direction === 'ingress' ? own : outside,
        key: `${direction} ${end.before?.isNode} ${classes(end)} ${range.family} ${range.from}-${range.to}`,
        ask: (side: Side) => askedOutside(side, direction, endOn(side, end, between), range),
      };
    });
  });
}

function fromController(ends: readonly DiffEnd[], between: Mixing): readonly Asked[] {
  const leading = portsOfIngresses(
    between.before,
    ends.map((end) => endOn(between.before, end, between)),
  );
  return ends.flatMap((end): Asked[] => {
    const ports = leading.get(endOn(between.before, end, between));
    if (ports === undefined || isNoPorts(ports)) return [];
    const ask = (side: Side) => askedController(side, endOn(side, end, between), ports);
    return [{ from: { kind: 'ingress-controller' }, to: { kind: 'end', end }, key: `controller ${end.index}`, ask }];
  });
}

function classes({ before, after }: DiffEnd): string {
  return `${before?.class}/${after?.class}`;
}

function endOn(side: Side, { before, after, name }: DiffEnd, between: Mixing): MapEnd {
  if (before === undefined || after === undefined) throw new Error(`both sides have the same pods: ${name}`);
  return side === between.before ? before : side === between.after ? after : endIn(side, before);
}
