// Egress in policyTypes and no egress rule, in a policy that is about ingress.

import type { Pod } from '../../../model/cluster.ts';
import type { Policy } from '../../../model/policy.ts';
import { dig, isObject } from '../../../objects/read.ts';
import type { LintContext } from '../../context.ts';
import { declaredNeeds } from '../../declared-needs.ts';
import { firstNames } from '../../facts.ts';
import { frontDoors } from '../../front-doors.ts';
import { isolationOf, isolationOfClass, podsOf, subjectClasses } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { servicePods } from '../../service-pods.ts';
import { readablePolicies, spotsOf } from '../../walk.ts';

export const egressDeniedByOmission = defineRule({
  id: 'egress-denied-by-omission',
  catalogue: ['NP024'],
  severity: 'warning',
  needs: ['policies', 'cluster'],
  since: '0.1.0',
  messages: ['needsIt', 'frontDoor', 'unseen', 'noValue', 'perhapsMeant'],
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      const { types, ingress, egress } = policy;
      const isSuspect =
        types.written && egress !== 'not-governed' && egress.length === 0 && ingress !== 'not-governed' && ingress.length > 0;
      if (!isSuspect || dig(policy.value, 'spec', 'egress') !== undefined) continue;
      // A template that was given no values renders a key without a value, which is never on purpose, whatever the policy is called.
      const hasNoValue = isNull(dig(policy.value, 'spec'), 'egress');
      if (SAYS_SO.test(policy.name) && !hasNoValue) continue;
      const set = subjectClasses(context, policy);
      if (set.members.length > 0 && [...set.members].every((number) => hasOtherEgress(context, policy, number))) continue;
      const shut = { ...set, members: set.members.filter((number) => !hasOtherEgress(context, policy, number)) };
      const facts = { policy: policy.ref };
      const where = policy.types.origin;
      const pods = podsOf(context, shut);
      const needy = pods.find((pod) => declaredNeeds(context, pod).length > 0);
      const open = pods.map((pod) => ({ pod, door: frontDoors(context).get(pod.workload) })).find(({ door }) => door !== undefined);
      if (needy !== undefined) {
        const declared = declaredNeeds(context, needy);
        // A URL may be there to be shown; a Service of the cluster is there to be called.
        const severity = declared.some(({ service }) => service !== undefined) ? 'error' : 'warning';
        report('needsIt', { ...facts, pod: needy.workload, needs: firstNames(declared.map(({ written }) => written)) }, where, {
          severity,
          related: [needy.origin],
        });
      } else if (open?.door !== undefined && hasLonelyBackend(context, policy.namespace ?? '')) {
        report('frontDoor', { ...facts, pod: open.pod.workload, door: open.door.name }, where, { related: [open.door.origin] });
      } else if (hasNoValue) report('noValue', facts, where);
      else if (pods.length === 0) report('unseen', facts, where);
      else report('perhapsMeant', facts, where, { severity: 'note' });
    }
  },
});

/** A Service of the namespace that is no front door and that no policy lets anybody reach: who should call it but the front door? */
function hasLonelyBackend(context: LintContext, namespace: string): boolean {
  return [...context.cluster.services.values()].some((service) => {
    const pods = service.namespace === namespace ? servicePods(context, service) : [];
    return pods.length > 0 && pods.every((pod) => !frontDoors(context).has(pod.workload) && isShut(context, pod));
  });
}

function isShut(context: LintContext, pod: Pod): boolean {
  const { isolated, policies } = isolationOf(context, 'ingress', pod);
  return isolated && policies.every((policy) => spotsOf(policy, 'ingress').length === 0);
}

/** `egress:` with nothing behind it; not where the key is absent. */
function isNull(spec: unknown, key: string): boolean {
  return isObject(spec) && Object.hasOwn(spec, key) && spec[key] === null;
}

const SAYS_SO = /deny|block|isolat|lock/i;

/** Another policy opens some egress of these pods, so that this one only adds to the isolation. */
function hasOtherEgress(context: LintContext, policy: Policy, number: number): boolean {
  return isolationOfClass(context, 'egress', number).policies.some(
    (other) => other !== policy && other.egress !== 'not-governed' && other.egress.length > 0,
  );
}
