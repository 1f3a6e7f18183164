// Peers, rules and policies that say what another one says already.
import { DIRECTIONS, type Policy, type Rules } from '../../../model/policy.ts';
import type { ClassSet } from '../../../reach/class-set.ts';
import type { LintContext } from '../../context.ts';
import { coversPeer, policyKey, repeatedRules } from '../../implied.ts';
import { isEverything, peerKey } from '../../meaning.ts';
import { subjectClasses } from '../../reached.ts';
import type { Report } from '../../rule.ts';
import { defineRule } from '../../rule.ts';
import { type PeerSpot, peersOf, type RuleSpot, readablePolicies, spotsOf } from '../../walk.ts';
import { impliedElsewhere } from './elsewhere.ts';

export const ruleRepeated = defineRule({
  id: 'rule-repeated',
  catalogue: ['NP130'],
  severity: 'note',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: ['peer', 'innerPeer', 'rule', 'elsewhere', 'policy'],
  check(context, report) {
    const said = new Set<Policy>();
    for (const [policy, first] of repeatedPolicies(context)) {
      said.add(policy);
      report('policy', { policy: policy.ref, other: first.ref }, policy.origin, { related: [first.origin] });
    }
    for (const [spot, other] of impliedElsewhere(context)) {
      if (said.has(spot.policy)) continue;
      const facts = { policy: spot.policy.ref, name: spot.name, other: other.policy.ref, otherName: other.name };
      report('elsewhere', facts, spot.rule.origin, { related: [other.rule.origin] });
    }
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

/** Peers of a longer list are compared only for being the same. */
const MOST_PEERS = 100;

function reportPeers(policy: Policy, spot: RuleSpot, report: Report<'peer' | 'innerPeer'>): void {
  if (spot.rule.peers === 'anyone' || spot.rule.peers.length < 2) return;
  const spots = peersOf(spot);
  const isShort = spots.length <= MOST_PEERS;
  const seen = new Map<string, PeerSpot>();
  for (const spot of spots) {
    const key = peerKey(spot.peer);
    const same = seen.get(key);
    if (same === undefined) seen.set(key, spot);
    const wider = same ?? (isShort ? spots.find(({ peer }) => coversPeer(peer, spot.peer) && !coversPeer(spot.peer, peer)) : undefined);
    if (wider === undefined) continue;
    const facts = { policy: policy.ref, name: spot.peerName, other: wider.peerName };
    report(same === undefined ? 'innerPeer' : 'peer', facts, spot.peer.origin, {
      related: [wider.peer.origin],
      fix: { edits: [{ kind: 'remove', at: spot.peer.origin }], keepsMeaning: true },
    });
  }
}
