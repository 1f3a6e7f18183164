// What is broken, unknown or odd on the path to a destination, before any policy is asked.
import type { Obstacle, ObstacleCode } from '../../route/obstacle.ts';
import { byCount, type Fact, factsOf, type Said, said } from './said.ts';

/** Never throws; facts that are missing are left out. */
export function obstacleSentence({ code, facts }: Pick<Obstacle, 'code' | 'facts'>): Said {
  return WORDS[code](factsOf(facts));
}

export const RBAC_HINT = 'netverdict rbac prints the permissions that are needed';

const WORDS: Readonly<Record<ObstacleCode, (fact: Fact) => Said>> = {
  'name-not-in-dns': (fact) =>
    said(`\`${fact('host')}\` does not exist in DNS (tried ${fact('tried')})`, fact('works') && `this would resolve: ${fact('works')}`),
  'name-not-published': (fact) =>
    said(
      `DNS has no record for ${fact('host')}, because ${fact('pod')} is ${fact('state')} and Service ${fact('service')} publishes only ready pods`,
      'clustered servers that have to find each other before they are ready need publishNotReadyAddresses: true on the headless Service',
    ),
  'lookup-refused': (fact) =>
    said(
      `${fact('rules')} ${byCount(fact('rules'), 'lets', 'let')} the pod look up ${fact('names')}, and ${fact('host')} is not among that, so Cilium’s DNS proxy answers REFUSED`,
      `add a dns entry with matchName: ${fact('host')}`,
    ),
  'names-not-learnt': (fact) =>
    said(
      `${fact('rule')} allows ${fact('host')} by its name, but Cilium learns the addresses of names only from lookups that pass a rule with rules.dns, and no such rule lets this pod look names up`,
      'add rules: { dns: [{ matchPattern: "*" }] } to the toPorts of the rule for DNS',
    ),
  'request-refused': (fact) =>
    said(
      `the connection is allowed, but ${fact('request')} is none of the requests that ${fact('rules')} ${byCount(fact('rules'), 'lets', 'let')} through (${fact('passing')}), so the client gets HTTP 403`,
      fact('methods') && `the path fits with another method: ${fact('methods')}`,
    ),
  'ping-to-a-service': (fact) =>
    said(
      `the address of Service ${fact('service')} forwards its ports and nothing else, so a ping never gets to the pods behind it; whether anything answers depends on the proxy`,
      fact('pods') && `ask about the pods: ${fact('pods')}`,
    ),
  'service-port-missing': (fact) =>
    said(`Service ${fact('service')} has no port ${fact('port')}; it has ${fact('ports') || 'none'}`, whosePort(fact)),
  'protocol-mismatch': (fact) => said(`Service ${fact('service')} has port ${fact('port')} over ${fact('found')}, not ${fact('protocol')}`),
  'selector-matches-nothing': (fact) =>
    said(
      `the selector of Service ${fact('service')} (${fact('selector')}) matches no pod`,
      'connections to a Service without pods are refused at once, or hang',
    ),
  'no-ready-endpoint': (fact) =>
    said(
      `nothing answers, because no ${fact('source') === 'endpoints' ? 'endpoint' : 'pod'} of Service ${fact('service')} is ready (${fact('ready') || '0'} of ${fact('total')})`,
    ),
  'scaled-to-zero': (fact) => said(`${fact('workload')} is scaled to 0, so there is no pod to answer`, scaleHint(fact('workload'))),
  'endpoint-port-missing': (fact) =>
    said(
      `nothing answers on port ${fact('port')} of Service ${fact('service')}, because its endpoints are written by hand and have no ${fact('protocol')} port ${fact('name') === '' ? 'without a name' : `named \`${fact('name')}\``} (they have ${fact('found') || 'no port'})`,
      'ports of endpoints are matched by name, so give the port the same name in both',
    ),
  'target-port-missing': (fact) => {
    const pods = fact('pods');
    return fact('otherProtocol') === ''
      ? said(
          `Service ${fact('service')} sends to port \`${fact('targetPort')}\`, which ${pods} ${byCount(pods, 'does', 'do')} not declare (${fact('declared') || 'no named port'})`,
        )
      : said(
          `Service ${fact('service')} sends to \`${fact('targetPort')}\` over ${fact('protocol')}, but ${pods} ${byCount(pods, 'has', 'have')} it over ${fact('otherProtocol')}`,
        );
  },
  'target-port-undeclared': (fact) =>
    said(
      `no container of ${fact('pods')} declares port ${fact('port')}/${fact('protocol')} (declared: ${fact('declared') || 'none'}); it works only if the process listens there`,
    ),
  'port-name-missing': (fact) =>
    said(
      `${fact('pods')} ${byCount(fact('pods'), 'has', 'have')} no ${fact('protocol')} port named \`${fact('port')}\` (declared: ${fact('declared') || 'none'})`,
    ),
  'service-port-on-a-pod': (fact) =>
    said(
      `${fact('port')} is the port of Service ${fact('service')}, but its pods listen on ${fact('targetPort')}`,
      `ask about the Service, or about port ${fact('targetPort')}`,
    ),
  'headless-port-not-translated': (fact) =>
    said(
      `Service ${fact('service')} is headless, so clients connect to the pod’s own port (${fact('targetPort')}) and ${fact('port')} is not translated; nothing in ${fact('pods')} listens on it`,
    ),
  'endpoints-unknown': (fact) =>
    said(`Service ${fact('service')} has no selector, and its endpoints are not in the input`, 'read its EndpointSlices as well'),
  'external-name-loop': (fact) => said(`ExternalName Services point to each other in a loop: ${fact('names')}`),
  'no-common-family': (fact) =>
    said(
      `${fact('source')} has ${fact('sourceFamilies') || 'no address that was asked about'} and ${fact('destination')} has ${fact('destinationFamilies') || 'no address that was asked about'}, so they have no address family in common`,
      'give both ends the same family: ipFamilies and ipFamilyPolicy for a Service, the pod network for a pod',
    ),
  'pod-completed': (fact) => said(`${fact('pod')} has finished running (${fact('phase')})`),
  'pod-pending': (fact) => said(`${fact('pod')} is pending and has no address yet`),
  'pod-not-ready': (fact) =>
    said(`${fact('pod')} is not ready${fact('terminating') === 'true' ? ' (terminating)' : ''}, so Services send it no traffic`),
  'ingress-no-path': (fact) => said(`no path of ${fact('ingress')} serves ${fact('path')} (it has ${fact('paths')})`),
  'ingress-backend-missing': (fact) => said(`${fact('ingress')} sends to Service ${fact('service')}, which is not in the input`),
  'ingress-backend-port-missing': (fact) =>
    said(`${fact('ingress')} sends to ${fact('service')}:${fact('port')}, but the Service has ${fact('ports')}`),
  'gateway-missing': (fact) =>
    said(
      `${fact('route')} names Gateway ${fact('gateway')}, which is not in the input`,
      fact('nearest') === '' ? 'read the Gateway as well' : `did you mean Gateway ${fact('nearest')}?`,
    ),
  'gateway-listener-missing': (fact) =>
    said(
      `${fact('route')} asks for listener ${fact('wanted')} of Gateway ${fact('gateway')}, which has ${fact('listeners') || 'no listener'}`,
      'use the sectionName and the port of a listener in its parentRefs',
    ),
  'gateway-refuses-kind': (fact) =>
    said(
      `Gateway ${fact('gateway')} does not take ${fact('route')}: ${byCount(fact('listeners'), 'listener', 'listeners')} ${fact('listeners')} ${byCount(fact('listeners'), 'takes', 'take')} no ${fact('kind')}`,
      'see the protocol and allowedRoutes.kinds of the listener',
    ),
  'gateway-refuses-namespace': (fact) =>
    said(
      `Gateway ${fact('gateway')} does not take ${fact('route')}: ${byCount(fact('listeners'), 'listener', 'listeners')} ${fact('listeners')} ${byCount(fact('listeners'), 'takes', 'take')} no routes of namespace ${fact('namespace')}`,
      'see allowedRoutes.namespaces of the listener: without it, only routes of the Gateway’s own namespace are taken',
    ),
  'gateway-host-differs': (fact) =>
    said(
      `Gateway ${fact('gateway')} does not serve ${fact('route')}: its hosts are ${fact('hosts')}, and the listeners have ${fact('listeners')}`,
      'give the route a host of a listener',
    ),
  'reference-grant-missing': (fact) =>
    said(
      `${fact('route')} sends to Service ${fact('service')}, and no ReferenceGrant in namespace ${fact('namespace')} lets ${fact('kind')}s of namespace ${fact('from')} do so: the Gateway answers with an error (500)`,
      `add a ReferenceGrant to namespace ${fact('namespace')}: from ${fact('kind')} in ${fact('from')}, to Service`,
    ),
  'route-redirects': (fact) =>
    said(`the rule of ${fact('route')} answers with a redirect and sends nothing to a Service`, 'ask about the URL that it redirects to'),
  'route-without-backend': (fact) =>
    said(`the rule of ${fact('route')} has no Service that gets traffic: the Gateway answers with an error (500)`),
  'gateway-on-node': (fact) =>
    said(
      `class ${fact('class')} is served by a proxy on the nodes, which to policies is neither a pod nor an address, so what follows is for an unknown pod`,
      'rules without peers let it in; in a CiliumNetworkPolicy, so does fromEntities: [ingress]',
    ),
  'host-port-pod-unplaced': (fact) =>
    said(
      `the input does not say whether ${fact('pods')} runs on ${fact('node')}, and its host port ${fact('hostPort')} is open only there`,
      'read the pods as well: kubectl get pods -o yaml',
    ),
  'no-endpoint-on-node': (fact) =>
    said(
      `Service ${fact('service')} has externalTrafficPolicy Local and none of its pods runs on ${fact('node')}, so that node drops the connection`,
      'use a node that runs one of its pods, or a load balancer that checks node health',
    ),
  'not-read': (fact) => said(`this depends on ${fact('resources')}, which netverdict is not allowed to read`, RBAC_HINT),
  'mesh-port-shut': (fact) =>
    said(
      `${fact('source')} and ${fact('destination')} are in the ambient mesh, whose traffic always arrives on TCP ${fact('port')}, and ${fact('policies')} ${byCount(fact('policies'), 'does', 'do')} not allow that port`,
      `allow TCP ${fact('port')} beside the ports of the application`,
    ),
  'resolver-unknown': (fact) =>
    said(`${fact('pod')} uses ${fact('nameservers')}, and the input does not say whether that server knows the cluster’s names`),
};

/** What the port is, where it is a port of something else. '' when it is of nothing that is known. */
function whosePort(fact: Fact): string {
  const port = fact('port');
  if (fact('targetPortOf') !== '') return `${port} is a port of its pods; clients of the Service use ${fact('targetPortOf')}`;
  if (fact('nodePortOf') !== '') return `${port} is a port of the nodes; clients of the Service use ${fact('nodePortOf')}`;
  return fact('containerPort') === '' ? '' : `its pods declare ${port}, but no port of the Service leads to it`;
}

/** `shop/cart[Deployment]` → the command that brings its pods back. */
function scaleHint(workloads: string): string {
  const [, namespace, name, kind] = /^([^/,]+)\/([^[,]+)\[(\w+)\]$/.exec(workloads) ?? [];
  return kind === undefined ? 'scale it up' : `scale it up: kubectl scale ${kind.toLowerCase()} ${name} -n ${namespace} --replicas=1`;
}
