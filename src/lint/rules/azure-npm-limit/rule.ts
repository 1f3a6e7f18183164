// Limits of Azure's own policy engine.
import { defineRule } from '../../rule.ts';
import { peersInForce } from '../../walk.ts';

export const azureNpmLimit = defineRule({
  id: 'azure-npm-limit',
  catalogue: ['NP105'],
  severity: 'warning',
  needs: ['policies', 'cluster', 'profile'],
  since: '0.1.0',
  messages: ['size', 'blocks', 'ipv6'],
  check(context, report) {
    if (!context.choice.members.every(({ name }) => name === 'azure-npm')) return;
    const { nodes, pods } = context.cluster;
    const [node] = nodes.values();
    if (nodes.size > 250) report('size', { count: nodes.size, what: 'nodes', limit: 250 }, node?.origin);
    if (pods.length > 20_000) report('size', { count: pods.length, what: 'pods', limit: 20_000 }, pods[0]?.origin);
    const blocks = new Map<string, number>();
    for (const { policy, peer } of peersInForce(context)) {
      if (peer.kind !== 'block') continue;
      const count = (blocks.get(policy.ref) ?? 0) + 1;
      blocks.set(policy.ref, count);
      if (count === 5) {
        const all = peersInForce(context).filter((other) => other.policy === policy && other.peer.kind === 'block').length;
        report('blocks', { policy: policy.ref, count: all }, peer.origin);
      }
      if (peer.cidr.first.family === 6) report('ipv6', { policy: policy.ref }, peer.origin);
    }
  },
});
