// kube-router's policy controller, which k3s and k0s carry inside. The one that answers denied packets instead of dropping them,
// and the one that departs from the API in some shapes of policy (policy/departures.ts).
// The values are for Services translated by kube-proxy, as in k3s.
import type { ProfileWords } from './words.ts';

const HOST_SOURCE = 'ignored in selectors; node IP only [S: kube-router#1135, pod.go; R: kube-router 2.9.0]';

const NOTES =
  'DEPARTS FROM THE API, also inside k3s and k0s (their builds not run): some shapes of NetworkPolicy are open ' +
  'though the API denies (leak, unresolved, everyone, shared), some shut though it allows (except, everyone, ' +
  'blockname, v6any): semantics.md D.5 [S: netpol/policy.go, pod.go of v2.9.0 and HEAD 7c2c277; R: kube-router ' +
  '2.9.0, all but v6any]. k3s leaves iptables rules behind when the controller is disabled (clean with ' +
  'iptables-save | grep -v KUBE-ROUTER) [S: k3s docs]';

export const kubeRouter: ProfileWords = {
  title: 'kube-router (also inside k3s)',
  evidence: {
    enforces: 'yes (k3s embeds its netpol controller by default; --disable-network-policy turns it off) [S: k3s docs]',
    ipBlockMatchesPod: 'yes (ipset hash:net) [S: policy.go; R: kube-router 2.9.0]; several ipBlocks in one rule: see notes',
    ipBlockMatchesNode: HOST_SOURCE,
    ipBlockMatchesServiceAddress:
      "no with kube-proxy/k3s (post-DNAT) [R: kube-router 2.9.0]; with kube-router's own IPVS proxy some versions " +
      'checked the VIP too [S: kube-router#905]',
    selectorsMatchHostNetwork: HOST_SOURCE,
    policesHostNetworkSubject: 'no [S: pod.go; R: kube-router 2.9.0]',
    localNodeToPod:
      "local node always, whoever owns the process: rule '--src-type LOCAL -d podIP ACCEPT' [S: pod.go; R: kube-router 2.9.0]",
    podToOwnNode:
      'policed: denied TCP and UDP are refused, SCTP is dropped; ping passes; the NodePort range (30000-32767) of the ' +
      'own node stays open, INPUT returns first [R: kube-router 2.9.0], and so does the Service range [S: ' +
      'network_policy_controller.go]',
    endPort: 'yes [S: netpol/policy.go; R: kube-router 2.9.0]',
    sctp: 'yes (ipset/iptables proto 132) [R: kube-router 2.9.0]',
    namedPorts: 'yes, but see notes: four departures (unresolved, everyone, shared, blockname) [S: policy.go; R: kube-router 2.9.0]',
    namedPortsOfInitContainers: 'no [R: kube-router 2.9.0]',
    icmpWhenIsolated:
      'ping WORKS both ways: echo-request, destination-unreachable, time-exceeded always accepted in the policy chains ' +
      '(CommonICMPRules) [S: kube-router docs/troubleshooting + code; R: kube-router 2.9.0]',
    establishedCutOnDeny: 'no: RELATED,ESTABLISHED accepted first [S: pod.go; R: kube-router 2.9.0]',
    startup: 'yes: rules appear at next sync; pods open meanwhile [R: kube-router 2.9.0]',
    agentDown: 'rules stay; a new pod is open, both ways, until the agent is back [R: kube-router 2.9.0]',
    denyResponse:
      "REJECT (icmp-port-unreachable), TCP and UDP => client sees 'Connection refused' immediately [S: pod.go; R: kube-router 2.9.0]",
    adminPolicies: 'no [M]',
    ownPolicies: 'reads neither kind [M]',
    departures: NOTES,
    nodePortSource: 'node, as with every kube-proxy: what is sent on to another node is masqueraded [S: semantics A.4]',
    baselineAfterNetworkPolicy: 'n/a (no such kinds)',
  },
  observability:
    "NFLOG group 100 per pod ('rule to log dropped traffic POD name:…') rate-limited; tcpdump -ni nflog:100; " +
    'kube_router_* sync metrics [S: pod.go; M]',
  notes: NOTES,
};
