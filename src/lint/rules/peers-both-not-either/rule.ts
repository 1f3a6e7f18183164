// Both selectors in one peer where nobody fits both, and pods of the own namespace fit one.
import { firstNames } from '../../facts.ts';
import { meantNamespaces, peersThat } from '../../peer-fit.ts';
import { defineRule } from '../../rule.ts';

export const peersBothNotEither = defineRule({
  id: 'peers-both-not-either',
  catalogue: ['NP036'],
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['joined'],
  check(context, report) {
    for (const { spot, peer, fit } of peersThat(context, 'both-for-either')) {
      const facts = {
        peer: `\`${spot.policy.ref}\` ${spot.peerName}`,
        namespaces: firstNames(meantNamespaces(context, peer)),
        own: spot.policy.namespace ?? '',
        pods: firstNames(fit.pods.map(({ workload }) => workload)),
      };
      report('joined', facts, peer.pods?.origin ?? peer.origin, { related: [fit.pods[0]?.labelsOrigin] });
    }
  },
});
