// What is broken on the way, and why a name is no end, in English.

import type { Facts } from '../model/problem.ts';
import { clipped } from '../objects/clip.ts';
import type { EndError, Note, Obstacle } from '../route/obstacle.ts';
import type { Sentence } from './problem-sentence.ts';

function reader(facts: Facts) {
  return (name: string): string => {
    const value = facts[name];
    return value === undefined ? '' : clipped(Array.isArray(value) ? value.join(', ') : String(value));
  };
}

/** `shop/cart[Deployment]` → the command that brings its pods back. */
function scaleHint(workloads: string): string {
  const [, namespace, name, kind] = /^([^/,]+)\/([^[,]+)\[(\w+)\]$/.exec(workloads) ?? [];
  return kind === undefined ? 'scale it up' : `scale it up: kubectl scale ${kind.toLowerCase()} ${name} -n ${namespace} --replicas=1`;
}

/** Why a text names no end. Ends in a hint wherever there is a next step. */
export function endErrorSentence({ code, facts }: EndError): Sentence {
  const fact = reader(facts);
  const near = fact('nearest') === '' ? undefined : `did you mean ${fact('nearest')}?`;
  switch (code) {
    case 'empty-name':
      return { text: 'an end has no name', hint: 'name it as namespace/name, e.g. shop/cart:7070' };
    case 'too-long':
      return { text: `a name of ${fact('length')} characters; the limit is ${fact('limit')}` };
    case 'bad-name':
      return { text: `\`${fact('text')}\` is no name: \`${fact('name')}\` has a character that no Kubernetes or host name has` };
    case 'bad-label':
      return {
        text: `\`${fact('label')}\` in \`${fact('text')}\` is not a label that a pod can carry`,
        hint: 'write key=value, several with commas, each key once: web/app=frontend,tier=edge',
      };
    case 'bad-port':
      return {
        text: `\`${fact('port')}\` in \`${fact('text')}\` is no port`,
        hint: 'a port is 1-65535 or the name of one, with /udp or /sctp after it: kube-dns:53/udp',
      };
    case 'bad-address':
      return { text: `\`${fact('address')}\` is no address`, hint: 'write 10.0.0.7 or [2001:db8::1], without leading zeros' };
    case 'bad-range':
      return { text: `\`${fact('range')}\` is no address range`, hint: 'write 203.0.113.0/24' };
    case 'unknown-kind':
      return {
        text: `\`${fact('kind')}\` in \`${fact('text')}\` is no kind`,
        hint: near ?? 'pod, deploy, sts, ds, job, cronjob, rs, svc, node',
      };
    case 'too-many-parts':
      return { text: `\`${fact('text')}\` has too many parts`, hint: 'namespace/kind/name:port' };
    case 'several-hosts':
      return { text: `\`${fact('text')}\` names several hosts: ${fact('hosts')}`, hint: 'ask for one of them' };
    case 'not-a-network-name':
      return { text: `\`${fact('text')}\` leads to no network (${fact('scheme')})` };
    case 'unknown-name': {
      const elsewhere = fact('elsewhere') === '' ? undefined : `there is ${fact('elsewhere')}`;
      return {
        text: `nothing is called \`${fact('namespace')}/${fact('name')}\` in the input`,
        hint: [near, elsewhere].filter((part) => part !== undefined).join(' ') || 'netverdict map lists what is there',
      };
    }
    case 'unknown-namespace': {
      const elsewhere = fact('elsewhere') === '' ? undefined : `there is ${fact('elsewhere')}`;
      return {
        text: `namespace \`${fact('namespace')}\` is not in the input`,
        hint: [near, elsewhere].filter((part) => part !== undefined).join(' ') || 'read its manifests too: -f is repeatable',
      };
    }
    case 'unknown-node':
      return { text: `node \`${fact('name')}\` is not in the input`, hint: near ?? 'read the nodes too: kubectl get nodes -o yaml' };
    case 'ambiguous-name':
      return {
        text: `\`${fact('name')}\` is several things: ${fact('candidates')}`,
        hint: `say which one, e.g. ${fact('candidates').split(', ')[0]}`,
      };
    case 'port-needed':
      return { text: `which port of ${fact('to')}? Nothing in the input declares one`, hint: `ask with a port: ${fact('to')}:8080` };
    case 'service-as-source':
      return { text: `Service ${fact('service')} starts no connections: name the workload or pod that does` };
    case 'not-readable':
      return {
        text: `nothing is called \`${fact('name')}\` in what may be read; not readable there: ${fact('resources')}`,
        hint: 'netverdict rbac prints the rights that are needed',
      };
  }
}

/** What is broken or open on the way, with the next step. */
export function obstacleSentence({ code, facts }: Obstacle): Sentence {
  const fact = reader(facts);
  switch (code) {
    case 'name-not-in-dns':
      return {
        text: `\`${fact('host')}\` does not exist in DNS (tried ${fact('tried')})`,
        ...(fact('works') === '' ? {} : { hint: `this would resolve: ${fact('works')}` }),
      };
    case 'name-not-published':
      return {
        text: `DNS has no record for ${fact('host')}: ${fact('pod')} is ${fact('state')}, and Service ${fact('service')} publishes ready pods only`,
        hint: 'clustered servers that have to find each other before they are ready need publishNotReadyAddresses: true on the headless Service',
      };
    case 'service-port-missing': {
      const target = fact('targetPortOf');
      const hint =
        target !== ''
          ? `${fact('port')} is a port of its pods; clients of the Service use ${target}`
          : fact('nodePortOf') !== ''
            ? `${fact('port')} is a port of the nodes; clients of the Service use ${fact('nodePortOf')}`
            : fact('containerPort') !== ''
              ? `its pods declare ${fact('port')}, and no port of the Service leads there`
              : undefined;
      return { text: `Service ${fact('service')} has no port ${fact('port')}; it has ${fact('ports') || 'none'}`, ...(hint && { hint }) };
    }
    case 'protocol-mismatch':
      return { text: `Service ${fact('service')} has port ${fact('port')} over ${fact('found')}, not ${fact('protocol')}` };
    case 'selector-matches-nothing':
      return {
        text: `the selector of Service ${fact('service')} (${fact('selector')}) matches no pod`,
        hint: 'a Service without pods refuses at once, or hangs',
      };
    case 'no-ready-endpoint':
      return {
        text: `nothing answers, because no ${fact('source') === 'endpoints' ? 'endpoint' : 'pod'} of Service ${fact('service')} is ready (${fact('ready') || '0'} of ${fact('total')})`,
      };
    case 'scaled-to-zero':
      return { text: `${fact('workload')} is scaled to 0, so there is no pod to answer`, hint: scaleHint(fact('workload')) };
    case 'endpoint-port-missing':
      return {
        text: `nothing answers on port ${fact('port')} of Service ${fact('service')}, because its endpoints are written by hand and have no ${fact('protocol')} port ${fact('name') === '' ? 'without a name' : `named \`${fact('name')}\``} (they have ${fact('found') || 'no port'})`,
        hint: 'ports of endpoints are matched by name: give the port the same name in both',
      };
    case 'target-port-missing':
      return {
        text:
          fact('otherProtocol') === ''
            ? `Service ${fact('service')} sends to port \`${fact('targetPort')}\`, which ${fact('pods')} ${plural(fact('pods'), 'does', 'do')} not declare (${fact('declared') || 'no named port'})`
            : `Service ${fact('service')} sends to \`${fact('targetPort')}\` over ${fact('protocol')}; ${fact('pods')} ${plural(fact('pods'), 'has', 'have')} it over ${fact('otherProtocol')}`,
      };
    case 'target-port-undeclared':
      return {
        text: `no container of ${fact('pods')} declares port ${fact('port')}/${fact('protocol')} (declared: ${fact('declared') || 'none'}); it works only if the process listens there`,
      };
    case 'port-name-missing':
      return {
        text: `${fact('pods')} ${plural(fact('pods'), 'has', 'have')} no port called \`${fact('port')}\` over ${fact('protocol')} (declared: ${fact('declared') || 'none'})`,
      };
    case 'service-port-on-a-pod':
      return {
        text: `${fact('port')} is the port of Service ${fact('service')}; its pods listen on ${fact('targetPort')}`,
        hint: `ask for the Service, or for port ${fact('targetPort')}`,
      };
    case 'headless-port-not-translated':
      return {
        text: `Service ${fact('service')} is headless: clients reach the pod’s own port, ${fact('targetPort')}, and ${fact('port')} is not translated; nothing listens on it in ${fact('pods')}`,
      };
    case 'endpoints-unknown':
      return {
        text: `Service ${fact('service')} has no selector, and the input has no endpoints of it`,
        hint: 'read its EndpointSlices too',
      };
    case 'external-name-loop':
      return { text: `ExternalName Services lead in a circle: ${fact('names')}` };
    case 'no-common-family':
      return {
        text: `${fact('source')} has ${fact('sourceFamilies') || 'no address that was asked for'}, ${fact('destination')} has ${fact('destinationFamilies') || 'no address that was asked for'}: they have no address family in common`,
        hint: 'give both ends the same family: ipFamilies and ipFamilyPolicy of a Service, the pod network for a pod',
      };
    case 'pod-completed':
      return { text: `${fact('pod')} has run to its end (${fact('phase')})` };
    case 'pod-pending':
      return { text: `${fact('pod')} is pending and has no address yet` };
    case 'pod-not-ready':
      return { text: `${fact('pod')} is not ready${fact('terminating') === 'true' ? ' (terminating)' : ''}: Services do not send to it` };
    case 'ingress-no-path':
      return { text: `no path of Ingress ${fact('ingress')} serves ${fact('path')} (it has ${fact('paths')})` };
    case 'ingress-backend-missing':
      return { text: `Ingress ${fact('ingress')} sends to Service ${fact('service')}, which is not in the input` };
    case 'ingress-backend-port-missing':
      return { text: `Ingress ${fact('ingress')} sends to ${fact('service')}:${fact('port')}, and the Service has ${fact('ports')}` };
    case 'host-port-pod-unplaced':
      return {
        text: `whether ${fact('pods')} runs on ${fact('node')} is not in the input; its host port ${fact('hostPort')} is open only there`,
        hint: 'read the pods too: kubectl get pods -o yaml',
      };
    case 'no-endpoint-on-node':
      return {
        text: `Service ${fact('service')} has externalTrafficPolicy Local, and none of its pods runs on ${fact('node')}: that node drops the connection`,
        hint: 'ask a node that has a pod of it, or a load balancer that checks the health of nodes',
      };
    case 'not-read':
      return {
        text: `this hangs on ${fact('resources')} that may not be read`,
        hint: 'netverdict rbac prints the rights that are needed',
      };
    case 'mesh-port-shut':
      return {
        text: `${fact('source')} and ${fact('destination')} are in the ambient mesh, whose traffic arrives on TCP ${fact('port')} whatever port is named, and ${fact('policies')} does not open it`,
        hint: `open TCP ${fact('port')} beside the ports of the application`,
      };
    case 'resolver-unknown':
      return { text: `${fact('pod')} asks ${fact('nameservers')}; whether that server knows the cluster’s names is not in the input` };
  }
}

export function noteSentence({ code, facts }: Note): string {
  const fact = reader(facts);
  switch (code) {
    case 'selector-near-miss':
      return `nearly: ${fact('workload')} has ${fact('key')}${fact('found') === '' ? ' missing' : `=${fact('found')}`}, the selector wants ${fact('key')}=${fact('wanted')}${fact('namespace') === '' ? '' : ` (in namespace ${fact('namespace')})`}`;
    case 'headless':
      return `${fact('service')} is headless: clients talk to the pods directly`;
    case 'external-name':
      return `${fact('service')} is an alias of ${fact('externalName')}, ${facts.inside === true ? 'in this cluster' : 'outside the cluster'}`;
    case 'external-host':
      return `${fact('host')} is outside the cluster; policies can only name addresses, so ask again with its address`;
    case 'endpoints-by-hand':
      return `${fact('service')} has no selector: its endpoints are managed by hand`;
    case 'control-plane':
      return `${fact('service')} leads to the API server, which is not a pod: no selector matches it, and policies see the port it listens on`;
    case 'by-service-address':
      return `${fact('address')} is the address of Service ${fact('service')}`;
    case 'service-as-source':
      return `the pods behind Service ${fact('service')} are the source`;
    case 'source-port-ignored':
      return `the port ${fact('port')} of the source is ignored: policies cannot see source ports`;
    case 'source-scaled-to-zero':
      return `${fact('workload')} is scaled to 0; asked as if it ran`;
    case 'hypothetical-pod': {
      const namespace =
        fact('isNamespaceKnown') === 'true' ? '' : `; namespace ${fact('namespace')} is not in the input, so it counts with its name only`;
      return `${fact('pod')} is hypothetical: a new pod with exactly these labels${namespace}`;
    }
    case 'hairpin':
      return `${fact('pod')} may reach itself through ${fact('service')}; what policies do then is not defined`;
    case 'host-network':
      return `in the node’s network, so policies see the node: ${fact('pods')}`;
    case 'endpoint-pod-not-in-input':
      return `${fact('pod')} is behind ${fact('service')} and not in the input`;
    case 'range-has-cluster-addresses':
      return `${fact('range')} also holds addresses of this cluster (${fact('ends')}); here it means addresses outside`;
    case 'assumed-controller':
      return 'no ingress controller is in the input: asked for a pod without labels in another namespace';
    case 'load-balancer-is-source':
      return `the load balancer (${fact('class')}) sends straight to the pods: allow its addresses`;
    case 'ingress-path-is-controllers':
      return `path ${fact('path')} of ${fact('ingress')} is matched in the controller’s own way`;
    case 'ingress-hosts-share-path':
      return `several Ingresses claim this host and path: ${fact('ingresses')}`;
    case 'entry-not-checked':
      return `how a client gets to the ingress controller for ${fact('host')} is not in the input and not asked`;
    case 'cluster-ip-from-outside':
      return `Service ${fact('service')} has an address inside the cluster only: nothing outside leads to it`;
    case 'source-may-be-node':
      return `${fact('service')} has externalTrafficPolicy Cluster: the pod sees the address of a node (${fact('nodes')}) or that of ${fact('client')}, by the data plane; externalTrafficPolicy: Local keeps the client’s`;
    case 'source-is-node':
      return `${fact('service')} has externalTrafficPolicy Cluster: what arrives at the pod has the address of a node (${fact('nodes')}), not of ${fact('client')}; externalTrafficPolicy: Local keeps the client’s, loadBalancerSourceRanges filters before`;
    case 'kubelet':
      return 'the kubelet runs on the same node as the pod, and traffic from a pod’s own node is always let in: probes need no rule';
    case 'node-port':
      return `${fact('nodePort')} on ${fact('node')} is the nodePort of Service ${fact('service')}: it is sent on to port ${fact('targetPort')} of the pods, where policies look`;
    case 'host-port':
      return `${fact('hostPort')} on ${fact('node')} is the hostPort of ${fact('pods')}: it is sent on to port ${fact('port')} of the pod, where policies look`;
  }
}

function plural(list: string, one: string, many: string): string {
  return list.includes(', ') ? many : one;
}
