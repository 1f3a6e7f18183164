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
  /** As a person would name them: `all of shop (12)`, `web/frontend`. */
  readonly sources: readonly string[];
  /** How many sources these are. */
  readonly alike: number;
  readonly targets: readonly TargetGroup[];
}

/** Where one source may go: ports as text → the ports, and who has them. */
type Targets = ReadonlyMap<string, { readonly ports: PortSet; readonly to: readonly string[] }>;

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
  const perNamespace = workloadsPerNamespace(cluster);
  return alikeSources(bySource).map(({ sources, targets, isMutual }) => ({
    sources: gathered(sources, perNamespace),
    alike: sources.length,
    targets: [...targets.values()].map(({ ports, to }) => ({
      ports,
      names: targetNames(to, isMutual && printPortSet(ports) === 'all' ? sources : [], perNamespace),
    })),
  }));
}

interface Alike {
  readonly sources: readonly string[];
  readonly targets: Targets;
  /** They reach each other on every port, so each of them is missing itself from its own rows. */
  readonly isMutual: boolean;
}

/** Sources that reach each other and the same others, then those that just reach the same. */
function alikeSources(bySource: ReadonlyMap<string, Targets>): Alike[] {
  const keyOf = (source: string, targets: Targets, isMutual: boolean) =>
    [
      isWorkload(source) ? 'inside' : 'outside',
      ...[...targets]
        .map(([ports, { to }]) => `${ports}:${isMutual && ports === 'all' ? [...to, source].sort().join() : to.join()}`)
        .sort(),
    ].join('|');
  const count = new Map<string, number>();
  for (const [source, targets] of bySource) {
    const key = keyOf(source, targets, true);
    count.set(key, (count.get(key) ?? 0) + 1);
  }
  const alike = new Map<string, { sources: string[]; targets: Targets; isMutual: boolean }>();
  for (const [source, targets] of bySource) {
    const mutualKey = keyOf(source, targets, true);
    const isMutual = (count.get(mutualKey) ?? 0) > 1 && isWorkload(source);
    const key = isMutual ? `mutual ${mutualKey}` : keyOf(source, targets, false);
    const group = alike.get(key);
    if (group === undefined) alike.set(key, { sources: [source], targets, isMutual });
    else group.sources.push(source);
  }
  return [...alike.values()];
}

function workloadsPerNamespace(cluster: Cluster): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { namespace } of cluster.workloads.values()) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  return counts;
}

/**
 * Sources that reach each other (`mutual`) are each missing themselves from their own rows: with them put back, "all of the namespace"
 * is seen, and what is left of them is said as "each other".
 */
function targetNames(to: readonly string[], mutual: readonly string[], perNamespace: ReadonlyMap<string, number>): string[] {
  const names = gathered([...new Set([...to, ...mutual])], perNamespace);
  if (names.some((name) => EVERY.test(name))) return names;
  const isSaid = mutual.every((workload) => names.some((name) => name.startsWith(`all of ${namespaceOf(workload)} `)));
  const others = names.filter((name) => !mutual.some((workload) => shortName(workload) === name));
  return [...others, ...(mutual.length > 0 && !isSaid ? ['each other'] : [])];
}

const EVERY = /^every workload \(/;

/** The outside first, then workloads; all of them, or all of a namespace, in two words. `['all of shop (12)', 'web/frontend']`. */
function gathered(ends: readonly string[], perNamespace: ReadonlyMap<string, number>): string[] {
  const workloads = ends.filter(isWorkload);
  const total = [...perNamespace.values()].reduce((sum, count) => sum + count, 0);
  const outside = mergeRanges(ends.filter((end) => !isWorkload(end))).map(shortName);
  if (workloads.length === total && total > 2) return [...outside, `every workload (${total})`];
  const byNamespace = new Map<string, string[]>();
  for (const workload of workloads) byNamespace.set(namespaceOf(workload), [...(byNamespace.get(namespaceOf(workload)) ?? []), workload]);
  const named = [...byNamespace].flatMap(([namespace, list]) =>
    list.length > 2 && list.length === perNamespace.get(namespace) ? [`all of ${namespace} (${list.length})`] : list.map(shortName),
  );
  return [...outside, ...named];
}

function namespaceOf(workload: string): string {
  return workload.slice(0, workload.indexOf('/'));
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
