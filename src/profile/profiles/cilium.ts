// Cilium and the two managed platforms built on it. Pods and nodes have identities here, so address blocks never reach them.
// `policyCIDRMatchMode: nodes` and `--allow-localhost=policy` change single cells: that is what a user's override file is for.
import { type CellFacts, fromMemory, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

const CILIUM: CellFacts = {
  enforces: untagged('yes'),
  ipBlockMatchesPod: sourced('no'),
  ipBlockMatchesNode: sourced('no'),
  ipBlockMatchesServiceAddress: sourced('no'),
  selectorsMatchHostNetwork: sourced('no'),
  policesHostNetworkSubject: sourced('no'),
  localNodeToPod: sourced('unless-denied'),
  podToOwnNode: fromMemory('policed'),
  endPort: fromMemory('yes'),
  // Beta and switched off by default: what a given cluster does is not settled.
  sctp: notEstablished,
  namedPorts: fromMemory('yes'),
  namedPortsOfInitContainers: sourced('no'),
  icmpWhenIsolated: sourced('dropped'),
  establishedCutOnDeny: sourced('cut'),
  startup: sourced('none'),
  agentDown: notEstablished,
  denyResponse: sourced('drop'),
  adminPolicies: sourced('cnp'),
  ownPolicies: untagged('cilium'),
  departures: notEstablished,
  nodePortSource: notEstablished,
  baselineAfterNetworkPolicy: sourced('neither'),
};

export const ciliumKpr: Profile = {
  name: 'cilium-kpr',
  cells: CILIUM,
};

export const ciliumKubeproxy: Profile = {
  name: 'cilium-kubeproxy',
  cells: {
    ...CILIUM,
    ipBlockMatchesServiceAddress: fromMemory('no'),
  },
};

export const azureCilium: Profile = {
  name: 'azure-cilium',
  cells: {
    ...CILIUM,
    adminPolicies: sourced('none'),
    baselineAfterNetworkPolicy: notEstablished,
    ipBlockMatchesServiceAddress: fromMemory('no'),
  },
};

export const gkeDataplaneV2: Profile = {
  name: 'gke-dataplane-v2',
  cells: {
    ...CILIUM,
    adminPolicies: sourced('none'),
    ownPolicies: notEstablished,
    baselineAfterNetworkPolicy: notEstablished,
    ipBlockMatchesServiceAddress: fromMemory('no'),
  },
};
