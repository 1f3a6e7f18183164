// What can be reached from an end in one, two, n connections: what an attacker there could try, as far as policies allow. Ends outside the cluster
// are reached and lead nowhere.

/** The start that stands for every address outside. */
export const INTERNET = 'internet';

/** `{ from: 'shop/frontend[Deployment]', to: 'shop/cart[Deployment]' }`: one row of a map; what else it has is kept. */
export interface HopRow {
  readonly from: string;
  readonly to: string;
}

export interface Reached<Row extends HopRow> {
  readonly end: string;
  /** The connection that reaches it in the fewest hops; of several the first in the order of the map. */
  readonly by: Row;
}

/** A connection without which `cuts` of the ends that are reached could not be reached any more. */
export interface Cut<Row extends HopRow> {
  readonly row: Row;
  readonly cuts: number;
}

export interface Hops<Row extends HopRow> {
  /** The ends of the first hop, of the second, and so on; none is empty. */
  readonly rings: readonly (readonly Reached<Row>[])[];
  /** Most first; each cuts off more than the end that it leads to. */
  readonly cuts: readonly Cut<Row>[];
}

const MOST_CUTS = 5;

/** `hopsFrom(rows, ['shop/frontend[Deployment]'], 2)`. `isOutside`: of an end that leads nowhere. Ends of `start` are reached from the start. */
export function hopsFrom<Row extends HopRow>(
  rows: Iterable<Row>,
  start: readonly string[],
  { most, isOutside }: { readonly most: number; readonly isOutside: (end: string) => boolean },
): Hops<Row> {
  const bySource = new Map<string, Row[]>();
  for (const row of rows) {
    const known = bySource.get(row.from);
    if (known === undefined) bySource.set(row.from, [row]);
    else known.push(row);
  }
  const seen = new Set(start);
  const rings: Reached<Row>[][] = [];
  const used: Row[] = [];
  for (let from: readonly string[] = start; from.length > 0 && rings.length < most; ) {
    const ring: Reached<Row>[] = [];
    for (const source of from) {
      for (const row of bySource.get(source) ?? []) {
        used.push(row);
        if (seen.has(row.to)) continue;
        seen.add(row.to);
        ring.push({ end: row.to, by: row });
      }
    }
    if (ring.length > 0) rings.push(ring);
    from = ring.map(({ end }) => end).filter((end) => !isOutside(end));
  }
  return {
    rings,
    cuts: cutsOf(
      used,
      start,
      rings.flat().map(({ end }) => end),
    ),
  };
}

/**
 * Connections on every way to some end, by dominators (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm): node 0 is all starts together,
 * and the others are numbered in the order in which they are reached.
 */
function cutsOf<Row extends HopRow>(rows: readonly Row[], start: readonly string[], ends: readonly string[]): readonly Cut<Row>[] {
  const numbers = new Map<string, number>([...start.map((end) => [end, 0] as const), ...ends.map((end, i) => [end, i + 1] as const)]);
  const into: { readonly from: number; readonly row: Row }[][] = Array.from({ length: ends.length + 1 }, () => []);
  for (const row of rows) {
    const [from, to] = [numbers.get(row.from), numbers.get(row.to)];
    if (from !== undefined && to !== undefined && to !== 0 && from !== to) (into[to] as { from: number; row: Row }[]).push({ from, row });
  }
  const above = dominatorsOf(into.map((edges) => edges.map(({ from }) => from)));
  const isAbove = (node: number, other: number): boolean => {
    let at = other;
    while (at > node) at = above[at] as number;
    return at === node;
  };
  const below = new Array<number>(into.length).fill(1);
  for (let node = into.length - 1; node > 0; node--) (below[above[node] as number] as number) += below[node] as number;
  const cuts = into.flatMap((edges, node): Cut<Row>[] => {
    if (node === 0) return [];
    // A path that leads back from a node behind it does not count.
    const [only, another] = edges.filter(({ from }) => !isAbove(node, from));
    // Closing a connection always cuts off an end that has no other; only more than that is worth listing.
    return only === undefined || another !== undefined || below[node] === 1 ? [] : [{ row: only.row, cuts: below[node] as number }];
  });
  return cuts.sort((a, b) => b.cuts - a.cuts).slice(0, MOST_CUTS);
}

/** For each node the nearest one that is on every way to it from node 0. Each node is reached from at least one node with a lower number. */
function dominatorsOf(before: readonly (readonly number[])[]): readonly number[] {
  const above = new Array<number>(before.length).fill(-1);
  above[0] = 0;
  const meet = (a: number, b: number): number => {
    let [one, other] = [a, b];
    while (one !== other) {
      while (one > other) one = above[one] as number;
      while (other > one) other = above[other] as number;
    }
    return one;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let node = 1; node < before.length; node++) {
      let found = -1;
      for (const from of before[node] ?? []) {
        if (above[from] === -1) continue;
        found = found === -1 ? from : meet(from, found);
      }
      if (found !== above[node]) {
        above[node] = found;
        changed = true;
      }
    }
  }
  return above;
}
