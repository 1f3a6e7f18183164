// The fast evaluator against the plain one, on random clusters and on every case that once failed. Whole answers are compared.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectionOf } from '../../src/lab/compare.ts';
import { planOf } from '../../src/lab/plan.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { DIRECTIONS } from '../../src/model/policy.ts';
import { decide } from '../../src/policy/decide.ts';
import type { Verdict } from '../../src/policy/verdict.ts';
import { asReadBy } from '../../src/program/in-force.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { fastVerdict } from '../../src/reach/verdict-of.ts';
import { clusterOfPlan, connectionOfPlan, type Plan, type QuestionPlan, semanticsOfPlan } from '../arbitraries/plan.ts';
import { plans, questionsAbout } from '../arbitraries/plans.ts';
import { runs } from '../arbitraries/runs.ts';
import { keep, kept } from '../corpus.ts';
import { semantics as semanticsNamed } from '../kernel/agreement.ts';
import { calicoCluster, ciliumCluster, cluster as printed } from '../kernel/random-cluster.ts';
import { verdictText } from './verdict-text.ts';

interface Case {
  readonly plan: Plan;
  readonly questions: readonly QuestionPlan[];
}

function bothAnswers({ plan, questions }: Case) {
  // The family of pods without an address, where the input shows one: half of the plans have it.
  const drawn = clusterOfPlan(plan);
  const cluster: Cluster = questions.length % 2 === 0 ? drawn : { ...drawn, family: 4 };
  const semantics = semanticsOfPlan(plan);
  const reach = reachOf(cluster, semantics);
  return questions.map((question) => {
    const connection = connectionOfPlan(cluster, question);
    return { plain: verdictText(decide(cluster, semantics, connection)), fast: verdictText(fastVerdict(reach, connection)) };
  });
}

const cases = plans.chain((plan) =>
  fc.record({ plan: fc.constant(plan), questions: fc.array(questionsAbout(plan), { minLength: 8, maxLength: 24 }) }),
);

describe('the fast evaluator gives the whole answer of the plain one', () => {
  test('on random clusters, profiles and connections', { timeout: 600_000 }, () => {
    const options = runs<[Case]>(600);
    console.log(`seed ${options.seed}, ${options.numRuns} clusters`);
    const seen = new Map<string, number>();
    const details = fc.check(
      fc.property(cases, (drawn) => {
        for (const { plain, fast } of bothAnswers(drawn)) {
          for (const outcome of [plain.egress, plain.ingress])
            seen.set(outcome.split(' ')[0] ?? '', (seen.get(outcome.split(' ')[0] ?? '') ?? 0) + 1);
          expect(fast).toEqual(plain);
        }
      }),
      options,
    );
    if (details.failed && details.counterexample !== null) keep('verdicts', details.counterexample[0], details.seed);
    if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
    // A generator that stops reaching an outcome would make this test say nothing.
    console.log(`answers compared: ${[...seen].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`);
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['allowed', 'denied', 'exempt', 'not-isolated', 'undecided']));
  });

  test.each([
    {
      of: 'cluster-wide policies',
      clusters: printed,
      profiles: ['kubernetes', 'calico', 'cilium', 'kube-network-policies'],
      kinds: ['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'],
    },
    {
      of: "Cilium's policies",
      clusters: ciliumCluster,
      profiles: ['cilium'],
      kinds: ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'],
    },
    {
      of: "Calico's policies",
      clusters: calicoCluster,
      profiles: ['calico'],
      kinds: ['NetworkPolicy.projectcalico.org', 'GlobalNetworkPolicy'],
    },
  ])('on random manifests of $of', { timeout: 600_000 }, ({ clusters, profiles, kinds }) => {
    // So many that no kind is left without an answer of each sort, whatever the seed.
    const options = runs<[Cluster, string]>(150);
    console.log(`seed ${options.seed}, ${options.numRuns} clusters`);
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(clusters, fc.constantFrom(...profiles), (drawn, profile) => {
        const semantics = semanticsNamed(profile);
        const cluster = asReadBy(drawn, semantics);
        const reach = reachOf(cluster, semantics);
        for (const probe of planOf(reach).probes) {
          const connection = connectionOf(probe);
          const plain = decide(cluster, semantics, connection);
          expect(verdictText(fastVerdict(reach, connection))).toEqual(verdictText(plain));
          for (const direction of DIRECTIONS) {
            const what = decidedBy(plain[direction]);
            seen.set(what, (seen.get(what) ?? 0) + 1);
          }
        }
      }),
      options,
    );
    console.log(`answers compared: ${[...seen].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`);
    expect([...seen.keys()]).toEqual(expect.arrayContaining(kinds.flatMap((kind) => [`allowed by ${kind}`, `denied by ${kind}`])));
  });

  test.for(kept<Case>('verdicts'))('on $name, which once failed', ({ value }) => {
    const answers = bothAnswers(value);
    expect(answers.length).toBeGreaterThan(0);
    for (const { plain, fast } of answers) expect(fast).toEqual(plain);
  });
});

/** `allowed by ClusterNetworkPolicy`, `denied by NetworkPolicy`, `not-isolated`. */
function decidedBy(side: Verdict['egress']): string {
  const by =
    side.outcome === 'allowed' ? side.rules[0].policy : side.outcome === 'denied' ? (side.rule?.policy ?? side.policies[0]) : undefined;
  return by === undefined ? side.outcome : `${side.outcome} by ${by.kind}`;
}
