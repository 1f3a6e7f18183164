// Peers, rules and policies that say what another one says already.
import { DIRECTIONS, type Policy, type Rules } from '../../../model/policy.ts';
import type { ClassSet } from '../../../reach/class-set.ts';
import type { LintContext } from '../../context.ts';
import { isEverything, peerKey, policyKey, repeatedRules } from '../../meaning.ts';
import { subjectClasses } from '../../reached.ts';
import type { Report } from '../../rule.ts';
import { defineRule } from '../../rule.ts';
import { peersOf, type RuleSpot, readablePolicies, spotsOf } from '../../walk.ts';

export const ruleRepeated = defineRule({
  id: 'rule-repeated',
  catalogue: ['NP130'],
  summary: 'a peer, rule or policy that repeats another',
  severity: 'note',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    peer: { text: '`{policy}` {name} says the same as {other}' },
    rule: { text: '`{policy}` {name} lets nobody through whom {other} does not let through already' },
    policy: { text: '`{policy}` selects the same pods and says the same as `{other}`', hint: 'one of the two is enough' },
  },
  check(context, report) {
    for (const [policy, first] of repeatedPolicies(context))
      report('policy', { policy: policy.ref, other: first.ref }, policy.origin, { related: [first.origin] });
    for (const policy of readablePolicies(context)) {
      for (const direction of DIRECTIONS) {
        if (!saysSeveral(policy[direction])) continue;
        const spots = spotsOf(policy, direction);
        const repeated = repeatedRules(spots.map(({ rule }) => rule));
        for (const spot of spots) {
          const wider = repeated.get(spot.rule);
          // A rule for everything beside others is named by rule-admits-everything.
          if (wider !== undefined && !isEverything(wider)) {
            const facts = { policy: policy.ref, name: spot.name, other: `${direction}[${wider.index}]` };
            report('rule', facts, spot.rule.origin, {
              related: [wider.origin],
              fix: { edits: [{ kind: 'remove', at: spot.rule.origin }], keepsMeaning: true },
            });
          } else if (wider === undefined) reportPeers(policy, spot, report);
        }
      }
    }
  },
});

/** Two rules, or one with two peers: most policies have neither. */
function saysSeveral(rules: Rules): boolean {
  return rules !== 'not-governed' && (rules.length > 1 || rules.some(({ peers }) => peers !== 'anyone' && peers.length > 1));
}

/** Each policy that says what an earlier one says, and that one. Only policies on the same pods are looked at closely. */
function* repeatedPolicies(context: LintContext): Generator<readonly [Policy, Policy]> {
  const bySubject = new Map<ClassSet, Policy[]>();
  for (const policy of readablePolicies(context)) {
    const key = subjectClasses(context, policy);
    const alike = bySubject.get(key);
    if (alike === undefined) bySubject.set(key, [policy]);
    else alike.push(policy);
  }
  for (const alike of bySubject.values()) {
    if (alike.length === 1) continue;
    const byKey = new Map<string, Policy>();
    for (const policy of alike) {
      const key = policyKey(policy);
      const first = byKey.get(key);
      if (first === undefined) byKey.set(key, policy);
      else yield [policy, first];
    }
  }
}

function reportPeers(policy: Policy, spot: RuleSpot, report: Report<'peer'>): void {
  if (spot.rule.peers === 'anyone' || spot.rule.peers.length < 2) return;
  const spots = peersOf(spot);
  const seen = new Map<string, (typeof spots)[number]>();
  for (const spot of spots) {
    const key = peerKey(spot.peer);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, spot);
    else {
      const facts = { policy: policy.ref, name: spot.peerName, other: first.peerName };
      report('peer', facts, spot.peer.origin, {
        related: [first.peer.origin],
        fix: { edits: [{ kind: 'remove', at: spot.peer.origin }], keepsMeaning: true },
      });
    }
  }
}
