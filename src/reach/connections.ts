// Every allowed connection between the ends of a map, source by source, and what stays open. The cost follows the rows, not the
// pairs: classes that cannot reach each other are never looked at (candidates.ts).
import { type IpRange, printRange } from '../net/ip-set.ts';
import { ALL_PORTS, type PortSet, type Protocol, portSet, subtractPorts } from '../net/port-set.ts';
import { type Doubt, isNonEmpty, type NonEmpty } from '../policy/verdict.ts';
import { type Focus, selectedBy } from './focus.ts';
import { backendPorts } from './ingress-backends.ts';
import { INGRESS_CONTROLLER } from './ingress-controller.ts';
import { type Joining, joiningOf } from './joining.ts';
import { arePair, type MapEnd, mapEnds } from './map-ends.ts';
import type { Reach } from './reach.ts';
import { instantiated, type RowAnswer } from './row-answers.ts';

export type { Focus };

export interface ConnectionOptions {
  /** An end for every pod, also where the pods of a workload do not differ. */
  readonly pods?: boolean;
  readonly focus?: Focus;
  /** Only rows that have this port, and of them only this port. */
  readonly port?: { readonly protocol: Protocol; readonly port: number };
  /** Cut outside ranges at every border of a block of that direction, also in rows that do not change there. */
  readonly cutEverywhere?: boolean;
}

/** `{ from: 'shop/frontend[Deployment]', to: '203.0.113.0-203.0.113.255', allowed }`. Equal port sets of a map are one value. */
export interface ConnectionRow {
  readonly from: string;
  readonly to: string;
  readonly allowed: PortSet;
}

/** Ports on which the profile or the input leaves a row open, with what would decide it. */
export interface UndecidedRow {
  readonly from: string;
  readonly to: string;
  readonly ports: PortSet;
  readonly because: NonEmpty<Doubt>;
}

/**
 * All rows of one source, to outside ranges first, then to the other ends by name: `targets[i]` is reached on `allowed[i]`. Two lists, because
 * an object for each of millions of rows is more to make and to clear away than the answer in it.
 */
export interface SourceRows {
  readonly from: string;
  readonly targets: readonly string[];
  readonly allowed: readonly PortSet[];
  readonly undecided: readonly UndecidedRow[];
}

/** A doubt about the profile as a whole: every denied connection on these ports is undecided, those without a row, too. */
export interface GeneralDoubt {
  readonly ports: PortSet;
  readonly because: NonEmpty<Doubt>;
}

export interface Connections {
  readonly everywhere: readonly GeneralDoubt[];
  readonly connections: readonly ConnectionRow[];
  readonly undecided: readonly UndecidedRow[];
}

/**
 * The whole map in one value, for maps that fit in memory; `connectionsBySource` gives the same piece by piece. A pair that is not
 * listed has no allowed connection. No workload with itself (two pods of it that are ends of their own are a pair), nothing between two outside ranges. An outside range speaks of those
 * of its addresses that no pod and no node has. Never throws.
 */
export function connectionsOf(reach: Reach, options: ConnectionOptions = {}): Connections {
  const connections: ConnectionRow[] = [];
  const undecided: UndecidedRow[] = [];
  for (const rows of connectionsBySource(reach, options)) {
    for (const [i, to] of rows.targets.entries()) connections.push({ from: rows.from, to, allowed: rows.allowed[i] as PortSet });
    for (const row of rows.undecided) undecided.push(row);
  }
  return { everywhere: generalDoubts(reach, options), connections, undecided };
}

/**
 * Said once instead of in a row for every denied pair: a profile that may not enforce at all, or not SCTP.
 * `[{ ports: every SCTP port, because: [profile-differs sctp] }]`; [] where the profile is clear.
 */
export function generalDoubts({ semantics, doubtsOnDenial }: Reach, { port }: ConnectionOptions = {}): readonly GeneralDoubt[] {
  if (semantics.enforces === 'no') return [];
  const sctp = portSet('SCTP');
  const general = [
    { isSctp: false, ports: subtractPorts(ALL_PORTS, sctp), because: doubtsOnDenial.any },
    { isSctp: true, ports: sctp, because: doubtsOnDenial.sctp },
  ];
  return general.flatMap(({ isSctp, ports, because }) => {
    if (!isNonEmpty(because) || (port !== undefined && (port.protocol === 'SCTP') !== isSctp)) return [];
    return [{ ports: port === undefined ? ports : portSet(port.protocol, port.port, port.port), because }];
  });
}

/** The rows source by source: outside ranges, then the ingress controller, then ends by name. Sources without rows are left out. */
export function* connectionsBySource(reach: Reach, options: ConnectionOptions = {}): Generator<SourceRows> {
  const { port } = options;
  const ends = mapEnds(reach, options.pods === true);
  const only = port === undefined ? ALL_PORTS : portSet(port.protocol, port.port, port.port);
  const joining = joiningOf(reach, ends, only, options.cutEverywhere === true);
  const selected = selectedBy(options.focus, ends);

  const intoPods = selected.targetsOf(undefined);
  const gathering: Gathering = { targets: [], allowed: [] };
  yield* fromOutside(joining, intoPods === 'all' ? ends : intoPods, gathering);

  const fromController = rowsFrom(INGRESS_CONTROLLER, INGRESS_CONTROLLER, gathering);
  for (const [to, ports] of backendPorts(reach.cluster, ends)) {
    if (selected.hasControllerRow(to)) fromController.add(to.name, to, joining.rows.within(joining.fromController(to), ports));
  }
  yield* fromController.done();

  for (const end of ends) {
    const rows = rowsFrom(end.name, doubtName(end), gathering);
    if (selected.hasOutsideTarget(end))
      for (const { range, answer } of joining.outside('egress', end)) rows.add(printRange(range), undefined, answer);
    const targets = selected.targetsOf(end);
    if (targets === 'all') joining.eachFrom(end, (to, answer) => rows.add(to.name, to, answer));
    else for (const to of targets) if (arePair(end, to)) rows.add(to.name, to, joining.between(end, to));
    yield* rows.done();
  }
}

/** Ranges of different rows can overlap, so they are gathered first and sorted by address. */
function* fromOutside(joining: Joining, targets: readonly MapEnd[], gathering: Gathering): Generator<SourceRows> {
  const byRange = new Map<string, { readonly range: IpRange; readonly rows: [MapEnd, RowAnswer][] }>();
  for (const to of targets) {
    for (const { range, answer } of joining.outside('ingress', to)) {
      const key = printRange(range);
      const found = byRange.get(key);
      if (found === undefined) byRange.set(key, { range, rows: [[to, answer]] });
      else found.rows.push([to, answer]);
    }
  }
  for (const [name, { rows }] of [...byRange].sort(([, a], [, b]) => compareRanges(a.range, b.range))) {
    const made = rowsFrom(name, 'outside', gathering);
    for (const [to, answer] of rows) made.add(to.name, to, answer);
    yield* made.done();
  }
}

function compareRanges(a: IpRange, b: IpRange): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.from !== b.from ? (a.from < b.from ? -1 : 1) : a.to < b.to ? -1 : a.to > b.to ? 1 : 0;
}

/** Doubts name pods; where an end has several that are alike, the first one. */
function doubtName({ pods }: MapEnd): string {
  return pods[0]?.ref ?? '';
}

/** Where the rows of a source are gathered. Used again for the next: lists that grow from nothing are copied three times over. */
interface Gathering {
  readonly targets: string[];
  readonly allowed: PortSet[];
}

function rowsFrom(from: string, fromInDoubts: string, { targets, allowed }: Gathering) {
  let count = 0;
  const undecided: UndecidedRow[] = [];
  return {
    /** `end`: whom doubts name; undefined for an outside range. */
    add(to: string, end: MapEnd | undefined, answer: RowAnswer) {
      if (answer.isEmpty) return;
      if (answer.allowsAny) {
        targets[count] = to;
        allowed[count++] = answer.allowed;
      }
      for (const { ports, because, namesEnds } of answer.undecided) {
        undecided.push({
          from,
          to,
          ports,
          because: namesEnds ? instantiated(because, fromInDoubts, end === undefined ? 'outside' : doubtName(end)) : because,
        });
      }
    },
    *done(): Generator<SourceRows> {
      if (count + undecided.length > 0) yield { from, targets: targets.slice(0, count), allowed: allowed.slice(0, count), undecided };
    },
  };
}
