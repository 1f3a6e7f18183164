// A peer whose labels fit only pods in their node's network, where selectors do not see them.
import { listed } from '../../list-words.ts';
import { peersThat } from '../../peer-fit.ts';
import { defineRule } from '../../rule.ts';

export const peerIsHostNetwork = defineRule({
  id: 'peer-is-host-network',
  catalogue: ['NP081'],
  summary: 'a peer whose labels fit only pods in their node’s network',
  severity: 'error',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: {
    never: {
      text: '{peer} means {pods}, which {run} in the network of the node: selectors do not see it there, and the rule never matches',
      hint: 'allow the addresses of the nodes with an ipBlock (on Cilium: entities host and remote-node)',
    },
  },
  check(context, report) {
    if (context.semantics.selectorsMatchHostNetwork === 'yes') return;
    for (const { spot, peer, fit } of peersThat(context, 'host-network')) {
      const workloads = [...new Set(fit.pods.map(({ workload }) => workload))];
      const facts = {
        peer: `\`${spot.policy.ref}\` ${spot.peerName}`,
        pods: listed(workloads),
        run: workloads.length === 1 ? 'runs' : 'run',
      };
      report('never', facts, peer.pods?.origin ?? peer.origin, { related: [fit.pods[0]?.origin] });
    }
  },
});
