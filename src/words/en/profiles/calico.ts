// Calico in its three data planes, and Canal, which is flannel with Calico's policy engine.
// Every evidence text is kept as the reference table has it, tags included.
import type { CellWords, ProfileWords } from './words.ts';

const OBSERVABILITY =
  'no drop metric in OSS Felix: felix_* count programming, not packets [S: felix/prometheus.mdx]; metrics port 9091 ' +
  'off by default [M]; rule action Log -> kernel log prefix calico-packet [M]; iptables-save -c chains ' +
  'cali-tw-*/cali-fw-*; Whisker/Goldmane flow logs >=3.30 [M]';

/**
 * What Felix was seen to do. `ran` names the Felix that the measurement is of, and `own` the one behind the cells that were
 * measured for each data plane by itself.
 */
function felix(ran: string, own = ran): CellWords {
  const hostSource =
    `node IP only (selectors never match) [R: ${ran}]; with IPIP/VXLAN the source of host->remote-pod traffic ` +
    "is the node's tunnel IP, so ipBlock on the node IP misses [M]";
  return {
    enforces: 'yes',
    ipBlockMatchesPod: `yes (plain IP match on nets) [S: conversion.go; R: ${own}]`,
    ipBlockMatchesNode: hostSource,
    ipBlockMatchesServiceAddress: `no: workload policy is enforced after conntrack and DNAT [S: GNP reference; R: ${ran}]`,
    selectorsMatchHostNetwork: hostSource,
    policesHostNetworkSubject: `no; needs HostEndpoint + GlobalNetworkPolicy [S: GNP reference; R: ${ran}]`,
    localNodeToPod: `local node always allowed, whoever owns the process [S: k/types; R: ${ran}]; other nodes need ipBlock [R: ${ran}]`,
    podToOwnNode:
      "policed: denied egress is dropped, NodePorts of the own node too; ipBlock on the node's address opens it [R: " +
      `${ran}]. True for defaultEndpointToHostAction ACCEPT, as Calico's manifests set it; with Felix's built-in ` +
      'default DROP a pod never reaches its own node, with no policy and with an allow [R: Felix 3.32.1 iptables]',
    endPort: `yes [S: libcalico conversion.go; R: ${own}]`,
    sctp: `yes [S: rule reference lists SCTP; R: ${own}]`,
    namedPorts: `yes, per endpoint, CPU-expensive [S: _ports.mdx; R: ${own}]`,
    namedPortsOfInitContainers: `yes, of sidecars and of plain init containers [S: libcalico workload_endpoint_default.go; R: ${ran}]`,
    icmpWhenIsolated:
      'dropped; a rule without ports matches every protocol incl. ICMP, a rule with ports admits no ping [S: ' +
      `conversion.go nil-port => nil protocol; R: ${ran}]; related errors pass [M]`,
    establishedCutOnDeny: `no [S: calico#6399, #11334 (open request to flush conntrack), istio#5815; R: ${ran}]`,
    startup:
      `pod starts with traffic blocked until Felix programs it (late allow, not late deny) [R: ${ran}]; CNI ` +
      'option policy_setup_timeout_seconds (default 0) waits [S: operator CNI config]; policy-only on AKS: short ' +
      'outbound delay at start [S: AKS docs]',
    agentDown: `rules stay; a new pod is shut until Felix is back [R: ${ran}]`,
    denyResponse: `DROP [R: ${own}] (Felix option to REJECT in iptables mode [M])`,
    adminPolicies: `ANP/BANP standard+networks in v3.29-3.31; CNP standard in v3.32 [S: npa implementations; R: ${ran}, CNP]`,
    ownPolicies: 'NetworkPolicy and GlobalNetworkPolicy of projectcalico.org',
    departures: `none in the worlds of semantics.md D [R: ${own}]`,
    nodePortSource: 'node, as with every kube-proxy: what is sent on to another node is masqueraded [S: semantics A.4]',
    baselineAfterNetworkPolicy: `direction [R: ${ran}]`,
  };
}

export const calicoIptables: ProfileWords = {
  title: 'Calico (iptables)',
  evidence: felix('Felix 3.32.1'),
  observability: OBSERVABILITY,
};

const HOST_SOURCE =
  "node IP only (selectors never match); with IPIP/VXLAN the source of host->remote-pod traffic is the node's " +
  'tunnel IP, so ipBlock on the node IP misses [M]';

export const calicoEbpf: ProfileWords = {
  title: 'Calico (eBPF)',
  evidence: {
    enforces: 'yes',
    ipBlockMatchesPod: 'yes (plain IP match on nets) [S: conversion.go]',
    ipBlockMatchesNode: HOST_SOURCE,
    ipBlockMatchesServiceAddress: 'no: NAT resolved before the policy program [M]',
    selectorsMatchHostNetwork: HOST_SOURCE,
    policesHostNetworkSubject: 'no; needs HostEndpoint + GlobalNetworkPolicy [S: GNP reference]',
    localNodeToPod: 'local node always allowed [M; API contract S: k/types]; other nodes need ipBlock',
    podToOwnNode: 'unknown',
    endPort: 'yes [S: libcalico conversion.go]',
    sctp: 'yes [S: rule reference lists SCTP]',
    namedPorts: 'yes, per endpoint, CPU-expensive [S: _ports.mdx]',
    namedPortsOfInitContainers: 'yes, of sidecars and of plain init containers [S: libcalico workload_endpoint_default.go]',
    icmpWhenIsolated:
      'dropped; a rule without ports matches every protocol incl. ICMP [S: conversion.go nil-port => nil protocol]; ' +
      'related errors pass [M]',
    establishedCutOnDeny: 'no: conntrack fast path skips policy [M; same class S: calico#6399]',
    startup: 'as calico-iptables [M]',
    agentDown: 'unknown',
    denyResponse: 'DROP (Felix option to REJECT in iptables mode [M])',
    adminPolicies: 'ANP/BANP standard+networks in v3.29-3.31; CNP standard in v3.32 [S: npa implementations]',
    ownPolicies: 'NetworkPolicy and GlobalNetworkPolicy of projectcalico.org',
    departures: 'unknown',
    nodePortSource: 'client, also with externalTrafficPolicy Cluster [M]',
    baselineAfterNetworkPolicy: 'direction [M; same tiers as calico-iptables, not run]',
  },
  observability: 'calico-node -bpf policy dump <iface> all; -bpf counters; bpf Log; flow logs >=3.30 [M]',
  notes: 'preserves client source IP for NodePort/LB even with externalTrafficPolicy=Cluster, so ipBlock sees real clients [M]',
};

export const calicoNftables: ProfileWords = {
  title: 'Calico (nftables)',
  evidence: {
    ...felix('Felix 3.32.1 iptables, same renderer', 'Felix 3.32.1 nftables'),
    ipBlockMatchesServiceAddress: 'no (same hook order as iptables) [R: Felix 3.32.1 iptables, same renderer]',
    startup: 'as calico-iptables [R: Felix 3.32.1 iptables, same renderer]',
  },
  observability: 'nft list table ip calico counters; otherwise as calico-iptables [M]',
  notes:
    'Felix 3.32.1 with nft 1.0.6 took 18 random clusters and 38 e2e steps, but panicked after a dozen ' +
    'ClusterNetworkPolicy changes ("flush chain ... filter-cali-po-kcnp/...: No such file") and left its table empty ' +
    '[R]; old nft or Felix, not established',
};

export const canal: ProfileWords = {
  title: 'Canal (flannel with Calico policies)',
  evidence: felix('Felix 3.32.1 as calico-iptables'),
  observability: OBSERVABILITY,
  notes: 'flannel networking + Calico (iptables) policy engine; same as calico-iptables',
};
