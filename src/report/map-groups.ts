// Rows of a map → groups that read alike: same targets and ports, whole namespaces, the outside by its name.
import type { Cluster } from '../model/cluster.ts';
import type { PortSet } from '../net/port-set.ts';
import { printPortSet } from '../net/port-set.ts';
import type { ConnectionRow } from '../reach/connections.ts';

export interface TargetGroup {
  /** `payments/api-server`, `every workload in shop (12)`, `anywhere outside`. */
  readonly names: readonly string[];
  readonly ports: PortSet;
}

export interface MapGroup {
  readonly sources: readonly string[];
  readonly targets: readonly TargetGroup[];
}

/** Sources in the order of the rows. [] without rows. */
export function groupRows(rows: readonly ConnectionRow[], cluster: Cluster): MapGroup[] {
  const bySource = new Map<string, Map<string, { ports: PortSet; to: string[] }>>();
  for (const { from, to, allowed } of rows) {
    const ports = printPortSet(allowed);
    const targets = bySource.get(from) ?? new Map<string, { ports: PortSet; to: string[] }>();
    const group = targets.get(ports) ?? { ports: allowed, to: [] };
    group.to.push(to);
    bySource.set(from, targets.set(ports, group));
  }
  const alike = new Map<string, { sources: string[]; targets: Map<string, { ports: PortSet; to: string[] }> }>();
  for (const [source, targets] of bySource) {
    const key = [
      isWorkload(source) ? 'inside' : 'outside',
      ...[...targets].map(([ports, { to }]) => `${ports}:${(ports === 'all' ? [...to, source].sort() : to).join()}`).sort(),
    ].join('|');
    const group = alike.get(key);
    if (group === undefined) alike.set(key, { sources: [source], targets });
    else group.sources.push(source);
  }
  const perNamespace = workloadsPerNamespace(cluster);
  return [...alike.values()].map(({ sources, targets }) => ({
    sources: mergeRanges(sources),
    targets: [...targets.values()].map(({ ports, to }) => ({ ports, names: targetNames(ports, to, sources, perNamespace) })),
  }));
}

function workloadsPerNamespace(cluster: Cluster): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { namespace } of cluster.workloads.values()) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  return counts;
}

/**
 * Sources that reach each other are each missing themselves from their own rows: with them put back, "all of the namespace" is seen,
 * and what is left of them is said as "each other".
 */
function targetNames(
  ports: PortSet,
  to: readonly string[],
  sources: readonly string[],
  perNamespace: ReadonlyMap<string, number>,
): string[] {
  const mutual = printPortSet(ports) === 'all' && sources.length > 1 ? sources.filter(isWorkload) : [];
  const all = [...new Set([...to, ...mutual])];
  const workloads = all.filter(isWorkload);
  const total = [...perNamespace.values()].reduce((sum, count) => sum + count, 0);
  const outside = mergeRanges(all.filter((end) => !isWorkload(end))).map(shortName);
  if (workloads.length === total && total > 2) return [...outside, `every workload (${total})`];
  const byNamespace = new Map<string, string[]>();
  for (const workload of workloads) {
    const namespace = workload.slice(0, workload.indexOf('/'));
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), workload]);
  }
  const named = [...byNamespace].flatMap(([namespace, list]) => {
    if (list.length > 2 && list.length === perNamespace.get(namespace)) return [`all of ${namespace} (${list.length})`];
    return list.filter((workload) => !mutual.includes(workload)).map(shortName);
  });
  const isSaid = mutual.every((workload) => named.some((name) => name.startsWith(`all of ${workload.slice(0, workload.indexOf('/'))} `)));
  return [...outside, ...named, ...(mutual.length > 0 && !isSaid ? ['each other'] : [])];
}

function isWorkload(end: string): boolean {
  return end.includes('/') && !/^[0-9.]+-|:/.test(end);
}

const WHOLE: Readonly<Record<string, string>> = {
  '0.0.0.0-255.255.255.255': 'anywhere outside (IPv4)',
  '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff': 'anywhere outside (IPv6)',
};

function mergeRanges(ends: readonly string[]): string[] {
  const whole = Object.keys(WHOLE);
  return whole.every((range) => ends.includes(range)) ? ['anywhere outside', ...ends.filter((end) => !whole.includes(end))] : [...ends];
}

/** `shop/cart[Deployment]` → `shop/cart`. Ranges keep their form, the whole family gets its name. */
export function shortName(end: string): string {
  return WHOLE[end] ?? end.replace(/\[[A-Za-z]+\]$/, '');
}

/** `andMore(['a', 'b', 'c'], 2)` → `a, b and 1 more`. */
export function andMore(names: readonly string[], most: number): string {
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}
