// The same rules written as NetworkPolicies, as Cilium's and as Calico's policies give the same map. The rules are those of the bench cluster.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asCalicoTiers, asCilium } from '../../bench/kinds.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import { printPortSet } from '../../src/net/port-set.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../src/profile/choose.ts';
import { asReadBy } from '../../src/program/in-force.ts';
import { connectionsOf } from '../../src/reach/connections.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { describeWithShared, sharedPath } from '../shared.ts';

describeWithShared('one set of rules in three kinds', () => {
  let folder = '';
  let plain = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'netverdict-kinds-'));
    plain = join(folder, 'plain.json');
    const make = [sharedPath('bench', 'make-cluster.mjs'), '--pods', '1000', '--policies', '300', '--out', plain];
    execFileSync(process.execPath, make, { stdio: 'ignore' });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['cilium', asCilium, 'CiliumNetworkPolicy'],
    ['calico', asCalicoTiers, 'NetworkPolicy.projectcalico.org'],
  ] as const)('on %s', (cni, rewrite, kind) => {
    const file = join(folder, `${cni}.json`);
    rewrite(plain, file);
    const [own, other] = [rowsOf(plain, cni), rowsOf(file, cni)];
    expect(own.kinds).toEqual(['NetworkPolicy']);
    expect(other.kinds).toContain(kind);
    expect(own.rows.length).toBeGreaterThan(100);
    expect(other.rows).toEqual(own.rows);
  });
});

function rowsOf(file: string, cni: string) {
  const choice = chooseProfile(cni);
  if (isUnknown(choice)) throw new Error(`no profile ${cni}`);
  const semantics = semanticsOf(choice);
  const cluster = asReadBy(loadCluster([{ file, text: readFileSync(file, 'utf8') }]), semantics);
  const { connections, undecided } = connectionsOf(reachOf(cluster, semantics));
  expect(undecided).toEqual([]);
  return {
    kinds: [...new Set(cluster.policies.map(({ kind }) => kind))],
    rows: connections.map(({ from, to, allowed }) => `${from} → ${to}: ${printPortSet(allowed)}`),
  };
}
