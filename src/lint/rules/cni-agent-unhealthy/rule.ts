// The agent of the CNI is not ready on some nodes, where policies are then stale or missing.
import { dig, integerOf } from '../../../objects/read.ts';
import { DETECT_HINTS } from '../../../profile/detect-hints.ts';
import { listed } from '../../list-words.ts';
import { defineRule } from '../../rule.ts';

export const cniAgentUnhealthy = defineRule({
  id: 'cni-agent-unhealthy',
  catalogue: ['NP101'],
  summary: 'the agent that enforces policies is not ready everywhere',
  severity: 'error',
  needs: ['cluster'],
  since: '0.1.0',
  messages: {
    nodes: {
      text: '`{agent}` is not ready on {nodes}: policies there are as old as its last good moment, and new pods may have none',
      hint: 'kubectl -n {namespace} get pods -o wide; "it fails on some nodes only" looks like this',
    },
    count: {
      text: '`{agent}` is ready on {ready} of {wanted} nodes: on the others policies are stale or missing',
      hint: 'kubectl -n {namespace} get pods -o wide',
    },
  },
  check(context, report) {
    for (const workload of context.cluster.workloads.values()) {
      if (workload.kind !== 'DaemonSet' || !AGENTS.has(workload.name)) continue;
      const facts = { agent: workload.ref, namespace: workload.namespace };
      const bad = workload.pods.filter(
        (pod) => !pod.template && (pod.ready === false || pod.phase === 'Failed' || pod.phase === 'Pending'),
      );
      if (bad.length > 0) {
        report('nodes', { ...facts, nodes: listed(bad.map(({ node, name }) => node ?? name)) }, bad[0]?.origin, {
          related: [workload.origin],
        });
        continue;
      }
      const [wanted, ready] = [
        integerOf(dig(workload.value, 'status', 'desiredNumberScheduled')),
        integerOf(dig(workload.value, 'status', 'numberReady')) ?? 0,
      ];
      if (wanted !== undefined && ready < wanted) report('count', { ...facts, ready, wanted }, workload.origin);
    }
  },
});

/** DaemonSets by which a CNI is recognised. */
const AGENTS: ReadonlySet<string> = new Set(
  DETECT_HINTS.flatMap(({ seen }) => seen.flatMap((sign) => (sign.sign === 'daemon-set' ? [sign.name] : []))),
);
