// A policy whose restriction another policy takes back: policies add up, and the widest one decides.
import { DIRECTIONS, type Direction, type Policy } from '../../../model/policy.ts';
import type { LintContext } from '../../context.ts';
import { isEverything } from '../../meaning.ts';
import { isolationOfClass, subjectClasses } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies } from '../../walk.ts';

export const restrictionWithoutEffect = defineRule({
  id: 'restriction-without-effect',
  catalogue: ['NP032'],
  severity: 'warning',
  needs: ['policies', 'cluster'],
  since: '0.1.0',
  messages: ['overridden'],
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      for (const direction of DIRECTIONS) {
        const rules = policy[direction];
        if (rules === 'not-governed' || rules.some(isEverything)) continue;
        // A default deny is for pods to come.
        if (rules.length === 0 && policy.subject.pods.requirements.length === 0) continue;
        const other = overriding(context, policy, direction);
        if (other !== undefined) {
          report('overridden', { policy: policy.ref, other: other.ref, direction }, policy.origin, { related: [other.origin] });
        }
      }
    }
  },
});

/** The policy that opens the first of its classes, if every class is opened by one. */
function overriding(context: LintContext, policy: Policy, direction: Direction): Policy | undefined {
  let first: Policy | undefined;
  for (const number of subjectClasses(context, policy).members) {
    const open = isolationOfClass(context, direction, number).policies.find((other) => {
      const rules = other[direction];
      return other !== policy && rules !== 'not-governed' && rules.some(isEverything);
    });
    if (open === undefined) return undefined;
    first ??= open;
  }
  return first;
}
