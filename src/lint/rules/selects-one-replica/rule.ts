// Selectors on labels that only one replica of a StatefulSet has.
import { printRequirement, type Requirement } from '../../../model/selector.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce, readablePolicies } from '../../walk.ts';

export const selectsOneReplica = defineRule({
  id: 'selects-one-replica',
  catalogue: ['NP047'],
  severity: 'note',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['one'],
  check(context, report) {
    const look = (requirements: readonly Requirement[] | undefined) => {
      for (const requirement of requirements ?? []) {
        if (requirement.operator === 'In' && SINGLE.has(requirement.key))
          report('one', { label: printRequirement(requirement) }, requirement.origin);
      }
    };
    for (const { subject } of readablePolicies(context)) look(subject.pods.requirements);
    for (const { peer } of peersInForce(context)) if (peer.kind === 'pods') look(peer.pods?.requirements);
  },
});

const SINGLE: ReadonlySet<string> = new Set([
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'kubernetes.io/hostname',
]);
