// Many small differences → the rows that a person reads: pods of a workload that fare alike are the workload, ranges that touch are one.
import { type IpRange, type IpSet, ipSetOfRanges, rangesOf } from '../net/ip-set.ts';
import { type PortSet, printPortSet } from '../net/port-set.ts';
import type { Row } from './effect.ts';
import type { Group } from './groups.ts';

/** A difference between two groups, or a group and a piece of the outside. */
export interface RowPart {
  readonly from: Group | IpRange;
  readonly to: Group | IpRange;
  readonly ports: PortSet;
  readonly certainty: Row['certainty'];
}

/** `groups`: all there are, to know when a workload is meant as a whole. `print` names a set of outside addresses. */
export function joinedRows(parts: readonly RowPart[], groups: readonly Group[], print: (ips: IpSet) => string): readonly Row[] {
  const ofWorkload = new Map<string, number>();
  for (const { workload } of groups) ofWorkload.set(workload, (ofWorkload.get(workload) ?? 0) + 1);
  const together = new Map<string, RowPart[]>();
  for (const part of parts) {
    const key = [nameOf(part.from), nameOf(part.to), printPortSet(part.ports), part.certainty].join('\n');
    const list = together.get(key);
    if (list === undefined) together.set(key, [part]);
    else list.push(part);
  }
  const isWhole = (list: ReadonlySet<Group>) => {
    const [first] = list;
    return first !== undefined && list.size === ofWorkload.get(first.workload);
  };
  const alone = (group: Group) => podsOf(new Set([group]), isWhole(new Set([group])));
  const rows: Row[] = [];
  for (const list of together.values()) {
    const from = new Set(list.flatMap((part) => ('index' in part.from ? [part.from] : [])));
    const to = new Set(list.flatMap((part) => ('index' in part.to ? [part.to] : [])));
    const first = list[0] as RowPart;
    if (from.size > 0 && to.size > 0) {
      const pairs = [...from].flatMap((a) => [...to].filter((b) => !(a === b && a.isAlone)).map((b) => [a, b]));
      // All pods with all pods, or every pair on its own.
      if (list.length === pairs.length) rows.push(row(first, podsOf(from, isWhole(from)), podsOf(to, isWhole(to))));
      else for (const part of list) rows.push(row(part, alone(part.from as Group), alone(part.to as Group)));
      continue;
    }
    // One end is outside: groups that share exactly these ranges are told together.
    const byRanges = new Map<string, { readonly ips: IpSet; readonly ends: Set<Group> }>();
    for (const end of from.size > 0 ? from : to) {
      const ranges = list.flatMap((part) => (part.from === end ? [part.to as IpRange] : part.to === end ? [part.from as IpRange] : []));
      const ips = ipSetOfRanges(ranges);
      const key = print(ips);
      const known = byRanges.get(key);
      if (known === undefined) byRanges.set(key, { ips, ends: new Set([end]) });
      else known.ends.add(end);
    }
    for (const { ips, ends } of byRanges.values()) {
      const named = { name: print(ips), addresses: countOf(ips) };
      const pods = podsOf(ends, isWhole(ends));
      rows.push(from.size > 0 ? row(first, pods, named) : row(first, named, pods));
    }
  }
  return rows.sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to) || compare(printPortSet(a.ports), printPortSet(b.ports)));
}

interface NamedRowEnd {
  readonly name: string;
  readonly pods?: readonly string[];
  readonly addresses?: number;
  readonly isImagined?: boolean;
}

function row({ ports, certainty }: RowPart, from: NamedRowEnd, to: NamedRowEnd): Row {
  const addresses = from.addresses ?? to.addresses;
  return {
    from: from.name,
    to: to.name,
    ...(from.pods && { fromPods: from.pods }),
    ...(to.pods && { toPods: to.pods }),
    ports,
    certainty,
    isFuture: from.isImagined === true || to.isImagined === true,
    ...(addresses === undefined ? {} : { addresses }),
  };
}

function podsOf(groups: ReadonlySet<Group>, isWhole: boolean): NamedRowEnd {
  const list = [...groups];
  const name = list[0]?.workload ?? '';
  if (list[0]?.isImagined === true) return { name, isImagined: true };
  return isWhole ? { name } : { name, pods: list.flatMap(({ before }) => before.pods.map(({ ref }) => ref)).sort() };
}

function nameOf(end: Group | IpRange): string {
  return 'index' in end ? end.workload : `outside ${end.family}`;
}

function countOf(ips: IpSet): number {
  return rangesOf(ips).reduce((sum, { from, to }) => sum + Number(BigInt(to) - BigInt(from)) + 1, 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
