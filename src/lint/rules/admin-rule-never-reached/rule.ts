// In a cluster-wide policy the first rule that matches decides; one that says the same peers and no further ports behind it never does.
import { type AdminRule, adminPolicies } from '../../admin-rules.ts';
import { defineRule } from '../../rule.ts';

export const adminRuleNeverReached = defineRule({
  id: 'admin-rule-never-reached',
  catalogue: ['NP121'],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['behind'],
  check(context, report) {
    for (const { policy, rules } of adminPolicies(context.cluster)) {
      for (const [i, rule] of rules.entries()) {
        const first = rules.slice(0, i).find((other) => decidesAllOf(other, rule));
        if (first !== undefined)
          report('behind', { policy: policy.ref, name: rule.name, other: first.name }, rule.origin, { related: [first.origin] });
      }
    }
  },
});

/** Every peer of the later rule stands in the earlier one as it is, and the earlier one has every port, or the same ones. */
function decidesAllOf(earlier: AdminRule, later: AdminRule): boolean {
  if (earlier.direction !== later.direction || earlier.action === 'unknown' || later.peers.length === 0) return false;
  const known = new Set(earlier.peers.map((peer) => JSON.stringify(peer)));
  const hasPeers = later.peers.every((peer) => known.has(JSON.stringify(peer)));
  return hasPeers && (earlier.ports === undefined || JSON.stringify(earlier.ports) === JSON.stringify(later.ports));
}
