// The fast map against a table of connections: row by row, after the corpus' names are made ours. What the brute force of
// compare-connectivity.ts asks cell by cell must come out here in one go, in the corpus' own ranges.
import type { Pod } from '../../src/model/cluster.ts';
import { printRange } from '../../src/net/ip-set.ts';
import { NO_PORTS, type PortSet, printPortSet, samePorts } from '../../src/net/port-set.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { mapOptions } from '../../src/question/map.ts';
import { type ConnectionOptions, connectionsOf } from '../../src/reach/connections.ts';
import { INGRESS_CONTROLLER } from '../../src/reach/ingress-controller.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { expectedMap } from './compare-connectivity.ts';
import { type Comparison, tally } from './comparison.ts';
import type { CorpusCase } from './corpus-case.ts';
import type { CaseCluster } from './ends-of-case.ts';
import type { Connectivity, Exposure } from './expected.ts';
import { parseRange } from './notation.ts';
import { isInFocus, type Party, pairsOf } from './workload-pairs.ts';

export function compareMap(
  setting: CaseCluster,
  expected: Connectivity | Exposure,
  options: CorpusCase['options'],
  semantics: Semantics,
): Comparison {
  const { cell, result } = tally();
  const pods = expected.kind === 'connectivity' && expected.level === 'pod';
  const reach = reachOf(setting.cluster, semantics);
  const { connections, everywhere } = connectionsOf(reach, optionsFor(setting, options, pods));
  if (everywhere.length > 0) throw new Error('a profile that leaves everything open proves nothing');
  const seen = new Set<string>();
  const table = new Map(connections.map(({ from, to, allowed }) => [`${from} ${to}`, allowed]));
  const ranges = [...new Set(connections.flatMap(({ from, to }) => [from, to]))].flatMap((name) => parseRange(name) ?? []);

  /** What our rows call a party: its workload, or its pods where they differ; a range by every row that covers it. */
  const namesOf = (party: Party): readonly (readonly string[])[] => {
    if (party.range === undefined) return podsOf(setting, party).map((pod) => [pod.workload, pod.ref]);
    const { range } = party;
    return [
      ranges
        .filter((whole) => whole.family === 4 && range.family === 4 && whole.from <= range.from && whole.to >= range.to)
        .map(printRange),
    ];
  };
  const firstRow = (sources: readonly string[], destinations: readonly string[]): PortSet => {
    const keys = sources.flatMap((source) => destinations.map((destination) => `${source} ${destination}`));
    const key = keys.find((pair) => table.has(pair));
    if (key !== undefined) seen.add(key);
    return (key === undefined ? undefined : table.get(key)) ?? NO_PORTS;
  };
  const map = expectedMap(setting, expected.connections, pods ? 'pod' : 'workload');
  const points = expected.kind === 'connectivity' && expected.includesDenied === true;
  const named = map.parties.map((party) => ({ party, names: namesOf(party) }));
  for (const { from, to } of pairsOf(map.parties)) {
    if (!isInFocus(options, from, to) || (points && !map.lists(from, to))) continue;
    const wanted = map.expect(from, to);
    const sources = named.find(({ party }) => party === from)?.names ?? [];
    const destinations = named.find(({ party }) => party === to)?.names ?? [];
    const got = sources.flatMap((source) => destinations.map((destination) => firstRow(source, destination)));
    const odd = got.find((set) => !samePorts(set, wanted));
    cell(
      odd === undefined
        ? undefined
        : {
            where: `${from.name} -> ${to.name}`,
            expected: printPortSet(wanted),
            got: printPortSet(odd),
            ...((from.hostNetwork || to.hostNetwork) && { touches: 'host-network' }),
          },
    );
  }
  // The other way round: what the map says beyond the table. `points` tables say nothing of pairs that they leave out.
  for (const { from, to, allowed } of points ? [] : connections.filter((row) => isInFocus(options, { name: row.from }, { name: row.to }))) {
    if (from === INGRESS_CONTROLLER || [from, to].some((name) => parseRange(name)?.family === 6)) continue;
    cell(seen.has(`${from} ${to}`) ? undefined : { where: `${from} -> ${to}`, expected: 'no row', got: printPortSet(allowed) });
  }
  return result();
}

function podsOf({ podsByCorpusName, cluster }: CaseCluster, { name }: Party): readonly Pod[] {
  const pod = cluster.podByRef.get(name);
  return podsByCorpusName.get(name) ?? (pod === undefined ? [] : [pod]);
}

/** As the command line makes them of `--focus`. */
function optionsFor(
  { cluster }: CaseCluster,
  { focusWorkloads, focusDirection, focusConn }: CorpusCase['options'],
  pods: boolean,
): ConnectionOptions {
  const made = mapOptions(cluster, {
    namespace: 'default',
    pods,
    ...(focusWorkloads !== undefined && { focus: focusWorkloads }),
    ...(focusDirection !== undefined && { direction: focusDirection }),
    ...(focusConn !== undefined && { port: focusConn.split('-').reverse().join('/') }),
  });
  if ('code' in made) throw new Error(`${made.code}: ${made.text}`);
  return made;
}
