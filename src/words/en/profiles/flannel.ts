// flannel alone: policies are stored by the API server and nobody enforces them.
// With a policy engine beside it, the profile is that engine's: canal, kube-router or kube-network-policies.
import type { ProfileWords } from './words.ts';

export const flannel: ProfileWords = {
  title: 'flannel',
  evidence: {
    enforces:
      'NO by default; since v0.25.5 Helm netpol.enabled=true adds kube-network-policies [S: flannel netpol.md]; k3s pairs ' +
      'flannel with kube-router',
    ipBlockMatchesPod: 'n/a',
    ipBlockMatchesNode: 'n/a',
    ipBlockMatchesServiceAddress: 'n/a',
    selectorsMatchHostNetwork: 'n/a',
    policesHostNetworkSubject: 'n/a',
    localNodeToPod: 'n/a',
    podToOwnNode: 'n/a',
    endPort: 'n/a',
    sctp: 'n/a',
    namedPorts: 'n/a',
    namedPortsOfInitContainers: 'n/a',
    icmpWhenIsolated: 'n/a',
    establishedCutOnDeny: 'n/a',
    startup: 'n/a',
    agentDown: 'n/a',
    denyResponse: 'n/a (packets always pass)',
    adminPolicies: 'no',
    ownPolicies: 'no',
    departures: 'n/a',
    nodePortSource: 'n/a',
    baselineAfterNetworkPolicy: 'n/a',
  },
  observability: 'none',
};
