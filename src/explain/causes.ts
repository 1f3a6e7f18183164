// The causes an explanation can name: a stable code each, documented on a page of its own (docs/causes/<code>.md).
// The list is public API: codes are added, never renamed.

export const CAUSES = {
  'no-dns-egress': 'the source cannot ask its DNS server, so names do not resolve',
  'dns-udp-only': 'DNS over UDP is open, over TCP it is not: large answers fail',
  'peer-label-mismatch': 'a rule would let the peer in but for a label of its pod',
  'namespace-label-missing': 'a rule wants a label that the namespace of the peer does not have',
  'peer-needs-namespace-selector': 'a bare podSelector means pods of the policy’s own namespace, and the peer is in another one',
  'and-or': 'two selectors in one peer are both required; in two peers either is enough',
  'port-mismatch': 'a rule lets the peer in, on other ports',
  'service-port-instead-of-target-port': 'a rule names the port of the Service; policies see the port of the pod',
  'node-port-instead-of-target-port': 'a rule names a node port or host port; policies see the port of the pod',
  'named-port-missing': 'a rule names a port that the destination pod does not have by that name and protocol',
  'protocol-mismatch': 'a rule has the right port with another protocol',
  'end-port-ignored': 'the CNI does not support endPort and opens the first port of the range alone',
  'egress-types-without-rules': 'policyTypes says Egress and there is no egress rule, so nothing may leave',
  'policy-types-defaulted': 'policyTypes is absent, and the default isolates a direction that has no rules',
  'rules-ignored-by-policy-types': 'rules that would allow it are not in force, because policyTypes leaves their direction out',
  'ipblock-for-a-pod': 'an ipBlock is meant for addresses outside the cluster; whether it matches pods is up to the CNI',
  'service-address-not-opened':
    'the rule admits the pods, and this CNI opens the Service’s address only by the labels the Service selects by',
  'ipblock-for-a-service-address': 'an ipBlock names a Service address; policies see the pods behind it',
  'other-family': 'an ipBlock is of the other address family, which it never matches',
  'except-hole': 'the address lies in the except of an ipBlock',
  'one-side-only': 'one end allows the connection, the other end does not: both must',
  'host-network': 'a pod in its node’s network has no identity of its own; selectors do not match it',
  'cni-does-not-enforce': 'the CNI does not enforce NetworkPolicies at all',
  'isolated-with-no-rules': 'policies isolate the pod and none of them has a rule in this direction',
  'no-rule-matches': 'policies isolate the pod and none of their rules matches this peer',
  'profile-differs': 'Kubernetes leaves it to the CNI; choose a profile to decide it',
  'policy-unreadable': 'a policy that could touch the connection cannot be read',
  'address-unknown': 'an ipBlock could match, but the address of the pod is not in the input',
  'node-unknown': 'whether both ends share a node is not in the input',
  'enforcer-departs': 'the enforcer of this profile is known to do otherwise than the API means',
  'named-port-in-init-container': 'a port name is only declared by an init container or sidecar, which implementations treat differently',
  'families-differ': 'IPv4 and IPv6 get different verdicts',
  'equal-priority': 'two policies of one priority decide differently, and the API lets either come first',
  'nodes-unknown': 'a rule means nodes, and the input has no Node objects',
  'name-unresolved': 'a rule means a DNS name; which addresses it has shows only when a pod asks',
  'denied-by-rule': 'a rule that denies is asked before anything that could allow the connection',
} as const;

export type CauseCode = keyof typeof CAUSES;
