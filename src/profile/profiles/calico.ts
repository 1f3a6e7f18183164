// Calico in its three data planes, and Canal, which is flannel with Calico's policy engine.
import { type CellFacts, fromMemory, measured, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

/** What Felix was seen to do, with iptables and with nftables. */
const FELIX: CellFacts = {
  enforces: untagged('yes'),
  ipBlockMatchesPod: measured('yes'),
  ipBlockMatchesNode: measured('yes'),
  ipBlockMatchesServiceAddress: measured('no'),
  selectorsMatchHostNetwork: measured('no'),
  policesHostNetworkSubject: measured('no'),
  localNodeToPod: measured('always'),
  podToOwnNode: measured('policed'),
  endPort: measured('yes'),
  sctp: measured('yes'),
  namedPorts: measured('yes'),
  namedPortsOfInitContainers: measured('yes'),
  icmpWhenIsolated: measured('dropped'),
  establishedCutOnDeny: measured('kept'),
  startup: measured('closed-window'),
  agentDown: measured('rules-stay'),
  denyResponse: measured('drop'),
  adminPolicies: measured('both'),
  ownPolicies: untagged('calico'),
  departures: measured('none'),
  nodePortSource: sourced('node'),
  baselineAfterNetworkPolicy: measured('direction'),
};

export const calicoIptables: Profile = {
  name: 'calico-iptables',
  cells: FELIX,
};

export const calicoEbpf: Profile = {
  name: 'calico-ebpf',
  cells: {
    enforces: untagged('yes'),
    ipBlockMatchesPod: sourced('yes'),
    ipBlockMatchesNode: fromMemory('yes'),
    ipBlockMatchesServiceAddress: fromMemory('no'),
    selectorsMatchHostNetwork: fromMemory('no'),
    policesHostNetworkSubject: sourced('no'),
    localNodeToPod: fromMemory('always'),
    podToOwnNode: notEstablished,
    endPort: sourced('yes'),
    sctp: sourced('yes'),
    namedPorts: sourced('yes'),
    namedPortsOfInitContainers: sourced('yes'),
    icmpWhenIsolated: sourced('dropped'),
    establishedCutOnDeny: fromMemory('kept'),
    startup: fromMemory('closed-window'),
    agentDown: notEstablished,
    denyResponse: fromMemory('drop'),
    adminPolicies: sourced('both'),
    ownPolicies: untagged('calico'),
    departures: notEstablished,
    nodePortSource: fromMemory('client'),
    baselineAfterNetworkPolicy: fromMemory('direction'),
  },
};

export const calicoNftables: Profile = {
  name: 'calico-nftables',
  cells: FELIX,
};

export const canal: Profile = {
  name: 'canal',
  cells: FELIX,
};
