// Antrea with AntreaProxy, as it is installed by default.
// Only its behaviour for Kubernetes policies; its own kinds are not covered.
import { fromMemory, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

export const antrea: Profile = {
  name: 'antrea',
  cells: {
    enforces: untagged('yes'),
    ipBlockMatchesPod: fromMemory('yes'),
    ipBlockMatchesNode: fromMemory('yes'),
    ipBlockMatchesServiceAddress: fromMemory('no'),
    selectorsMatchHostNetwork: fromMemory('no'),
    policesHostNetworkSubject: fromMemory('no'),
    localNodeToPod: fromMemory('always'),
    podToOwnNode: notEstablished,
    endPort: fromMemory('yes'),
    sctp: fromMemory('yes'),
    namedPorts: fromMemory('yes'),
    namedPortsOfInitContainers: notEstablished,
    icmpWhenIsolated: fromMemory('dropped'),
    establishedCutOnDeny: sourced('kept'),
    startup: notEstablished,
    agentDown: notEstablished,
    denyResponse: fromMemory('drop'),
    adminPolicies: sourced('anp'),
    ownPolicies: untagged('none'),
    departures: notEstablished,
    nodePortSource: notEstablished,
    baselineAfterNetworkPolicy: notEstablished,
  },
};
