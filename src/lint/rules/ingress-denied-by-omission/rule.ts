// An egress policy without policyTypes, which isolates its pods for ingress too.

import { at } from '../../../model/origin.ts';
import { dig } from '../../../objects/read.ts';
import { isolationOfClass, subjectClasses } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies } from '../../walk.ts';

export const ingressDeniedByOmission = defineRule({
  id: 'ingress-denied-by-omission',
  catalogue: ['NP023', 'NP020'],
  severity: 'error',
  needs: ['policies', 'cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['denied', 'deniedAnyway'],
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      const { types, ingress, egress } = policy;
      const isEgressOnly =
        !types.written && egress !== 'not-governed' && egress.length > 0 && ingress !== 'not-governed' && ingress.length === 0;
      // A written `ingress: []` shows that it is intended.
      if (!isEgressOnly || dig(policy.value, 'spec', 'ingress') !== undefined) continue;
      const classes = [...subjectClasses(context, policy).members];
      const isIsolatedAnyway =
        classes.length > 0 &&
        classes.every((number) => isolationOfClass(context, 'ingress', number).policies.some((other) => other !== policy));
      const edit = {
        kind: 'add-entry',
        at: at(policy.origin, 'spec'),
        key: 'policyTypes',
        value: ['Egress'],
        after: 'podSelector',
      } as const;
      const fix = { edits: [edit], keepsMeaning: false };
      const facts = { policy: policy.ref };
      if (isIsolatedAnyway) report('deniedAnyway', facts, policy.types.origin, { severity: 'warning', fix });
      else report('denied', facts, policy.types.origin, { fix });
    }
  },
});
