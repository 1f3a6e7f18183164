// A map as a figure: hubs, which almost every end connects to, are folded to badges, and the other ends are placed in columns from senders to
// receivers. No layout in pixels and no colours.
import type { GroupedRow } from '../answer/map-groups.ts';
import { isOutsideEnd, shortName } from '../words/en/ends.ts';
import { MAP_WORDS } from '../words/en/figure.ts';
import { portsWords } from '../words/en/ports.ts';

/** An end that is folded away, with how many ends reach it, and how many it reaches. */
export interface MapBadge {
  readonly name: string;
  readonly text: string;
}

export interface MapNode {
  /** `shop/cart`, `shop` where namespaces are drawn. */
  readonly name: string;
  /** `on TCP 7070`, `3 connections inside`; '' for nothing. */
  readonly text: string;
}

/** From node to node, by their numbers. */
export interface MapEdge {
  readonly from: number;
  readonly to: number;
  /** `shop/frontend → shop/cart: TCP 7070` */
  readonly text: string;
}

export interface MapFigure {
  readonly by: 'workload' | 'namespace';
  readonly badges: readonly MapBadge[];
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  /** Numbers of nodes by column, each from top to bottom. */
  readonly columns: readonly (readonly number[])[];
  /** What is drawn, and what is not. */
  readonly notes: readonly string[];
}

/** More ends than this are drawn by namespace. */
const MOST_ENDS = 60;
/** Fewer ends than this are never folded. */
const FEW_ENDS = 5;
/** Up to so many ends are a small application, where less is folded. */
const SMALL = 12;

/**
 * A receiver that this share of all senders reaches is a hub, a sender that reaches this share of all receivers, too: more is asked of it,
 * because the entrance of an application reaches most of it. Who has fewer `neighbours` can be drawn with all of them.
 */
interface HubLimits {
  readonly receives: number;
  readonly sends: number;
  readonly neighbours: number;
}
const SMALL_HUB: HubLimits = { receives: 0.75, sends: 0.75, neighbours: 3 };
const HUB: HubLimits = { receives: 0.6, sends: 0.8, neighbours: 5 };

const MOST_COLUMNS = 8;
/** Sweeps that put nodes beside their neighbours; more change nothing that one sees. */
const SWEEPS = 6;

/** `undecided`: rows that are not among the allowed ones, to be said. */
export function mapFigure(given: readonly GroupedRow[], undecided = 0): MapFigure {
  const rows = given
    .map(({ from, to, allowed }) => ({ from: drawnName(from), to: drawnName(to), allowed }))
    .filter(({ from, to }) => from !== to);
  const ends = endsOf(rows);
  const neighbours = neighboursOf(rows);
  const hubs = hubsOf(neighbours, ends.size);
  const rest = rows.filter(({ from, to }) => !hubs.has(from) && !hubs.has(to));
  const speaking = endsOf(rest);
  const by = speaking.size > MOST_ENDS ? 'namespace' : 'workload';
  const graph = by === 'workload' ? endsGraph(rest) : namespaceGraph(rest);
  const besides = ends.size - hubs.size - speaking.size;
  const kept = by === 'namespace' ? MAP_WORDS.byNamespace(graph.nodes.length, speaking.size) : MAP_WORDS.unfolded(graph.nodes.length);
  return {
    by,
    badges: badgesOf(neighbours, hubs, ends.size),
    ...graph,
    columns: columnsOf(graph.nodes.length, graph.edges),
    notes: [
      rows.length === 0 ? MAP_WORDS.empty : graph.nodes.length === 0 ? '' : kept,
      besides > 0 ? MAP_WORDS.onlyToBadges(besides) : '',
      hubs.size > 0 ? MAP_WORDS.legendWithBadges : MAP_WORDS.legend,
      undecided > 0 ? MAP_WORDS.undecided(undecided) : '',
    ].filter((note) => note !== ''),
  };
}

function endsOf(rows: readonly GroupedRow[]): ReadonlySet<string> {
  return new Set(rows.flatMap(({ from, to }) => [from, to]));
}

/** Without its kind; every address is the outside. */
function drawnName(end: string): string {
  return isOutsideEnd(end) ? MAP_WORDS.outside : shortName(end);
}

function namespaceOf(name: string): string {
  const slash = name.indexOf('/');
  return slash < 0 ? name : name.slice(0, slash);
}

/** Ends that almost all others connect to, or that connect to almost all others; and the outside, which is not part of the application. */
function hubsOf({ sends, receives }: Neighbours, ends: number): ReadonlySet<string> {
  const hubs = new Set<string>();
  if (ends < FEW_ENDS) return hubs;
  const limits = ends <= SMALL ? SMALL_HUB : HUB;
  for (const [name, from] of receives) if (from.size >= Math.max(limits.neighbours, limits.receives * sends.size)) hubs.add(name);
  for (const [name, to] of sends) if (to.size >= Math.max(limits.neighbours, limits.sends * receives.size)) hubs.add(name);
  if (sends.has(MAP_WORDS.outside) || receives.has(MAP_WORDS.outside)) hubs.add(MAP_WORDS.outside);
  return hubs;
}

/** By end: to whom it connects, and who connects to it. */
interface Neighbours {
  readonly sends: ReadonlyMap<string, ReadonlySet<string>>;
  readonly receives: ReadonlyMap<string, ReadonlySet<string>>;
}

function neighboursOf(rows: readonly GroupedRow[]): Neighbours {
  const sends = new Map<string, Set<string>>();
  const receives = new Map<string, Set<string>>();
  const add = (map: Map<string, Set<string>>, key: string, other: string) => {
    const known = map.get(key);
    if (known === undefined) map.set(key, new Set([other]));
    else known.add(other);
  };
  for (const { from, to } of rows) {
    add(sends, from, to);
    add(receives, to, from);
  }
  return { sends, receives };
}

function badgesOf({ sends, receives }: Neighbours, hubs: ReadonlySet<string>, ends: number): readonly MapBadge[] {
  return [...hubs].sort().map((name) => ({
    name,
    text: MAP_WORDS.badge(name, receives.get(name)?.size ?? 0, sends.get(name)?.size ?? 0, ends - 1),
  }));
}

type Graph = Pick<MapFigure, 'nodes' | 'edges'>;

/** Each end is a node that says on which ports it is reached. */
function endsGraph(rows: readonly GroupedRow[]): Graph {
  const numbers = numbersOf([...endsOf(rows)]);
  const edges = new Map<string, { from: number; to: number; ports: Set<string> }>();
  const open = new Map<number, Set<string>>();
  for (const { from, to, allowed } of rows) {
    const ends = { from: numbers.get(from) as number, to: numbers.get(to) as number };
    const ports = portsWords(allowed);
    open.set(ends.to, (open.get(ends.to) ?? new Set<string>()).add(ports));
    const key = `${ends.from} ${ends.to}`;
    const known = edges.get(key);
    if (known === undefined) edges.set(key, { ...ends, ports: new Set([ports]) });
    else known.ports.add(ports);
  }
  const names = [...numbers.keys()];
  return {
    nodes: names.map((name, i) => ({ name, text: open.has(i) ? MAP_WORDS.on([...(open.get(i) ?? [])].join(', ')) : '' })),
    edges: [...edges.values()].map(({ from, to, ports }) => ({
      from,
      to,
      text: `${names[from]} → ${names[to]}: ${[...ports].join(', ')}`,
    })),
  };
}

/** Each namespace is a node; connections inside it are counted. */
function namespaceGraph(rows: readonly GroupedRow[]): Graph {
  const named = rows.map(({ from, to }) => [namespaceOf(from), namespaceOf(to)] as const);
  const numbers = numbersOf(named.flat());
  const names = [...numbers.keys()];
  const inside = new Map<number, number>();
  const edges = new Map<string, { from: number; to: number; count: number }>();
  for (const [one, other] of named) {
    const ends = { from: numbers.get(one) as number, to: numbers.get(other) as number };
    if (ends.from === ends.to) {
      inside.set(ends.from, (inside.get(ends.from) ?? 0) + 1);
      continue;
    }
    const key = `${ends.from} ${ends.to}`;
    const known = edges.get(key);
    if (known === undefined) edges.set(key, { ...ends, count: 1 });
    else known.count++;
  }
  return {
    nodes: names.map((name, i) => ({ name, text: inside.has(i) ? MAP_WORDS.within(inside.get(i) ?? 0) : '' })),
    edges: [...edges.values()].map(({ from, to, count }) => ({
      from,
      to,
      text: `${names[from]} → ${names[to]}: ${MAP_WORDS.connections(count)}`,
    })),
  };
}

function numbersOf(names: readonly string[]): Map<string, number> {
  return new Map([...new Set(names)].sort().map((name, i) => [name, i]));
}

/** By the longest path from a sender, without edges back; each column is then sorted by its neighbours. */
function columnsOf(count: number, edges: readonly MapEdge[]): readonly (readonly number[])[] {
  const out: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of edges) (out[from] as number[]).push(to);
  const column = longestWays(out);
  const columns: number[][] = [];
  for (const [node, at] of column.entries()) {
    const there = columns[at];
    if (there === undefined) columns[at] = [node];
    else there.push(node);
  }
  // Leaves out columns without nodes.
  const filled = Object.values(columns);
  return besideNeighbours(filled, edges);
}

/** For each node its column. An edge back to a node on the current path is left out, so that cycles end. */
function longestWays(out: readonly (readonly number[])[]): readonly number[] {
  const order: number[] = [];
  const state = new Uint8Array(out.length);
  const forward: number[][] = out.map(() => []);
  const received = new Uint32Array(out.length);
  for (const targets of out) for (const to of targets) received[to] = (received[to] ?? 0) + 1;
  // Paths begin at ends that receive nothing.
  const starts = [...out.keys()].sort((a, b) => Number((received[a] ?? 0) > 0) - Number((received[b] ?? 0) > 0) || a - b);
  for (const start of starts) {
    if (state[start] !== 0) continue;
    const path: { readonly node: number; next: number }[] = [{ node: start, next: 0 }];
    state[start] = 1;
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const to = out[top.node]?.[top.next++];
      if (to === undefined) {
        state[top.node] = 2;
        order.push(top.node);
        path.pop();
        continue;
      }
      if (state[to] !== 1) (forward[top.node] as number[]).push(to);
      if (state[to] === 0) {
        state[to] = 1;
        path.push({ node: to, next: 0 });
      }
    }
  }
  const column = new Array<number>(out.length).fill(0);
  for (const node of order.reverse()) {
    for (const to of forward[node] ?? []) column[to] = Math.min(MOST_COLUMNS - 1, Math.max(column[to] ?? 0, (column[node] ?? 0) + 1));
  }
  return column;
}

function besideNeighbours(columns: readonly (readonly number[])[], edges: readonly MapEdge[]): readonly (readonly number[])[] {
  const near = new Map(columns.flat().map((node): [number, number[]] => [node, []]));
  for (const { from, to } of edges) {
    near.get(from)?.push(to);
    near.get(to)?.push(from);
  }
  const sorted = columns.map((column) => [...column]);
  const place = new Map<number, number>();
  const settle = (column: readonly number[]) => {
    for (const [i, node] of column.entries()) place.set(node, (i + 0.5) / column.length);
  };
  for (const column of sorted) settle(column);
  const middle = (node: number) => {
    const around = near.get(node) ?? [];
    return around.reduce((sum, other) => sum + (place.get(other) ?? 0), 0) / Math.max(1, around.length);
  };
  // One column at a time, in both directions: two that are sorted at once would only swap.
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const column of sweep % 2 === 0 ? sorted : [...sorted].reverse()) {
      const middles = new Map(column.map((node) => [node, middle(node)]));
      column.sort((x, y) => (middles.get(x) ?? 0) - (middles.get(y) ?? 0) || x - y);
      settle(column);
    }
  }
  return sorted;
}
