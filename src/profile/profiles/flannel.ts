// flannel alone: policies are stored by the API server and nobody enforces them.
// With a policy engine beside it, the profile is that engine's: canal, kube-router or kube-network-policies.
import { notApplicable, type Profile, sourced, untagged } from '../profile.ts';

export const flannel: Profile = {
  name: 'flannel',
  title: 'flannel',
  cells: {
    enforces: sourced(
      'no',
      'NO by default; since v0.25.5 Helm netpol.enabled=true adds kube-network-policies [S: flannel netpol.md]; k3s pairs ' +
        'flannel with kube-router',
    ),
    ipBlockMatchesPod: notApplicable('n/a'),
    ipBlockMatchesNode: notApplicable('n/a'),
    ipBlockMatchesServiceAddress: notApplicable('n/a'),
    selectorsMatchHostNetwork: notApplicable('n/a'),
    policesHostNetworkSubject: notApplicable('n/a'),
    localNodeToPod: notApplicable('n/a'),
    podToOwnNode: notApplicable('n/a'),
    endPort: notApplicable('n/a'),
    sctp: notApplicable('n/a'),
    namedPorts: notApplicable('n/a'),
    namedPortsOfInitContainers: notApplicable('n/a'),
    icmpWhenIsolated: notApplicable('n/a'),
    establishedCutOnDeny: notApplicable('n/a'),
    startup: notApplicable('n/a'),
    agentDown: notApplicable('n/a'),
    denyResponse: notApplicable('n/a (packets always pass)'),
    adminPolicies: untagged('none', 'no'),
    ownPolicies: untagged('none', 'no'),
    departures: notApplicable('n/a'),
    nodePortSource: notApplicable('n/a'),
    baselineAfterNetworkPolicy: notApplicable('n/a'),
  },
  observability: 'none',
};
