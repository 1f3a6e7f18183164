// Azure Network Policy Manager on Linux nodes. Where Windows differs, the evidence says so and the value is that of Linux.
// Which features of a cluster it cannot serve (IPv6, size) is in the notes, not in cells.
import { fromMemory, notApplicable, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

export const azureNpm: Profile = {
  name: 'azure-npm',
  cells: {
    enforces: untagged('yes'),
    ipBlockMatchesPod: fromMemory('yes'),
    ipBlockMatchesNode: sourced('yes'),
    ipBlockMatchesServiceAddress: fromMemory('no'),
    selectorsMatchHostNetwork: sourced('no'),
    policesHostNetworkSubject: sourced('no'),
    localNodeToPod: fromMemory('always'),
    podToOwnNode: notEstablished,
    endPort: sourced('yes'),
    sctp: sourced('yes'),
    namedPorts: sourced('yes'),
    namedPortsOfInitContainers: notEstablished,
    icmpWhenIsolated: notEstablished,
    establishedCutOnDeny: fromMemory('kept'),
    startup: sourced('open-window'),
    agentDown: notEstablished,
    denyResponse: fromMemory('drop'),
    adminPolicies: fromMemory('none'),
    ownPolicies: fromMemory('none'),
    departures: notEstablished,
    nodePortSource: sourced('node'),
    baselineAfterNetworkPolicy: notApplicable,
  },
};
