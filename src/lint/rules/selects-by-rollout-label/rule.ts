// Selectors on labels that every rollout or release changes.
import { printRequirement, type Requirement } from '../../../model/selector.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce, readablePolicies } from '../../walk.ts';

export const selectsByRolloutLabel = defineRule({
  id: 'selects-by-rollout-label',
  catalogue: ['NP045'],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['hash', 'release'],
  check(context, report) {
    const look = (requirements: readonly Requirement[] | undefined) => {
      for (const requirement of requirements ?? []) {
        const message = CHANGING.get(requirement.key);
        if (message !== undefined && requirement.operator === 'In')
          report(message, { label: printRequirement(requirement) }, requirement.origin);
      }
    };
    for (const { subject } of readablePolicies(context)) look(subject.pods.requirements);
    for (const { peer } of peersInForce(context)) if (peer.kind === 'pods') look(peer.pods?.requirements);
  },
});

const CHANGING: ReadonlyMap<string, 'hash' | 'release'> = new Map([
  ['pod-template-hash', 'hash'],
  ['controller-revision-hash', 'hash'],
  ['pod-template-generation', 'hash'],
  ['batch.kubernetes.io/controller-uid', 'hash'],
  ['controller-uid', 'hash'],
  ['app.kubernetes.io/version', 'release'],
  ['helm.sh/chart', 'release'],
]);
