// The agent of the CNI is not ready on some nodes, where policies are then stale or missing.
import { dig, integerOf } from '../../../objects/read.ts';
import { DETECT_HINTS } from '../../../profile/detect-hints.ts';
import { firstNames } from '../../facts.ts';
import { defineRule } from '../../rule.ts';

export const cniAgentUnhealthy = defineRule({
  id: 'cni-agent-unhealthy',
  catalogue: ['NP101'],
  severity: 'error',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['nodes', 'count'],
  check(context, report) {
    for (const workload of context.cluster.workloads.values()) {
      if (workload.kind !== 'DaemonSet' || !AGENTS.has(workload.name)) continue;
      const facts = { agent: workload.ref, namespace: workload.namespace };
      const bad = workload.pods.filter(
        (pod) => !pod.template && (pod.ready === false || pod.phase === 'Failed' || pod.phase === 'Pending'),
      );
      if (bad.length > 0) {
        report('nodes', { ...facts, nodes: firstNames(bad.map(({ node, name }) => node ?? name)) }, bad[0]?.origin, {
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
