// Both selectors in one peer where nobody fits both, and pods of the own namespace fit one.
import { listed } from '../../list-words.ts';
import { meantNamespaces, peersThat } from '../../peer-fit.ts';
import { defineRule } from '../../rule.ts';

export const peersBothNotEither = defineRule({
  id: 'peers-both-not-either',
  catalogue: ['NP036'],
  summary: 'both selectors in one peer where either was meant',
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: {
    joined: {
      text: '{peer} wants both selectors at once, and no pod of {namespaces} has these labels; pods of `{own}` have them ({pods})',
      hint: 'if either was meant, write two peers: a dash before each selector',
    },
  },
  check(context, report) {
    for (const { spot, peer, fit } of peersThat(context, 'both-for-either')) {
      const facts = {
        peer: `\`${spot.policy.ref}\` ${spot.peerName}`,
        namespaces: listed(meantNamespaces(context, peer)),
        own: spot.policy.namespace ?? '',
        pods: listed(fit.pods.map(({ workload }) => workload)),
      };
      report('joined', facts, peer.pods?.origin ?? peer.origin, { related: [fit.pods[0]?.labelsOrigin] });
    }
  },
});
