// Rows of a map → groups that read alike: same targets and ports, whole namespaces, the outside as one. Findings; words/en/ends.ts names them.
import type { AnyPorts } from './documents/ports.ts';
import { portsKey } from './ports.ts';

/** One end, or several that have one name together. */
export type EndGroup =
  | { readonly kind: 'end'; readonly end: string }
  /** Every address outside, of both families. */
  | { readonly kind: 'outside' }
  /** Every workload of a namespace. */
  | { readonly kind: 'namespace'; readonly namespace: string; readonly count: number }
  | { readonly kind: 'every-workload'; readonly count: number }
  /** The sources of the group themselves. */
  | { readonly kind: 'each-other' };

export interface TargetGroup {
  readonly targets: readonly EndGroup[];
  readonly ports: AnyPorts;
}

export interface MapGroup {
  readonly sources: readonly EndGroup[];
  /** How many sources these are. */
  readonly alike: number;
  readonly to: readonly TargetGroup[];
}

/** A row whose ports are written out: `{ from: 'shop/frontend[Deployment]', to: 'shop/cart[Deployment]', allowed: 'all' }`. */
export interface GroupedRow {
  readonly from: string;
  readonly to: string;
  readonly allowed: AnyPorts;
}

/** How many workloads each namespace has, to know when a whole namespace is meant: `{ shop: 3 }`. */
export type NamespaceSizes = { readonly [namespace: string]: number };

/** Where one source may go: ports as text → the ports, and who has them. */
type Targets = ReadonlyMap<string, { readonly ports: AnyPorts; readonly to: readonly string[] }>;

/** Sources in the order of the rows. [] without rows. */
export function groupRows(rows: readonly GroupedRow[], sizes: NamespaceSizes): MapGroup[] {
  const bySource = new Map<string, Map<string, { ports: AnyPorts; to: string[] }>>();
  const keys = new Map<AnyPorts, string>();
  for (const { from, to, allowed } of rows) {
    let key = keys.get(allowed);
    if (key === undefined) {
      key = portsKey(allowed);
      keys.set(allowed, key);
    }
    let targets = bySource.get(from);
    if (targets === undefined) {
      targets = new Map();
      bySource.set(from, targets);
    }
    const group = targets.get(key);
    if (group === undefined) targets.set(key, { ports: allowed, to: [to] });
    else group.to.push(to);
  }
  const perNamespace = new Map(Object.entries(sizes));
  const total = [...perNamespace.values()].reduce((sum, count) => sum + count, 0);
  return alikeSources(bySource).map(({ sources, targets, isMutual }) => ({
    sources: gathered(sources, perNamespace, total),
    alike: sources.length,
    to: [...targets.values()].map(({ ports, to }) => ({
      ports,
      targets: targetGroups(to, isMutual && ports === 'all' ? sources : [], perNamespace, total),
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

/**
 * Sources that reach each other (`mutual`) are each missing themselves from their own rows: with them put back, "all of the namespace"
 * is seen, and what is left of them is "each other".
 */
function targetGroups(
  to: readonly string[],
  mutual: readonly string[],
  perNamespace: ReadonlyMap<string, number>,
  total: number,
): readonly EndGroup[] {
  const groups = gathered([...new Set([...to, ...mutual])], perNamespace, total);
  if (mutual.length === 0 || groups.some(({ kind }) => kind === 'every-workload')) return groups;
  const whole = new Set(groups.flatMap((group) => (group.kind === 'namespace' ? [group.namespace] : [])));
  const own = new Set(mutual);
  const others = groups.filter((group) => group.kind !== 'end' || !own.has(group.end));
  return mutual.every((workload) => whole.has(namespaceOf(workload))) ? others : [...others, { kind: 'each-other' }];
}

/** The outside first, then workloads; all of them, or all of a namespace, as one. */
function gathered(ends: readonly string[], perNamespace: ReadonlyMap<string, number>, total: number): readonly EndGroup[] {
  const workloads = ends.filter(isWorkload);
  const outside = outsideGroups(ends.filter((end) => !isWorkload(end)));
  if (workloads.length === total && total > 2) return [...outside, { kind: 'every-workload', count: total }];
  const byNamespace = new Map<string, string[]>();
  for (const workload of workloads) {
    const own = byNamespace.get(namespaceOf(workload));
    if (own === undefined) byNamespace.set(namespaceOf(workload), [workload]);
    else own.push(workload);
  }
  const inside = [...byNamespace].flatMap(([namespace, list]): readonly EndGroup[] =>
    list.length > 2 && list.length === perNamespace.get(namespace)
      ? [{ kind: 'namespace', namespace, count: list.length }]
      : list.map((end) => ({ kind: 'end', end })),
  );
  return [...outside, ...inside];
}

const FAMILIES = ['0.0.0.0-255.255.255.255', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'];

function outsideGroups(ends: readonly string[]): readonly EndGroup[] {
  const isWhole = FAMILIES.every((range) => ends.includes(range));
  const others = isWhole ? ends.filter((end) => !FAMILIES.includes(end)) : ends;
  return [...(isWhole ? [{ kind: 'outside' as const }] : []), ...others.map((end) => ({ kind: 'end' as const, end }))];
}

function namespaceOf(workload: string): string {
  return workload.slice(0, workload.indexOf('/'));
}

function isWorkload(end: string): boolean {
  return end.includes('/') && !/^[0-9.]+-|:/.test(end);
}
