// The Amazon VPC CNI with its network policy agent. Its egress program sees a packet before the Service address is translated.
// The profiles hold for clusters where enforcement was switched on; `enforces: no` in an override file says that it was not.
import type { CellWords, ProfileWords } from './words.ts';

const OBSERVABILITY =
  "/var/log/aws-routed-eni/network-policy-agent.log JSON lines msg 'Flow Info:' with Src IP, Dest Port, Proto, " +
  'Verdict ACCEPT|DENY; enable-policy-event-logs, CloudWatch option; aws-eks-na-cli ebpf … [S: agent README, issues]';

const NOTES =
  'LIMIT 24 unique port/protocol combos: older doc = per protocol per ingress/egress selector; newer doc = per ' +
  'resolved CIDR across ALL policies (selectors resolving to the same IP add up) [S: EKS guide old + new]. Selector ' +
  'peers reach Services only because the controller adds the ClusterIP of Services whose spec.selector satisfies the ' +
  'peer podSelector; headless skipped; if the peer label is not part of the Service selector, ClusterIP traffic is ' +
  'dropped [S: endpoints.go]. Service port must equal container port [S: EKS guide]. Second interfaces (Multus, V4 ' +
  'egress) unprotected [S].';

const AWS_VPC_CNI: CellWords = {
  enforces:
    'yes but OFF by default (enableNetworkPolicy=true); EC2 Linux only, not Fargate/Windows; one IP family per cluster; ' +
    'older docs: only pods with ownerReferences [S: EKS guide]',
  ipBlockMatchesPod: 'yes (IP LPM trie) [S: bpf source]; longest prefix wins, so overlapping CIDRs must be merged by the agent [M]',
  ipBlockMatchesNode: 'node IP only [M]',
  ipBlockMatchesServiceAddress:
    'YES: egress eBPF sits on the pod veth, before DNAT, and sees the VIP [S: network-policy-controller endpoints.go comment]',
  selectorsMatchHostNetwork: 'node IP only [M]',
  policesHostNetworkSubject: 'no [M]',
  localNodeToPod: 'local node allowed [M]',
  podToOwnNode: 'unknown',
  endPort: 'yes (start/end port in eBPF map) [S: tc.v4ingress.bpf.c]',
  sctp: 'yes (parsed) [S: same]',
  namedPorts: 'resolved by controller per pod; named port + ipBlock => rule skipped [S: endpoints.go]',
  namedPortsOfInitContainers: 'unknown',
  icmpWhenIsolated:
    'dropped unless a rule without ports matches (ANY protocol); even ICMP type 3 for an open flow was dropped [S: agent #90, #207]',
  establishedCutOnDeny:
    'mostly no: entry in agent conntrack bypasses rules [S: bpf source]; but flows opened before enforcement have no ' +
    'entry and their replies get dropped [S: agent #73, #175]',
  startup: 'YES: new pods start default-ALLOW until policies are configured [S: EKS guide]',
  agentDown: 'unknown',
  denyResponse: 'DROP [S: BPF_DROP]',
  adminPolicies:
    'upstream no; own networks.k8s.aws ClusterNetworkPolicy (Admin/Baseline) and DNS ApplicationNetworkPolicy on EKS ' +
    '[S: partially, M details]',
  ownPolicies: 'reads neither kind [M]',
  departures: 'unknown',
  nodePortSource: 'node, as with every kube-proxy: what is sent on to another node is masqueraded [S: semantics A.4]',
  baselineAfterNetworkPolicy: 'unknown',
};

export const awsVpcCniStandard: ProfileWords = {
  title: 'Amazon VPC CNI (standard mode)',
  evidence: AWS_VPC_CNI,
  observability: OBSERVABILITY,
  notes: NOTES,
};

export const awsVpcCniStrict: ProfileWords = {
  title: 'Amazon VPC CNI (strict mode)',
  evidence: {
    ...AWS_VPC_CNI,
    startup: 'no: pods start default-DENY; every pod (CoreDNS incl.) needs policies [S: EKS guide, partly M]',
  },
  observability: OBSERVABILITY,
  notes: NOTES,
};
