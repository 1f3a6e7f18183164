// OVN-Kubernetes, the network of OpenShift. Whether an ipBlock reaches a node address is not in its evidence, so it stays unknown.
// The special namespace label for host traffic is in the evidence; ordinary selectors do not match it.
import type { ProfileWords } from './words.ts';

const HOST_SOURCE =
  'not matched by ordinary selectors; special namespace label policy-group.k8s.ovn.org/host-network / ' +
  'policy-group.network.openshift.io/host-network lets a namespaceSelector match host traffic [S: ovn-k PR 2093, ' +
  'OpenShift docs]';

export const ovnKubernetes: ProfileWords = {
  title: 'OVN-Kubernetes',
  evidence: {
    enforces: 'yes',
    ipBlockMatchesPod: "yes ('internal or external') [S: network-policy.md]",
    ipBlockMatchesNode: HOST_SOURCE,
    ipBlockMatchesServiceAddress: 'no: egress ACLs after load-balancing [S: ovn-k PR 370]',
    selectorsMatchHostNetwork: HOST_SOURCE,
    policesHostNetworkSubject: 'no: unaffected by policy [S: OpenShift docs]',
    localNodeToPod: 'resident node cannot be blocked [S: OKD docs]',
    podToOwnNode: 'unknown',
    endPort: 'yes [M]',
    sctp: 'yes [S: OpenShift docs list TCP, UDP, ICMP, SCTP]',
    namedPorts: 'yes [S: network-policy.md]',
    namedPortsOfInitContainers: 'unknown',
    icmpWhenIsolated: 'dropped: default ACL drops all but ARP/ND; port-less rule admits ICMP [S: network-policy.md, OpenShift docs]',
    establishedCutOnDeny: 'YES: evaluated per packet [S: network-policy-api #305]',
    startup: 'unknown',
    agentDown: 'unknown',
    denyResponse: 'DROP [S]',
    adminPolicies: 'ANP/BANP standard + nodes/networks [S: npa implementations]',
    ownPolicies: 'OVN-Kubernetes has kinds of its own',
    departures: 'unknown',
    nodePortSource: 'unknown',
    baselineAfterNetworkPolicy: 'direction [M]',
  },
  observability:
    'namespace annotation k8s.ovn.org/acl-logging: \'{"deny":"alert","allow":"notice"}\' -> ' +
    '/var/log/ovn/acl-audit-log.log (name=…, verdict=drop, severity=…, direction=to-lport|from-lport) [S]',
  notes:
    "ipBlock except is part of the allow's own match (src == cidr && src != except), so it stays additive [S: " +
    'ovn-kubernetes PR 1674 (2020), go-controller gress_policy.go at 8871cd9; not run]. Its network-policy.md still ' +
    'tells of a drop ACL at 1010: out of date; DNS pods on 5353 in OpenShift',
};
