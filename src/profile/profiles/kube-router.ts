// kube-router's policy controller, which k3s and k0s carry inside. The one that answers denied packets instead of dropping them.
// The values are for Services translated by kube-proxy, as in k3s.
import { fromMemory, notEstablished, type Profile, sourced } from '../profile.ts';

const HOST_SOURCE = 'ignored in selectors; node IP only [S: kube-router#1135, pod.go]';

export const kubeRouter: Profile = {
  name: 'kube-router',
  title: 'kube-router (also inside k3s)',
  cells: {
    enforces: sourced('yes', 'yes (k3s embeds its netpol controller by default; --disable-network-policy turns it off) [S: k3s docs]'),
    ipBlockMatchesPod: sourced('yes', 'yes (ipset hash:net) [S: policy.go]'),
    ipBlockMatchesNode: sourced('yes', HOST_SOURCE),
    ipBlockMatchesServiceAddress: fromMemory(
      'no',
      "no with kube-proxy/k3s (post-DNAT) [M]; with kube-router's own IPVS proxy some versions checked the VIP too [S: " +
        'kube-router#905]',
    ),
    selectorsMatchHostNetwork: sourced('no', HOST_SOURCE),
    policesHostNetworkSubject: sourced('no', 'no [S: pod.go]'),
    localNodeToPod: sourced('always', "local node always: rule '--src-type LOCAL -d podIP ACCEPT' [S: pod.go]"),
    podToOwnNode: notEstablished('not established'),
    endPort: sourced('yes', 'yes [S: netpol/policy.go]'),
    sctp: fromMemory('yes', 'yes (ipset/iptables proto 132) [M]'),
    namedPorts: sourced('yes', 'yes [S: policy.go]'),
    icmpWhenIsolated: sourced(
      'passes',
      'ping WORKS: echo-request, destination-unreachable, time-exceeded always accepted in the policy chains ' +
        '(CommonICMPRules) [S: kube-router docs/troubleshooting + code]',
    ),
    establishedCutOnDeny: sourced('kept', 'no: RELATED,ESTABLISHED accepted first [S: pod.go]'),
    startup: fromMemory('open-window', 'yes: rules appear at next sync; pods open meanwhile [M]'),
    denyResponse: sourced('reject', "REJECT (icmp-port-unreachable) => client sees 'Connection refused' immediately [S: pod.go]"),
    adminPolicies: fromMemory('none', 'no [M]'),
  },
  observability:
    "NFLOG group 100 per pod ('rule to log dropped traffic POD name:…') rate-limited; tcpdump -ni nflog:100; " +
    'kube_router_* sync metrics [S: pod.go; M]',
  notes: 'k3s leaves iptables rules behind when the controller is disabled (clean with iptables-save | grep -v KUBE-ROUTER) [S: k3s docs]',
};
