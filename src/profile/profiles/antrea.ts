// Antrea with AntreaProxy, as it is installed by default.
// Only its behaviour for Kubernetes policies; its own kinds are not covered.
import { fromMemory, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

export const antrea: Profile = {
  name: 'antrea',
  title: 'Antrea',
  cells: {
    enforces: untagged('yes', 'yes'),
    ipBlockMatchesPod: fromMemory('yes', 'yes (OVS IP match) [M]'),
    ipBlockMatchesNode: fromMemory('yes', 'node IP only [M]'),
    ipBlockMatchesServiceAddress: fromMemory('no', 'no with AntreaProxy (DNAT before egress tables) [M]'),
    selectorsMatchHostNetwork: fromMemory('no', 'node IP only [M]'),
    policesHostNetworkSubject: fromMemory('no', 'no (Node policies via ACNP nodeSelector) [M]'),
    localNodeToPod: fromMemory('always', 'local node (antrea-gw0) always allowed [M]'),
    podToOwnNode: notEstablished('unknown'),
    endPort: fromMemory('yes', 'yes [S: antrea docs for Antrea NP; K8s NP M]'),
    sctp: fromMemory('yes', 'yes [M]'),
    namedPorts: fromMemory('yes', 'yes [M]'),
    namedPortsOfInitContainers: notEstablished('unknown'),
    icmpWhenIsolated: fromMemory('dropped', 'dropped by default-drop flows; port-less rule admits [M]'),
    establishedCutOnDeny: sourced('kept', 'no: higher-priority rule for established connections [S: antrea PR 5381]'),
    startup: notEstablished('unknown'),
    agentDown: notEstablished('unknown'),
    denyResponse: fromMemory('drop', 'DROP for K8s NP; Antrea-native Reject sends RST/ICMP [S: log doc; M]'),
    adminPolicies: sourced('anp', 'ANP/BANP v1alpha1 standard [S: npa implementations]'),
    ownPolicies: untagged('none', 'Antrea has kinds of its own'),
    departures: notEstablished('unknown'),
    nodePortSource: notEstablished('unknown: kube-proxy masquerades, AntreaProxy with proxyAll has modes that do not'),
    baselineAfterNetworkPolicy: notEstablished('unknown'),
  },
  observability:
    'namespace annotation networkpolicy.antrea.io/enable-logging="true" -> /var/log/antrea/networkpolicy/np.log, ' +
    "default drops logged as 'K8sNetworkPolicy … Drop' [S]; antrea_agent_denied_connection_count [S]; antctl traceflow; " +
    'kubectl get networkpolicystats [M]',
};
