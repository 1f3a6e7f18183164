// The comparison of two states against the maps of each of them: a row that differs is listed with both sides, and nothing else is.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChangedRow, changedRows, type Diff, diffOf, isolationChanges } from '../../src/compare/compare.ts';
import type { DiffEnd } from '../../src/compare/ends.ts';
import { STATES, type State } from '../../src/compare/states.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { parseIp } from '../../src/net/ip.ts';
import { atomsOf, firstOf, type IpRange } from '../../src/net/ip-set.ts';
import { NO_PORTS, type PortSet, printPortSet, unionPorts } from '../../src/net/port-set.ts';
import { policiesOn } from '../../src/policy/decide.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../src/profile/choose.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { asReadBy } from '../../src/program/in-force.ts';
import { addressSetsOf } from '../../src/program/terms.ts';
import { diffCauses } from '../../src/question/diff-causes.ts';
import { objectEdits } from '../../src/question/diff-edits.ts';
import { type Connections, connectionsOf } from '../../src/reach/connections.ts';
import type { MapEnd } from '../../src/reach/map-ends.ts';
import { familiesIn } from '../../src/reach/outside-ranges.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { clusterOfPlan, type Plan, type PodPlan, semanticsOfPlan } from '../arbitraries/plan.ts';
import { plans } from '../arbitraries/plans.ts';
import { runs } from '../arbitraries/runs.ts';
import { keep, kept } from '../corpus.ts';
import { clusterOf, objectLists } from '../kernel/random-cluster.ts';

interface Case {
  readonly before: Plan;
  readonly after: Plan;
}

/** A second state that shares most of the first: some policies are another plan's, some pods have other labels, some are gone. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    before: plans,
    other: plans,
    policies: fc.array(fc.constantFrom('keep', 'keep', 'keep', 'take', 'drop'), { minLength: 8, maxLength: 8 }),
    pods: fc.array(fc.constantFrom('keep', 'keep', 'keep', 'keep', 'relabel', 'drop', 'move'), { minLength: 12, maxLength: 12 }),
    namespaces: fc.boolean(),
    adds: fc.boolean(),
  })
  .map(({ before, other, policies, pods, namespaces, adds }) => ({
    before,
    after: {
      ...before,
      namespaces: namespaces ? other.namespaces : before.namespaces,
      policies: [
        ...before.policies.flatMap((policy, i) => {
          const wish = policies[i % policies.length];
          const taken = other.policies[i];
          if (wish === 'drop') return [];
          return [wish === 'take' && taken !== undefined ? { ...taken, name: policy.name, namespace: policy.namespace } : policy];
        }),
        ...(adds ? other.policies.slice(0, 1).map((policy) => ({ ...policy, name: 'added' })) : []),
      ],
      pods: [
        ...before.pods.flatMap((pod, i): PodPlan[] => {
          const wish = pods[i % pods.length];
          const like = other.pods[i % other.pods.length];
          if (wish === 'drop') return [];
          if (wish === 'relabel') return [{ ...pod, labels: like?.labels ?? {} }];
          return [wish === 'move' && like !== undefined ? { ...pod, addresses: like.addresses, node: 'n2' } : pod];
        }),
        ...(adds ? other.pods.slice(0, 1).map((pod) => ({ ...pod, name: 'added' })) : []),
      ],
      tiers: adds ? other.tiers : before.tiers,
    },
  }));

type Wish = 'keep' | 'take' | 'drop' | 'move';
const wishes: fc.Arbitrary<readonly Wish[]> = fc.array(fc.constantFrom<Wish[]>('keep', 'keep', 'take', 'drop', 'move'), {
  minLength: 20,
  maxLength: 20,
});

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: object;
}

/** `take`: as the other list has the object; `move`: a Tier is asked at another place. */
function secondOf(before: readonly object[], other: readonly object[], wished: readonly Wish[]): readonly object[] {
  const keyOf = ({ kind, metadata }: Named) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
  const others = new Map((other as readonly Named[]).map((one) => [keyOf(one), one]));
  return (before as readonly Named[]).flatMap((one, i): Named[] => {
    const wish = wished[i % wished.length];
    if (one.kind === 'Namespace' || one.kind === 'Node') return [one];
    if (one.kind === 'Tier') return [wish === 'move' ? { ...one, spec: { ...one.spec, order: 2_000_000 } } : one];
    if (wish === 'drop') return [];
    return [wish === 'take' ? (others.get(keyOf(one)) ?? one) : one];
  });
}

interface Sides {
  readonly allowed: PortSet;
  readonly open: PortSet;
}

const NONE: Sides = { allowed: NO_PORTS, open: NO_PORTS };

type Party = MapEnd | IpRange;

/** One state by its own maps: one of workloads, one of pods, for an end that is a pod of many. */
function mapsOf(cluster: Cluster, semantics: Semantics) {
  const reach = reachOf(cluster, semantics);
  const tables = {
    workloads: tableOf(connectionsOf(reach, { cutEverywhere: true })),
    pods: tableOf(connectionsOf(reach, { cutEverywhere: true, pods: true })),
  };
  return {
    cluster,
    /** undefined where neither map has the two ends as they are asked for. */
    sides(from: Party, to: Party): Sides | undefined {
      const isPod = (party: Party) => 'pods' in party && party.pods.length === 1;
      const isMany = (party: Party) => 'pods' in party && party.pods.length > 1;
      if ((isPod(from) && isMany(to)) || (isMany(from) && isPod(to))) return undefined;
      return tables[isPod(from) || isPod(to) ? 'pods' : 'workloads'](from, to);
    },
  };
}

function tableOf({ connections, undecided }: Connections) {
  const table = new Map<string, Sides>();
  const add = (from: string, to: string, sides: Partial<Sides>) => {
    const known = table.get(`${from} ${to}`) ?? NONE;
    table.set(`${from} ${to}`, {
      allowed: unionPorts(known.allowed, sides.allowed ?? NO_PORTS),
      open: unionPorts(known.open, sides.open ?? NO_PORTS),
    });
  };
  for (const { from, to, allowed } of connections) add(from, to, { allowed });
  for (const { from, to, ports } of undecided) add(from, to, { open: ports });
  const ranges = [...new Set([...connections, ...undecided].flatMap(({ from, to }) => [from, to]))].flatMap((name) => rangeOf(name) ?? []);
  const namesOf = (end: Party): string[] => {
    if ('pods' in end) return [...end.pods.map(({ ref }) => ref), end.workload];
    return ranges.filter(({ range }) => covers(range, end)).map(({ name }) => name);
  };
  return (from: Party, to: Party): Sides => {
    for (const source of namesOf(from)) {
      for (const destination of namesOf(to)) {
        const found = table.get(`${source} ${destination}`);
        if (found !== undefined) return found;
      }
    }
    return NONE;
  };
}

function rangeOf(name: string): { readonly name: string; readonly range: IpRange } | undefined {
  const [from, to] = name.split('-').map(parseIp);
  if (from?.family === 4 && to?.family === 4) return { name, range: { family: 4, from: from.value, to: to.value } };
  return from?.family === 6 && to?.family === 6 ? { name, range: { family: 6, from: from.value, to: to.value } } : undefined;
}

function covers(whole: IpRange, part: IpRange): boolean {
  return whole.family === part.family && whole.from <= part.from && whole.to >= part.to;
}

function words({ allowed, open }: Sides): string {
  return `${printPortSet(allowed)} perhaps ${printPortSet(open)}`;
}

function check({ before, after }: Case): { readonly pairs: number; readonly differing: number } {
  const semantics = semanticsOfPlan(before);
  const [old, now] = [clusterOfPlan(before), clusterOfPlan({ ...after, semantics: before.semantics })];
  const { diff, ...counts } = checkRows(old, now, semantics);
  checkIsolation(diff, old, now, semantics);
  return counts;
}

function checkRows(before: Cluster, after: Cluster, semantics: Semantics) {
  const maps = { before: mapsOf(before, semantics), after: mapsOf(after, semantics) };
  const diff = diffOf(before, after, semantics);
  const rows = [...changedRows(diff)];
  let pairs = 0;
  let differing = 0;
  const compare = (from: DiffEnd | IpRange, to: DiffEnd | IpRange) => {
    const [was, is] = STATES.map((state) => sidesIn(maps[state], state, from, to));
    if (was === undefined || is === undefined) return;
    const found = rows.filter((row) => speaksOf(row.from, row.ends.from, from) && speaksOf(row.to, row.ends.to, to));
    pairs++;
    const where = `${nameOf(from)} → ${nameOf(to)}`;
    expect(found.length, `rows about ${where}`).toBeLessThanOrEqual(1);
    const [row] = found;
    if (words(was) === words(is)) expect(row, `${where} is the same: ${words(was)}`).toBeUndefined();
    else {
      differing++;
      expect(
        row === undefined ? 'no row' : `${printPortSet(row.before)} then ${printPortSet(row.after)}`,
        `${where}: ${words(was)}, then ${words(is)}`,
      ).toBe(`${printPortSet(was.allowed)} then ${printPortSet(is.allowed)}`);
    }
  };
  for (const from of diff.ends) for (const to of diff.ends) if (from.workload !== to.workload) compare(from, to);
  const families = familiesIn(maps.before.cluster).filter((family) => familiesIn(maps.after.cluster).includes(family));
  for (const range of atomsOf(blocksOf([maps.before.cluster, maps.after.cluster]))) {
    if (!families.includes(range.family)) continue;
    for (const end of diff.ends) {
      compare(range, end);
      compare(end, range);
    }
  }
  return { diff, pairs, differing };
}

function checkIsolation(diff: Diff, before: Cluster, after: Cluster, semantics: Semantics): void {
  if (semantics.enforces === 'no') return;
  const lost = isolationChanges(diff).filter(({ change }) => change === 'lost');
  for (const end of diff.ends) {
    for (const direction of ['ingress', 'egress'] as const) {
      const [was, is] = [[before, end.before] as const, [after, end.after] as const].map(([cluster, own]) => {
        const [pod] = own?.pods ?? [];
        if (pod === undefined || pod.hostNetwork || pod.phase === 'Succeeded' || pod.phase === 'Failed') return undefined;
        // Isolation is what NetworkPolicies do; the ordered tiers around them deny what they name.
        return policiesOn(cluster, direction, pod).filter(({ tier }) => tier === 'namespaced');
      });
      if (was === undefined || is === undefined) continue;
      const isLost = was.some(({ faults }) => faults.length === 0) && is.length === 0;
      const said = lost.some(
        (one) => one.workload === end.workload && one.direction === direction && (one.pods?.includes(end.name) ?? true),
      );
      if (isLost) expect(said, `${end.name} loses its isolation for ${direction}`).toBe(true);
      if (is.length > 0) expect(said, `${end.name} is still isolated for ${direction}`).toBe(false);
    }
  }
}

function blocksOf(clusters: readonly ReturnType<typeof clusterOfPlan>[]) {
  const policies = clusters.flatMap((cluster) => cluster.policies);
  const rules = policies.flatMap(({ ingress, egress }) => [ingress, egress].flatMap((side) => (side === 'not-governed' ? [] : side)));
  return rules.flatMap(({ peers }) => addressSetsOf(peers));
}

function sidesIn(maps: ReturnType<typeof mapsOf>, state: State, from: DiffEnd | IpRange, to: DiffEnd | IpRange): Sides | undefined {
  const own = (end: DiffEnd | IpRange) => ('family' in end ? end : end[state]);
  const [source, destination] = [own(from), own(to)];
  return source === undefined || destination === undefined ? NONE : maps.sides(source, destination);
}

function speaksOf(name: string, end: ChangedRow['ends']['from'], asked: DiffEnd | IpRange): boolean {
  if ('family' in asked) return end.kind === 'range' && covers(end.range, asked);
  return end.kind === 'end' && (name === asked.name || name === asked.workload);
}

function nameOf(end: DiffEnd | IpRange): string {
  return 'family' in end ? JSON.stringify(firstOf(end), (_, value) => (typeof value === 'bigint' ? `${value}` : value)) : end.name;
}

/** Of two objects with one name the loader keeps one. */
function namedApart(plan: Plan): Plan {
  return { ...plan, tiers: plan.tiers.map((policy, i) => ({ ...policy, name: `${policy.name}-${i}` })) };
}

describe('two states compared', () => {
  test('are told exactly as their two maps differ', () => {
    let pairs = 0;
    let differing = 0;
    const { seed, ...parameters } = runs<[Case]>(150);
    const result = fc.check(
      fc.property(cases, (one) => {
        const count = check(one);
        pairs += count.pairs;
        differing += count.differing;
      }),
      { ...parameters, seed },
    );
    if (result.failed && result.counterexample !== null) keep('diffs', result.counterexample[0], seed);
    expect(result.failed ? fc.defaultReportMessage(result) : 'ok').toBe('ok');
    // What compares nothing, or only equal things, proves nothing.
    expect(pairs).toBeGreaterThan(1000);
    expect(differing).toBeGreaterThan(200);
  });

  test.each([
    ['cluster-wide', 'kube-network-policies'],
    ['cilium', 'cilium'],
    ['calico', 'calico'],
  ] as const)('are told so with policies of other kinds: %s', { timeout: 600_000 }, (kinds, profile) => {
    const choice = chooseProfile(profile);
    if (isUnknown(choice)) throw new Error(`no profile ${profile}`);
    const semantics = semanticsOf(choice);
    const options = runs<[readonly object[], readonly object[], readonly Wish[]]>(60);
    let differing = 0;
    fc.assert(
      fc.property(objectLists[kinds], objectLists[kinds], wishes, (before, other, wished) => {
        const [old, now] = [before, secondOf(before, other, wished)].map((objects) => asReadBy(clusterOf(objects), semantics));
        differing += checkRows(old as Cluster, now as Cluster, semantics).differing;
      }),
      options,
    );
    expect(differing).toBeGreaterThan(200);
  });

  test.each(kept<Case>('diffs'))('$name', ({ value }) => {
    check(value);
  });

  test('every change has an edit that causes it', () => {
    const { seed, ...parameters } = runs<[Case]>(100);
    const result = fc.check(
      fc.property(cases, ({ before, after }) => {
        const [old, now] = [before, { ...after, semantics: before.semantics }].map((plan) => clusterOfPlan(namedApart(plan))) as [
          Cluster,
          Cluster,
        ];
        const compared = diffOf(old, now, semanticsOfPlan(before));
        const causes = diffCauses(compared, objectEdits(compared));
        for (const row of changedRows(compared)) {
          expect(causes.ofRow(row).causes.length, `${row.from} → ${row.to} ${row.change}`).toBeGreaterThan(0);
        }
        for (const change of isolationChanges(compared)) {
          expect(causes.ofIsolation(change).causes.length, `${change.workload} ${change.change}`).toBeGreaterThan(0);
        }
      }),
      { ...parameters, seed },
    );
    if (result.failed && result.counterexample !== null) keep('diffs', result.counterexample[0], seed);
    expect(result.failed ? fc.defaultReportMessage(result) : 'ok').toBe('ok');
  });

  test('a state compared with itself has no row', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const diff = diffOf(clusterOfPlan(plan), clusterOfPlan(plan), semanticsOfPlan(plan));
        expect([...changedRows(diff)]).toEqual([]);
        expect(isolationChanges(diff)).toEqual([]);
      }),
      runs(50),
    );
  });
});
