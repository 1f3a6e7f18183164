// Who carries the traffic of an Ingress or of a route of Gateway API into the cluster: controller pods known by their labels, the node, a load balancer outside,
// or, when the input has none of them, a pod that we know nothing about.
import { type Cluster, type Ingress, isLive, type Pod, type Service } from '../model/cluster.ts';
import { podEnd } from '../policy/end.ts';
import { assumedPod } from './assumed.ts';
import { selects } from './endpoints.ts';
import type { Note, Obstacle } from './obstacle.ts';
import type { Party } from './party.ts';

interface Controller {
  readonly name: string;
  /** Names of IngressClasses that this controller is usually given; a class that begins with one of them counts too. */
  readonly classes: readonly string[];
  /** What it serves; both where absent. */
  readonly only?: 'ingress' | 'gateway';
  /** Any of these label sets; the pods that carry traffic, which for Contour is Envoy. */
  readonly labels: readonly Readonly<Record<string, string>>[];
}

const NAME = 'app.kubernetes.io/name';
const COMPONENT = 'app.kubernetes.io/component';

/** Labels from each project's own manifests and Helm chart. */
const CONTROLLERS: readonly Controller[] = [
  { name: 'apisix', classes: ['apisix'], labels: [{ [NAME]: 'apisix' }] },
  { name: 'contour', classes: ['contour'], labels: [{ [NAME]: 'contour', [COMPONENT]: 'envoy' }, { app: 'envoy' }] },
  { name: 'emissary', classes: ['ambassador', 'emissary'], labels: [{ [NAME]: 'emissary-ingress' }, { service: 'ambassador' }] },
  {
    name: 'envoy-gateway',
    classes: ['eg', 'envoy-gateway'],
    only: 'gateway',
    labels: [{ [COMPONENT]: 'proxy', 'app.kubernetes.io/managed-by': 'envoy-gateway' }],
  },
  {
    name: 'haproxy',
    classes: ['haproxy'],
    labels: [{ [NAME]: 'kubernetes-ingress' }, { [NAME]: 'haproxy-ingress' }, { run: 'haproxy-ingress' }],
  },
  {
    name: 'ingress-nginx',
    classes: ['nginx', 'ingress-nginx'],
    only: 'ingress',
    labels: [{ [NAME]: 'ingress-nginx', [COMPONENT]: 'controller' }, { app: 'ingress-nginx' }],
  },
  { name: 'istio', classes: ['istio'], labels: [{ istio: 'ingressgateway' }, { app: 'istio-ingressgateway' }] },
  { name: 'kong', classes: ['kong'], labels: [{ [NAME]: 'kong' }, { app: 'ingress-kong' }, { app: 'proxy-kong' }] },
  { name: 'nginx-gateway-fabric', classes: ['nginx'], only: 'gateway', labels: [{ [NAME]: 'nginx-gateway-fabric' }] },
  { name: 'nginx-ingress', classes: ['nginx'], only: 'ingress', labels: [{ [NAME]: 'nginx-ingress' }, { app: 'nginx-ingress' }] },
  {
    name: 'openshift-router',
    classes: ['openshift'],
    labels: [{ 'ingresscontroller.operator.openshift.io/deployment-ingresscontroller': 'default' }],
  },
  { name: 'traefik', classes: ['traefik'], labels: [{ [NAME]: 'traefik' }, { app: 'traefik' }, { 'k8s-app': 'traefik-ingress-lb' }] },
];

/** Here the load balancer itself connects to the pods or to a node port; no controller pod is on the way. */
const LOAD_BALANCERS = ['alb', 'gce', 'gce-internal', 'azure-application-gateway', 'azure/application-gateway', 'webapprouting-agic'];

/** Of Gateway API: classes of GKE, of AWS VPC Lattice and of Azure, whose load balancers are no pods either. */
const LOAD_BALANCERS_OF_GATEWAYS = ['gke-l7-', 'gke-td', 'amazon-vpc-lattice', 'azure-alb-'];

/** Cilium serves Ingress and Gateway API from Envoy on each node, under an identity of its own (`reserved:ingress`). */
const ON_NODE = ['cilium'];

/** `pods`: where the connection to the backend starts. `load-balancer`: at an address outside that the input does not tell. */
export type Carriers =
  | {
      readonly kind: 'pods';
      readonly parties: readonly Party[];
      readonly assumed: boolean;
      readonly notes: readonly Note[];
      /** Why what the parties show is not the answer. */
      readonly obstacles: readonly Obstacle[];
    }
  | { readonly kind: 'load-balancer'; readonly notes: readonly Note[] };

/** `{ingress-controller}`: a pod of which nothing is known, in a namespace of which not even the name is. */
const ASSUMED_CONTROLLER: Pod = {
  ...assumedPod({ namespace: '{ingress-controller}', name: '', labels: new Map(), ports: [] }),
  ref: '{ingress-controller}',
};

/** The carriers for an Ingress or a route; without one, every controller in the input. Never empty. */
export function carriersOf(cluster: Cluster, ingress: Ingress | undefined): Carriers {
  const proxies = (ingress?.gateways ?? []).flatMap((gateway) => proxiesOf(cluster, gateway));
  if (proxies.length > 0) return { kind: 'pods', parties: proxies.map(partyOf), assumed: false, notes: [], obstacles: [] };
  const className = ingress?.className;
  if (className !== undefined && isLoadBalancer(className)) {
    return { kind: 'load-balancer', notes: [{ code: 'load-balancer-is-source', facts: { class: className } }] };
  }
  const served = ingress === undefined ? undefined : ingress.kind === 'Ingress' ? 'ingress' : 'gateway';
  const able = CONTROLLERS.filter(({ only }) => only === undefined || served === undefined || only === served);
  const all = able.map((controller) => ({ controller, pods: podsOf(cluster, controller) })).filter(({ pods }) => pods.length > 0);
  const ofClass = className === undefined ? [] : all.filter(({ controller }) => serves(controller, className));
  // A class of an unusual name (`public`, `internal`) is some controller's: those that no other name claims are all we can offer.
  const isUsual = className !== undefined && able.some((controller) => serves(controller, className));
  const chosen = ofClass.length > 0 ? ofClass : isUsual ? [] : all;
  const parties = chosen.flatMap(({ pods }) => pods.map(partyOf));
  if (parties.length > 0) return { kind: 'pods', parties, assumed: false, notes: [], obstacles: [] };
  const facts = className === undefined ? {} : { class: className };
  const isOnNode = className !== undefined && ON_NODE.includes(className);
  return {
    kind: 'pods',
    parties: [{ end: { kind: 'pod', pod: ASSUMED_CONTROLLER }, ref: ASSUMED_CONTROLLER.ref }],
    assumed: true,
    notes: isOnNode ? [] : [{ code: 'assumed-controller', facts }],
    obstacles: isOnNode ? [{ code: 'gateway-on-node', severity: 'open', facts: { class: className } }] : [],
  };
}

/** Does this Service lead to pods that carry the traffic of some Ingress of the input? */
export function isBeforeController(cluster: Cluster, service: Service): boolean {
  return cluster.ingresses.some((ingress) => {
    const carriers = carriersOf(cluster, ingress);
    return (
      carriers.kind === 'pods' &&
      carriers.parties.some(({ end }) => end.kind !== 'outside' && end.pod !== undefined && selects(service, end.pod))
    );
  });
}

/**
 * The pods of a Gateway's own proxy. Gateway API (GEP-1762) names the label `gateway.networking.k8s.io/gateway-name`; Envoy Gateway and
 * Contour have labels of their own, and Envoy Gateway's proxies run in its namespace.
 */
function proxiesOf(cluster: Cluster, gateway: string): readonly Pod[] {
  const [namespace = '', name = ''] = gateway.split('/');
  return cluster.pods.filter(
    (pod) =>
      isLive(pod) &&
      ((pod.namespace === namespace && OWNED_BY.some((key) => pod.labels.get(key) === name)) ||
        (pod.labels.get(`${ENVOY_GATEWAY}-name`) === name && pod.labels.get(`${ENVOY_GATEWAY}-namespace`) === namespace)),
  );
}

const OWNED_BY = ['gateway.networking.k8s.io/gateway-name', 'projectcontour.io/owning-gateway-name'];
const ENVOY_GATEWAY = 'gateway.envoyproxy.io/owning-gateway';

function partyOf(pod: Pod): Party {
  return { end: podEnd(pod), ref: pod.ref };
}

function isLoadBalancer(className: string): boolean {
  return LOAD_BALANCERS.includes(className) || LOAD_BALANCERS_OF_GATEWAYS.some((start) => className.startsWith(start));
}

function serves(controller: Controller, className: string): boolean {
  return controller.classes.some((own) => className === own || className.startsWith(`${own}-`));
}

function podsOf(cluster: Cluster, { labels }: Controller): readonly Pod[] {
  return cluster.pods.filter(
    (pod) => isLive(pod) && labels.some((wanted) => Object.entries(wanted).every(([key, value]) => pod.labels.get(key) === value)),
  );
}
