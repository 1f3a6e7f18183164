// A move to another CNI against the plain evaluator asked twice: what it lists as opened or closed is, and nothing else changes for sure.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cluster, Pod } from '../../src/model/cluster.ts';
import { hasPort, PROTOCOLS } from '../../src/net/port-set.ts';
import { decide } from '../../src/policy/decide.ts';
import { podEnd } from '../../src/policy/end.ts';
import { chooseProfile, isUnknown } from '../../src/profile/choose.ts';
import { asReadBy } from '../../src/program/in-force.ts';
import { type MoveRow, move } from '../../src/question/move.ts';
import { runs } from '../arbitraries/runs.ts';
import { semantics } from '../kernel/agreement.ts';
import { calicoCluster, ciliumCluster, cluster as printed } from '../kernel/random-cluster.ts';

const PORTS = [1, 53, 80, 443, 7070, 8000, 8080, 8081, 8085, 8500];
const cnis = fc.constantFrom(
  'kubernetes',
  'calico',
  'cilium',
  'aws',
  'flannel',
  'kube-router',
  'antrea',
  'azure-npm',
  'kube-network-policies',
);

function stateOf(cluster: Cluster, cni: string) {
  const choice = chooseProfile(cni);
  if (isUnknown(choice)) throw new Error(cni);
  return { cluster, choice };
}

/** `opened`, `closed`, `same`, or `undecided` where a side is. */
function changeOf(was: string, is: string): string {
  const isSure = (outcome: string) => outcome === 'allowed' || outcome === 'denied';
  if (!isSure(was) || !isSure(is)) return 'undecided';
  return was === is ? 'same' : is === 'allowed' ? 'opened' : 'closed';
}

function rowFor(rows: readonly MoveRow[], from: Pod, to: Pod): MoveRow | undefined {
  return rows.find((row) => [from.ref, from.workload].includes(row.from) && [to.ref, to.workload].includes(row.to));
}

test('every pair of pods and port says what the two evaluations say', { timeout: 600_000 }, () => {
  const options = runs<[Cluster, string, string]>(60);
  console.log(`seed ${options.seed}, ${options.numRuns} clusters`);
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.oneof(printed, calicoCluster, ciliumCluster), cnis, cnis, (cluster, from, to) => {
      const { rows } = move(stateOf(cluster, from), stateOf(cluster, to));
      if (from === to) expect(rows).toEqual([]);
      const sides = [from, to].map((cni) => ({ cluster: asReadBy(cluster, semantics(cni)), semantics: semantics(cni) }));
      const live = cluster.pods.filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed');
      for (const source of live) {
        for (const destination of live) {
          if (source.workload === destination.workload) continue;
          const row = rowFor(rows, source, destination);
          for (const protocol of PROTOCOLS) {
            for (const port of PORTS) {
              const ends = { source: podEnd(source), destination: podEnd(destination) };
              const [was = '', is = ''] = sides.map((side) => decide(side.cluster, side.semantics, { ...ends, protocol, port }).outcome);
              if (was === 'broken' || is === 'broken') continue;
              const change = changeOf(was, is);
              seen.set(change, (seen.get(change) ?? 0) + 1);
              const told =
                row === undefined
                  ? 'same'
                  : hasPort(row.opened, protocol, port)
                    ? 'opened'
                    : hasPort(row.closed, protocol, port)
                      ? 'closed'
                      : 'same';
              const about = `${source.ref} → ${destination.ref} ${protocol} ${port}, ${from}: ${was}, ${to}: ${is}`;
              if (change === 'undecided') expect(['same'], about).toContain(told);
              else expect(told, about).toBe(change);
            }
          }
        }
      }
    }),
    options,
  );
  for (const change of ['opened', 'closed', 'same', 'undecided']) expect(seen.get(change) ?? 0, change).toBeGreaterThan(0);
});
