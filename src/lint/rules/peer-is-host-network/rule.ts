// A peer whose labels fit only pods in their node's network, where selectors do not see them.
import { firstNames } from '../../facts.ts';
import { peersThat } from '../../peer-fit.ts';
import { defineRule } from '../../rule.ts';

export const peerIsHostNetwork = defineRule({
  id: 'peer-is-host-network',
  catalogue: ['NP081'],
  severity: 'error',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['never'],
  check(context, report) {
    if (context.semantics.selectorsMatchHostNetwork === 'yes') return;
    for (const { spot, peer, fit } of peersThat(context, 'host-network')) {
      const facts = { peer: `\`${spot.policy.ref}\` ${spot.peerName}`, pods: firstNames(fit.pods.map(({ workload }) => workload)) };
      report('never', facts, peer.pods?.origin ?? peer.origin, { related: [fit.pods[0]?.origin] });
    }
  },
});
