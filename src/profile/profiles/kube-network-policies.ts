// The reference implementation of the Kubernetes network SIG, and kindnet, which bundles it.
// kindnet before kind v0.24 enforces nothing, and both let every pod reach its own node before kube-network-policies v1.1.0;
// an override file can say so.
import { type CellFacts, measured, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

const KUBE_NETWORK_POLICIES: CellFacts = {
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
  namedPorts: untagged('yes'),
  namedPortsOfInitContainers: measured('no'),
  icmpWhenIsolated: measured('dropped'),
  establishedCutOnDeny: sourced('cut'),
  startup: measured('open-window'),
  agentDown: measured('pods-open'),
  denyResponse: measured('drop'),
  adminPolicies: sourced('both'),
  ownPolicies: untagged('none'),
  departures: measured('none'),
  nodePortSource: sourced('node'),
  baselineAfterNetworkPolicy: measured('any'),
};

export const kubeNetworkPolicies: Profile = {
  name: 'kube-network-policies',
  cells: KUBE_NETWORK_POLICIES,
};

export const kindnet: Profile = {
  name: 'kindnet',
  cells: {
    ...KUBE_NETWORK_POLICIES,
    enforces: sourced('yes'),
    // Which of the flavours kindnet carries is not said.
    adminPolicies: notEstablished,
  },
};
