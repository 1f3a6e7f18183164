// What a change opens and closes, as the comparison of classes tells it, against asking the plain evaluator about every pair of pods.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { networkPolicyOf } from '../../src/kinds/network-policy/lower.ts';
import type { Cluster, Namespace, Pod } from '../../src/model/cluster.ts';
import type { Origin } from '../../src/model/origin.ts';
import type { Policy } from '../../src/model/policy.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import type { Changes } from '../../src/repair/apply.ts';
import type { ImaginedPod } from '../../src/repair/effect.ts';
import { effects } from '../../src/repair/effects.ts';
import { assumedPod } from '../../src/route/assumed.ts';
import { clusterOfPlan, type Plan, semanticsOfPlan } from '../arbitraries/plan.ts';
import { plans } from '../arbitraries/plans.ts';
import { runs } from '../arbitraries/runs.ts';
import { keep, kept } from '../corpus.ts';
import { expectExact } from './brute-force.ts';

interface Case {
  readonly plan: Plan;
  /** Where changed policies, labels and namespaces come from. */
  readonly other: Plan;
  readonly edits: readonly { readonly what: 'policy' | 'labels' | 'namespace' | 'new'; readonly at: number; readonly from: number }[];
}

const cases = fc.record({
  plan: plans,
  other: plans,
  edits: fc.array(fc.record({ what: fc.constantFrom('policy', 'policy', 'labels', 'namespace', 'new'), at: fc.nat(5), from: fc.nat(5) }), {
    minLength: 1,
    maxLength: 2,
  }),
}) as fc.Arbitrary<Case>;

const origin: Origin = { document: { file: 'plan.yaml', text: undefined, start: 0, end: 0, line: 1, format: 'yaml' }, path: [] };

function changesIn(cluster: Cluster, { other, edits }: Case): Changes {
  const policies = new Map<Policy, Policy>();
  const added: Policy[] = [];
  const pods = new Map<Pod, Pod>();
  const namespaces = new Map<string, Namespace>();
  for (const { what, at, from } of edits) {
    const spec = other.policies[from % Math.max(1, other.policies.length)]?.spec;
    if (what === 'policy' && spec !== undefined) {
      const plain = cluster.policies.filter(({ tier, faults }) => tier === 'namespaced' && faults.length === 0);
      const before = plain[at % Math.max(1, plain.length)];
      if (before !== undefined) policies.set(before, networkPolicyOf(before.name, before.namespace ?? '', { spec }, origin, []));
    } else if (what === 'new' && spec !== undefined) {
      const namespace = at % 2 === 0 ? 'shop' : 'pay';
      added.push(networkPolicyOf(`new-${added.length}`, namespace, { spec }, origin, []));
    } else if (what === 'labels') {
      const pod = cluster.pods[at % cluster.pods.length] as Pod;
      const labels = new Map(Object.entries(other.pods[from % other.pods.length]?.labels ?? {}));
      for (const own of cluster.workloads.get(pod.workload)?.pods ?? []) pods.set(own, { ...own, labels });
    } else if (what === 'namespace') {
      const namespace = [...cluster.namespaces.values()][at % cluster.namespaces.size] as Namespace;
      const labels = Object.values(other.namespaces)[from % Math.max(1, Object.keys(other.namespaces).length)] ?? { team: 'blue' };
      namespaces.set(namespace.name, {
        ...namespace,
        labels: new Map([...Object.entries(labels), ['kubernetes.io/metadata.name', namespace.name]]),
      });
    }
  }
  return { policies, added, pods, workloads: new Map(), namespaces, services: new Map() };
}

/** The questions that are decided by nothing general, so that a denial is a denial. */
function semanticsIn({ plan }: Case): Semantics {
  return { ...semanticsOfPlan(plan), enforces: 'yes', sctp: 'yes' };
}

const IMAGINED: readonly ImaginedPod[] = [
  { namespace: 'shop', labels: new Map(), name: '{new in shop}' },
  { namespace: '{elsewhere}', labels: new Map([['app', 'cart']]), name: '{cart elsewhere}' },
].map(({ namespace, labels, name }) => ({
  name,
  pod: { ...assumedPod({ namespace, name, labels, ports: [] }), ref: name, workload: name },
}));

function check(drawn: Case, seen: Map<string, number>): void {
  const cluster = clusterOfPlan(drawn.plan);
  const semantics = semanticsIn(drawn);
  const changes = changesIn(cluster, drawn);
  const effect = effects(cluster, semantics, [changes], [], IMAGINED)(changes);
  expectExact(cluster, semantics, changes, effect, { imagined: IMAGINED, asked: [], seen });
}

describe('what a change opens and closes', () => {
  test('is what the plain evaluator answers before and after, for every pair of ends', { timeout: 600_000 }, () => {
    const options = runs<[Case]>(120);
    const seen = new Map<string, number>();
    const details = fc.check(
      fc.property(cases, (drawn) => check(drawn, seen)),
      options,
    );
    if (details.failed && details.counterexample !== null) keep('effects', details.counterexample[0], details.seed);
    if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
    console.log(`seed ${options.seed}: ${[...seen].map(([what, count]) => `${count} ${what}`).join(', ')}`);
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['closed sure', 'opened sure', 'same']));
  });

  test.for(kept<Case>('effects'))('holds on $name, which once failed', ({ value }) => {
    const seen = new Map<string, number>();
    check(value, seen);
    expect(seen.size).toBeGreaterThan(0);
  });
});
