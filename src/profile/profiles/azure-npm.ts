// Azure Network Policy Manager on Linux nodes. Where Windows differs, the evidence says so and the value is that of Linux.
// Which features of a cluster it cannot serve (IPv6, size) is in the notes, not in cells.
import { fromMemory, notApplicable, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

const HOST_SOURCE = 'node IP; hostNetwork pods ignored in ipsets [S: acn PR 776]';

export const azureNpm: Profile = {
  name: 'azure-npm',
  title: 'Azure Network Policy Manager',
  cells: {
    enforces: untagged('yes', 'yes (Linux; Windows Server 2022 preview)'),
    ipBlockMatchesPod: fromMemory('yes', 'yes (ipset nets) [M]'),
    ipBlockMatchesNode: sourced('yes', HOST_SOURCE),
    ipBlockMatchesServiceAddress: fromMemory('no', 'no (iptables FORWARD after DNAT) [M]'),
    selectorsMatchHostNetwork: sourced('no', HOST_SOURCE),
    policesHostNetworkSubject: sourced('no', 'no [S: acn PR 776]'),
    localNodeToPod: fromMemory('always', 'local node allowed (host OUTPUT not filtered) [M]'),
    podToOwnNode: notEstablished('unknown'),
    endPort: sourced('yes', "yes on Linux ('fully supports the spec') [S: AKS docs]"),
    sctp: sourced('yes', 'Linux yes, Windows no [S]'),
    namedPorts: sourced('yes', 'Linux yes, Windows no [S]'),
    namedPortsOfInitContainers: notEstablished('unknown'),
    icmpWhenIsolated: notEstablished('unknown'),
    establishedCutOnDeny: fromMemory('kept', "no [M; S: 'never impacts active connections' for its rewrite race]"),
    startup: sourced('open-window', 'yes; and on restart it deletes then re-adds all rules = temporary open window [S: AKS docs]'),
    agentDown: notEstablished('unknown'),
    denyResponse: fromMemory('drop', 'DROP [M]'),
    adminPolicies: fromMemory('none', 'no [M]'),
    ownPolicies: fromMemory('none', 'reads neither kind [M]'),
    departures: notEstablished('unknown'),
    nodePortSource: sourced('node', 'node, as with every kube-proxy: what is sent on to another node is masqueraded [S: semantics A.4]'),
    baselineAfterNetworkPolicy: notApplicable('n/a (no such kinds)'),
  },
  observability: 'pod logs only; npm_* metrics count policies/latency [M]',
  notes:
    'no IPv6; 250 nodes / 20,000 pods limit; keep <=4 ipBlocks per policy [S: AKS docs]; Windows: no negative ' +
    'selectors, no except [S]; retirement announced (Windows 2026-09, Linux 2028-09) [M]',
};
