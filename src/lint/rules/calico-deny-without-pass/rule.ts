// A Calico policy that only denies, in a tier that ends in Deny: whatever it does not list is denied as well (Calico: end of tier).
import { DIRECTIONS, type Direction, type Policy } from '../../../model/policy.ts';
import { dig, isObject, listOf } from '../../../objects/read.ts';
import type { LintContext } from '../../context.ts';
import { subjectClasses } from '../../reached.ts';
import { defineRule } from '../../rule.ts';

export const calicoDenyWithoutPass = defineRule({
  id: 'calico-deny-without-pass',
  catalogue: [],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['everything'],
  check(context, report) {
    const calico = context.cluster.policies.filter(({ needs, stage }) => needs === 'calico' && stage?.end === 'deny');
    for (const direction of DIRECTIONS) {
      const letting = lettingThrough(context, calico, direction);
      for (const policy of calico) {
        const rules = policy[direction];
        if (policy.faults.length > 0 || rules === 'not-governed' || rules.length === 0) continue;
        if (rules.some(({ action }) => action !== 'deny') || deniesEverything(policy, direction)) continue;
        const others = letting.get(policy.tier);
        const { members } = subjectClasses(context, policy);
        // Where no pod of the input is selected, any policy of the tier may be for the same pods.
        if (others !== undefined && (members.length === 0 || members.some((number) => others.has(number)))) continue;
        report('everything', { policy: policy.ref, tier: policy.tier.replace(/^tier /, ''), direction }, rules[0]?.origin ?? policy.origin);
      }
    }
  },
});

/** A rule without any condition denies everything, and says so. */
function deniesEverything({ value }: Policy, direction: Direction): boolean {
  const asks = (key: string) => key !== 'action' && key !== 'metadata';
  return listOf(dig(value, 'spec', direction)).some((rule) => isObject(rule) && !Object.keys(rule).some(asks));
}

/** For each tier the classes of pods for which some policy allows or passes something: its author has thought of the end of the tier. */
function lettingThrough(context: LintContext, policies: readonly Policy[], direction: Direction): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const policy of policies) {
    const rules = policy[direction];
    if (rules === 'not-governed' || !rules.some(({ action }) => action !== 'deny')) continue;
    const classes = found.get(policy.tier) ?? new Set<number>();
    for (const number of subjectClasses(context, policy).members) classes.add(number);
    found.set(policy.tier, classes);
  }
  return found;
}
