// What is worth saying about the path to a destination and does not stop it.
import type { Note } from '../../route/obstacle.ts';
import { byCount, type Fact, factsOf } from './said.ts';

/** Lower case, no full stop. Never throws; facts that are missing are left out. */
export function noteSentence({ code, facts }: Pick<Note, 'code' | 'facts'>): string {
  return WORDS[code](factsOf(facts));
}

const WORDS: Readonly<Record<Note['code'], (fact: Fact) => string>> = {
  'selector-near-miss': (fact) => {
    const key = fact('key');
    const has = fact('found') === '' ? `no label ${key}` : `${key}=${fact('found')}`;
    const where = fact('namespace') === '' ? '' : ` (in namespace ${fact('namespace')})`;
    return `near miss: ${fact('workload')} has ${has}, the selector requires ${key}=${fact('wanted')}${where}`;
  },
  headless: (fact) => `${fact('service')} is headless, so clients connect to the pods directly`,
  'external-name': (fact) =>
    `${fact('service')} is an alias of ${fact('externalName')}, ${fact('inside') === 'true' ? 'in this cluster' : 'outside the cluster'}`,
  'external-host': (fact) =>
    fact('byName') === 'true'
      ? `${fact('host')} is outside the cluster; rules with DNS names are held against this name, all others against addresses`
      : `${fact('host')} is outside the cluster; policies can match only addresses, so ask again with its address`,
  'request-passes': (fact) => `${fact('request')} is a request that ${fact('rules')} ${byCount(fact('rules'), 'lets', 'let')} through`,
  'request-may-pass': (fact) =>
    `whether ${fact('request')} passes ${fact('rules')} depends on what a URL does not show, or on an expression that netverdict does not read (${fact('passing')}); if not, the client gets HTTP 403`,
  'endpoints-by-hand': (fact) => `${fact('service')} has no selector, so its endpoints are managed by hand`,
  'control-plane': (fact) =>
    `${fact('service')} leads to the API server, which is not a pod: no selector matches it, and policies see the port it listens on`,
  'by-service-address': (fact) => `${fact('address')} is the address of Service ${fact('service')}`,
  'service-as-source': (fact) => `the source is the pods behind Service ${fact('service')}`,
  'source-port-ignored': (fact) => `port ${fact('port')} of the source is ignored, because policies cannot see source ports`,
  'source-scaled-to-zero': (fact) => `${fact('workload')} is scaled to 0; the answer is for when it runs`,
  hairpin: (fact) => `${fact('pod')} may reach itself through ${fact('service')}; how policies apply to that is not defined`,
  'host-network': (fact) => `in the node’s network, so policies see the node: ${fact('pods')}`,
  'endpoint-pod-not-in-input': (fact) => `${fact('pod')} is behind ${fact('service')}, but it is not in the input`,
  'range-has-cluster-addresses': (fact) =>
    `${fact('range')} also contains addresses of this cluster (${fact('ends')}); here it stands for addresses outside`,
  'assumed-controller': () => 'the input has no ingress controller, so the answer is for a pod without labels in another namespace',
  'load-balancer-is-source': (fact) => `the load balancer (${fact('class')}) sends straight to the pods, so allow its addresses`,
  'ingress-path-is-controllers': (fact) => `path ${fact('path')} of ${fact('ingress')} is matched in the controller’s own way`,
  'ingress-hosts-share-path': (fact) => `several routes claim this host and path: ${fact('ingresses')}`,
  'route-asks-more': (fact) =>
    `${fact('route')} takes this path only from requests with ${fact('conditions')}; the Gateway answers others itself (404)`,
  'route-by-request': (fact) => `other rules for this host and path take some requests: ${fact('others')}`,
  'route-shares-traffic': (fact) => `the rule of ${fact('route')} shares its traffic between ${fact('services')}`,
  'entry-not-checked': (fact) =>
    `the input does not say how a client reaches the ingress controller for ${fact('host')}, so that part is not checked`,
  'cluster-ip-from-outside': (fact) => `Service ${fact('service')} has an address only inside the cluster, so nothing outside can reach it`,
  'source-may-be-node': (fact) =>
    `${fact('service')} has externalTrafficPolicy Cluster, so the pod sees the address of a node (${fact('nodes')}) or of ${fact('client')}, depending on the data plane; externalTrafficPolicy: Local keeps the client’s address`,
  'source-is-node': (fact) =>
    `${fact('service')} has externalTrafficPolicy Cluster, so the pod sees the address of a node (${fact('nodes')}), not of ${fact('client')}; externalTrafficPolicy: Local keeps the client’s address, and loadBalancerSourceRanges filters before that`,
  'hypothetical-pod': (fact) => {
    const namespace =
      fact('isNamespaceKnown') === 'true' ? '' : `; namespace ${fact('namespace')} is not in the input, so only its name is known`;
    return `${fact('pod')} does not exist; the answer is for a new pod with exactly these labels${namespace}`;
  },
  kubelet: () => 'the kubelet runs on the pod’s own node, and traffic from a pod’s own node is always allowed, so probes need no rule',
  'node-port': (fact) =>
    `${fact('nodePort')} on ${fact('node')} is the nodePort of Service ${fact('service')}; it forwards to port ${fact('targetPort')} of the pods, which is the port policies see`,
  'host-port': (fact) =>
    `${fact('hostPort')} on ${fact('node')} is the hostPort of ${fact('pods')}; it forwards to port ${fact('port')} of the pod, which is the port policies see`,
};
