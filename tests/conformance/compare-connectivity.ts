// Kind `connectivity`: a complete map. Pairs that it does not list have no allowed connection.
import { parseCidr } from '../../src/net/cidr.ts';
import { firstOf, ipSetHas, ipSetOfCidrs } from '../../src/net/ip-set.ts';
import { isNoPorts, NO_PORTS, type PortSet, printPortSet } from '../../src/net/port-set.ts';
import { addressAtoms, atomIn, type PortAtom, portAtoms, portsOfAtom, setOfAtoms } from './atoms.ts';
import { type Comparison, fit, type Openness, tally } from './comparison.ts';
import type { CorpusCase } from './corpus-case.ts';
import type { CaseCluster } from './ends-of-case.ts';
import type { Ask } from './evaluators.ts';
import type { ConnectionRow, Connectivity, Exposure } from './expected.ts';
import { parseAllowed, parseEnd } from './notation.ts';
import { isInFocus, type Party, pairsOf, partiesOf, portsInFocus, rangeParty } from './workload-pairs.ts';

/** The map that the corpus expects: `expect(from, to)` → the allowed set of that pair. */
export interface ExpectedMap {
  readonly parties: readonly Party[];
  /** The allowed sets of its rows. */
  readonly sets: readonly PortSet[];
  expect(from: Party, to: Party): PortSet;
  lists(from: Party, to: Party): boolean;
}

/** Rows with `{ingress-controller}` are for compare-ingress-controller.ts. */
export function expectedMap(setting: CaseCluster, rows: readonly ConnectionRow[], level: 'pod' | 'workload'): ExpectedMap {
  const parsed = rows.map((row) => ({ from: parseEnd(row.src), to: parseEnd(row.dst), ports: parseAllowed(row.allowed).ports }));
  const ranges = parsed.flatMap(({ from, to }) => [from, to]).flatMap((end) => (end.kind === 'range' ? [end.range] : []));
  const parties = [...partiesOf(setting, level), ...addressAtoms(setting.cluster, ranges).map(rangeParty)];
  const names = new Set(parties.map(({ name }) => name));
  const table = new Map<string, PortSet>();
  for (const { from, to, ports } of parsed) {
    if (from.kind === 'ingress-controller' || to.kind === 'ingress-controller') continue;
    for (const source of namesOf(from, parties)) {
      for (const destination of namesOf(to, parties)) table.set(`${source} ${destination}`, ports);
    }
  }
  const stranger = [...table.keys()].flatMap((pair) => pair.split(' ')).find((name) => !names.has(name));
  if (stranger !== undefined) throw new Error(`the map speaks of ${stranger}, which the input does not have`);
  return {
    parties,
    sets: [...table.values()],
    expect: (from, to) => table.get(`${from.name} ${to.name}`) ?? NO_PORTS,
    lists: (from, to) => table.has(`${from.name} ${to.name}`),
  };
}

/** The atoms inside a range of the corpus; a workload is its own only atom. */
function namesOf(end: ReturnType<typeof parseEnd>, parties: readonly Party[]): string[] {
  if (end.kind === 'workload' || end.kind === 'pod') return [end.ref];
  if (end.kind !== 'range' || end.range.family !== 4) throw new Error(`no row of a map: ${end.kind}`);
  const { from, to } = end.range;
  return parties.filter(({ range }) => range?.family === 4 && range.from >= from && range.to <= to).map(({ name }) => name);
}

export function compareConnectivity(
  setting: CaseCluster,
  expected: Connectivity | Exposure,
  options: CorpusCase['options'],
  ask: Ask,
  openness: Openness,
): Comparison {
  const { cell, open, result } = tally();
  const points = expected.kind === 'connectivity' && expected.includesDenied === true;
  const level = expected.kind === 'connectivity' ? (expected.level ?? 'workload') : 'workload';
  const map = expectedMap(setting, expected.connections, level);
  const pairs = pairsOf(map.parties, { selves: expected.kind === 'connectivity' && expected.includesSelf === true });
  const focus = portsInFocus(options);
  const atoms = portAtoms(setting.cluster, [...map.sets, focus]).filter((atom) => atomIn(focus, atom));
  // A report that lists denied pairs too says nothing of pairs that it does not list.
  for (const { from, to } of pairs.filter(({ from, to }) => isInFocus(options, from, to) && (!points || map.lists(from, to)))) {
    const wanted = map.expect(from, to);
    const missed: PortAtom[] = [];
    for (const atom of atoms) {
      const fits = fitsOf(ask, from, to, atom, atomIn(wanted, atom), openness);
      if (fits.includes('open')) open();
      if (fits.includes('missed')) missed.push(atom);
      else cell(undefined);
    }
    const [first] = missed;
    if (first === undefined) continue;
    const where = `${from.name} -> ${to.name}`;
    const differing = setOfAtoms(missed);
    for (const _ of missed.slice(1)) cell(undefined);
    cell({
      where,
      expected: isNoPorts(wanted) ? 'none' : printPortSet(wanted),
      got: `otherwise on ${printPortSet(differing)}`,
      ...((from.hostNetwork || to.hostNetwork) && { touches: 'host-network' }),
    });
  }
  for (const { src, dst, allowed } of expected.kind === 'connectivity' ? (expected.pairs ?? []) : []) {
    const ports = parseAllowed(allowed).ports;
    for (const [from, to] of pointNamed(map.parties, src).flatMap((source) =>
      pointNamed(map.parties, dst).map((other) => [source, other] as const),
    )) {
      for (const atom of portAtoms(setting.cluster, [ports])) {
        const wanted = atomIn(ports, atom);
        const missed = fitsOf(ask, from, to, atom, wanted, openness).includes('missed');
        const where = `${from.name} -> ${to.name} ${atom.protocol} ${atom.from}`;
        cell(missed ? { where, expected: wanted ? 'allowed' : 'denied', got: 'otherwise' } : undefined);
      }
    }
  }
  return result();
}

/** The parties that one end of a point result stands for: `x/a` a workload, `0.0.0.0/0` every range in it. */
function pointNamed(parties: readonly Party[], text: string): Party[] {
  const block = parseCidr(text);
  const inside = block === undefined ? undefined : ipSetOfCidrs([block]);
  const found = parties.filter(({ name, range }) =>
    inside === undefined || range === undefined
      ? inside === undefined && name.replace(/\[\w+\]$/, '') === text
      : ipSetHas(inside, firstOf(range)),
  );
  if (found.length === 0) throw new Error(`a point result speaks of ${text}, which the input does not have`);
  return found;
}

/**
 * One answer for every pod of a workload (or address of a range), and for the first and last port. Each pod is asked about with the first
 * one of the other side: all against all would ask much more and tell little more.
 */
function fitsOf(ask: Ask, from: Party, to: Party, atom: PortAtom, wanted: boolean, openness: Openness): ReturnType<typeof fit>[] {
  return from.ends.flatMap((source, i) =>
    (i === 0 ? to.ends : to.ends.slice(0, 1)).flatMap((destination) =>
      portsOfAtom(atom).map((port) => fit(wanted, ask({ source, destination, protocol: atom.protocol, port }), openness)),
    ),
  );
}
