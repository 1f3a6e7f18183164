// The compiled rules, walked in memory, against policy/decide.ts: both forms, every profile, whole answers.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectionOf, expectedOf } from '../../src/lab/compare.ts';
import { complete } from '../../src/lab/complete.ts';
import { type Plan, type Probe, planOf } from '../../src/lab/plan.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { printRuleRef } from '../../src/model/policy.ts';
import { compile } from '../../src/nft/compile.ts';
import { type Decided, decided } from '../../src/nft/decided.ts';
import { PROTOCOL_NUMBER, type Ruleset } from '../../src/nft/ruleset.ts';
import { type Walk, walker } from '../../src/nft/walk.ts';
import { decide } from '../../src/policy/decide.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../src/profile/choose.ts';
import { asReadBy } from '../../src/program/in-force.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { clusterOfPlan, semanticsOfPlan } from '../arbitraries/plan.ts';
import { plans } from '../arbitraries/plans.ts';
import { runs } from '../arbitraries/runs.ts';
import { calicoCluster, ciliumCluster, cluster } from '../kernel/random-cluster.ts';

interface Setting {
  readonly cluster: Cluster;
  readonly semantics: Decided['semantics'];
}

function semantics(name: string): Decided['semantics'] {
  const choice = chooseProfile(name);
  if (isUnknown(choice)) throw new Error(`no profile ${name}`);
  return decided(semanticsOf(choice)).semantics;
}

/** Profiles that differ in what an ipBlock means, and one that enforces nothing. */
const profiles = ['kubernetes', 'calico', 'cilium', 'aws-vpc-cni-strict', 'flannel'].map(semantics);

/** Clusters as kubectl prints them, and the plans of the other random tests: odd labels, faults, tiers, every cell of a profile. */
function settings(form: 'explaining' | 'scaling'): fc.Arbitrary<Setting> {
  const ofPlan = plans.map((plan): Setting => {
    const drawn = clusterOfPlan(plan);
    return { cluster: complete(drawn).cluster, semantics: decided(semanticsOfPlan(plan)).semantics };
  });
  const asPrinted = fc.record({ cluster: cluster.map((drawn) => complete(drawn).cluster), semantics: fc.constantFrom(...profiles) });
  const ofCilium = ciliumCluster.map((drawn) => read(drawn, 'cilium'));
  const ofCalico = calicoCluster.map((drawn) => read(drawn, 'calico'));
  // The scaling form refuses tiers of their own and what stands in one union with NetworkPolicies.
  return form === 'explaining' ? fc.oneof(asPrinted, ofPlan, ofCilium, ofCalico) : fc.oneof(asPrinted, ofPlan);
}

function read(drawn: Cluster, profile: string): Setting {
  const chosen = semantics(profile);
  return { cluster: complete(asReadBy(drawn, chosen)).cluster, semantics: chosen };
}

function observed({ verdict, denied }: Walk): string {
  return verdict === 'accept' ? 'allowed' : `denied-${denied}`;
}

const packetOf = ({ source, destination, protocol, port }: Probe) => ({
  family: source.address.family,
  source: source.address.value,
  destination: destination.address.value,
  protocol: PROTOCOL_NUMBER[protocol],
  port,
});

function disagreements(cluster: Cluster, semantics: Decided['semantics'], plan: Plan, ruleset: Ruleset): string[] {
  const walk = walker(ruleset);
  return plan.probes.flatMap((probe) => {
    const verdict = decide(cluster, semantics, connectionOf(probe));
    const expected = expectedOf(verdict);
    const result = walk(packetOf(probe));
    const where = `${semantics.name}: ${probe.source.name} ${probe.source.address.family} -> ${probe.destination.name} ${probe.protocol} ${probe.port}`;
    const wrong = expected.length > 0 && !expected.some((outcome) => outcome === observed(result));
    // The counters name the rule that let it through; it must be one of those that decide names.
    const named = ruleset.counters.length === 0 ? [] : result.counted.flatMap((name) => ruleset.legend.get(name) ?? []);
    const deciding = [verdict.egress, verdict.ingress].flatMap((side) => {
      if (side.outcome === 'allowed') return side.rules.map(printRuleRef);
      return side.outcome === 'denied' && side.rule !== undefined ? [printRuleRef(side.rule)] : [];
    });
    const stray = named.flatMap((meaning) => {
      // A rule that passes on counts, and decides nothing.
      if (meaning.kind !== 'rule' || meaning.rule.rule.action === 'pass') return [];
      const side = verdict[meaning.rule.direction];
      if (side.outcome === 'undecided') return [];
      // The own node that no rule denies gets in whether a rule admits it or none does.
      if (side.outcome === 'exempt' && side.because === 'own-node' && meaning.rule.rule.action === 'allow') return [];
      return deciding.includes(printRuleRef(meaning.rule)) ? [] : [printRuleRef(meaning.rule)];
    });
    return [
      ...(wrong ? [`${where}: decide ${expected.join('/')}, walker ${observed(result)} via ${result.chains.join(' > ')}`] : []),
      ...(stray.length > 0 ? [`${where}: the walker counts ${stray.join(', ')}, which decide does not name`] : []),
    ];
  });
}

describe('the compiled rules mean what the policies mean', () => {
  for (const form of ['explaining', 'scaling'] as const) {
    test(`the walker agrees with decide, ${form} form`, { timeout: 300_000 }, () => {
      const options = runs<[Setting]>(200);
      console.log(`seed ${options.seed}, ${options.numRuns} clusters, ${form} form`);
      let probes = 0;
      let denied = 0;
      fc.assert(
        fc.property(settings(form), ({ cluster, semantics }) => {
          const plan = planOf(reachOf(cluster, semantics));
          // Small enough that selectors of these small clusters fall on both sides of it.
          const ruleset = compile(cluster, semantics, { form, fewPods: 1 });
          expect(disagreements(cluster, semantics, plan, ruleset)).toEqual([]);
          const walk = walker(ruleset);
          probes += plan.probes.length;
          denied += plan.probes.filter((probe) => walk(packetOf(probe)).verdict !== 'accept').length;
        }),
        options,
      );
      console.log(`${probes} packets walked, ${denied} denied`);
      // A generator that denies nothing, or everything, would prove nothing.
      expect(denied).toBeGreaterThan(probes / 20);
      expect(denied).toBeLessThan((probes * 19) / 20);
    });
  }
});
