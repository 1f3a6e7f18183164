// OVN-Kubernetes, the network of OpenShift. Whether an ipBlock reaches a node address is not in its evidence, so it stays unknown.
// The special namespace label for host traffic is in the evidence; ordinary selectors do not match it.
import { fromMemory, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

export const ovnKubernetes: Profile = {
  name: 'ovn-kubernetes',
  cells: {
    enforces: untagged('yes'),
    ipBlockMatchesPod: sourced('yes'),
    ipBlockMatchesNode: notEstablished,
    ipBlockMatchesServiceAddress: sourced('no'),
    selectorsMatchHostNetwork: sourced('no'),
    policesHostNetworkSubject: sourced('no'),
    localNodeToPod: sourced('always'),
    podToOwnNode: notEstablished,
    endPort: fromMemory('yes'),
    sctp: sourced('yes'),
    namedPorts: sourced('yes'),
    namedPortsOfInitContainers: notEstablished,
    icmpWhenIsolated: sourced('dropped'),
    establishedCutOnDeny: sourced('cut'),
    startup: notEstablished,
    agentDown: notEstablished,
    denyResponse: sourced('drop'),
    adminPolicies: sourced('anp'),
    ownPolicies: untagged('none'),
    departures: notEstablished,
    nodePortSource: notEstablished,
    baselineAfterNetworkPolicy: fromMemory('direction'),
  },
};
