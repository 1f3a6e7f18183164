// The corpus' comparisons of two states. At the end it says how much was compared, and fails when that was nothing.
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadCluster } from '../../src/manifest/load.ts';
import { describeWithShared, hasShared } from '../shared.ts';
import { compareDiff } from './compare-diff.ts';
import type { Comparison } from './comparison.ts';
import { type CorpusCase, corpusCases, type Tier, textsUnder } from './corpus-case.ts';
import type { DiffChanges } from './expected.ts';
import { profilesFor } from './ways.ts';

const TIERS: readonly Tier[] = ['core', 'ingress', 'policy-api'];

/**
 * Peculiarity 11: netpol-analyzer holds host-network pods to policies; here they are their node, as Kubernetes documents of nearly all
 * plugins. Only pairs with such a workload may differ in these cases.
 */
const HOST_NETWORK: readonly string[] = [
  'npg-diff/ipblockstest__to__ipblockstest_3',
  'npg-diff/ipblockstest__to__ipblockstest_4',
  'npg-diff/multiple_topology_resources_1__to__multiple_topology_resources_2',
  'npg-diff/semanticDiff-same-topologies-old1__to__semanticDiff-different-topologies-policy-a',
  'npg-diff/semanticDiff-same-topologies-old2__to__semanticDiff-same-topologies-new2',
];

const cases = corpusCases(TIERS).filter(({ expected }) => expected.kind === 'diff');
let compared = { cases: 0, cells: 0 };

describeWithShared("the corpus' comparisons of two states", () => {
  it.each(cases.map((one) => [one.id, one] as const))('%s', (id, one) => {
    const { cells, differences } = runDiff(one, one.expected as DiffChanges);
    compared = { cases: compared.cases + 1, cells: compared.cells + cells };
    expect(cells).toBeGreaterThan(0);
    if (HOST_NETWORK.includes(id)) {
      expect(differences.length, `${id} is met now: take it out of the list`).toBeGreaterThan(0);
      expect(differences.filter(({ touches }) => touches !== 'host-network')).toEqual([]);
    } else expect(differences.slice(0, 10)).toEqual([]);
  });

  describe('notices', () => {
    it.each([
      ['a change that is left out', ({ changes }: DiffChanges) => changes.slice(1)],
      [
        'a change the other way round',
        ({ changes }: DiffChanges) => changes.map((change) => ({ ...change, ref1: change.ref2, ref2: change.ref1 })),
      ],
    ])('%s', (_, wrong) => {
      const [one] = cases.filter(
        ({ id, expected }) => expected.kind === 'diff' && expected.changes.length > 1 && !HOST_NETWORK.includes(id),
      );
      const expected = one?.expected as DiffChanges;
      expect(runDiff(one as CorpusCase, expected).differences).toEqual([]);
      expect(runDiff(one as CorpusCase, { ...expected, changes: wrong(expected) }).differences.length).toBeGreaterThan(0);
    });
  });

  it('was compared', () => {
    expect(compared.cases).toBe(cases.length);
    expect(compared.cells).toBeGreaterThan(10_000);
  });
});

function runDiff({ manifests }: CorpusCase, expected: DiffChanges): Comparison {
  const texts = [textsUnder(join(manifests, 'ref1')), textsUnder(join(manifests, 'ref2'))] as const;
  const all = texts.map((list) => profilesFor(loadCluster(list)));
  const profiles = all.find(({ length }) => length > 1) ?? (all[0] as (typeof all)[0]);
  const results = profiles.map((semantics) => compareDiff(texts, expected, semantics));
  return {
    cells: results.reduce((sum, { cells }) => sum + cells, 0),
    open: 0,
    differences: results.flatMap(({ differences }) => differences),
  };
}

afterAll(() => {
  if (hasShared) console.log(`comparisons of two states: ${compared.cases} cases, ${compared.cells.toLocaleString('en')} cells`);
});
