// Policies on a CNI that does not enforce them.
import { counted } from '../../list-words.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies } from '../../walk.ts';

export const nobodyEnforces = defineRule({
  id: 'nobody-enforces',
  catalogue: ['NP100'],
  summary: 'policies on a CNI that does not enforce them',
  severity: 'error',
  needs: ['profile'],
  since: '0.1.0',
  messages: {
    inert: {
      text: '{cni} does not enforce NetworkPolicies: {policies} in this input do nothing',
      hint: 'the API server takes them all the same; run a policy engine (Calico, Cilium, kube-network-policies), or choose your CNI with --cni',
    },
  },
  check(context, report) {
    const policies = readablePolicies(context);
    const [first] = policies;
    if (context.semantics.enforces !== 'no' || first === undefined) return;
    report('inert', { cni: context.semantics.name, policies: counted(policies.length, 'policy') }, first.origin);
  },
});
