// Two cluster-wide policies of one tier and one priority: which of them is asked first is not defined (semantics B.2).
import { type AdminPolicy, adminPolicies, subjectsOf } from '../../admin-rules.ts';
import type { LintContext } from '../../context.ts';
import { defineRule } from '../../rule.ts';

export const priorityTakenTwice = defineRule({
  id: 'priority-taken-twice',
  catalogue: ['NP120'],
  severity: 'error',
  needs: ['policies', 'cluster'],
  since: '0.1.0',
  messages: ['tie'],
  check(context, report) {
    const earlier = new Map<string, AdminPolicy[]>();
    for (const one of adminPolicies(context.cluster)) {
      const place = `${one.policy.kind} ${one.tier} ${one.priority}`;
      const beside = earlier.get(place) ?? [];
      const other = beside.find((each) => isTie(one, each));
      beside.push(one);
      earlier.set(place, beside);
      const pod = other === undefined ? undefined : sharedPod(context, one, other);
      if (other === undefined || pod === undefined || one.priority === undefined) continue;
      const facts = { policy: one.policy.ref, other: other.policy.ref, priority: one.priority, tier: one.tier, pod: `\`${pod}\`` };
      report('tie', facts, one.policy.origin, { related: [other.policy.origin] });
    }
  },
});

/** Of two policies with the same kind, tier and priority. */
function isTie(a: AdminPolicy, b: AdminPolicy): boolean {
  const actions = new Set([...a.rules, ...b.rules].map(({ action }) => action));
  return a.priority !== undefined && actions.size > 1;
}

function sharedPod({ cluster }: LintContext, a: AdminPolicy, b: AdminPolicy): string | undefined {
  const own = new Set(subjectsOf(cluster, a));
  return subjectsOf(cluster, b).find((pod) => own.has(pod))?.workload;
}
