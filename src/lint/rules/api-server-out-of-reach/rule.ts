// Pods that work with the API server, are isolated for egress, and may not call it.
import type { Pod } from '../../../model/cluster.ts';
import { printIp } from '../../../net/ip.ts';
import { type ApiClient, apiClientOf, apiServer } from '../../api-server.ts';
import { listed } from '../../list-words.ts';
import { admitsOneOf, openingAt } from '../../openings.ts';
import { isolationOfClass, workloadsByClass } from '../../reached.ts';
import { defineRule } from '../../rule.ts';

export const apiServerOutOfReach = defineRule({
  id: 'api-server-out-of-reach',
  catalogue: ['NP071'],
  summary: 'pods that work with the API server, and whose policies do not let them call it',
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: {
    controller: {
      text: 'no egress rule on {pods} admits {server}, and controllers like these work with the API server',
      hint: 'the API server is not a pod: open the addresses of `kubectl get endpoints kubernetes` with an ipBlock (on Cilium: toEntities kube-apiserver)',
    },
    bound: {
      text: 'no egress rule on {pods} admits {server}, and {binding} gives their ServiceAccount `{account}` rights in the API, so they call the API server',
      hint: 'the API server is not a pod: open the addresses of `kubectl get endpoints kubernetes` with an ipBlock (on Cilium: toEntities kube-apiserver)',
    },
  },
  check(context, report) {
    const { addresses, ports } = apiServer(context);
    const groups = new Map<string, { readonly pods: Pod[]; readonly client: ApiClient }>();
    for (const [number, pods] of workloadsByClass(context).entries()) {
      const { isolated, certain } = isolationOfClass(context, 'egress', number);
      if (!isolated || !certain) continue;
      for (const pod of pods) {
        const client = apiClientOf(context, pod);
        if (client === undefined || ports.some((port) => admitsOneOf(openingAt(context, 'egress', pod, 'TCP', port), addresses))) continue;
        // Controllers of a namespace together; each account that was given rights for itself.
        const key = `${pod.namespace} ${client.by === 'bound' ? client.account : ''}`;
        const group = groups.get(key) ?? { pods: [], client };
        group.pods.push(pod);
        groups.set(key, group);
      }
    }
    const server =
      addresses.length === 0
        ? 'an address on 443 or 6443'
        : `its address ${printIp(addresses[0] as (typeof addresses)[number])} on ${ports.join(' or ')}`;
    for (const { pods, client } of groups.values()) {
      const [first] = pods;
      if (first === undefined) continue;
      const { policies } = openingAt(context, 'egress', first, 'TCP', ports[0] ?? 443);
      const { binding, account } = client;
      const facts = { pods: listed(pods.map(({ workload }) => workload)), server, account };
      const where = policies[0]?.origin;
      if (binding === undefined) report('controller', facts, where, { related: [first.origin] });
      else report('bound', { ...facts, binding: `\`${binding.name}\`` }, where, { related: [first.origin, binding.origin] });
    }
  },
});
