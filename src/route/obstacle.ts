// What can be wrong on the way, before any policy is asked: a name that means nothing, or a way that is broken.
// Codes with facts and places; the words are made in explain/.
import type { Origin } from '../model/origin.ts';
import type { Facts } from '../model/problem.ts';

/** Why a text is no end of a connection. With any of these there is no answer, only a hint (exit code 2). */
export const END_ERROR_CODES = [
  'empty-name', // {}
  'too-long', // { length, limit }
  'bad-name', // { text, name }: a character that no Kubernetes or host name has
  'bad-label', // { text, label }: no key=value that a pod can carry, or a key twice
  'bad-port', // { text, port, reason: 'range' | 'name' | 'several' | 'empty' }
  'bad-icmp-type', // { text, type }
  'icmp-has-no-port', // { text, port, end }
  'bad-address', // { text, address }
  'bad-range', // { text, range }
  'unknown-kind', // { text, kind, nearest }
  'too-many-parts', // { text }
  'several-hosts', // { text, hosts }
  'not-a-network-name', // { text, scheme }: unix:// and file:// leave no network
  'unknown-name', // { namespace, name, kind?, nearest, elsewhere }
  'unknown-namespace', // { namespace, name, nearest, elsewhere, nearestKind }
  'unknown-node', // { name, nearest }
  'ambiguous-name', // { name, candidates }
  'port-needed', // { to, ports }: nothing says which port is meant
  'service-as-source', // { service, ... }: a Service that has no pods starts no connection
  'not-readable', // { name, resources }: nothing of that name among what may be read, and these lists may not
] as const;

export interface EndError {
  readonly kind: 'error';
  readonly code: (typeof END_ERROR_CODES)[number];
  readonly facts: Facts;
}

export function endError(code: EndError['code'], facts: Facts): EndError {
  return { kind: 'error', code, facts };
}

/** What is, or may be, broken on the way. Each has a documented page. */
export const OBSTACLE_CODES = [
  'name-not-in-dns', // { host, tried, reason, works, means? }
  'name-not-published', // { host, service, pod, state }: the record of one pod, which a headless Service has only while the pod is ready
  'lookup-refused', // { host, rules, names }: DNS rules of Cilium let the pod look up other names
  'names-not-learnt', // { host, rule }: Cilium sees no lookup of the pod, and learns no address of the name
  'request-refused', // { request, rules, passing, methods }: HTTP rules of Cilium let other requests through
  'ping-to-a-service', // { service, pods }: the address of a Service takes its ports alone
  'service-port-missing', // { service, port, ports, targetPortOf?, containerPort?, nodePortOf? }
  'protocol-mismatch', // { service, port, protocol, found }
  'selector-matches-nothing', // { service, selector }
  'no-ready-endpoint', // { service, ready, total, source: 'endpoints' | 'pods' }
  'scaled-to-zero', // { workload }
  'target-port-missing', // { service, targetPort, protocol, pods, declared, otherProtocol? }
  'endpoint-port-missing', // { service, port, name, protocol, found, endpointName? }: endpoints written by hand name their ports otherwise
  'target-port-undeclared', // { pods, port, protocol, declared }
  'port-name-missing', // { port, protocol, pods, declared, otherProtocol? }: a port name asked of a pod or workload
  'service-port-on-a-pod', // { service, port, targetPort, pods }: the Service translates this port, a pod does not
  'headless-port-not-translated', // { service, port, targetPort, pods }
  'endpoints-unknown', // { service }: no selector, and no Endpoints or EndpointSlice in the input
  'external-name-loop', // { service, names }
  'no-common-family', // { source, destination, sourceFamilies, destinationFamilies }: one end is IPv4 only, the other IPv6 only
  'pod-completed', // { pod, phase, side }
  'pod-pending', // { pod, side }
  'pod-not-ready', // { pod, terminating, side }
  'ingress-no-path', // { ingress: 'Ingress shop/web', host, path, paths }
  'ingress-backend-missing', // { ingress, service, nearest }
  'ingress-backend-port-missing', // { ingress, service, port, ports }
  'gateway-missing', // { route, gateway, nearest }: the Gateway of a route is not in the input, and others are
  'gateway-listener-missing', // { route, gateway, wanted, listeners }
  'gateway-refuses-kind', // { route, gateway, kind, listeners }
  'gateway-refuses-namespace', // { route, gateway, namespace, listeners }
  'gateway-host-differs', // { route, gateway, hosts, listeners }
  'reference-grant-missing', // { route, service, namespace, from, kind }
  'route-redirects', // { route }: the Gateway answers by itself
  'route-without-backend', // { route }
  'gateway-on-node', // { class }: the proxy runs on the nodes, under an identity that is neither pod nor address
  'host-port-pod-unplaced', // { node, hostPort, port, pods }: whether the pods run on that node is not in the input
  'no-endpoint-on-node', // { service, node, pods }: externalTrafficPolicy Local, and no pod on the node that was asked
  'not-read', // { resources }: lists of a live cluster that may not be read, and that would decide it
  'mesh-port-shut', // { source, destination, port, policies }: both ends are in the ambient mesh, whose traffic arrives on another port
  'resolver-unknown', // { pod, nameservers }: whether this resolver knows the cluster's names is not in the input
] as const;
export type ObstacleCode = (typeof OBSTACLE_CODES)[number];

/**
 * `broken`: the connection fails whatever policies say. `open`: the input does not tell whether it does.
 * `warning`: it works as far as the input tells, but hardly as it was meant.
 */
export interface Obstacle {
  readonly code: ObstacleCode;
  readonly severity: 'broken' | 'open' | 'warning';
  /** It breaks the way to some of the pods, and the others can be reached. */
  readonly partly?: true;
  readonly facts: Facts;
  /** Where the cause is written. */
  readonly origin?: Origin;
  /** Further places: the label that differs from the selector, the container that declares another port. */
  readonly also?: readonly Origin[];
}

/** What is worth saying and is no obstacle. */
export const NOTE_CODES = [
  'selector-near-miss', // { service, workload, key, wanted, found?, namespace? }
  'headless', // { service }
  'external-name', // { service, externalName, inside }
  'external-host', // { host, byName? }: policies name addresses, not host names, unless rules with DNS names do
  'endpoints-by-hand', // { service }
  'control-plane', // { service }: default/kubernetes leads to the API server, which is no pod
  'by-service-address', // { service, address }
  'service-as-source', // { service }
  'source-port-ignored', // { port }
  'source-scaled-to-zero', // { workload }
  'hairpin', // { pod, service }: a pod that reaches itself through a Service; what policies do then is undefined
  'host-network', // { pods }
  'endpoint-pod-not-in-input', // { pod, service }
  'range-has-cluster-addresses', // { range, ends }
  'assumed-controller', // { class? }
  'load-balancer-is-source', // { class }: no controller pod is on the way, the load balancer outside is
  'ingress-path-is-controllers', // { ingress, path }: ImplementationSpecific
  'ingress-hosts-share-path', // { ingresses }: two Ingresses claim the same host and path
  'route-asks-more', // { route, conditions }: the only rule for the path asks for more than a URL shows
  'route-by-request', // { route, others }: other rules take requests with a method, header or query of theirs
  'route-shares-traffic', // { route, services }: the backends of the rule share its traffic
  'entry-not-checked', // { host }: how the client gets to the ingress controller is not in the input
  'cluster-ip-from-outside', // { service }: a Service without node port or load balancer, asked from outside
  'source-is-node', // { service, client, nodes }: externalTrafficPolicy Cluster puts a node's address on what arrives
  'source-may-be-node', // { service, client, nodes }: whether it does is up to the data plane
  'kubelet', // {}: the kubelet of the node that each pod runs on
  'node-port', // { node, nodePort, service, targetPort }
  'host-port', // { node, hostPort, port, pods }
  'request-passes', // { request, rules, passing, methods }: an HTTP rule of Cilium means the request
  'request-may-pass', // the same, and it looks at something that the URL does not show
  'hypothetical-pod', // { pod, namespace, isNamespaceKnown }: asked about by its labels; no such pod need exist
] as const;

export interface Note {
  readonly code: (typeof NOTE_CODES)[number];
  readonly facts: Facts;
  readonly origin?: Origin;
  readonly also?: readonly Origin[];
}
