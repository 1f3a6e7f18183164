// A packet through a Ruleset, in memory, as the kernel would take it: the third evaluator, beside policy/decide.ts and reach/.
// Knows nftables, nothing of policies. What it can not do it does not ignore: an unknown name is an Error.
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import type { Family } from '../net/ip.ts';
import { DENIED_MARK } from './frame.ts';
import {
  type Chain,
  type Element,
  elementKey,
  type Field,
  isSpan,
  type MapEntry,
  type NftVerdict,
  type Part,
  type Rule,
  type Ruleset,
  type Statement,
} from './ruleset.ts';

/** One packet at the hook: `{ family: 4, source: 0x0a000001, destination: 0x0a000002, protocol: 6, port: 8080 }`. */
export interface Packet {
  readonly family: Family;
  readonly source: number | bigint;
  readonly destination: number | bigint;
  readonly protocol: number;
  readonly port: number;
  /** What conntrack says. Absent: a new connection. */
  readonly connection?: { readonly established: boolean; readonly reply: boolean; readonly mark: number };
}

export interface Walk {
  readonly verdict: 'accept' | 'drop' | 'reject';
  /** The direction that denied it, as the sets of denials note it; undefined when none did. */
  readonly denied: Direction | undefined;
  /** The counters that moved, in order. */
  readonly counted: readonly string[];
  /** Every chain that was entered: `['base', 'in.shop/cart-ingress', 'denied-in', 'denied']`. */
  readonly chains: readonly string[];
  /** The mark on the connection afterwards. */
  readonly mark: number;
}

export type Walker = (packet: Packet) => Walk;

/** Indexes the sets once; the walker then takes packets. */
export function walker(ruleset: Ruleset): Walker {
  const chains = new Map(ruleset.chains.map((chain) => [chain.name, chain]));
  const sets = new Map(ruleset.sets.map((set) => [set.name, indexOf(set.elements.map((key) => ({ key, value: 0 })))]));
  const maps = new Map(ruleset.maps.map((map) => [map.name, indexOf(map.entries)]));
  const base = ruleset.chains.find(({ hook }) => hook !== undefined);
  return (packet) => {
    const steps = { counted: [] as string[], chains: [] as string[] };
    if (base === undefined) return { verdict: 'accept', denied: undefined, ...steps, mark: 0 };
    const state: State = {
      packet,
      meta: { 'meta mark': 0, 'meta priority': 0 },
      ctMark: packet.connection?.mark ?? 0,
      denied: undefined,
      ...steps,
    };
    const verdict = run(base, state, { chains, sets, maps }) ?? 'accept'; // the base chain's policy
    return { verdict, denied: state.denied, ...steps, mark: state.ctMark };
  };
}

/** `walk(ruleset, packet)`, for a single packet. */
export function walk(ruleset: Ruleset, packet: Packet): Walk {
  return walker(ruleset)(packet);
}

type Final = Walk['verdict'];

interface State {
  readonly packet: Packet;
  readonly meta: { 'meta mark': number; 'meta priority': number };
  ctMark: number;
  denied: Direction | undefined;
  readonly counted: string[];
  readonly chains: string[];
}

interface Tables {
  readonly chains: ReadonlyMap<string, Chain>;
  readonly sets: ReadonlyMap<string, Index>;
  readonly maps: ReadonlyMap<string, Index>;
}

/** undefined: the chain ended or returned, and its caller goes on. */
function run(chain: Chain, state: State, tables: Tables): Final | undefined {
  state.chains.push(chain.name);
  for (const rule of chain.rules) {
    const verdict = runRule(rule, state, tables);
    if (verdict === undefined) continue;
    if ('final' in verdict) return verdict.final;
    if (verdict.kind === 'return') return undefined;
    if (verdict.kind === 'accept' || verdict.kind === 'drop') return verdict.kind;
    if (!('chain' in verdict)) throw new Error(`no such verdict: ${verdict.kind}`);
    const result = run(named(tables.chains, verdict.chain), state, tables);
    if (result !== undefined) return result;
    // `goto` leaves no way back to this chain; a `jump` comes back to the next rule.
    if (verdict.kind === 'goto') return undefined;
  }
  return undefined;
}

/** The verdict of a rule; undefined when a statement did not match or none is a verdict. */
function runRule(rule: Rule, state: State, tables: Tables): NftVerdict | { readonly final: Final } | undefined {
  for (const statement of rule) {
    const result = runStatement(statement, state, tables);
    if (result === 'no match') return undefined;
    if (result !== 'go on') return result;
  }
  return undefined;
}

function runStatement(statement: Statement, state: State, tables: Tables): NftVerdict | { readonly final: Final } | 'no match' | 'go on' {
  const matched = (yes: boolean) => (yes ? 'go on' : 'no match');
  const { connection } = state.packet;
  switch (statement.kind) {
    case 'in-set': {
      const key = read(statement.fields, state);
      // A field that the packet does not have ends the rule, also under `!=`.
      return key === undefined ? 'no match' : matched((named(tables.sets, statement.set)(key) !== undefined) !== (statement.not ?? false));
    }
    case 'is': {
      const value = readField(statement.field, state);
      return matched(statement.values.some((wanted) => wanted === value));
    }
    case 'ct-established':
      return matched(connection?.established === true && (statement.reply !== true || connection.reply));
    case 'ct-mark-is':
      return matched(state.ctMark === statement.value);
    case 'set-ct-mark':
      state.ctMark = statement.value;
      return 'go on';
    case 'set':
      state.meta[statement.target] = statement.value;
      return 'go on';
    case 'set-from-map': {
      const key = read(statement.fields, state);
      const entry = key === undefined ? undefined : named(tables.maps, statement.map)(key);
      if (typeof entry?.value !== 'number') return 'no match';
      state.meta[statement.target] = entry.value;
      return 'go on';
    }
    case 'vmap': {
      const key = read(statement.fields, state);
      const entry = key === undefined ? undefined : named(tables.maps, statement.map)(key);
      return typeof entry?.value === 'object' ? entry.value : 'no match';
    }
    case 'record':
      if (read(statement.fields, state) === undefined) return 'no match';
      state.denied = DIRECTIONS.find((direction) => DENIED_MARK[direction] === state.meta['meta mark']);
      return 'go on';
    case 'count':
      state.counted.push(statement.counter);
      return 'go on';
    case 'reject':
      return { final: 'reject' };
    default:
      return statement;
  }
}

function read(fields: readonly Field[], state: State): readonly (number | bigint)[] | undefined {
  const values = fields.map((field) => readField(field, state));
  return values.includes(undefined) ? undefined : (values as (number | bigint)[]);
}

/** undefined: this packet has no such field; `ip saddr` of an IPv6 packet. */
function readField(field: Field, { packet, meta }: State): number | bigint | undefined {
  switch (field) {
    case 'ip saddr':
      return packet.family === 4 ? packet.source : undefined;
    case 'ip daddr':
      return packet.family === 4 ? packet.destination : undefined;
    case 'ip6 saddr':
      return packet.family === 6 ? packet.source : undefined;
    case 'ip6 daddr':
      return packet.family === 6 ? packet.destination : undefined;
    case 'meta l4proto':
      return packet.protocol;
    case 'th dport':
      return packet.port;
    case 'meta mark':
    case 'meta priority':
      return meta[field];
  }
}

type Index = (key: readonly (number | bigint)[]) => MapEntry | undefined;

/** Exact elements by hash; those with a range one after the other, which is enough in memory. */
function indexOf(entries: readonly MapEntry[]): Index {
  const exact = new Map<string, MapEntry>();
  const ranges: MapEntry[] = [];
  for (const entry of entries) {
    if (entry.key.some(isSpan)) ranges.push(entry);
    else exact.set(elementKey(entry.key), entry);
  }
  return (key) => exact.get(elementKey(key)) ?? ranges.find((entry) => covers(entry.key, key));
}

function covers(element: Element, key: readonly (number | bigint)[]): boolean {
  return element.every((part, i) => has(part, key[i] as number | bigint));
}

function has(part: Part, value: number | bigint): boolean {
  return isSpan(part) ? part.from <= value && value <= part.to : part === value;
}

function named<T>(things: ReadonlyMap<string, T>, name: string): T {
  const thing = things.get(name);
  if (thing === undefined) throw new Error(`the ruleset has nothing called ${name}`);
  return thing;
}
