// Which of two fixes is better: the one that leaves cluster-wide policies alone, then the one that opens less, then the one that closes less, then the one that edits no policy of others,
// then the one that edits less.
import type { PortSet } from '../net/port-set.ts';
import type { Effect, Row } from './effect.ts';
import type { Lever } from './lever.ts';
import type { SharedPolicy } from './shared.ts';
import type { Step } from './step.ts';

interface Ranked {
  readonly levers: readonly Lever[];
  readonly steps: readonly Step[];
  readonly effect: Effect;
  readonly size: number;
  readonly shared: readonly SharedPolicy[];
}

/** For sorting: negative when `a` is the better fix. */
export function compareFixes(a: Ranked, b: Ranked): number {
  return (
    clusterWide(a) - clusterWide(b) ||
    opened(a.effect) - opened(b.effect) ||
    closed(a.effect) - closed(b.effect) ||
    a.shared.length - b.shared.length ||
    a.size - b.size ||
    restarts(a.steps) - restarts(b.steps) ||
    compare(codes(a), codes(b))
  );
}

/** The same for fixes that close a connection: there it is what else they close that hurts. */
export function compareDenials(a: Ranked, b: Ranked): number {
  return (
    closed(a.effect) - closed(b.effect) ||
    opened(a.effect) - opened(b.effect) ||
    clusterWide(a) - clusterWide(b) ||
    a.shared.length - b.shared.length ||
    a.size - b.size ||
    restarts(a.steps) - restarts(b.steps) ||
    compare(codes(a), codes(b))
  );
}

/** Policies of the cluster's owner that it edits: who asks about two pods can seldom change those. */
function clusterWide({ shared }: Ranked): number {
  return shared.filter((policy) => policy.clusterWide === true).length;
}

function opened({ opened: rows, services }: Effect): number {
  return weight(rows) + services.filter(({ change }) => change === 'gains').length;
}

/** A Service without its pods is an outage, whatever the policies say. */
function closed({ closed: rows, services }: Effect): number {
  return weight(rows) + 5 * services.filter(({ change }) => change === 'loses').length;
}

/** About one for a pair of workloads; a range of the outside more, the larger it is; pods that are not there yet half. */
function weight(rows: readonly Row[]): number {
  return rows.reduce(
    (sum, row) =>
      sum + (row.isFuture ? 0.5 : 1) * (row.addresses === undefined ? 1 : 1 + Math.log2(row.addresses)) * (1 + breadth(row.ports) / 100),
    0,
  );
}

/** Between 0 for one port and about 17 for all. */
function breadth(ports: PortSet): number {
  let count = 0;
  for (const ranges of [ports.TCP, ports.UDP, ports.SCTP]) for (const { from, to } of ranges) count += to - from + 1;
  return Math.log2(Math.max(1, count));
}

/** Steps that make pods anew. */
function restarts(steps: readonly Step[]): number {
  return steps.filter((step) => step.kind === 'edit' && step.object.kind === 'workload').length;
}

function codes({ levers }: Ranked): string {
  return levers.map(({ code }) => code).join();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
