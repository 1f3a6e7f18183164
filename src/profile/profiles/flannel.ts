// flannel alone: policies are stored by the API server and nobody enforces them.
// With a policy engine beside it, the profile is that engine's: canal, kube-router or kube-network-policies.
import { notApplicable, type Profile, sourced, untagged } from '../profile.ts';

export const flannel: Profile = {
  name: 'flannel',
  cells: {
    enforces: sourced('no'),
    ipBlockMatchesPod: notApplicable,
    ipBlockMatchesNode: notApplicable,
    ipBlockMatchesServiceAddress: notApplicable,
    selectorsMatchHostNetwork: notApplicable,
    policesHostNetworkSubject: notApplicable,
    localNodeToPod: notApplicable,
    podToOwnNode: notApplicable,
    endPort: notApplicable,
    sctp: notApplicable,
    namedPorts: notApplicable,
    namedPortsOfInitContainers: notApplicable,
    icmpWhenIsolated: notApplicable,
    establishedCutOnDeny: notApplicable,
    startup: notApplicable,
    agentDown: notApplicable,
    denyResponse: notApplicable,
    adminPolicies: untagged('none'),
    ownPolicies: untagged('none'),
    departures: notApplicable,
    nodePortSource: notApplicable,
    baselineAfterNetworkPolicy: notApplicable,
  },
};
