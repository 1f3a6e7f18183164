// Who carries the traffic of an Ingress into the cluster: controller pods known by their labels, the node, a load balancer outside,
// or, when the input has none of them, a pod that we know nothing about.
import { type Cluster, type Ingress, isLive, type Pod, type Service } from '../model/cluster.ts';
import { podEnd } from '../policy/end.ts';
import { assumedPod } from './assumed.ts';
import { selects } from './endpoints.ts';
import type { Note } from './obstacle.ts';
import type { Party } from './party.ts';

interface Controller {
  readonly name: string;
  /** Names of IngressClasses that this controller is usually given; a class that begins with one of them counts too. */
  readonly classes: readonly string[];
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
    name: 'haproxy',
    classes: ['haproxy'],
    labels: [{ [NAME]: 'kubernetes-ingress' }, { [NAME]: 'haproxy-ingress' }, { run: 'haproxy-ingress' }],
  },
  {
    name: 'ingress-nginx',
    classes: ['nginx', 'ingress-nginx'],
    labels: [{ [NAME]: 'ingress-nginx', [COMPONENT]: 'controller' }, { app: 'ingress-nginx' }],
  },
  { name: 'istio', classes: ['istio'], labels: [{ istio: 'ingressgateway' }, { app: 'istio-ingressgateway' }] },
  { name: 'kong', classes: ['kong'], labels: [{ [NAME]: 'kong' }, { app: 'ingress-kong' }, { app: 'proxy-kong' }] },
  { name: 'nginx-ingress', classes: ['nginx'], labels: [{ [NAME]: 'nginx-ingress' }, { app: 'nginx-ingress' }] },
  {
    name: 'openshift-router',
    classes: ['openshift'],
    labels: [{ 'ingresscontroller.operator.openshift.io/deployment-ingresscontroller': 'default' }],
  },
  { name: 'traefik', classes: ['traefik'], labels: [{ [NAME]: 'traefik' }, { app: 'traefik' }, { 'k8s-app': 'traefik-ingress-lb' }] },
];

/** Here the load balancer itself connects to the pods or to a node port; no controller pod is on the way. */
const LOAD_BALANCERS = ['alb', 'gce', 'gce-internal', 'azure-application-gateway', 'azure/application-gateway', 'webapprouting-agic'];

/** `pods`: where the connection to the backend starts. `load-balancer`: at an address outside that the input does not tell. */
export type Carriers =
  | { readonly kind: 'pods'; readonly parties: readonly Party[]; readonly assumed: boolean; readonly notes: readonly Note[] }
  | { readonly kind: 'load-balancer'; readonly notes: readonly Note[] };

/** `{ingress-controller}`: a pod of which nothing is known, in a namespace of which not even the name is. */
const ASSUMED_CONTROLLER: Pod = {
  ...assumedPod({ namespace: '{ingress-controller}', name: '', labels: new Map(), ports: [] }),
  ref: '{ingress-controller}',
};

/** The carriers for an Ingress; without one, every controller in the input. Never empty. */
export function carriersOf(cluster: Cluster, ingress: Ingress | undefined): Carriers {
  const className = ingress?.className;
  if (className !== undefined && LOAD_BALANCERS.includes(className)) {
    return { kind: 'load-balancer', notes: [{ code: 'load-balancer-is-source', facts: { class: className } }] };
  }
  const all = CONTROLLERS.map((controller) => ({ controller, pods: podsOf(cluster, controller) })).filter(({ pods }) => pods.length > 0);
  const ofClass = className === undefined ? [] : all.filter(({ controller }) => serves(controller, className));
  // A class of an unusual name (`public`, `internal`) is some controller's: those that no other name claims are all we can offer.
  const isUsual = className !== undefined && CONTROLLERS.some((controller) => serves(controller, className));
  const chosen = ofClass.length > 0 ? ofClass : isUsual ? [] : all;
  const parties = chosen.flatMap(({ pods }) => pods.map((pod): Party => ({ end: podEnd(pod), ref: pod.ref })));
  if (parties.length > 0) return { kind: 'pods', parties, assumed: false, notes: [] };
  const facts = className === undefined ? {} : { class: className };
  return {
    kind: 'pods',
    parties: [{ end: { kind: 'pod', pod: ASSUMED_CONTROLLER }, ref: ASSUMED_CONTROLLER.ref }],
    assumed: true,
    notes: [{ code: 'assumed-controller', facts }],
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

function serves(controller: Controller, className: string): boolean {
  return controller.classes.some((own) => className === own || className.startsWith(`${own}-`));
}

function podsOf(cluster: Cluster, { labels }: Controller): readonly Pod[] {
  return cluster.pods.filter(
    (pod) => isLive(pod) && labels.some((wanted) => Object.entries(wanted).every(([key, value]) => pod.labels.get(key) === value)),
  );
}
