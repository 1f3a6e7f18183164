// The part of kind `exposure` that speaks of pods outside the input: every row is asked of a pod that stands for its peer, and
// workloads without protection are those that no policy isolates. The map that comes with it is compared as any other map.

import { isLive } from '../../src/model/cluster.ts';
import { DIRECTIONS, type Direction } from '../../src/model/policy.ts';
import { portSet, unionPorts } from '../../src/net/port-set.ts';
import { policiesOn } from '../../src/policy/decide.ts';
import { podEnd } from '../../src/policy/end.ts';
import { atomIn, portAtoms, portsOfAtom } from './atoms.ts';
import { type Comparison, fit, tally } from './comparison.ts';
import { type CorpusCase, isFocusName } from './corpus-case.ts';
import type { CaseCluster } from './ends-of-case.ts';
import type { Exposure } from './expected.ts';
import { parseAllowed, parseEnd, type SelectorPeer } from './notation.ts';
import { ANY_POD, withRepresentatives } from './representative.ts';
import type { Way } from './ways.ts';

/** `{ direction: 'ingress', workload: 'shop/cart[Deployment]', peer, allowed: 'TCP 8080' }`: a row, whichever way it points. */
export interface ExposureRow {
  readonly direction: Direction;
  readonly workload: string;
  readonly peer: SelectorPeer;
  readonly allowed: string;
  readonly text: string;
}

/** Rows with a range of addresses are left out: the map has them too, and there they are compared. */
export function exposureRows({ exposure }: Exposure): ExposureRow[] {
  return DIRECTIONS.flatMap((direction) =>
    exposure[direction].flatMap(({ src, dst, allowed }) => {
      const [workload, other] = direction === 'ingress' ? [dst, src] : [src, dst];
      const peer = parseEnd(other);
      if (peer.kind === 'range') return [];
      if (peer.kind !== 'entire-cluster' && peer.kind !== 'selector') throw new Error(`no peer of an exposure: ${other}`);
      return [{ direction, workload, peer: peer.kind === 'selector' ? peer.peer : ANY_POD, allowed, text: `${src} -> ${dst}` }];
    }),
  );
}

/**
 * Is everything that a row opens really open to a pod of that description? More may be: a pod with few labels also meets selectors that
 * ask for the absence of one.
 */
export function compareRepresentatives({ cluster, podsByCorpusName }: CaseCluster, expected: Exposure, way: Way): Comparison {
  const { cell, open, result } = tally();
  const rows = exposureRows(expected);
  const { cluster: extended, pods } = withRepresentatives(
    cluster,
    rows.map(({ peer, allowed }) => ({ peer, portNames: parseAllowed(allowed).names })),
  );
  const ask = way.prepare(extended, way.semantics);
  for (const [i, { direction, workload, allowed, text }] of rows.entries()) {
    const peer = pods[i];
    const subjects = podsByCorpusName.get(workload);
    if (peer === undefined || subjects === undefined) throw new Error(`the input has no ${workload}`);
    const named = peer.ports.map(({ protocol, port }) => portSet(protocol, port, port));
    const ports = named.reduce(unionPorts, parseAllowed(allowed).ports);
    for (const atom of portAtoms(cluster, [ports]).filter((atom) => atomIn(ports, atom))) {
      for (const subject of subjects) {
        const [source, destination] = (direction === 'ingress' ? [peer, subject] : [subject, peer]).map(podEnd);
        if (source === undefined || destination === undefined) continue;
        for (const port of portsOfAtom(atom)) {
          const verdict = ask({ source, destination, protocol: atom.protocol, port });
          const fits = fit(true, verdict, way.openness);
          if (fits === 'open') open();
          const where = `${text} ${atom.protocol} ${port}`;
          cell(fits === 'missed' ? { where, expected: 'allowed', got: verdict.outcome } : undefined);
        }
      }
    }
  }
  return result();
}

/** Which workloads no policy isolates, by direction. */
export function compareUnprotected(
  { cluster, podsByCorpusName }: CaseCluster,
  expected: Exposure,
  options: CorpusCase['options'],
): Comparison {
  const { cell, result } = tally();
  const wanted = new Set(expected.unprotected.map(({ workload, direction }) => `${workload} ${direction}`));
  for (const [name, pods] of podsByCorpusName) {
    if (options.focusWorkloads !== undefined && !options.focusWorkloads.some((focus) => isFocusName(focus, name))) continue;
    for (const direction of DIRECTIONS) {
      const expected = wanted.delete(`${name} ${direction}`) ? 'unprotected' : 'protected';
      const isolated = pods.filter(isLive).some((pod) => policiesOn(cluster, direction, pod).length > 0);
      const got = isolated ? 'protected' : 'unprotected';
      cell(expected === got ? undefined : { where: `${name} ${direction}`, expected, got });
    }
  }
  for (const rest of wanted) cell({ where: rest, expected: 'unprotected', got: 'no such workload' });
  return result();
}
