// Weave Net. The project is archived; the profile is for clusters that still run it.
// It is the one enforcing plugin that has no endPort.
import { fromMemory, notApplicable, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

export const weave: Profile = {
  name: 'weave',
  title: 'Weave Net',
  cells: {
    enforces: fromMemory('yes', 'yes (project archived) [M]'),
    ipBlockMatchesPod: sourced('yes', 'yes when pod IP is used directly [S: kube-addon.md]'),
    ipBlockMatchesNode: fromMemory('yes', 'node IP only [M]'),
    ipBlockMatchesServiceAddress: fromMemory('no', 'no [M]'),
    selectorsMatchHostNetwork: fromMemory('no', 'node IP only [M]'),
    policesHostNetworkSubject: fromMemory('no', 'no [M]'),
    localNodeToPod: fromMemory('always', 'local node allowed [M]'),
    podToOwnNode: notEstablished('unknown'),
    endPort: fromMemory('no', 'no [M]'),
    sctp: notEstablished('unknown'),
    namedPorts: fromMemory('yes', 'yes [M]'),
    namedPortsOfInitContainers: notEstablished('unknown'),
    icmpWhenIsolated: notEstablished('unknown'),
    establishedCutOnDeny: sourced('kept', 'no (flush request weave#2618 never done) [S]'),
    startup: notEstablished('unknown'),
    agentDown: notEstablished('unknown'),
    denyResponse: fromMemory('drop', 'DROP [M]'),
    adminPolicies: untagged('none', 'no'),
    ownPolicies: fromMemory('none', 'reads neither kind [M]'),
    departures: notEstablished('unknown'),
    nodePortSource: sourced('node', 'node: ingress is masqueraded [S]'),
    baselineAfterNetworkPolicy: notApplicable('n/a (no such kinds)'),
  },
  observability: "kubectl logs … weave-npc: 'TCP connection from A:p to B:p blocked by Weave NPC.' [S: kube-addon.md]",
  notes: 'ingress is masqueraded: ipBlock only useful with externalTrafficPolicy=Local; all multicast allowed by default [S]',
};
