// Policies on a CNI that does not enforce them.
import { defineRule } from '../../rule.ts';
import { readablePolicies } from '../../walk.ts';

export const nobodyEnforces = defineRule({
  id: 'nobody-enforces',
  catalogue: ['NP100'],
  severity: 'error',
  needs: ['profile'],
  since: '0.1.0',
  messages: ['inert'],
  check(context, report) {
    const policies = readablePolicies(context);
    const [first] = policies;
    if (context.semantics.enforces !== 'no' || first === undefined) return;
    report('inert', { cni: context.semantics.name, policies: policies.length }, first.origin);
  },
});
