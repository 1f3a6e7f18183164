// In a tier the first rule that matches decides, policy by policy and rule by rule. One that stands behind a wider rule never does.
import { DIRECTIONS, type Direction, ownRules, type Policy, type Rule, ruleName } from '../../../model/policy.ts';
import { coversConnections, coversSubject } from '../../implied.ts';
import { defineRule, type Report } from '../../rule.ts';

export const adminRuleNeverReached = defineRule({
  id: 'admin-rule-never-reached',
  catalogue: ['NP121'],
  severity: 'warning',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: ['behind', 'elsewhere'],
  check({ cluster }, report) {
    for (const tier of tiersOf(cluster.policies)) {
      const budget = { left: MOST_COMPARED };
      for (const [i, policy] of tier.entries()) {
        const before = tier.slice(0, i).filter((other) => other.order < policy.order && coversSubject(other.subject, policy.subject));
        for (const direction of DIRECTIONS) checkRules(policy, direction, before, budget, report);
      }
    }
  },
});

/** Pairs of rules that are compared in one tier, at most; a tier has up to 1,000 priorities, and a hundred policies are far below this. */
const MOST_COMPARED = 5_000_000;

/** The policies of each kind and tier in the order in which they are asked. One that cannot be read is left out: what it decides is unknown. */
function tiersOf(policies: readonly Policy[]): readonly (readonly Policy[])[] {
  const tiers = new Map<string, Policy[]>();
  for (const policy of policies) {
    if (!KINDS.has(policy.kind) || policy.faults.length > 0) continue;
    const key = `${policy.kind} ${policy.tier}`;
    const own = tiers.get(key);
    if (own === undefined) tiers.set(key, [policy]);
    else own.push(policy);
  }
  return [...tiers.values()].map((own) => own.sort((a, b) => a.order - b.order));
}

const KINDS: ReadonlySet<string> = new Set(['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy']);

function checkRules(
  policy: Policy,
  direction: Direction,
  before: readonly Policy[],
  budget: { left: number },
  report: Report<'behind' | 'elsewhere'>,
) {
  const rules = ownRules(policy, direction);
  for (const [i, rule] of rules.entries()) {
    if (meansNobody(rule)) continue;
    const first = rules.slice(0, i).find((other) => decides(other, rule, budget));
    // A rule of another action was meant to do something: whether to move it or to remove it is not ours to say. Nor is it where the other
    // policy may go some day, and with it the reason why this rule is never reached.
    const fix = (other: Rule) =>
      other.action === rule.action && rules.length > 1
        ? { fix: { edits: [{ kind: 'remove' as const, at: rule.origin }], keepsMeaning: true } }
        : {};
    const facts = { policy: policy.ref, name: ruleName({ direction, rule }) };
    if (first !== undefined) {
      report('behind', { ...facts, other: ruleName({ direction, rule: first }) }, rule.origin, { related: [first.origin], ...fix(first) });
      continue;
    }
    for (const other of before) {
      const wider = ownRules(other, direction).find((one) => decides(one, rule, budget));
      if (wider === undefined) continue;
      const of = { other: other.ref, otherName: ruleName({ direction, rule: wider }), priority: other.order };
      report('elsewhere', { ...facts, ...of }, rule.origin, { related: [wider.origin] });
      break;
    }
  }
}

/** Accept and Deny are final, and Pass leaves the tier: whatever the earlier rule says, nothing it matches comes to the later one. */
function decides(earlier: Rule, later: Rule, budget: { left: number }): boolean {
  return budget.left-- > 0 && coversConnections(earlier, later);
}

function meansNobody({ peers }: Rule): boolean {
  return peers !== 'anyone' && peers.every(({ kind }) => kind === 'nothing');
}
