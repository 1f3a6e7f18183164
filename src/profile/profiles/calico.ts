// Calico in its three data planes, and Canal, which is flannel with Calico's policy engine.
// Every evidence text is kept as the reference table has it, tags included.
import { type CellFacts, fromMemory, measured, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

const OBSERVABILITY =
  'no drop metric in OSS Felix: felix_* count programming, not packets [S: felix/prometheus.mdx]; metrics port 9091 ' +
  'off by default [M]; rule action Log -> kernel log prefix calico-packet [M]; iptables-save -c chains ' +
  'cali-tw-*/cali-fw-*; Whisker/Goldmane flow logs >=3.30 [M]';

/**
 * What Felix was seen to do. `ran` names the Felix that the measurement is of, and `own` the one behind the cells that were
 * measured for each data plane by itself.
 */
function felix(ran: string, own = ran): CellFacts {
  const hostSource =
    `node IP only (selectors never match) [R: ${ran}]; with IPIP/VXLAN the source of host->remote-pod traffic ` +
    "is the node's tunnel IP, so ipBlock on the node IP misses [M]";
  return {
    enforces: untagged('yes', 'yes'),
    ipBlockMatchesPod: measured('yes', `yes (plain IP match on nets) [S: conversion.go; R: ${own}]`),
    ipBlockMatchesNode: measured('yes', hostSource),
    ipBlockMatchesServiceAddress: measured('no', `no: workload policy is enforced after conntrack and DNAT [S: GNP reference; R: ${ran}]`),
    selectorsMatchHostNetwork: measured('no', hostSource),
    policesHostNetworkSubject: measured('no', `no; needs HostEndpoint + GlobalNetworkPolicy [S: GNP reference; R: ${ran}]`),
    localNodeToPod: measured(
      'always',
      `local node always allowed, whoever owns the process [S: k/types; R: ${ran}]; other nodes need ipBlock [R: ` + `${ran}]`,
    ),
    podToOwnNode: measured(
      'policed',
      "policed: denied egress is dropped, NodePorts of the own node too; ipBlock on the node's address opens it [R: " +
        `${ran}]. True for defaultEndpointToHostAction ACCEPT, as Calico's manifests set it; with Felix's built-in ` +
        'default DROP a pod never reaches its own node, with no policy and with an allow [R: Felix 3.32.1 iptables]',
    ),
    endPort: measured('yes', `yes [S: libcalico conversion.go; R: ${own}]`),
    sctp: measured('yes', `yes [S: rule reference lists SCTP; R: ${own}]`),
    namedPorts: measured('yes', `yes, per endpoint, CPU-expensive [S: _ports.mdx; R: ${own}]`),
    namedPortsOfInitContainers: measured(
      'yes',
      `yes, of sidecars and of plain init containers [S: libcalico workload_endpoint_default.go; R: ${ran}]`,
    ),
    icmpWhenIsolated: measured(
      'dropped',
      'dropped; a rule without ports matches every protocol incl. ICMP, a rule with ports admits no ping [S: ' +
        `conversion.go nil-port => nil protocol; R: ${ran}]; related errors pass [M]`,
    ),
    establishedCutOnDeny: measured('kept', `no [S: calico#6399, #11334 (open request to flush conntrack), istio#5815; R: ${ran}]`),
    startup: measured(
      'closed-window',
      `pod starts with traffic blocked until Felix programs it (late allow, not late deny) [R: ${ran}]; CNI ` +
        'option policy_setup_timeout_seconds (default 0) waits [S: operator CNI config]; policy-only on AKS: short ' +
        'outbound delay at start [S: AKS docs]',
    ),
    agentDown: measured('rules-stay', `rules stay; a new pod is shut until Felix is back [R: ${ran}]`),
    denyResponse: measured('drop', `DROP [R: ${own}] (Felix option to REJECT in iptables mode [M])`),
    adminPolicies: measured(
      'both',
      `ANP/BANP standard+networks in v3.29-3.31; CNP standard in v3.32 [S: npa implementations; R: ${ran}, CNP]`,
    ),
    ownPolicies: untagged('calico', 'NetworkPolicy and GlobalNetworkPolicy of projectcalico.org'),
    departures: measured('none', `none in the worlds of semantics.md D [R: ${own}]`),
    nodePortSource: sourced('node', 'node, as with every kube-proxy: what is sent on to another node is masqueraded [S: semantics A.4]'),
    baselineAfterNetworkPolicy: measured('direction', `direction [R: ${ran}]`),
  };
}

export const calicoIptables: Profile = {
  name: 'calico-iptables',
  title: 'Calico (iptables)',
  cells: felix('Felix 3.32.1'),
  observability: OBSERVABILITY,
};

const HOST_SOURCE =
  "node IP only (selectors never match); with IPIP/VXLAN the source of host->remote-pod traffic is the node's " +
  'tunnel IP, so ipBlock on the node IP misses [M]';

export const calicoEbpf: Profile = {
  name: 'calico-ebpf',
  title: 'Calico (eBPF)',
  cells: {
    enforces: untagged('yes', 'yes'),
    ipBlockMatchesPod: sourced('yes', 'yes (plain IP match on nets) [S: conversion.go]'),
    ipBlockMatchesNode: fromMemory('yes', HOST_SOURCE),
    ipBlockMatchesServiceAddress: fromMemory('no', 'no: NAT resolved before the policy program [M]'),
    selectorsMatchHostNetwork: fromMemory('no', HOST_SOURCE),
    policesHostNetworkSubject: sourced('no', 'no; needs HostEndpoint + GlobalNetworkPolicy [S: GNP reference]'),
    localNodeToPod: fromMemory('always', 'local node always allowed [M; API contract S: k/types]; other nodes need ipBlock'),
    podToOwnNode: notEstablished('unknown'),
    endPort: sourced('yes', 'yes [S: libcalico conversion.go]'),
    sctp: sourced('yes', 'yes [S: rule reference lists SCTP]'),
    namedPorts: sourced('yes', 'yes, per endpoint, CPU-expensive [S: _ports.mdx]'),
    namedPortsOfInitContainers: sourced('yes', 'yes, of sidecars and of plain init containers [S: libcalico workload_endpoint_default.go]'),
    icmpWhenIsolated: sourced(
      'dropped',
      'dropped; a rule without ports matches every protocol incl. ICMP [S: conversion.go nil-port => nil protocol]; ' +
        'related errors pass [M]',
    ),
    establishedCutOnDeny: fromMemory('kept', 'no: conntrack fast path skips policy [M; same class S: calico#6399]'),
    startup: fromMemory('closed-window', 'as calico-iptables [M]'),
    agentDown: notEstablished('unknown'),
    denyResponse: fromMemory('drop', 'DROP (Felix option to REJECT in iptables mode [M])'),
    adminPolicies: sourced('both', 'ANP/BANP standard+networks in v3.29-3.31; CNP standard in v3.32 [S: npa implementations]'),
    ownPolicies: untagged('calico', 'NetworkPolicy and GlobalNetworkPolicy of projectcalico.org'),
    departures: notEstablished('unknown'),
    nodePortSource: fromMemory('client', 'client, also with externalTrafficPolicy Cluster [M]'),
    baselineAfterNetworkPolicy: fromMemory('direction', 'direction [M; same tiers as calico-iptables, not run]'),
  },
  observability: 'calico-node -bpf policy dump <iface> all; -bpf counters; bpf Log; flow logs >=3.30 [M]',
  notes: 'preserves client source IP for NodePort/LB even with externalTrafficPolicy=Cluster, so ipBlock sees real clients ' + '[M]',
};

export const calicoNftables: Profile = {
  name: 'calico-nftables',
  title: 'Calico (nftables)',
  cells: {
    ...felix('Felix 3.32.1 iptables, same renderer', 'Felix 3.32.1 nftables'),
    ipBlockMatchesServiceAddress: measured('no', 'no (same hook order as iptables) [R: Felix 3.32.1 iptables, same renderer]'),
    startup: measured('closed-window', 'as calico-iptables [R: Felix 3.32.1 iptables, same renderer]'),
  },
  observability: 'nft list table ip calico counters; otherwise as calico-iptables [M]',
  notes:
    'Felix 3.32.1 with nft 1.0.6 took 18 random clusters and 38 e2e steps, but panicked after a dozen ' +
    'ClusterNetworkPolicy changes ("flush chain ... filter-cali-po-kcnp/...: No such file") and left its table empty ' +
    '[R]; old nft or Felix, not established',
};

export const canal: Profile = {
  name: 'canal',
  title: 'Canal (flannel with Calico policies)',
  cells: felix('Felix 3.32.1 as calico-iptables'),
  observability: OBSERVABILITY,
  notes: 'flannel networking + Calico (iptables) policy engine; same as calico-iptables',
};
