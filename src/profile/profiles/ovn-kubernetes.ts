// OVN-Kubernetes, the network of OpenShift. Whether an ipBlock reaches a node address is not in its evidence, so it stays unknown.
// The special namespace label for host traffic is in the evidence; ordinary selectors do not match it.
import { fromMemory, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

const HOST_SOURCE =
  'not matched by ordinary selectors; special namespace label policy-group.k8s.ovn.org/host-network / ' +
  'policy-group.network.openshift.io/host-network lets a namespaceSelector match host traffic [S: ovn-k PR 2093, ' +
  'OpenShift docs]';

export const ovnKubernetes: Profile = {
  name: 'ovn-kubernetes',
  title: 'OVN-Kubernetes',
  cells: {
    enforces: untagged('yes', 'yes'),
    ipBlockMatchesPod: sourced('yes', "yes ('internal or external') [S: network-policy.md]"),
    ipBlockMatchesNode: notEstablished(HOST_SOURCE),
    ipBlockMatchesServiceAddress: sourced('no', 'no: egress ACLs after load-balancing [S: ovn-k PR 370]'),
    selectorsMatchHostNetwork: sourced('no', HOST_SOURCE),
    policesHostNetworkSubject: sourced('no', 'no: unaffected by policy [S: OpenShift docs]'),
    localNodeToPod: sourced('always', 'resident node cannot be blocked [S: OKD docs]'),
    podToOwnNode: notEstablished('unknown'),
    endPort: fromMemory('yes', 'yes [M]'),
    sctp: sourced('yes', 'yes [S: OpenShift docs list TCP, UDP, ICMP, SCTP]'),
    namedPorts: sourced('yes', 'yes [S: network-policy.md]'),
    namedPortsOfInitContainers: notEstablished('unknown'),
    icmpWhenIsolated: sourced(
      'dropped',
      'dropped: default ACL drops all but ARP/ND; port-less rule admits ICMP [S: network-policy.md, OpenShift docs]',
    ),
    establishedCutOnDeny: sourced('cut', 'YES: evaluated per packet [S: network-policy-api #305]'),
    startup: notEstablished('unknown'),
    agentDown: notEstablished('unknown'),
    denyResponse: sourced('drop', 'DROP [S]'),
    adminPolicies: sourced('anp', 'ANP/BANP standard + nodes/networks [S: npa implementations]'),
    ownPolicies: untagged('none', 'OVN-Kubernetes has kinds of its own'),
    departures: notEstablished('unknown'),
    nodePortSource: notEstablished('unknown'),
    baselineAfterNetworkPolicy: fromMemory('direction', 'direction [M]'),
  },
  observability:
    'namespace annotation k8s.ovn.org/acl-logging: \'{"deny":"alert","allow":"notice"}\' -> ' +
    '/var/log/ovn/acl-audit-log.log (name=…, verdict=drop, severity=…, direction=to-lport|from-lport) [S]',
  notes:
    "ipBlock except is part of the allow's own match (src == cidr && src != except), so it stays additive [S: " +
    'ovn-kubernetes PR 1674 (2020), go-controller gress_policy.go at 8871cd9; not run]. Its network-policy.md still ' +
    'tells of a drop ACL at 1010: out of date; DNS pods on 5353 in OpenShift',
};
