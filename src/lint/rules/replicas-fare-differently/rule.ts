// Pods of one workload that a policy tells apart: some are selected or let in, and others not.
import { factsOf, inputFaults } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

/** Labels that are meant to differ between the pods of one workload; `selects-one-replica` speaks about them. */
const PER_REPLICA: ReadonlySet<string> = new Set(['apps.kubernetes.io/pod-index', 'statefulset.kubernetes.io/pod-name']);

export const replicasFareDifferently = defineRule({
  id: 'replicas-fare-differently',
  catalogue: ['NP046'],
  summary: 'pods of one workload differ in a label that a policy asks about',
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: {
    differ: {
      text: 'pods of `{workload}` differ in {labels}, and a policy asks about it: some replicas are treated unlike others',
      hint: 'a rollout that has not finished, or a label that somebody set by hand; connections then fail now and then',
    },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'replicas-fare-differently')) {
      const labels = Array.isArray(problem.facts.labels) ? (problem.facts.labels as readonly string[]) : [];
      const telling = labels.filter((label) => !PER_REPLICA.has(label));
      if (telling.length > 0)
        report('differ', { ...factsOf(problem), labels: telling.map((label) => `\`${label}\``).join(', ') }, problem.origin);
    }
  },
});
