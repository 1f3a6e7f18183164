// Calico fills in `types` another way than Kubernetes fills in policyTypes: egress rules alone govern egress alone (semantics C).

import { at } from '../../../model/origin.ts';
import type { Policy } from '../../../model/policy.ts';
import { dig, listOf } from '../../../objects/read.ts';
import { defineRule } from '../../rule.ts';

export const calicoTypesLeftOut = defineRule({
  id: 'calico-types-left-out',
  catalogue: ['NP107'],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['egressOnly', 'storedWithoutTypes'],
  check(context, report) {
    for (const policy of context.cluster.policies) {
      if (!isCalico(policy)) continue;
      const spec = dig(policy.value, 'spec');
      const [types, ingress, egress] = [dig(spec, 'types'), dig(spec, 'ingress'), dig(spec, 'egress')].map(listOf);
      if (types?.length === 0 && ingress?.length === 0 && egress !== undefined && egress.length > 0)
        report(
          isStored(policy) ? 'storedWithoutTypes' : 'egressOnly',
          { kind: policy.kind, policy: policy.ref },
          at(policy.origin, 'spec', 'egress'),
        );
    }
  },
});

function isCalico({ value }: Policy): boolean {
  return /^(crd\.)?projectcalico\.org\//.test(versionOf(value));
}

/** In the form that nothing has filled defaults into. */
function isStored({ value }: Policy): boolean {
  return versionOf(value).startsWith('crd.');
}

function versionOf(value: unknown): string {
  const version = dig(value, 'apiVersion');
  return typeof version === 'string' ? version : '';
}
