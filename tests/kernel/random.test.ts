// Random clusters through the plain evaluator, the fast one, the walker and this machine's kernel: IPv4 and IPv6, TCP, UDP and SCTP.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Failure } from '../../src/failure.ts';
import type { FlatLab } from '../../src/lab/flat.ts';
import { prove } from '../../src/lab/prove.ts';
import type { ProveReport } from '../../src/lab/report.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { asReadBy } from '../../src/program/in-force.ts';
import { clusterOfPlan, semanticsOfPlan } from '../arbitraries/plan.ts';
import { plans } from '../arbitraries/plans.ts';
import { runs } from '../arbitraries/runs.ts';
import { disagreements, semantics } from './agreement.ts';
import { describeWithKernel, openLab } from './needs.ts';
import { calicoCluster, ciliumCluster, cluster } from './random-cluster.ts';

const profiles = ['kubernetes', 'calico', 'cilium', 'aws-vpc-cni-strict'].map(semantics);
const asPrinted = fc.tuple(cluster, fc.constantFrom(...profiles));
const read = (drawn: Cluster, profile: string): [Cluster, Semantics] => [asReadBy(drawn, semantics(profile)), semantics(profile)];
const ofOwnKinds = fc.oneof(
  ciliumCluster.map((drawn) => read(drawn, 'cilium')),
  calicoCluster.map((drawn) => read(drawn, 'calico')),
);
/** Plans have odd labels, faults and tiers. */
const ofPlan = plans.map((plan): [Cluster, Semantics] => [clusterOfPlan(plan), semanticsOfPlan(plan)]);

describeWithKernel('random clusters in the kernel', () => {
  let stage: FlatLab;
  beforeAll(async () => {
    stage = await openLab();
  });
  afterAll(() => stage.close());

  for (const form of ['explaining', 'scaling'] as const) {
    test(`every connection fares as the engine says, ${form} form`, { timeout: 600_000 }, async () => {
      const options = runs<[[Cluster, Semantics]]>(12);
      console.log(`seed ${options.seed}, ${options.numRuns} clusters, ${form} form`);
      const seen = { made: 0, allowed: 0, denied: 0, v4: 0, v6: 0 };
      await fc.assert(
        fc.asyncProperty(
          form === 'explaining' ? fc.oneof(asPrinted, ofPlan, ofOwnKinds) : fc.oneof(asPrinted, ofPlan),
          async ([drawn, semantics]) => {
            const report = await proveIfPossible(drawn, { semantics, form, stage });
            if (report === undefined) return;
            expect(disagreements(report)).toEqual([]);
            seen.made += report.made;
            seen.allowed += report.agreed.allowed;
            seen.denied += report.agreed['denied-egress'] + report.agreed['denied-ingress'];
            for (const { 4: v4, 6: v6 } of Object.values(report.madeBy)) {
              seen.v4 += v4;
              seen.v6 += v6;
            }
          },
        ),
        options,
      );
      console.log(`${seen.made} connections made: ${seen.allowed} allowed, ${seen.denied} denied; ${seen.v4} IPv4, ${seen.v6} IPv6`);
      for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
    });
  }
});

/** undefined for the few clusters without a pod, or without a single verdict to compare. */
async function proveIfPossible(cluster: Cluster, options: Parameters<typeof prove>[1]): Promise<ProveReport | undefined> {
  try {
    return await prove(cluster, options);
  } catch (error) {
    if (error instanceof Failure && error.code === 'nothing-to-prove') return undefined;
    throw error;
  }
}
