// What was seen, against what was decided: why it fits or does not, and what to look at next.
import type { SymptomAnswer } from '../../explain/symptom.ts';
import type { Look, SymptomReason } from '../../explain/symptom-codes.ts';

/** `{ text: 'denied packets are dropped …', look: ['probes still pass, …'] }`. Lower case, no full stop. */
export function symptomSentences({ because, look, facts }: SymptomAnswer): { readonly text: string; readonly look: readonly string[] } {
  const { profile, seconds = '', cause = 'broken Service' } = facts;
  const filled = (text: string) =>
    text.replaceAll('{profile}', profile).replaceAll('{seconds}', String(seconds)).replaceAll('{cause}', cause);
  return { text: filled(REASONS[because]), look: look.map((each) => filled(LOOK[each])) };
}

/** `{profile}`, `{seconds}` and `{cause}` stand for facts. */
const REASONS: Readonly<Record<SymptomReason, string>> = {
  'lookup-times-out-first': 'the name lookup times out first; resolvers wait 5 s or more for each try before they give up',
  'mesh-port-denied':
    'the application’s port is allowed, but between two pods of an ambient mesh all traffic uses the mesh’s own port, and that one is denied, so the client waits',
  'denied-is-rejected': 'this CNI rejects denied packets at once (connection refused), so a timeout must have another cause as well',
  'denied-is-dropped': 'denied packets are dropped without an answer, so the client waits until it times out',
  'no-endpoints-may-time-out': 'most proxies refuse connections to a Service without endpoints; on some they time out',
  'policies-allow': 'no NetworkPolicy stops this connection',
  'fits-where-denied': 'it fits wherever the connection is denied; some connections hang and others get through',
  'would-fit-a-denial': 'it would fit a denial, but it is not certain that there is one',
  'rejected-at-once': 'this CNI rejects denied packets, so the client gets "connection refused" at once',
  'drops-never-refuse': 'this CNI drops denied packets silently, so the refusal came from something that the packet reached',
  'few-cnis-reject': 'kube-router and k3s reject denied connections; nearly all other CNIs drop them silently',
  'kube-proxy-refuses': 'kube-proxy refuses at once when a Service has nothing to send to ({cause})',
  'rejected-until-known':
    'policies allow it, but {profile} learns the address of a new pod only with the next sync of its rules and rejects its connections until then. Short-lived pods (Jobs, CronJobs) hit this with their first connection',
  'reached-and-refused': 'policies allow it, so something that was reached refused the connection',
  'policies-do-not-reset': 'NetworkPolicies do not reset connections; the application, a proxy or a load balancer closed it',
  'dns-server-answered': 'a DNS server answered that the name does not exist; if a policy blocked DNS, you would see a timeout instead',
  'rejected-looks-refused': 'this CNI rejects denied packets with "connection refused", which is not "no route to host"',
  'unreachable-is-an-answer':
    '"no route to host" is an answer (ICMP), or an address that nothing has; CNIs that drop silently do not send it',
  'nxdomain-is-immediate': 'the name does not exist, and a DNS server that can be reached says so at once (NXDOMAIN)',
  'no-host-name-asked': 'you did not ask about a host name, so there is no lookup to check',
  'lookup-allowed': 'policies allow the lookup',
  'lookup-fails-late': 'the lookup gets no answer and fails after {seconds} s ("temporary failure in name resolution", EAI_AGAIN)',
  'every-lookup-waits': 'every lookup waits {seconds} s for nothing before it fails (attempts × timeout × nameservers)',
  'some-lookups-wait': 'a lookup that is denied waits up to {seconds} s before the resolver moves on',
  'one-family-first': 'clients try one address family first and wait before they fall back to the other',
  'denied-attempts-hang': 'denied attempts hang until they are retried elsewhere',
  'denied-hangs': 'a denied connection hangs until it times out; it is only slow if the client carries on without it',
  'policies-do-not-slow': 'policies either allow a connection or deny it; they do not slow anything down',
  'some-are-allowed': 'some of the pods, nodes or address families are allowed and others are not',
  'differs-by-pod-or-node': 'the answer may differ from pod to pod and from node to node',
  'always-denied': 'it is always denied, not just now and then',
  'always-the-same': 'policies give every attempt the same answer',
  'probes-are-allowed':
    'probes come from the pod’s own node, which always gets through, so policies fail a probe only if its check needs a connection that is denied',
  'node-may-be-denied': 'this CNI decides whether a node always reaches its own pods; ask with node/NAME as the source',
  'allowed-as-shown': 'policies allow it; the answer above shows the rule that allows it, or that no policy isolates the pod',
  'something-else-allows': 'policies deny new connections like this one, so something else let it through',
  'something-else-answers': 'according to the input the path is broken, so something else may have answered',
  'not-always-denied': 'it is not denied in every case',
  'http-answer-although-denied':
    'an HTTP answer came back, so the packets passed although NetworkPolicies deny them; something else answered',
  'http-answer': 'an HTTP answer came back; NetworkPolicies pass or drop packets and never answer in HTTP',
  'http-rule-refuses': 'Cilium’s proxy answers 403 to a request that no http rule means',
  'proxy-has-no-backend': 'a proxy in front had nothing to send to ({cause})',
  'proxy-answered': 'a proxy, ingress controller or mesh sidecar answered because it could not reach its backend',
  'client-reached-a-proxy':
    'an HTTP answer came back, so the client reached something: a proxy or ingress controller that could not reach its backend',
  'rules-admit-ping-alone': 'policies admit a ping between these pods and deny this port, so a ping that works says nothing about the port',
  'ping-is-denied-too':
    'policies deny the port, which fits, but they deny a ping as well, so something else let the ping through or answered it',
  'ping-left-to-the-cni':
    'Kubernetes leaves ping to the CNI: one that passes or fails says nothing about the port; a CNI profile decides it',
  'ping-asks-no-port': 'a ping only shows that the address answers; what is broken is behind the port ({cause})',
  'port-is-allowed-too': 'policies allow the port as well, so something that was reached does not serve it',
  'service-forwards-no-ping':
    'the address of a Service forwards its ports and nothing else, so a ping to it need not be answered although the port works',
  'ports-admit-no-ping': 'policies admit the port and deny the ping, because a rule that lists ports admits no ICMP',
  'ping-is-allowed-too': 'policies admit a ping as well, so something else drops it',
};

const LOOK: Readonly<Record<Look, string>> = {
  'process-listens': 'is the process listening on that port, on 0.0.0.0 and not only 127.0.0.1? (kubectl exec POD -- ss -ltn)',
  'ready-endpoints': 'does the Service have ready endpoints? (kubectl get endpointslices -l kubernetes.io/service-name=NAME)',
  'agent-healthy': 'is the CNI agent healthy on both nodes? Stale rules look like this (kubectl -n kube-system get ds)',
  'other-rules': 'cloud security groups, node firewalls, and policies of other kinds (Cilium, Calico, ClusterNetworkPolicy, mesh)',
  'opened-before-the-change': 'was the connection opened before the policy changed? Some CNIs keep established connections, some cut them',
  'only-first-seconds': 'does it fail only in the first seconds of a new pod? Then retry, or wait before the first connection',
  'same-labels': 'do all replicas have the same labels, even in the middle of a rollout? (kubectl get pods --show-labels -o wide)',
  'is-enforced': 'does the CNI enforce policies at all, on both nodes? (netverdict cni)',
  'probes-stay-green': 'probes still pass, because a node always reaches its own pods; ready does not mean reachable from elsewhere',
  'new-pod-is-open': 'is a pod new? On {profile} it is open until its policies are in place',
  'new-pod-is-shut': 'is a pod new? On {profile} nothing reaches it until its policies are in place',
  'new-pod-is-unknown': 'pods that just started: some CNIs allow or deny everything for seconds until their policies are in place',
  'dead-agent-opens': 'on {profile} everything passes on a node whose agent is down',
  'dead-agent-keeps-rules': 'on {profile} a node whose agent is down keeps its old rules; is the policy newer than that?',
  'allow-dns-first': 'allow DNS, then ask again',
  'allow-the-mesh-port': 'allow TCP 15008 beside the port of the application',
  ztunnel: 'ztunnel on both nodes (kubectl -n istio-system logs ds/ztunnel)',
  routing: 'routing, MTU, and the address that the client really dialled',
  'choose-cni': 'choose your CNI with --cni',
  'logs-along-the-path': 'logs of the destination, and of every proxy or sidecar in between',
  'idle-timeouts': 'idle timeouts of load balancers',
  'spelling-of-the-name':
    'the name: service.namespace.svc.cluster.local; a pod has one only through hostname and subdomain, under a headless Service, while it is ready',
  'search-list': 'the pod’s search list (kubectl exec POD -- cat /etc/resolv.conf)',
  'address-in-use': 'does the address still belong to a running pod? (kubectl get pods -A -o wide)',
  'node-firewall': 'a firewall on the node that rejects with icmp-host-prohibited (firewalld does), or a CNI that is configured to reject',
  'routes-between-nodes': 'routes between the nodes, security groups',
  'ask-with-the-host-name': 'ask with the host name that the program connects to',
  'dns-pods': 'are the DNS pods ready, and do they reach their upstream? (kubectl -n kube-system logs -l k8s-app=kube-dns)',
  'allow-dns-udp-and-tcp': 'allow DNS over UDP and TCP 53 to every nameserver',
  'search-list-multiplies': 'search lists and ndots multiply lookups (kubectl exec POD -- cat /etc/resolv.conf)',
  'cpu-limits': 'CPU limits of both ends',
  mtu: 'MTU',
  'what-the-probe-does': 'what the probe does (kubectl describe pod): does it call another service?',
  'ask-from-the-node': 'netverdict why node/NAME namespace/pod:PORT',
  'input-is-current': 'does the input match the cluster: the same labels, policies and namespaces? (netverdict snapshot)',
  'layer-7-rules': 'L7 rules: a mesh’s AuthorizationPolicy, Cilium http rules, a web application firewall',
  rbac: 'RBAC, if the destination is the API server (kubectl auth can-i)',
  'application-itself': 'the application itself',
  'ask-about-the-next-hop': 'ask about the next hop: netverdict why {ingress-controller} namespace/service',
  'mesh-answers': 'mesh sidecars: an L7 rule answers 403, a missing route 404 or 503',
};
