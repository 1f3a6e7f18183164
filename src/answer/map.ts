// `map` as a document, whole or in pieces: every allowed connection, what stays open, and with --exposure who else could connect.
import type { Workload } from '../model/cluster.ts';
import type { PortSet } from '../net/port-set.ts';
import { doubtKey } from '../policy/verdict.ts';
import { type ConnectionOptions, connectionsBySource, generalDoubts } from '../reach/connections.ts';
import type { Departing } from '../reach/departing.ts';
import type { Reach } from '../reach/reach.ts';
import { departureDocument } from './departures.ts';
import type { ConnectivityMap, MapExposure, PortsOrList, UndecidedPorts } from './documents/connectivity-map.ts';
import type { AnyPorts, SomePorts } from './documents/ports.ts';
import type { GroupedRow, NamespaceSizes } from './map-groups.ts';
import { portsDocument } from './ports.ts';

/** What a map is made of. */
export interface MapQuestion {
  readonly reach: Reach;
  readonly options: ConnectionOptions;
  readonly profile: string;
  /** What the enforcer does otherwise; asked after the rows. */
  readonly departing: () => Departing;
  /** With --exposure. */
  readonly exposures: ((isAsked: (workload: Workload) => boolean) => Iterable<MapExposure>) | undefined;
}

/** Characters of a port list that a row repeats; of a longer one it gives the number in `portLists`. Some hundred ports one by one. */
const LONGEST_LIST = 1000;

/** Long port lists of one document, each written once. */
export class PortLists {
  readonly #known = new Map<AnyPorts, PortsOrList>();
  readonly lists: SomePorts[] = [];

  /** The ports, or `{ list: 0 }` where they are long. The same set gives the same value. */
  of(set: PortSet): PortsOrList {
    const ports = portsDocument(set) as SomePorts;
    let named = this.#known.get(ports);
    if (named === undefined) {
      named = JSON.stringify(ports).length > LONGEST_LIST ? { list: this.lists.push(ports) - 1 } : ports;
      this.#known.set(ports, named);
    }
    return named;
  }
}

/** The whole map in one value; `mapJson` (map-json.ts) writes the same without keeping its rows. Never throws. */
export function mapDocument(question: MapQuestion): ConnectivityMap {
  return boundedMap(question, Number.POSITIVE_INFINITY) as ConnectivityMap;
}

/** Rows of a map that is held whole: some 200 bytes each. */
export const MOST_ROWS = 2_000_000;

/** The same, or `'too-large'` as soon as there are more than so many rows. */
export function boundedMap(question: MapQuestion, mostRows: number = MOST_ROWS): ConnectivityMap | 'too-large' {
  const { reach, options } = question;
  const lists = new PortLists();
  const connections: ConnectivityMap['connections'][number][] = [];
  const undecided: NonNullable<ConnectivityMap['undecided']>[number][] = [];
  for (const rows of connectionsBySource(reach, options)) {
    for (const [i, to] of rows.targets.entries()) connections.push({ from: rows.from, to, allowed: lists.of(rows.allowed[i] as PortSet) });
    for (const { from, to, ports, because } of rows.undecided) {
      undecided.push({ from, to, ports: lists.of(ports), because: because.map(doubtKey) });
    }
    if (connections.length + undecided.length > mostRows) return 'too-large';
  }
  return { ...mapHead(question), connections, ...portListsPart(lists), ...some('undecided', undecided), ...mapTail(question) };
}

/** What comes before the rows. */
export function mapHead({ reach, profile }: MapQuestion): Omit<ConnectivityMap, 'connections'> {
  return { apiVersion: 'netverdict.dev/v1', kind: 'ConnectivityMap', profile, workloads: namespaceSizes(reach.cluster.workloads.values()) };
}

export function portListsPart({ lists }: PortLists): Pick<ConnectivityMap, 'portLists'> {
  return lists.length === 0 ? {} : { portLists: lists };
}

/** `undecidedWhereNotAllowed`, or nothing where the profile is clear. */
export function undecidedEverywhere({ reach, options }: MapQuestion): Pick<ConnectivityMap, 'undecidedWhereNotAllowed'> {
  const found = generalDoubts(reach, options).map(
    ({ ports, because }): UndecidedPorts => ({ ports: portsDocument(ports) as SomePorts, because: because.map(doubtKey) }),
  );
  return some('undecidedWhereNotAllowed', found);
}

/** What comes after the undecided rows. */
function mapTail(question: MapQuestion): Partial<ConnectivityMap> {
  const { rows, isComplete } = question.departing();
  const asked = exposureAsked(question);
  const exposure = asked && [...asked.exposures];
  return {
    ...undecidedEverywhere(question),
    ...(isComplete ? {} : { departuresIncomplete: true }),
    ...some('departures', rows.map(departureDocument)),
    ...(asked === undefined || exposure === undefined ? {} : { exposure, ...some('exposureLeftOut', asked.leftOut(exposure)) }),
  };
}

/** The entries that were asked for, and then which workloads have none; undefined without --exposure. */
export function exposureAsked({ reach, options, exposures }: MapQuestion):
  | {
      readonly exposures: Iterable<MapExposure>;
      readonly leftOut: (told: Iterable<Pick<MapExposure, 'workload'>>) => readonly string[];
    }
  | undefined {
  if (exposures === undefined) return undefined;
  const wanted = options.focus?.ends === undefined ? undefined : new Set(options.focus.ends);
  const isAsked = ({ ref }: Workload) => wanted === undefined || wanted.has(ref);
  return {
    exposures: exposures(isAsked),
    leftOut(told) {
      const names = new Set([...told].map(({ workload }) => workload));
      return [...reach.cluster.workloads.values()].filter((each) => isAsked(each) && !names.has(each.ref)).map(({ ref }) => ref);
    },
  };
}

function some<Name extends string, T>(name: Name, items: readonly T[]): { readonly [K in Name]?: readonly T[] } {
  return (items.length === 0 ? {} : { [name]: items }) as { readonly [K in Name]?: readonly T[] };
}

/** `{ shop: 3 }`: how many workloads each namespace has. Namespaces without one are not in it. */
export function namespaceSizes(workloads: Iterable<Workload>): NamespaceSizes {
  const counts = new Map<string, number>();
  for (const { namespace } of workloads) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** The rows of a document with long port lists put back. */
export function* plainRows({ connections, portLists = [] }: Pick<ConnectivityMap, 'connections' | 'portLists'>): Generator<GroupedRow> {
  for (const { from, to, allowed } of connections) yield { from, to, allowed: writtenOut(allowed, portLists) };
}

function writtenOut(ports: PortsOrList, lists: readonly SomePorts[]): AnyPorts {
  return ports !== 'all' && 'list' in ports ? (lists[ports.list] ?? []) : ports;
}

/** Source by source, for forms that are written as the rows come; `undecided`: how many rows stay open. */
export function* mapRows({ reach, options }: Pick<MapQuestion, 'reach' | 'options'>): Generator<{
  readonly rows: readonly GroupedRow[];
  readonly undecided: number;
}> {
  for (const { from, targets, allowed, undecided } of connectionsBySource(reach, options)) {
    yield {
      rows: targets.map((to, i) => ({ from, to, allowed: portsDocument(allowed[i] as PortSet) })),
      undecided: undecided.length,
    };
  }
}

/** A question that would decide rows of a map. */
export interface OpenQuestion {
  /** `profile-differs`, `address-unknown` … */
  readonly code: string;
  /** Of `profile-differs`: `ipBlockMatchesPod`. */
  readonly cell: string | undefined;
  /** Each pair once: `[{ from: 'shop/frontend[Deployment]', to: 'shop/cart[Deployment]' }]`. */
  readonly pairs: readonly { readonly from: string; readonly to: string }[];
}

/** What would decide the undecided rows, in the order of the rows; [] where nothing is undecided. */
export function openQuestions({ undecided = [] }: Pick<ConnectivityMap, 'undecided'>): readonly OpenQuestion[] {
  const found = new Map<string, OpenQuestion & { readonly pairs: { from: string; to: string }[]; readonly seen: Set<string> }>();
  for (const { from, to, because } of undecided) {
    for (const doubt of because) {
      const [code = '', second] = doubt.split(' ', 2);
      const cell = code === 'profile-differs' ? second : undefined;
      const key = `${code} ${cell ?? ''}`;
      let question = found.get(key);
      if (question === undefined) {
        question = { code, cell, pairs: [], seen: new Set() };
        found.set(key, question);
      }
      const pair = `${from} ${to}`;
      if (question.seen.has(pair)) continue;
      question.seen.add(pair);
      question.pairs.push({ from, to });
    }
  }
  return [...found.values()].map(({ code, cell, pairs }) => ({ code, cell, pairs }));
}
