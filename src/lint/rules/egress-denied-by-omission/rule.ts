// Egress in policyTypes and no egress rule, in a policy that is about ingress.

import { dig } from '../../../manifest/read.ts';
import type { Policy } from '../../../model/policy.ts';
import type { LintContext } from '../../context.ts';
import { declaredNeeds } from '../../declared-needs.ts';
import { frontDoors } from '../../front-doors.ts';
import { isolationOfClass, podsOf, subjectClasses } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies } from '../../walk.ts';

export const egressDeniedByOmission = defineRule({
  id: 'egress-denied-by-omission',
  catalogue: ['NP024'],
  summary: 'policyTypes lists Egress and there is no egress rule: nothing may leave, DNS neither',
  severity: 'warning',
  needs: ['policies', 'cluster'],
  since: '0.1.0',
  messages: {
    needsIt: {
      text: '`{policy}` lists Egress and has no egress rule, so its pods may send nothing, not even DNS; `{pod}` is configured to call {needs}',
      hint: 'remove Egress from policyTypes, or write the egress rules',
    },
    frontDoor: {
      text: '`{policy}` lists Egress and has no egress rule: `{pod}` takes requests from outside ({door}) and may call nobody behind it',
      hint: 'remove Egress from policyTypes, or write the egress rules',
    },
    unseen: {
      text: '`{policy}` lists Egress and has no egress rule: it cuts everything its pods send, DNS too',
      hint: 'remove Egress from policyTypes, write the egress rules, or say it aloud with `egress: []`',
    },
    perhapsMeant: {
      text: '`{policy}` lists Egress and has no egress rule: its pods may send nothing; nothing in the input says that they need to',
    },
  },
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      const { types, ingress, egress } = policy;
      const isSuspect =
        types.written && egress !== 'not-governed' && egress.length === 0 && ingress !== 'not-governed' && ingress.length > 0;
      if (!isSuspect || dig(policy.value, 'spec', 'egress') !== undefined || SAYS_SO.test(policy.name)) continue;
      const set = subjectClasses(context, policy);
      if (set.members.length > 0 && [...set.members].every((number) => hasOtherEgress(context, policy, number))) continue;
      const shut = { ...set, members: set.members.filter((number) => !hasOtherEgress(context, policy, number)) };
      const facts = { policy: policy.ref };
      const where = policy.types.origin;
      const pods = podsOf(context, shut);
      const needy = pods.find((pod) => declaredNeeds(context, pod).length > 0);
      const open = pods.map((pod) => ({ pod, door: frontDoors(context).get(pod.workload) })).find(({ door }) => door !== undefined);
      if (needy !== undefined) {
        const needs = declaredNeeds(context, needy).map(({ written }) => `\`${written}\``);
        report('needsIt', { ...facts, pod: needy.workload, needs: needs.slice(0, 3).join(', ') }, where, {
          severity: 'error',
          related: [needy.origin],
        });
      } else if (open?.door !== undefined) {
        report('frontDoor', { ...facts, pod: open.pod.workload, door: open.door.name }, where, { related: [open.door.origin] });
      } else if (pods.length === 0) report('unseen', facts, where);
      else report('perhapsMeant', facts, where, { severity: 'note' });
    }
  },
});

const SAYS_SO = /deny|block|isolat|lock/i;

/** Another policy opens some egress of these pods, so that this one only adds to the isolation. */
function hasOtherEgress(context: LintContext, policy: Policy, number: number): boolean {
  return isolationOfClass(context, 'egress', number).policies.some(
    (other) => other !== policy && other.egress !== 'not-governed' && other.egress.length > 0,
  );
}
