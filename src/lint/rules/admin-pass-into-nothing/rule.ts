// A Pass rule leaves the decision to NetworkPolicies and then to the baseline tier. Where neither says anything of a pod, it is open.
import { isLive, type Pod } from '../../../model/cluster.ts';
import type { Direction, Policy } from '../../../model/policy.ts';
import { subjectMatches } from '../../../policy/peer-matches.ts';
import { adminPolicies } from '../../admin-rules.ts';
import type { LintContext } from '../../context.ts';
import { firstNames } from '../../facts.ts';
import { defineRule } from '../../rule.ts';

export const adminPassIntoNothing = defineRule({
  id: 'admin-pass-into-nothing',
  catalogue: [],
  severity: 'warning',
  needs: ['policies', 'cluster'],
  since: '0.1.0',
  messages: ['opens'],
  check(context, report) {
    const decided = new Map<Direction, ReadonlySet<Pod>>();
    for (const { policy, tier, rules } of adminPolicies(context.cluster)) {
      if (tier !== 'Admin' || policy.faults.length > 0) continue;
      const passing = rules.filter(({ action }) => action === 'pass');
      for (const rule of passing) {
        const { direction } = rule;
        const known = decided.get(direction) ?? decidedLater(context, direction);
        decided.set(direction, known);
        const open = podsOf(context, policy).filter((pod) => !known.has(pod));
        if (open.length === 0) continue;
        const names = firstNames([...new Set(open.map(({ workload }) => workload))].sort());
        report('opens', { policy: policy.ref, name: rule.name, direction, pods: names }, rule.origin);
      }
    }
  },
});

/** Pods of which something behind the admin tier says who may talk to them. A policy that cannot be read may say it. */
function decidedLater(context: LintContext, direction: Direction): ReadonlySet<Pod> {
  const later = context.cluster.policies.filter(({ tier, faults, [direction]: rules }) => {
    if (tier === 'admin') return false;
    if (faults.length > 0) return true;
    return rules !== 'not-governed' && (tier !== 'baseline' || rules.some(({ action }) => action !== 'pass'));
  });
  return new Set(later.flatMap((policy) => podsOf(context, policy)));
}

function podsOf({ cluster }: LintContext, { subject }: Policy): readonly Pod[] {
  return cluster.pods.filter((pod) => isLive(pod) && subjectMatches(cluster, subject, pod));
}
