// kube-router's policy controller, which k3s and k0s carry inside. The one that answers denied packets instead of dropping them,
// and the one that departs from the API in some shapes of policy (policy/departures.ts).
// The values are for Services translated by kube-proxy, as in k3s.
import { fromMemory, measured, notApplicable, type Profile, sourced } from '../profile.ts';

export const kubeRouter: Profile = {
  name: 'kube-router',
  cells: {
    enforces: sourced('yes'),
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
    namedPortsOfInitContainers: measured('no'),
    icmpWhenIsolated: measured('passes'),
    establishedCutOnDeny: measured('kept'),
    startup: measured('open-window'),
    agentDown: measured('rules-stay'),
    denyResponse: measured('reject'),
    adminPolicies: fromMemory('none'),
    ownPolicies: fromMemory('none'),
    departures: measured('kube-router'),
    nodePortSource: sourced('node'),
    baselineAfterNetworkPolicy: notApplicable,
  },
};
