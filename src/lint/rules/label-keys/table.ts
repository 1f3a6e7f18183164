// Selectors on labels that do not stay: which keys, and what is wrong with each.
import { printRequirement, type Requirement } from '../../../model/selector.ts';
import { defineRule, type Rule, type Severity } from '../../rule.ts';
import { peersInForce, readablePolicies } from '../../walk.ts';

/** A row: `keys` gives the message for each label that policies and peers in rules must not select by. */
function labelKeys<const Id extends string, const MessageId extends string>(row: {
  readonly id: Id;
  readonly catalogue: readonly string[];
  readonly severity: Severity;
  readonly messages: readonly MessageId[];
  readonly keys: Readonly<Record<string, NoInfer<MessageId>>>;
}): Rule<Id, MessageId> {
  const { keys, ...rest } = row;
  const messageOf: ReadonlyMap<string, MessageId> = new Map(Object.entries<MessageId>(keys));
  return defineRule({
    ...rest,
    needs: ['policies'],
    since: '0.1.0',
    check(context, report) {
      const look = (requirements: readonly Requirement[] | undefined) => {
        for (const requirement of requirements ?? []) {
          const message = messageOf.get(requirement.key);
          if (message !== undefined && requirement.operator === 'In')
            report(message, { label: printRequirement(requirement) }, requirement.origin);
        }
      };
      for (const { subject } of readablePolicies(context)) look(subject.pods.requirements);
      for (const { peer } of peersInForce(context)) if (peer.kind === 'pods') look(peer.pods?.requirements);
    },
  });
}

/** Labels that every rollout or release changes. */
export const selectsByRolloutLabel = labelKeys({
  id: 'selects-by-rollout-label',
  catalogue: ['NP045'],
  severity: 'warning',
  messages: ['hash', 'release'],
  keys: {
    'pod-template-hash': 'hash',
    'controller-revision-hash': 'hash',
    'pod-template-generation': 'hash',
    'batch.kubernetes.io/controller-uid': 'hash',
    'controller-uid': 'hash',
    'app.kubernetes.io/version': 'release',
    'helm.sh/chart': 'release',
  },
});

/** Labels that only one replica of a StatefulSet has. */
export const selectsOneReplica = labelKeys({
  id: 'selects-one-replica',
  catalogue: ['NP047'],
  severity: 'note',
  messages: ['one'],
  keys: {
    'statefulset.kubernetes.io/pod-name': 'one',
    'apps.kubernetes.io/pod-index': 'one',
    'kubernetes.io/hostname': 'one',
  },
});
