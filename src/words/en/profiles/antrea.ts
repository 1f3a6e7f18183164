// Antrea with AntreaProxy, as it is installed by default.
// Only its behaviour for Kubernetes policies; its own kinds are not covered.
import type { ProfileWords } from './words.ts';

export const antrea: ProfileWords = {
  title: 'Antrea',
  evidence: {
    enforces: 'yes',
    ipBlockMatchesPod: 'yes (OVS IP match) [M]',
    ipBlockMatchesNode: 'node IP only [M]',
    ipBlockMatchesServiceAddress: 'no with AntreaProxy (DNAT before egress tables) [M]',
    selectorsMatchHostNetwork: 'node IP only [M]',
    policesHostNetworkSubject: 'no (Node policies via ACNP nodeSelector) [M]',
    localNodeToPod: 'local node (antrea-gw0) always allowed [M]',
    podToOwnNode: 'unknown',
    endPort: 'yes [S: antrea docs for Antrea NP; K8s NP M]',
    sctp: 'yes [M]',
    namedPorts: 'yes [M]',
    namedPortsOfInitContainers: 'unknown',
    icmpWhenIsolated: 'dropped by default-drop flows; port-less rule admits [M]',
    establishedCutOnDeny: 'no: higher-priority rule for established connections [S: antrea PR 5381]',
    startup: 'unknown',
    agentDown: 'unknown',
    denyResponse: 'DROP for K8s NP; Antrea-native Reject sends RST/ICMP [S: log doc; M]',
    adminPolicies: 'ANP/BANP v1alpha1 standard [S: npa implementations]',
    ownPolicies: 'Antrea has kinds of its own',
    departures: 'unknown',
    nodePortSource: 'unknown: kube-proxy masquerades, AntreaProxy with proxyAll has modes that do not',
    baselineAfterNetworkPolicy: 'unknown',
  },
  observability:
    'namespace annotation networkpolicy.antrea.io/enable-logging="true" -> /var/log/antrea/networkpolicy/np.log, ' +
    "default drops logged as 'K8sNetworkPolicy … Drop' [S]; antrea_agent_denied_connection_count [S]; antctl traceflow; " +
    'kubectl get networkpolicystats [M]',
};
