// Calico in its three data planes, and Canal, which is flannel with Calico's policy engine.
// Every evidence text is kept as the reference table has it, tags included.
import { type Facts, fromMemory, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

const HOST_SOURCE =
  "node IP only (selectors never match); with IPIP/VXLAN the source of host->remote-pod traffic is the node's tunnel " +
  'IP, so ipBlock on the node IP misses [M]';

const OBSERVABILITY =
  'no drop metric in OSS Felix: felix_* count programming, not packets [S: felix/prometheus.mdx]; metrics port 9091 ' +
  'off by default [M]; rule action Log -> kernel log prefix calico-packet [M]; iptables-save -c chains ' +
  'cali-tw-*/cali-fw-*; Whisker/Goldmane flow logs >=3.30 [M]';

const CALICO: Facts = {
  enforces: untagged('yes', 'yes'),
  ipBlockMatchesPod: sourced('yes', 'yes (plain IP match on nets) [S: conversion.go]'),
  ipBlockMatchesNode: fromMemory('yes', HOST_SOURCE),
  ipBlockMatchesServiceAddress: sourced('no', 'no: workload policy is enforced after conntrack and DNAT [S: GNP reference]'),
  selectorsMatchHostNetwork: fromMemory('no', HOST_SOURCE),
  policesHostNetworkSubject: sourced('no', 'no; needs HostEndpoint + GlobalNetworkPolicy [S: GNP reference]'),
  localNodeToPod: fromMemory('always', 'local node always allowed [M; API contract S: k/types]; other nodes need ipBlock'),
  podToOwnNode: notEstablished('not established'),
  endPort: sourced('yes', 'yes [S: libcalico conversion.go]'),
  sctp: sourced('yes', 'yes [S: rule reference lists SCTP]'),
  namedPorts: sourced('yes', 'yes, per endpoint, CPU-expensive [S: _ports.mdx]'),
  icmpWhenIsolated: sourced(
    'dropped',
    'dropped; a rule without ports matches every protocol incl. ICMP [S: conversion.go nil-port => nil protocol]; ' +
      'related errors pass [M]',
  ),
  establishedCutOnDeny: sourced('kept', 'no [S: calico#6399, #11334 (open request to flush conntrack), istio#5815]'),
  startup: fromMemory(
    'closed-window',
    'pod starts with traffic blocked until Felix programs it (late allow, not late deny) [M]; CNI option ' +
      'policy_setup_timeout_seconds (default 0) waits [S: operator CNI config]; policy-only on AKS: short outbound delay ' +
      'at start [S: AKS docs]',
  ),
  denyResponse: fromMemory('drop', 'DROP (Felix option to REJECT in iptables mode [M])'),
  adminPolicies: sourced('both', 'ANP/BANP standard+networks in v3.29-3.31; CNP standard in v3.32 [S: npa implementations]'),
};

export const calicoIptables: Profile = {
  name: 'calico-iptables',
  title: 'Calico (iptables)',
  cells: CALICO,
  observability: OBSERVABILITY,
};

export const calicoEbpf: Profile = {
  name: 'calico-ebpf',
  title: 'Calico (eBPF)',
  cells: {
    ...CALICO,
    ipBlockMatchesServiceAddress: fromMemory('no', 'no: NAT resolved before the policy program [M]'),
    establishedCutOnDeny: fromMemory('kept', 'no: conntrack fast path skips policy [M; same class S: calico#6399]'),
    startup: fromMemory('closed-window', 'as calico-iptables [M]'),
  },
  observability: 'calico-node -bpf policy dump <iface> all; -bpf counters; bpf Log; flow logs >=3.30 [M]',
  notes: 'preserves client source IP for NodePort/LB even with externalTrafficPolicy=Cluster, so ipBlock sees real clients [M]',
};

export const calicoNftables: Profile = {
  name: 'calico-nftables',
  title: 'Calico (nftables)',
  cells: {
    ...CALICO,
    ipBlockMatchesServiceAddress: fromMemory('no', 'no (same hook order as iptables) [M]'),
    establishedCutOnDeny: fromMemory('kept', 'no [M]'),
    startup: fromMemory('closed-window', 'as calico-iptables [M]'),
  },
  observability: 'nft list table ip calico counters; otherwise as calico-iptables [M]',
};

export const canal: Profile = {
  name: 'canal',
  title: 'Canal (flannel with Calico policies)',
  cells: CALICO,
  observability: OBSERVABILITY,
  notes: 'flannel networking + Calico (iptables) policy engine; same as calico-iptables',
};
