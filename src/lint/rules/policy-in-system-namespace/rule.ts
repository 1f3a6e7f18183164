// A NetworkPolicy in a namespace that runs the cluster itself.
import { defineRule } from '../../rule.ts';
import { isSystemNamespace } from '../../seen.ts';
import { readablePolicies } from '../../walk.ts';

export const policyInSystemNamespace = defineRule({
  id: 'policy-in-system-namespace',
  catalogue: ['NP133'],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['everything', 'some'],
  check(context, report) {
    for (const { namespace, ref, subject, origin } of readablePolicies(context)) {
      if (namespace === undefined || !isSystemNamespace(namespace)) continue;
      const facts = { policy: ref, namespace };
      if (subject.pods.requirements.length === 0) report('everything', facts, origin);
      // Policies for single parts come with add-ons; those of OpenShift's own namespaces are the platform's.
      else report('some', facts, origin, { severity: 'note' });
    }
  },
});
