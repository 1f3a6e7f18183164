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
import { reachOf } from '../../src/reach/reach.ts';
import { cluster } from '../kernel/random-cluster.ts';

const runs = Number(process.env.FC_RUNS ?? 150);

function semantics(name: string): Decided['semantics'] {
  const choice = chooseProfile(name);
  if (isUnknown(choice)) throw new Error(`no profile ${name}`);
  return decided(semanticsOf(choice)).semantics;
}

/** Profiles that differ in what an ipBlock means, and one that enforces nothing. */
const profiles = ['kubernetes', 'calico', 'cilium', 'aws-vpc-cni-strict', 'flannel'].map(semantics);

const setting = fc.record({ cluster: cluster.map((drawn) => complete(drawn).cluster), semantics: fc.constantFrom(...profiles) });

function observed({ verdict, recorded }: Walk): string {
  if (verdict === 'accept') return 'allowed';
  return recorded.some((set) => set.startsWith('denied-out')) ? 'denied-egress' : 'denied-ingress';
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
    const allowing = [verdict.egress, verdict.ingress].flatMap((side) => (side.outcome === 'allowed' ? side.rules.map(printRuleRef) : []));
    const stray = named.flatMap((meaning) => (meaning.kind === 'rule' && !allowing.includes(printRuleRef(meaning.rule)) ? [printRuleRef(meaning.rule)] : []));
    return [
      ...(wrong ? [`${where}: decide ${expected.join('/')}, walker ${observed(result)} via ${result.chains.join(' > ')}`] : []),
      ...(stray.length > 0 && verdict.outcome !== 'undecided' ? [`${where}: the walker counts ${stray.join(', ')}, which decide does not name`] : []),
    ];
  });
}

describe('the compiled rules mean what the policies mean', () => {
  for (const form of ['explaining', 'scaling'] as const) {
    test(`the walker agrees with decide, ${form} form`, { timeout: 120_000 }, () => {
      let probes = 0;
      let denied = 0;
      fc.assert(
        fc.property(setting, ({ cluster, semantics }) => {
          const plan = planOf(reachOf(cluster, semantics));
          const ruleset = compile(cluster, semantics, { form });
          expect(disagreements(cluster, semantics, plan, ruleset)).toEqual([]);
          const walk = walker(ruleset);
          probes += plan.probes.length;
          denied += plan.probes.filter((probe) => walk(packetOf(probe)).verdict !== 'accept').length;
        }),
        { numRuns: runs },
      );
      // A generator that denies nothing, or everything, would prove nothing.
      expect(denied).toBeGreaterThan(probes / 20);
      expect(denied).toBeLessThan((probes * 19) / 20);
    });
  }
});
