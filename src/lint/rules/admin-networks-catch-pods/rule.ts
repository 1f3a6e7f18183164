// A cluster-wide policy that denies 0.0.0.0/0 and thereby every pod: networks mean pods there, too.
import { adminPolicies, hasEveryAddress, isEveryPod } from '../../admin-rules.ts';
import { defineRule } from '../../rule.ts';

export const adminNetworksCatchPods = defineRule({
  id: 'admin-networks-catch-pods',
  catalogue: ['NP123'],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['podsToo'],
  check(context, report) {
    for (const { policy, rules, tier } of adminPolicies(context.cluster)) {
      for (const rule of rules) {
        if (rule.direction !== 'egress' || rule.action !== 'deny' || rule.ports !== undefined || !rule.peers.some(hasEveryAddress))
          continue;
        const before = rules.slice(0, rules.indexOf(rule));
        const isSpared = before.some(
          ({ direction, action, peers }) => direction === 'egress' && (action === 'accept' || action === 'pass') && peers.some(isEveryPod),
        );
        // Before the Baseline tier NetworkPolicies are asked, and they may let pods through.
        const extra = tier === 'Baseline' ? ({ severity: 'note' } as const) : {};
        if (!isSpared) report('podsToo', { policy: policy.ref, name: rule.name }, rule.origin, extra);
      }
    }
  },
});
