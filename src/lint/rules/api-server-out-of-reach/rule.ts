// Controllers and operators that are isolated for egress and may not call the API server.

import type { Pod } from '../../../model/cluster.ts';
import { dig } from '../../../objects/read.ts';
import { argumentsOf } from '../../containers.ts';
import { listed } from '../../list-words.ts';
import { admitsAddresses, openingAt } from '../../openings.ts';
import { podsByClass } from '../../reached.ts';
import { defineRule } from '../../rule.ts';

export const apiServerOutOfReach = defineRule({
  id: 'api-server-out-of-reach',
  catalogue: ['NP071'],
  summary: 'a controller whose policies do not let it call the API server',
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: {
    controller: {
      text: '{pods} work with the API server, and no egress rule on them opens an address on 443 or 6443: they can not reach it',
      hint: 'the API server is no pod: open the addresses of `kubectl get endpoints kubernetes` with an ipBlock (on Cilium: toEntities kube-apiserver)',
    },
  },
  check(context, report) {
    const groups = new Map<string, Pod[]>();
    for (const pods of podsByClass(context)) {
      for (const pod of pods) {
        if (groups.get(policiesKey(pod))?.some((other) => other.workload === pod.workload) === true || !isController(pod)) continue;
        const openings = PORTS.map((port) => openingAt(context, 'egress', pod, 'TCP', port));
        if (!openings.every(({ shutsOthers }) => shutsOthers) || openings.some(admitsAddresses)) continue;
        const key = policiesKey(pod);
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [pod]);
        else group.push(pod);
      }
    }
    for (const [, pods] of groups) {
      const [first] = pods;
      if (first === undefined) continue;
      const { policies } = openingAt(context, 'egress', first, 'TCP', 443);
      report('controller', { pods: listed(pods.map(({ workload }) => workload)) }, policies[0]?.origin, { related: [first.origin] });
    }
  },
});

const PORTS = [443, 6443];

function policiesKey({ namespace }: Pod): string {
  return namespace;
}

/** A pod with a ServiceAccount of its own that is started like a controller. A token alone says little: every pod has one. */
function isController(pod: Pod): boolean {
  const account = dig(pod.spec, 'serviceAccountName');
  const hasToken = typeof account === 'string' && account !== 'default' && dig(pod.spec, 'automountServiceAccountToken') !== false;
  if (!hasToken) return false;
  const component = pod.labels.get('app.kubernetes.io/component') ?? '';
  return (
    pod.labels.get('control-plane') !== undefined ||
    component === 'controller' ||
    component === 'operator' ||
    argumentsOf(pod).some((word) => /^--?(enable-)?leader-elect(ion)?\b/.test(word))
  );
}
