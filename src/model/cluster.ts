// The cluster as every part of the engine sees it: read-only, defaulted, names resolved. Made by manifest/to-cluster.ts.
import type { Cidr } from '../net/cidr.ts';
import type { Family, Ip } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import { at, type Origin, type Path } from './origin.ts';
import type { Policy } from './policy.ts';
import type { Facts, Problem } from './problem.ts';
import { type Labels, labelRequirements, type Selector } from './selector.ts';

export interface Cluster {
  readonly namespaces: ReadonlyMap<string, Namespace>;
  /** Every pod, also completed ones; pods made from a workload's template where no real pod of it is in the input. */
  readonly pods: readonly Pod[];
  /** By `ns/name`. */
  readonly podByRef: ReadonlyMap<string, Pod>;
  /** By `ns/name[Kind]`. A pod without owner is a workload of its own: `ns/name[Pod]`. */
  readonly workloads: ReadonlyMap<string, Workload>;
  /** By `ns/name`. */
  readonly services: ReadonlyMap<string, Service>;
  readonly ingresses: readonly Ingress[];
  /** By name. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** The address family of pods whose addresses are not known; absent where the input shows none, or both. */
  readonly family?: Family;
  readonly policies: readonly Policy[];
  readonly problems: readonly Problem[];
  /** Kinds that were read past, with how many there were: `{ ConfigMap: 3 }`. */
  readonly otherKinds: ReadonlyMap<string, number>;
  /** How many Kubernetes objects were read in all. */
  readonly objectCount: number;
  /** Objects that later features look into (ConfigMap, ServiceMonitor…), as parsed, by kind. Not validated. */
  readonly extras: ReadonlyMap<string, readonly RawObject[]>;
  /** Objects of which an operator makes pods that are not in the input (Prometheus, Kafka …): nobody can say that nothing has a label. */
  readonly operated?: readonly OperatedObject[];
  /** Calico's, as far as they may deny something to their nodes; absent where there is none. */
  readonly hostEndpoints?: readonly HostEndpoint[];
}

/** An interface of a node, or all of them, that Calico's GlobalNetworkPolicies can select. */
export interface HostEndpoint {
  readonly name: string;
  readonly node: string | undefined;
  /** Of the interface: spec.expectedIPs. */
  readonly addresses: readonly Ip[];
  /** `interfaceName: '*'`, which means also those that lead to the node's own pods. */
  readonly everyInterface: boolean;
  readonly origin: Origin;
}

export interface OperatedObject extends RawObject {
  readonly kind: string;
}

/** The one whose pods may be missing in this namespace: none where real pods were read. */
export function operatedIn({ operated = [], pods }: Cluster, namespace: string): OperatedObject | undefined {
  const found = operated.find((object) => object.namespace === namespace);
  return found === undefined || pods.some((pod) => pod.namespace === namespace && !pod.template) ? undefined : found;
}

export interface RawObject {
  readonly name: string;
  readonly namespace: string;
  readonly value: unknown;
  readonly origin: Origin;
}

export interface Namespace {
  readonly name: string;
  /** Always with `kubernetes.io/metadata.name`, which the API server sets (1.21+). */
  readonly labels: Labels;
  /** True when no Namespace object was in the input and other objects only mention it: it may have labels we cannot see. */
  readonly implied: boolean;
  readonly origin: Origin | undefined;
  /** The object as parsed, when written. Not validated. */
  readonly value?: unknown;
}

/** Those of a namespace that the input does not mention: the name, which the API server sets. */
export function namespaceLabels({ namespaces }: Pick<Cluster, 'namespaces'>, name: string): Labels {
  return namespaces.get(name)?.labels ?? new Map([['kubernetes.io/metadata.name', name]]);
}

export interface Node {
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly Ip[];
  readonly podCidrs: readonly Cidr[];
  /** Those of its ends of VXLAN, IPIP or WireGuard tunnels, which pods of other nodes see of it; absent where nothing says that it has any. */
  readonly tunnelAddresses?: readonly Ip[];
  readonly ready: boolean | undefined;
  readonly origin: Origin | undefined;
}

export interface Pod {
  readonly name: string;
  readonly namespace: string;
  /** `shop/cart-6d4`. */
  readonly ref: string;
  readonly labels: Labels;
  /** Where the labels stand, from `origin` on: `['metadata', 'labels']`. */
  readonly labelsPath: Path;
  /** status.podIPs; empty when not known (a manifest, a pending pod). For a hostNetwork pod: its node's addresses. */
  readonly addresses: readonly Ip[];
  readonly node: string | undefined;
  /** status.hostIPs. */
  readonly hostAddresses: readonly Ip[];
  readonly hostNetwork: boolean;
  readonly ports: readonly ContainerPort[];
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown' | undefined;
  /** undefined: the input does not say (a manifest without status). */
  readonly ready: boolean | undefined;
  readonly terminating: boolean;
  /** Key into `Cluster.workloads`. */
  readonly workload: string;
  /** True when this pod stands for those that a workload's template would make. */
  readonly template: boolean;
  /** True for one replica of a StatefulSet that is made from its template (`ledger-0`): it stands for that one pod alone. */
  readonly replica?: true;
  readonly dns: PodDns;
  readonly origin: Origin;
  /** The PodSpec as parsed (containers, env…), for features that look deeper. Not validated. */
  readonly spec: unknown;
  /** The metadata as parsed (annotations…), of the pod or its template. Not validated. */
  readonly metadata?: unknown;
}

/** Where the labels stand (in the pod, or in its workload's template). */
export function labelsOrigin({ origin, labelsPath }: Pick<Pod, 'origin' | 'labelsPath'>): Origin {
  return labelsPath.length === 0 ? origin : at(origin, ...labelsPath);
}

export interface PodDns {
  readonly policy: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None';
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly hostname: string | undefined;
  readonly subdomain: string | undefined;
}

export interface ContainerPort {
  readonly name: string | undefined;
  readonly port: number;
  readonly protocol: Protocol;
  readonly container: string;
  /** Only `main` containers' names are sure to be resolved (semantics A.3); init and sidecar declarations are warned of. */
  readonly role: 'main' | 'init' | 'sidecar';
  /** The port of the node that leads here; `ip`: only on that address of the node. Absent: none, as for every host-network pod. */
  readonly hostPort?: { readonly port: number; readonly ip: Ip | undefined };
  /** From its pod's origin on: `['spec', 'containers', 0, 'ports', 1]`. Relative, so that the pods of one template share their ports. */
  readonly path: Path;
}

/** Where a port of this pod is declared. */
export function portOrigin(pod: Pick<Pod, 'origin'>, { path }: Pick<ContainerPort, 'path'>): Origin {
  return path.length === 0 ? pod.origin : at(pod.origin, ...path);
}

export interface Workload {
  /** `shop/cart[Deployment]`. */
  readonly ref: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** spec.replicas as written; undefined when absent or the kind has none. */
  readonly replicas: number | undefined;
  readonly pods: readonly Pod[];
  /** metadata.labels of the workload object itself (not of its pods). Empty for a workload only named by ownerReferences. */
  readonly labels: Labels;
  readonly origin: Origin;
  /** False: known only through its pods' ownerReferences. */
  readonly written: boolean;
  /** The object as parsed, when written. */
  readonly value: unknown;
}

export interface Service {
  readonly name: string;
  readonly namespace: string;
  /** `shop/cart`. */
  readonly ref: string;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  /** undefined: no selector (endpoints are managed by hand). */
  readonly selector: Labels | undefined;
  readonly selectorOrigin: Origin;
  /** Empty: not known (a manifest) unless `headless`. */
  readonly clusterIps: readonly Ip[];
  /** spec.ipFamilies as written; absent where the Service does not say. */
  readonly ipFamilies?: readonly Family[];
  readonly headless: boolean;
  readonly externalName: string | undefined;
  readonly externalTrafficPolicy: 'Cluster' | 'Local' | undefined;
  readonly publishNotReadyAddresses: boolean;
  readonly ports: readonly ServicePort[];
  /** EndpointSlices (or Endpoints) of this Service; undefined when the input has none, so that pods are found by selector. */
  readonly endpoints: readonly Endpoint[] | undefined;
  readonly externalIps: readonly Ip[];
  /** As parsed; undefined for a Service that nobody wrote. */
  readonly value?: unknown;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly origin: Origin;
}

export interface ServicePort {
  readonly name: string | undefined;
  readonly port: number;
  readonly protocol: Protocol;
  /** Defaults to `port`. */
  readonly targetPort: number | string;
  readonly nodePort: number | undefined;
  readonly origin: Origin;
}

export interface Endpoint {
  readonly addresses: readonly Ip[];
  readonly ready: boolean;
  /** `ns/name` of targetRef, when it is a pod. */
  readonly pod: string | undefined;
  readonly node: string | undefined;
  readonly ports: readonly { readonly name: string | undefined; readonly port: number | undefined; readonly protocol: Protocol }[];
  readonly origin: Origin;
}

/** What leads traffic from outside to Services by rules of its own: an Ingress, or a route of Gateway API. */
export interface Ingress {
  readonly kind: 'Ingress' | GatewayRouteKind;
  readonly name: string;
  readonly namespace: string;
  readonly ref: string;
  /** Of an Ingress, or of the first Gateway that serves the route. */
  readonly className: string | undefined;
  /** `infra/web`: the Gateways that serve a route. [] for an Ingress, and for a route whose Gateways are not in the input. */
  readonly gateways: readonly string[];
  readonly rules: readonly IngressPath[];
  /** status.loadBalancer, or the addresses of the Gateways: where clients reach it; empty where the input does not say. */
  readonly addresses: readonly Ip[];
  /** Why no listener of its Gateways serves the route, or why one of those that it names does not. */
  readonly faults: readonly RouteFault[];
  readonly origin: Origin;
}

/** Gateway API; the order in which answers list them. */
export const GATEWAY_ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'] as const;
export type GatewayRouteKind = (typeof GATEWAY_ROUTE_KINDS)[number];

/** One backend: host `shop.example` or undefined for any; path `/cart`; Service port by number or name. */
export interface IngressPath {
  readonly host: string | undefined;
  readonly path: string | undefined;
  readonly pathType: string | undefined;
  /** Ports of the listeners that serve it; [] where they are not known, and for an Ingress, whose controllers listen on 80 and 443. */
  readonly ports: readonly number[];
  /** Of the Service: the own one, but where a backendRef of Gateway API names another. */
  readonly namespace: string;
  readonly service: string;
  readonly port: number | string | undefined;
  /** Which of the rules of a Gateway API route: the backends of one rule share its traffic. undefined in an Ingress: each path is its own. */
  readonly rule: number | undefined;
  /** What a request must have beside host and path, which a URL does not show: `['method GET', 'header x-canary']`. */
  readonly conditions: readonly string[];
  /** The backend is written and gets no traffic: no ReferenceGrant lets this route name it, or no Gateway serves the route. */
  readonly fault: RouteFault | undefined;
  readonly origin: Origin;
}

/** `{ code: 'reference-grant-missing', isOpen: false, facts: { route: 'HTTPRoute web/shop', service: 'shop/cart', namespace: 'shop' }, origin }`. */
export interface RouteFault {
  readonly code: RouteFaultCode;
  /** The input does not tell: the Gateway, or the labels of the namespace, may be elsewhere. */
  readonly isOpen: boolean;
  readonly facts: Facts;
  readonly origin: Origin;
}

export type RouteFaultCode =
  | 'gateway-missing' // { route, gateway, known }: Gateways that are in the input
  | 'gateway-listener-missing' // { route, gateway, wanted, listeners }
  | 'gateway-refuses-namespace' // { route, gateway, listeners, namespace }: allowedRoutes.namespaces
  | 'gateway-refuses-kind' // { route, gateway, listeners, kind }
  | 'gateway-host-differs' // { route, gateway, hosts, listeners }: no host of the route is one of a listener
  | 'reference-grant-missing' // { route, service, namespace, from, kind }
  | 'route-redirects' // { route }: the Gateway answers by itself
  | 'route-without-backend'; // { route }: no Service, or only such with weight 0

/** What selectors of some kinds ask of a pod beside its labels, under keys that no label can have. */
export const POD_TRAITS = { node: ':node', serviceAccount: ':serviceAccount' } as const;

export function asksForTraits(selector: Selector): boolean {
  return labelRequirements(selector).some(({ key }) => key.startsWith(':'));
}

/** The labels of a pod and `:node`, where it is known, and `:serviceAccount`. Kubernetes fills in `default` for the latter. */
export function withTraits(pod: Pod): Labels {
  const known = traits.get(pod);
  if (known !== undefined) return known;
  const spec = isRecord(pod.spec) ? pod.spec : {};
  const account = [spec.serviceAccountName, spec.serviceAccount].find((name) => typeof name === 'string' && name !== '');
  const made = new Map(pod.labels);
  made.set(POD_TRAITS.serviceAccount, typeof account === 'string' ? account : 'default');
  if (pod.node !== undefined) made.set(POD_TRAITS.node, pod.node);
  traits.set(pod, made);
  return made;
}

const traits = new WeakMap<Pod, Labels>();

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Completed pods have no usable address any more: neither subject nor peer (semantics A.9). Terminating ones still run. */
export function isLive(pod: Pod): boolean {
  return pod.phase !== 'Succeeded' && pod.phase !== 'Failed';
}
