// Known cases in the kernel: Kubernetes' own tests with their tables, the recipes, and some of every other suite of the shared corpus.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complete } from '../../src/lab/complete.ts';
import type { FlatLab } from '../../src/lab/flat.ts';
import { prove } from '../../src/lab/prove.ts';
import type { ProveReport } from '../../src/lab/report.ts';
import type { Shot } from '../../src/lab/stage.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { compile } from '../../src/nft/compile.ts';
import { decided } from '../../src/nft/decided.ts';
import { corpusCases, textsUnder } from '../conformance/corpus-case.ts';
import type { VerdictRow } from '../conformance/expected.ts';
import { e2eSteps } from '../conformance/k8s-e2e.ts';
import { describeWithShared, sharedPath } from '../shared.ts';
import { disagreements, semantics } from './agreement.ts';
import { describeWithKernel, openLab } from './needs.ts';

const kubernetes = semantics('kubernetes');

describeWithKernel('known cases in the kernel', () => {
  let stage: FlatLab;
  beforeAll(async () => {
    stage = await openLab();
  });
  afterAll(() => stage.close());

  describeWithShared('from the shared corpus', () => {
    test("the tables of Kubernetes' own tests hold on this kernel, row by row", { timeout: 600_000 }, async () => {
      const steps = e2eSteps();
      let rows = 0;
      for (const { id, texts, expected } of steps) {
        const { cluster } = complete(loadCluster(texts));
        await stage.load(compile(cluster, decided(kubernetes).semantics));
        const asked = expected.verdicts.filter(({ src, dst }) => cluster.podByRef.has(src) && cluster.podByRef.has(dst));
        const observed = await stage.shoot(asked.map((row) => shotOf(cluster, row)));
        const wrong = asked.filter(({ allowed }, i) => allowed !== (observed[i] === 'allowed'));
        expect(wrong.map(({ src, dst, protocol, port }) => `${id}: ${src} -> ${dst} ${protocol}/${port}`)).toEqual([]);
        rows += asked.length;
      }
      console.log(`${steps.length} steps, ${rows} connections`);
      expect(rows).toBeGreaterThan(1000);
    });

    test('recipes and a sample of the other suites agree, in both forms', { timeout: 600_000 }, async () => {
      const cases = sample();
      const seen = { cases: 0, made: 0, denied: 0 };
      for (const { id, manifests } of cases) {
        const cluster = loadCluster(textsUnder(manifests));
        for (const form of ['explaining', 'scaling'] as const) {
          const report = await prove(cluster, { semantics: kubernetes, form, stage, mostConnections: 4000 });
          expect(disagreements(report), `${id}, ${form} form`).toEqual([]);
          seen.cases += 1;
          seen.made += report.made;
          seen.denied += deniedIn(report);
        }
      }
      console.log(`${cases.length} cases in two forms, ${seen.made} connections, ${seen.denied} denied`);
      expect(seen.denied).toBeGreaterThan(0);
      expect(seen.made).toBeGreaterThan(seen.denied);
    });

    test('a real application agrees: every pod of online-boutique is met, with both families', { timeout: 300_000 }, async () => {
      const cluster = loadCluster(textsUnder(sharedPath('realworld', 'online-boutique', 'manifests')));
      const report = await prove(cluster, { semantics: kubernetes, stage });
      expect(disagreements(report)).toEqual([]);
      expect(report.plan.podsMet).toBe(report.plan.pods);
      expect(report.madeBy.TCP[4]).toBeGreaterThan(100);
      expect(report.madeBy.TCP[6]).toBe(report.madeBy.TCP[4]);
      expect(deniedIn(report)).toBeGreaterThan(0);
    });
  });
});

/** All recipes, and of each other suite with nothing but NetworkPolicies the first, the last and two between. */
function sample() {
  const cases = corpusCases(['core']).filter(({ expected, suite }) => expected.kind !== 'error' && suite !== 'npg-diff');
  const suites = [...new Set(cases.map(({ suite }) => suite))];
  return suites.flatMap((suite) => {
    const own = cases.filter((one) => one.suite === suite);
    if (suite === 'recipes') return own;
    return [...new Set([0, 0.33, 0.66, 1].map((at) => Math.round(at * (own.length - 1))))].flatMap((i) => own[i] ?? []);
  });
}

function deniedIn({ agreed }: ProveReport): number {
  return agreed['denied-egress'] + agreed['denied-ingress'];
}

function shotOf({ podByRef }: Cluster, { src, dst, protocol, port }: VerdictRow): Shot {
  const [source] = podByRef.get(src)?.addresses ?? [];
  const [destination] = podByRef.get(dst)?.addresses ?? [];
  if (source === undefined || destination === undefined || typeof port !== 'number')
    throw new Error(`no such row: ${src} -> ${dst} ${port}`);
  return { source, destination, protocol, port };
}
