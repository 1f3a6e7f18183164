// A pod that joins: the few map entries that joins.ts works out against everything compiled anew.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { complete } from '../../src/lab/complete.ts';
import type { Cluster, Pod } from '../../src/model/cluster.ts';
import { type Ip, parseIp } from '../../src/net/ip.ts';
import { type CompileOptions, compile } from '../../src/nft/compile.ts';
import { decided } from '../../src/nft/decided.ts';
import { delta } from '../../src/nft/delta.ts';
import { joined, left } from '../../src/nft/joins.ts';
import { elementKey, type Ruleset } from '../../src/nft/ruleset.ts';
import { clusterOfPlan, semanticsOfPlan } from '../arbitraries/plan.ts';
import { plans } from '../arbitraries/plans.ts';
import { runs } from '../arbitraries/runs.ts';

/** All there is in it, in no order. */
function contents({ sets, maps }: Ruleset): string[] {
  return [
    ...sets.flatMap(({ name, elements }) => elements.map((element) => `${name} ${elementKey(element)}`)),
    ...maps.flatMap(({ name, entries }) => entries.map(({ key, value }) => `${name} ${elementKey(key)} ${JSON.stringify(value)}`)),
  ].sort();
}

function ip(text: string): Ip {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(`${text} is no address`);
  return parsed;
}

const NEW_ADDRESSES: readonly Ip[] = [ip('10.0.0.77'), ip('fd00::77')];

/** A cluster, and a pod that is to join it: the twin of one that is there, or one of its own taken out. */
const settings = fc.record({
  plan: plans.map((plan) => ({ ...plan, tiers: plan.tiers.filter(({ faulty }) => faulty === true) })),
  which: fc.nat(20),
  twin: fc.boolean(),
  hook: fc.constantFrom('input' as const, 'forward' as const),
  fewPods: fc.constantFrom(1, 32),
});

describe('a pod that joins', () => {
  test('changes what compiling anew would change', { timeout: 120_000 }, () => {
    const options = runs<[unknown]>(500);
    console.log(`seed ${options.seed}, ${options.numRuns} clusters`);
    let known = 0;
    fc.assert(
      fc.property(settings, ({ plan, which, twin, hook, fewPods }) => {
        const { cluster } = complete(clusterOfPlan(plan));
        const chosen = cluster.pods[which % Math.max(1, cluster.pods.length)];
        if (chosen === undefined) return;
        const pod: Pod = twin
          ? { ...chosen, name: 'twin', ref: `${chosen.namespace}/twin`, addresses: chosen.hostNetwork ? [] : NEW_ADDRESSES }
          : chosen;
        const without: Cluster = { ...cluster, pods: cluster.pods.filter((other) => other !== pod) };
        const withIt: Cluster = { ...cluster, pods: [...without.pods, pod] };
        const { semantics } = decided(semanticsOfPlan(plan));
        const compileOptions: CompileOptions = { form: 'scaling', hook, fewPods };
        const before = compile(without, semantics, compileOptions);
        const step = joined(before, withIt, semantics, pod);
        if (step === undefined) return;
        const anew = compile(withIt, semantics, { ...compileOptions, ...(before.ids && { ids: before.ids }) });
        expect(contents(step.ruleset)).toEqual(contents(anew));
        expect(delta(step.ruleset, anew)).toEqual([]);
        // The changes are the difference, no more: as many elements as the two rulesets differ by.
        const changed: readonly unknown[] = step.changes.flatMap((change): readonly unknown[] => {
          if ('elements' in change) return change.elements;
          return 'entries' in change ? change.entries : [];
        });
        expect(contents(step.ruleset).length - contents(before).length).toBe(changed.length);
        // And away again.
        expect(contents(left(step.ruleset, pod)?.ruleset ?? anew)).toEqual(contents(before));
        if (changed.length > 0) known++;
      }),
      options,
    );
    console.log(`${known} pods were of a known kind`);
    expect(known).toBeGreaterThan(options.numRuns ? Number(options.numRuns) / 10 : 1);
  });

  test('is compiled anew in the explaining form, which has rules for each kind of pod', () => {
    const drawn = fc.sample(plans, 50).map((plan) => ({ plan, cluster: complete(clusterOfPlan({ ...plan, tiers: [] })).cluster }));
    const found = drawn.find(({ cluster }) => cluster.pods.length > 0);
    if (found === undefined) throw new Error('no plan with a pod was drawn');
    const { plan, cluster } = found;
    const { semantics } = decided(semanticsOfPlan(plan));
    for (const pod of cluster.pods) expect(joined(compile(cluster, semantics), cluster, semantics, pod)).toBeUndefined();
  });
});
