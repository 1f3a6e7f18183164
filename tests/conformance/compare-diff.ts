// Kind `diff`: two states, and every pair whose connection differs with both sides of it. Pairs that are not listed are the same in both.

import { type ChangedRow, changedRows, diffOf } from '../../src/compare/compare.ts';
import type { InputText } from '../../src/manifest/load.ts';
import type { IpRange } from '../../src/net/ip-set.ts';
import { NO_PORTS, type PortSet, printPortSet, samePorts } from '../../src/net/port-set.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { addressAtoms } from './atoms.ts';
import { type Comparison, tally } from './comparison.ts';
import { type CaseCluster, caseCluster } from './ends-of-case.ts';
import type { DiffChanges } from './expected.ts';
import { type CorpusEnd, parseAllowed, parseEnd } from './notation.ts';

/** A row or column: a workload as the corpus calls it, an address atom, the ingress controller. */
type Party = { readonly name: string; readonly hostNetwork: boolean; readonly ours: ReadonlySet<string> } & (
  | { readonly kind: 'workload' | 'ingress-controller' }
  | { readonly kind: 'range'; readonly range: IpRange }
);

interface Sides {
  readonly before: PortSet;
  readonly after: PortSet;
}

const SAME = 'the same in both';

export function compareDiff(
  texts: readonly [readonly InputText[], readonly InputText[]],
  expected: DiffChanges,
  semantics: Semantics,
): Comparison {
  const { cell, result } = tally();
  const [before, after] = texts.map((list) => caseCluster(list)) as [CaseCluster, CaseCluster];
  const rows = [...changedRows(diffOf(before.cluster, after.cluster, semantics))].filter(
    (row) => !samePorts(row.before, row.after) && rangesIn(row).every(({ family }) => family === 4),
  );
  const wanted = expected.changes.map((change) => ({
    src: parseEnd(change.src),
    dst: parseEnd(change.dst),
    sides: { before: parseAllowed(change.ref1).ports, after: parseAllowed(change.ref2).ports },
  }));
  const ranges = wanted.flatMap(({ src, dst }) => [src, dst]).flatMap((end) => (end.kind === 'range' ? [end.range] : []));
  const joint = { ...after.cluster, policies: [...before.cluster.policies, ...after.cluster.policies] };
  const parties = [...workloadParties(before, after), ...addressAtoms(joint, ranges).map(rangeParty), CONTROLLER];
  const about = <T>(list: readonly T[], isAbout: (item: T, party: Party) => boolean) =>
    new Map(parties.map((party) => [party, new Set(list.filter((item) => isAbout(item, party)))]));
  const rowsFrom = about(rows, (row, party) => speaksOf(row, row.from, 'from', party));
  const rowsTo = about(rows, (row, party) => speaksOf(row, row.to, 'to', party));
  const wantedFrom = about(wanted, ({ src }, party) => means(src, party));
  const wantedTo = about(wanted, ({ dst }, party) => means(dst, party));
  for (const from of parties) {
    for (const to of parties) {
      if (from === to || to.kind === 'ingress-controller' || (from.kind !== 'workload' && to.kind !== 'workload')) continue;
      const expectedSides = both(wantedFrom.get(from), wantedTo.get(to))[0]?.sides;
      const found = both(rowsFrom.get(from), rowsTo.get(to));
      // Rows of single pods, where the corpus has the workload: each of them has to be as expected.
      const got: readonly (Sides | undefined)[] = found.length === 0 ? [undefined] : found;
      const odd = got.find((sides) => words(sides) !== words(expectedSides));
      cell(
        got.includes(odd) && words(odd) !== words(expectedSides)
          ? {
              where: `${from.name} -> ${to.name}`,
              expected: words(expectedSides),
              got: words(odd),
              ...((from.hostNetwork || to.hostNetwork) && { touches: 'host-network' }),
            }
          : undefined,
      );
    }
  }
  for (const { src, dst } of wanted) {
    const isKnown = parties.some((party) => means(src, party)) && parties.some((party) => means(dst, party));
    if (!isKnown) cell({ where: JSON.stringify([src, dst]), expected: 'ends that are there', got: 'no such end' });
  }
  return result();
}

function both<T>(a: ReadonlySet<T> | undefined, b: ReadonlySet<T> | undefined): readonly T[] {
  return [...(a ?? [])].filter((item) => b?.has(item) === true);
}

const CONTROLLER: Party = {
  kind: 'ingress-controller',
  name: '{ingress-controller}',
  hostNetwork: false,
  ours: new Set(['{ingress-controller}']),
};

function workloadParties(before: CaseCluster, after: CaseCluster): Party[] {
  const names = new Set([...before.podsByCorpusName.keys(), ...after.podsByCorpusName.keys()]);
  return [...names].map((name) => {
    const pods = [before, after].flatMap(({ podsByCorpusName }) => podsByCorpusName.get(name) ?? []);
    return {
      kind: 'workload',
      name,
      hostNetwork: pods.some(({ hostNetwork }) => hostNetwork),
      ours: new Set(pods.flatMap(({ ref, workload }) => [ref, workload])),
    };
  });
}

function rangeParty(range: IpRange): Party {
  return { kind: 'range', name: JSON.stringify(range), range, hostNetwork: false, ours: new Set() };
}

function means(end: CorpusEnd, party: Party): boolean {
  if (end.kind === 'range') return party.kind === 'range' && covers(end.range, party.range);
  if (end.kind === 'workload' || end.kind === 'pod') return party.kind === 'workload' && end.ref === party.name;
  return end.kind === party.kind;
}

function speaksOf(row: ChangedRow, name: string, side: 'from' | 'to', party: Party): boolean {
  const end = row.ends[side];
  if (party.kind === 'range') return end.kind === 'range' && covers(end.range, party.range);
  return end.kind !== 'range' && party.ours.has(name);
}

function covers(whole: IpRange, part: IpRange): boolean {
  return whole.family === part.family && whole.from <= part.from && whole.to >= part.to;
}

function rangesIn({ ends }: ChangedRow): readonly IpRange[] {
  return [ends.from, ends.to].flatMap((end) => (end.kind === 'range' ? [end.range] : []));
}

function words(sides: Sides | undefined): string {
  return sides === undefined ? SAME : `${printPortSet(sides.before ?? NO_PORTS)}, then ${printPortSet(sides.after)}`;
}
