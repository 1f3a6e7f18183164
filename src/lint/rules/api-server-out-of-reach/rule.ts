// Pods that work with the API server, are isolated for egress, and may not call it; and rules for it that name another address.
import type { Pod } from '../../../model/cluster.ts';
import type { BlockPeer, Policy, Rule } from '../../../model/policy.ts';
import { printCidr } from '../../../net/cidr.ts';
import { type Ip, printIp } from '../../../net/ip.ts';
import { ipSetHas } from '../../../net/ip-set.ts';
import { type ApiClient, apiClientOf, apiServer } from '../../api-server.ts';
import { firstNames } from '../../facts.ts';
import { admitsOneOf, openingAt } from '../../openings.ts';
import { isolationOfClass, workloadsByClass } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies, spotsOf } from '../../walk.ts';

export const apiServerOutOfReach = defineRule({
  id: 'api-server-out-of-reach',
  catalogue: ['NP071'],
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['controller', 'bound', 'missed'],
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
    const [address] = addresses;
    const server = { ...(address === undefined ? {} : { address: printIp(address) }), ports: ports.join(', ') };
    const told = new Set<Policy>();
    for (const { pods, client } of groups.values()) {
      const [first] = pods;
      if (first === undefined) continue;
      const { policies } = openingAt(context, 'egress', first, 'TCP', ports[0] ?? 443);
      for (const policy of policies) told.add(policy);
      const { binding, account } = client;
      const facts = { pods: firstNames(pods.map(({ workload }) => workload)), account, ...server };
      const where = policies[0]?.origin;
      if (binding === undefined) report('controller', facts, where, { related: [first.origin] });
      else report('bound', { ...facts, binding: `\`${binding.name}\`` }, where, { related: [first.origin, binding.origin] });
    }
    // Nobody needs to be a client yet: who opens the port of the API server means the API server.
    for (const policy of addresses.length === 0 ? [] : readablePolicies(context)) {
      const spots = spotsOf(policy, 'egress');
      if (told.has(policy) || spots.some(({ rule }) => isForApi(rule) && admits(rule, addresses))) continue;
      for (const { rule, name } of spots) {
        const blocks = blocksOf(rule);
        if (!isForApi(rule) || blocks === undefined) continue;
        const facts = { policy: policy.ref, rule: name, port: API_PORT, blocks: firstNames(blocks.map(({ cidr }) => printCidr(cidr))) };
        report('missed', { ...facts, server: firstNames(addresses.map(printIp)) }, rule.origin);
      }
    }
  },
});

/** Little else listens there. 443, where managed clusters have it, is everybody's. */
const API_PORT = 6443;

function isForApi({ ports }: Rule): boolean {
  return (
    ports !== 'every-port' &&
    ports.some((port) => port.kind === 'range' && port.protocol === 'TCP' && port.from === API_PORT && port.to === API_PORT)
  );
}

/** undefined where the rule means anybody but addresses; a block for a Service's address is for another rule to tell. */
function blocksOf({ peers }: Rule): readonly BlockPeer[] | undefined {
  if (peers === 'anyone' || peers.length === 0) return undefined;
  const blocks = peers.flatMap((peer) => (peer.kind === 'block' && peer.ofService !== true ? [peer] : []));
  return blocks.length === peers.length ? blocks : undefined;
}

function admits(rule: Rule, addresses: readonly Ip[]): boolean {
  if (rule.peers === 'anyone') return true;
  return rule.peers.some((peer) => peer.kind === 'block' && addresses.some((address) => ipSetHas(peer.addresses, address)));
}
