// Every allowed connection between the ends of a map, source by source, and what stays open. The cost follows the rows, not the
// pairs: classes that cannot reach each other are never looked at (candidates.ts).
import { printRange } from '../net/ip-set.ts';
import { ALL_PORTS, type PortSet, type Protocol, portSet, subtractPorts } from '../net/port-set.ts';
import { type Doubt, isNonEmpty, type NonEmpty } from '../policy/verdict.ts';
import { type Candidates, candidates } from './candidates.ts';
import { type MapEnd, mapEnds } from './map-ends.ts';
import { nodeAnswering } from './node-answers.ts';
import { type OutsideAnswering, outsideAnswering, type RangeAnswer } from './outside-ranges.ts';
import { portAnswering } from './port-answers.ts';
import type { Reach } from './reach.ts';
import { instantiated, type RowAnswer, rowAnswering } from './row-answers.ts';
import { commonFamilies } from './verdict-of.ts';

export interface ConnectionOptions {
  /** An end for every pod, also where the pods of a workload do not differ. */
  readonly pods?: boolean;
  /** Only rows with one of these ends. */
  readonly focus?: Focus;
  /** Only rows that have this port, and of them only this port. */
  readonly port?: { readonly protocol: Protocol; readonly port: number };
  /** Cut outside ranges at every border of a block, also where a row does not change there. */
  readonly cutEverywhere?: boolean;
}

export interface Focus {
  /** `shop/cart[Deployment]`, or a pod `shop/cart-6d4`, which stands for its workload where the map has no pods. */
  readonly ends: readonly string[];
  /** `ingress`: only what reaches the focus; `egress`: only what it reaches. */
  readonly direction?: 'ingress' | 'egress';
  /** Only rows whose other end is one of these. */
  readonly peers?: readonly string[];
}

/** `{ from: 'shop/frontend[Deployment]', to: '203.0.113.0-203.0.113.255', allowed }`. Equal port sets are one value. */
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

/** All rows of one source. Outside ranges first, then the other ends by name. */
export interface SourceRows {
  readonly from: string;
  readonly connections: readonly ConnectionRow[];
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
 * The whole map in one value: for maps that fit in memory. A pair that is not listed has no allowed connection. No workload with
 * itself, nothing between two outside ranges. `connectionsBySource` gives the same piece by piece.
 */
export function connectionsOf(reach: Reach, options: ConnectionOptions = {}): Connections {
  const connections: ConnectionRow[] = [];
  const undecided: UndecidedRow[] = [];
  for (const rows of connectionsBySource(reach, options)) {
    for (const row of rows.connections) connections.push(row);
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
  return [
    { ports: subtractPorts(ALL_PORTS, sctp), because: doubtsOnDenial.any, protocols: ['TCP', 'UDP'] },
    { ports: sctp, because: doubtsOnDenial.sctp, protocols: ['SCTP'] },
  ].flatMap(({ ports, because, protocols }) =>
    isNonEmpty(because) && (port === undefined || protocols.includes(port.protocol))
      ? [{ ports: port === undefined ? ports : portSet(port.protocol, port.port, port.port), because }]
      : [],
  );
}

/** The same rows source by source, sources sorted: outside ranges, then ends by name. Sources without rows are left out. */
export function* connectionsBySource(reach: Reach, options: ConnectionOptions = {}): Generator<SourceRows> {
  const ends = mapEnds(reach, options.pods === true);
  const joining = joiningOf(reach, options);
  const focus = focusOf(ends, options.focus);
  if (focus.withOutside) yield* fromOutside(joining, focus.towards(undefined));
  for (const end of ends) {
    const rows = rowsOf(end.name);
    if (focus.withOutside && focus.isOutsideTarget(end)) for (const { range, answer } of joining.outside('egress', end)) rows.add(printRange(range), doubtName(end), 'outside', answer);
    const targets = focus.towards(end);
    for (const [other, answer] of targets === 'all' ? joining.allFrom(end) : joining.someFrom(end, targets)) {
      rows.add(other.name, doubtName(end), doubtName(other), answer);
    }
    if (!rows.isEmpty()) yield rows.done();
  }
}
