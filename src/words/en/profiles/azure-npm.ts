// Azure Network Policy Manager on Linux nodes. Where Windows differs, the evidence says so and the value is that of Linux.
// Which features of a cluster it cannot serve (IPv6, size) is in the notes, not in cells.
import type { ProfileWords } from './words.ts';

const HOST_SOURCE = 'node IP; hostNetwork pods ignored in ipsets [S: acn PR 776]';

export const azureNpm: ProfileWords = {
  title: 'Azure Network Policy Manager',
  evidence: {
    enforces: 'yes (Linux; Windows Server 2022 preview)',
    ipBlockMatchesPod: 'yes (ipset nets) [M]',
    ipBlockMatchesNode: HOST_SOURCE,
    ipBlockMatchesServiceAddress: 'no (iptables FORWARD after DNAT) [M]',
    selectorsMatchHostNetwork: HOST_SOURCE,
    policesHostNetworkSubject: 'no [S: acn PR 776]',
    localNodeToPod: 'local node allowed (host OUTPUT not filtered) [M]',
    podToOwnNode: 'unknown',
    endPort: "yes on Linux ('fully supports the spec') [S: AKS docs]",
    sctp: 'Linux yes, Windows no [S]',
    namedPorts: 'Linux yes, Windows no [S]',
    namedPortsOfInitContainers: 'unknown',
    icmpWhenIsolated: 'unknown',
    establishedCutOnDeny: "no [M; S: 'never impacts active connections' for its rewrite race]",
    startup: 'yes; and on restart it deletes then re-adds all rules = temporary open window [S: AKS docs]',
    agentDown: 'unknown',
    denyResponse: 'DROP [M]',
    adminPolicies: 'no [M]',
    ownPolicies: 'reads neither kind [M]',
    departures: 'unknown',
    nodePortSource: 'node, as with every kube-proxy: what is sent on to another node is masqueraded [S: semantics A.4]',
    baselineAfterNetworkPolicy: 'n/a (no such kinds)',
  },
  observability: 'pod logs only; npm_* metrics count policies/latency [M]',
  notes:
    'no IPv6; 250 nodes / 20,000 pods limit; keep <=4 ipBlocks per policy [S: AKS docs]; Windows: no negative ' +
    'selectors, no except [S]; retirement announced (Windows 2026-09, Linux 2028-09) [M]',
};
