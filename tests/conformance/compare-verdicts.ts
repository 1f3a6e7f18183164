// Point questions: kinds `verdicts` and `matrix`. Every row is asked of every evaluator.

import type { Pod } from '../../src/model/cluster.ts';
import { firstOf } from '../../src/net/ip-set.ts';
import { hasPort, isNoPorts, type PortSet, PROTOCOLS, type Protocol } from '../../src/net/port-set.ts';
import { addressEnd, type Connection, type End, podEnd } from '../../src/policy/end.ts';
import type { Verdict } from '../../src/policy/verdict.ts';
import { portAtoms, portsOfAtom } from './atoms.ts';
import { type Comparison, type Difference, fit, lets, type Openness, tally } from './comparison.ts';
import type { CaseCluster } from './ends-of-case.ts';
import type { Ask } from './evaluators.ts';
import type { Matrix, VerdictRow, Verdicts } from './expected.ts';
import { parseAllowed, parseEnd } from './notation.ts';

export function compareVerdicts(setting: CaseCluster, expected: Verdicts, ask: Ask, openness: Openness): Comparison {
  const { cell, open, result } = tally();
  for (const row of expected.verdicts) {
    const source = endOf(setting, row.src, row.srcPod);
    const destination = endOf(setting, row.dst, row.dstPod);
    const verdict = ask({ source, destination, protocol: row.protocol, port: row.port });
    const isHost = (end: End) => end.kind === 'node' && end.pod !== undefined;
    const differs = (...what: Parameters<typeof difference>): Difference => ({
      ...difference(...what),
      ...((isHost(source) || isHost(destination)) && { touches: 'host-network' }),
    });
    if (row.allowed === undefined) cell(verdict.outcome === 'undecided' ? undefined : differs(row, 'undecided', verdict.outcome));
    else {
      const fits = fit(row.allowed, verdict, openness);
      if (fits === 'open') open();
      cell(fits === 'missed' ? differs(row, row.allowed, verdict.outcome) : undefined);
    }
    for (const direction of ['egress', 'ingress'] as const) {
      const wanted = row[direction];
      if (wanted === undefined) continue;
      cell(lets(verdict[direction]) === wanted ? undefined : differs(row, wanted, verdict[direction].outcome, direction));
    }
    if (row.allConnections === undefined) continue;
    const { ports } = parseAllowed(row.allConnections);
    for (const found of wholeSet(setting, ask, { source, destination }, ports, openness)) {
      if (found.fits === 'open') open();
      const { protocol, port } = found;
      cell(
        found.fits === 'missed' ? differs({ ...row, protocol, port }, hasPort(ports, protocol, port), found.verdict.outcome) : undefined,
      );
    }
  }
  return result();
}

function difference(row: VerdictRow, expected: boolean | 'undecided', got: string, direction?: string): Difference {
  const where = `${row.src} -> ${row.dst} ${row.protocol} ${row.port}${direction === undefined ? '' : ` ${direction}`}`;
  return { where, expected: expected === 'undecided' ? expected : expected ? 'allowed' : 'denied', got };
}

/** Every port atom of a pair, asked at its first and last port. */
function wholeSet(
  { cluster }: CaseCluster,
  ask: Ask,
  pair: Pick<Connection, 'source' | 'destination'>,
  expected: PortSet,
  openness: Openness,
): { protocol: Protocol; port: number; fits: ReturnType<typeof fit>; verdict: Verdict }[] {
  return portAtoms(cluster, [expected]).flatMap((atom) =>
    portsOfAtom(atom).map((port) => {
      const verdict = ask({ ...pair, protocol: atom.protocol, port });
      return { protocol: atom.protocol, port, verdict, fits: fit(hasPort(expected, atom.protocol, port), verdict, openness) };
    }),
  );
}

/** `pod`: which pod of a workload is meant, by its name alone. */
function endOf({ cluster, podsByCorpusName }: CaseCluster, text: string, pod: string | undefined): End {
  const end = parseEnd(text);
  if (end.kind === 'range') return addressEnd(cluster, firstOf(end.range));
  const found =
    end.kind === 'workload'
      ? podsByCorpusName.get(end.ref)?.find(({ name, template }) => pod === undefined || template || name === pod)
      : end.kind === 'pod'
        ? (cluster.podByRef.get(end.ref) ?? onlyPodOf(podsByCorpusName, end.ref))
        : undefined;
  if (found === undefined) throw new Error(`the input has no ${text}${pod === undefined ? '' : ` with a pod ${pod}`}`);
  return podEnd(found);
}

/** Some questions name a workload as if it were its pod: `gryffindor/harry-potter` of a StatefulSet. */
function onlyPodOf(podsByCorpusName: CaseCluster['podsByCorpusName'], ref: string): Pod | undefined {
  const named = [...podsByCorpusName].filter(([name]) => name.slice(0, name.indexOf('[')) === ref);
  return named.length === 1 ? named[0]?.[1][0] : undefined;
}

export function compareMatrix(setting: CaseCluster, expected: Matrix, ask: Ask, openness: Openness): Comparison {
  const probes = expected.probes.map((probe) => {
    const { ports } = parseAllowed(probe);
    const protocol = PROTOCOLS.find((known) => ports[known].length > 0);
    const port = protocol === undefined ? undefined : ports[protocol][0]?.from;
    if (protocol === undefined || port === undefined || isNoPorts(ports)) throw new Error(`not a probe: ${probe}`);
    return { probe, protocol, port };
  });
  const verdicts = expected.rows.flatMap(({ src, dst, allowed }) =>
    probes.map(({ probe, protocol, port }): VerdictRow => {
      return { src, dst, protocol, port, allowed: allowed === 'all' || (allowed !== 'none' && allowed.includes(probe)) };
    }),
  );
  return compareVerdicts(setting, { kind: 'verdicts', verdicts }, ask, openness);
}
