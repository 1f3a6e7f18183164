// Weave Net. The project is archived; the profile is for clusters that still run it.
// It is the one enforcing plugin that has no endPort.
import { fromMemory, notApplicable, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

export const weave: Profile = {
  name: 'weave',
  cells: {
    enforces: fromMemory('yes'),
    ipBlockMatchesPod: sourced('yes'),
    ipBlockMatchesNode: fromMemory('yes'),
    ipBlockMatchesServiceAddress: fromMemory('no'),
    selectorsMatchHostNetwork: fromMemory('no'),
    policesHostNetworkSubject: fromMemory('no'),
    localNodeToPod: fromMemory('always'),
    podToOwnNode: notEstablished,
    endPort: fromMemory('no'),
    sctp: notEstablished,
    namedPorts: fromMemory('yes'),
    namedPortsOfInitContainers: notEstablished,
    icmpWhenIsolated: notEstablished,
    establishedCutOnDeny: sourced('kept'),
    startup: notEstablished,
    agentDown: notEstablished,
    denyResponse: fromMemory('drop'),
    adminPolicies: untagged('none'),
    ownPolicies: fromMemory('none'),
    departures: notEstablished,
    nodePortSource: sourced('node'),
    baselineAfterNetworkPolicy: notApplicable,
  },
};
