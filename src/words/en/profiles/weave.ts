// Weave Net. The project is archived; the profile is for clusters that still run it.
// It is the one enforcing plugin that has no endPort.
import type { ProfileWords } from './words.ts';

export const weave: ProfileWords = {
  title: 'Weave Net',
  evidence: {
    enforces: 'yes (project archived) [M]',
    ipBlockMatchesPod: 'yes when pod IP is used directly [S: kube-addon.md]',
    ipBlockMatchesNode: 'node IP only [M]',
    ipBlockMatchesServiceAddress: 'no [M]',
    selectorsMatchHostNetwork: 'node IP only [M]',
    policesHostNetworkSubject: 'no [M]',
    localNodeToPod: 'local node allowed [M]',
    podToOwnNode: 'unknown',
    endPort: 'no [M]',
    sctp: 'unknown',
    namedPorts: 'yes [M]',
    namedPortsOfInitContainers: 'unknown',
    icmpWhenIsolated: 'unknown',
    establishedCutOnDeny: 'no (flush request weave#2618 never done) [S]',
    startup: 'unknown',
    agentDown: 'unknown',
    denyResponse: 'DROP [M]',
    adminPolicies: 'no',
    ownPolicies: 'reads neither kind [M]',
    departures: 'unknown',
    nodePortSource: 'node: ingress is masqueraded [S]',
    baselineAfterNetworkPolicy: 'n/a (no such kinds)',
  },
  observability: "kubectl logs … weave-npc: 'TCP connection from A:p to B:p blocked by Weave NPC.' [S: kube-addon.md]",
  notes: 'ingress is masqueraded: ipBlock only useful with externalTrafficPolicy=Local; all multicast allowed by default [S]',
};
