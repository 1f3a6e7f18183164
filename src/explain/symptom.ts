// What was seen against what was decided: does the symptom fit, can it come from a policy on this CNI, where to look then.
// Sources: semantics D.3 (denyResponse per CNI), E rows 5, 22, 43, 44, 65, 66.
import type { Semantics } from '../profile/profile.ts';
import { deadAgent, firstSeconds, openAtFirst, shutAtFirst } from './enforcer-moments.ts';

export const SYMPTOMS = [
  'timeout',
  'refused',
  'unreachable', // "no route to host"
  'reset',
  'nxdomain',
  'resolve', // EAI_AGAIN, "temporary failure in name resolution"
  'slow',
  'intermittent',
  'unhealthy', // probes fail
  'works', // it should not
  '403',
  '503',
  '5xx',
] as const;
export type Symptom = (typeof SYMPTOMS)[number];

export interface SymptomAnswer {
  readonly symptom: Symptom;
  /** yes: the verdict explains it. no: it must have another cause. maybe: it depends on what is not known. */
  readonly fits: 'yes' | 'no' | 'maybe';
  readonly text: string;
  /** What to look at next, most likely first. */
  readonly look: readonly string[];
}

export interface Lookup {
  readonly outcome: 'allowed' | 'denied' | 'partial' | 'undecided' | 'broken';
  /** How long a lookup waits in vain before it gives up: attempts × timeout × nameservers that do not answer. Seconds. */
  readonly seconds: number;
}

interface Seen {
  readonly outcome: 'allowed' | 'denied' | 'partial' | 'broken' | 'undecided';
  /** First cause or obstacle code, when there is one. */
  readonly cause: string | undefined;
  /** What the lookup of the name gives; undefined where none is on the way. */
  readonly lookup: Lookup | undefined;
  /** May a node always reach its own pods, as the kubelet does for probes? */
  readonly localNodeToPod: 'always' | 'policed' | 'open';
  /** What a denied packet gets on the chosen CNI. */
  readonly denyResponse: 'drop' | 'reject' | 'open';
  /** What a new pod can do before its policies are in place. */
  readonly startup: Semantics['startup'];
  /** What a dead agent leaves of the rules on its node. */
  readonly agentDown: Semantics['agentDown'];
  /** Does a policy isolate an end? Then its rules must know a new pod before they admit it. */
  readonly isIsolated: boolean;
  /** The profile's name: `k3s`. */
  readonly profile: string;
}

/** Never throws. `outcome`, `cause` and `denyResponse` as `why` found them. */
export function symptomAnswer(symptom: Symptom, seen: Seen): SymptomAnswer {
  const made = ANSWERS[symptom](seen);
  return { symptom, ...made };
}

type Answer = Omit<SymptomAnswer, 'symptom'>;

const LISTEN = 'is the process listening on that port, and on 0.0.0.0 rather than 127.0.0.1? (kubectl exec POD -- ss -ltn)';
const ENDPOINTS = 'has the Service ready endpoints? (kubectl get endpointslices -l kubernetes.io/service-name=NAME)';
const AGENT = 'is the CNI agent healthy on both nodes? Stale rules look like this (kubectl -n kube-system get ds)';
const OTHER_RULES = 'cloud security groups, node firewalls, and policies of other kinds (Cilium, Calico, ClusterNetworkPolicy, mesh)';
const OLD = 'was the connection opened before the policy changed? Some CNIs keep established connections, some cut them';

const YOUNG = 'does it fail only in the first seconds of a new pod? Then retry, or wait before the first connection';
/** A rule admits a pod by its address, which reaches the other node's rules only with the agent's next update. */
const latePod = (profile: string) => `${profile} learns the address of a pod that has just started with the next sync of its rules`;
const REPLICAS = 'do all replicas carry the same labels, also in the middle of a rollout? (kubectl get pods --show-labels -o wide)';
const ENFORCED = 'does the CNI enforce policies at all, on both nodes? (netverdict cni)';

function greenProbes({ localNodeToPod }: Seen): readonly string[] {
  return localNodeToPod === 'always'
    ? ['probes stay green meanwhile, because a node always reaches its own pods: ready does not mean reachable from elsewhere']
    : [];
}

const ANSWERS: Readonly<Record<Symptom, (seen: Seen) => Answer>> = {
  timeout: (seen) => {
    const { outcome, cause, denyResponse } = seen;
    if (outcome === 'denied' && cause === 'no-dns-egress') {
      return {
        fits: 'yes',
        text: 'the name lookup times out first: resolvers wait 5 s a try and more before they give up',
        look: ['open DNS, then ask again'],
      };
    }
    // Whatever the CNI answers, ztunnel gets the answer and not the client.
    if (outcome !== 'denied' && cause === 'mesh-port-shut') {
      return {
        fits: 'yes',
        text: 'the port of the application is open, and between two pods of an ambient mesh nothing but the mesh’s own port travels: that one is denied, and the client waits',
        look: ['open TCP 15008 beside the port of the application', 'ztunnel on both nodes (kubectl -n istio-system logs ds/ztunnel)'],
      };
    }
    if (outcome === 'denied' && denyResponse === 'reject') {
      return {
        fits: 'no',
        text: 'this CNI answers denied packets at once (connection refused); a timeout has another cause too',
        look: [AGENT, OTHER_RULES],
      };
    }
    if (outcome === 'denied')
      return {
        fits: 'yes',
        text: 'a denied packet vanishes without an answer: the client waits until it times out',
        look: greenProbes(seen),
      };
    if (outcome === 'broken' && cause === 'no-ready-endpoint') {
      return { fits: 'maybe', text: 'a Service without endpoints refuses on most proxies, and times out on some', look: [ENDPOINTS] };
    }
    if (outcome === 'allowed')
      return {
        fits: 'no',
        text: 'no NetworkPolicy stops this connection',
        look: [...shutAtFirst(seen), AGENT, OTHER_RULES, OLD, 'routing, MTU and the address that was really dialled'],
      };
    if (outcome === 'partial')
      return {
        fits: 'yes',
        text: 'it fits where the connection is denied: some of the connections hang, others get through',
        look: [REPLICAS],
      };
    return { fits: 'maybe', text: 'it would fit a denial, which is not certain here', look: [AGENT, OTHER_RULES] };
  },
  refused: ({ outcome, cause, denyResponse, isIsolated, profile }) => {
    if (outcome === 'denied' && denyResponse === 'reject')
      return { fits: 'yes', text: 'this CNI rejects denied packets, and the client sees "connection refused" at once', look: [] };
    if (outcome === 'denied' && denyResponse === 'drop') {
      return {
        fits: 'no',
        text: 'this CNI drops silently: whoever refused was reached, so the packet passed',
        look: [LISTEN, ENDPOINTS, AGENT],
      };
    }
    if (outcome === 'denied')
      return {
        fits: 'maybe',
        text: 'kube-router and k3s refuse denied connections; nearly all others drop silently',
        look: [LISTEN, ENDPOINTS, 'choose your CNI with --cni'],
      };
    if (outcome === 'broken')
      return {
        fits: 'yes',
        text: `kube-proxy refuses at once when there is nobody to send to (${cause ?? 'broken Service'})`,
        look: [ENDPOINTS],
      };
    if (outcome === 'allowed' && isIsolated && denyResponse === 'reject') {
      return {
        fits: 'maybe',
        text: `the policies allow it, but ${latePod(profile)} and refuses it until then: short-lived pods (Jobs, CronJobs) meet that with their first connection`,
        look: [YOUNG, LISTEN, ENDPOINTS],
      };
    }
    return { fits: 'no', text: 'policies let it through; something that was reached refused', look: [LISTEN, ENDPOINTS] };
  },
  reset: ({ outcome, denyResponse }) => ({
    fits: outcome === 'denied' && denyResponse !== 'drop' ? 'maybe' : 'no',
    text: 'NetworkPolicies do not reset connections: the application, a proxy or a load balancer closed it',
    look: ['logs of the destination, and of every proxy or sidecar between', 'idle timeouts of load balancers', OLD],
  }),
  nxdomain: ({ cause }) => ({
    fits: cause === 'name-not-in-dns' || cause === 'name-not-published' ? 'yes' : 'no',
    text: 'a DNS server was reached and said that the name does not exist; a policy that blocks DNS gives a timeout instead',
    look: [
      'the name: service.namespace.svc.cluster.local; a pod has one only by hostname and subdomain, under a headless Service, while it is ready',
      'the pod’s search list (kubectl exec POD -- cat /etc/resolv.conf)',
    ],
  }),
  unreachable: ({ outcome, denyResponse }) => ({
    fits: outcome === 'denied' && denyResponse === 'open' ? 'maybe' : 'no',
    text:
      outcome === 'denied' && denyResponse === 'reject'
        ? 'this CNI answers denied packets with "connection refused"; "no route to host" is another answer'
        : '"no route to host" is an answer (ICMP), or an address that nobody has: plugins that drop silently do not send it',
    look: [
      'does the address still belong to a running pod? (kubectl get pods -A -o wide)',
      'a firewall on the node that rejects with icmp-host-prohibited (firewalld does), or a CNI that was told to reject',
      'routes between the nodes, security groups',
    ],
  }),
  resolve: ({ lookup, cause }) => {
    if (cause === 'name-not-in-dns')
      return { fits: 'no', text: 'the name does not exist: a DNS server that is reached says so at once (NXDOMAIN)', look: [] };
    if (lookup === undefined)
      return {
        fits: 'maybe',
        text: 'the question names no host, so no lookup is on its way',
        look: ['ask with the host name that the program dials'],
      };
    if (lookup.outcome === 'allowed')
      return {
        fits: 'no',
        text: 'policies let the lookup through',
        look: ['are the DNS pods ready, and do they reach their upstream? (kubectl -n kube-system logs -l k8s-app=kube-dns)', AGENT],
      };
    const text = `the lookup gets no answer and fails after ${lookup.seconds} s ("temporary failure in name resolution", EAI_AGAIN)`;
    return { fits: lookup.outcome === 'undecided' ? 'maybe' : 'yes', text, look: lookup.outcome === 'partial' ? [REPLICAS] : [] };
  },
  slow: ({ outcome, lookup, cause }) => {
    if (lookup !== undefined && (lookup.outcome === 'denied' || lookup.outcome === 'broken'))
      return {
        fits: 'yes',
        text: `every lookup waits ${lookup.seconds} s in vain before it fails (attempts × timeout × nameservers)`,
        look: [],
      };
    if (lookup?.outcome === 'partial')
      return {
        fits: 'yes',
        text: `a lookup that meets what is shut waits up to ${lookup.seconds} s and then goes on`,
        look: ['open DNS over UDP and TCP 53 to every nameserver'],
      };
    if (cause === 'families-differ')
      return { fits: 'yes', text: 'clients try one address family first and wait before they fall back to the other', look: [] };
    if (outcome === 'partial')
      return { fits: 'yes', text: 'attempts that meet what is denied hang until they are tried elsewhere', look: [REPLICAS] };
    if (outcome === 'denied')
      return {
        fits: 'maybe',
        text: 'a denied connection hangs until it times out; it is slow only where the client goes on without it',
        look: [],
      };
    return {
      fits: outcome === 'allowed' ? 'no' : 'maybe',
      text: 'policies let a connection through or they do not: they slow nothing down',
      look: ['search lists and ndots multiply lookups (kubectl exec POD -- cat /etc/resolv.conf)', 'CPU limits of both ends', 'MTU'],
    };
  },
  intermittent: (seen) => {
    const { outcome, lookup } = seen;
    if (outcome === 'partial' || lookup?.outcome === 'partial')
      return { fits: 'yes', text: 'some of the pods, nodes or address families are let through and others are not', look: [REPLICAS] };
    if (outcome === 'undecided')
      return { fits: 'maybe', text: 'what decides it may differ from pod to pod and from node to node', look: [REPLICAS, AGENT] };
    return {
      fits: 'no',
      text: outcome === 'denied' ? 'it is denied always, not now and then' : 'policies answer every attempt alike',
      look: [REPLICAS, AGENT, ...firstSeconds(seen)],
    };
  },
  unhealthy: ({ outcome, localNodeToPod }) => {
    if (localNodeToPod === 'always') {
      return {
        fits: outcome === 'denied' ? 'maybe' : 'no',
        text: 'probes come from the pod’s own node, which always gets through: policies fail no probe, except one whose check needs a connection that is denied',
        look: ['what the probe does (kubectl describe pod): does it call another service?', LISTEN],
      };
    }
    return {
      fits: outcome === 'denied' || localNodeToPod === 'open' ? 'maybe' : 'no',
      text: 'whether a node always reaches its own pods is up to this CNI: ask with node/NAME as the source',
      look: ['netverdict why node/NAME namespace/pod:PORT', LISTEN],
    };
  },
  works: (seen) => {
    const { outcome } = seen;
    if (outcome === 'allowed')
      return { fits: 'yes', text: 'policies allow it: above stands the rule that lets it through, or that no policy isolates', look: [] };
    if (outcome === 'denied' || outcome === 'broken') {
      return {
        fits: 'no',
        text:
          outcome === 'denied'
            ? 'policies deny new connections of this kind; something else let this one through'
            : 'the way is broken as the input tells it; what answers may be something else',
        look: [
          ENFORCED,
          OLD,
          ...openAtFirst(seen),
          'is the input the same as the cluster? Labels, policies and namespaces as they are there (netverdict snapshot)',
          AGENT,
          ...deadAgent(seen),
        ],
      };
    }
    return { fits: 'maybe', text: 'it is not denied in every case', look: [ENFORCED, REPLICAS] };
  },
  '403': ({ outcome }) => ({
    fits: 'no',
    text:
      outcome === 'denied'
        ? 'an HTTP answer came back, so the packets passed, although NetworkPolicies deny them: something else answered'
        : 'an HTTP answer came back: NetworkPolicies pass or stop packets and never answer in HTTP',
    look: [
      'L7 rules: AuthorizationPolicy of a mesh, Cilium http rules, a web application firewall',
      'RBAC, where the destination is the API server (kubectl auth can-i)',
      'the application itself',
    ],
  }),
  '503': ({ outcome, cause }) => ({
    fits: outcome === 'denied' || outcome === 'partial' || outcome === 'broken' ? 'maybe' : 'no',
    text:
      outcome === 'broken'
        ? `a proxy in front found nobody to send to (${cause ?? 'broken Service'})`
        : 'a proxy, ingress controller or mesh sidecar answered, because it could not reach its backend',
    look: ['ask for the hop behind it: netverdict why {ingress-controller} namespace/service', ENDPOINTS],
  }),
  '5xx': ({ outcome }) => ({
    fits: outcome === 'denied' ? 'maybe' : 'no',
    text: 'an HTTP answer came back, so the client reached something: a proxy or ingress controller that could not reach its backend',
    look: [
      'ask for the hop behind it: netverdict why {ingress-controller} namespace/service',
      'mesh sidecars: an L7 rule answers 403, a missing route 404 or 503',
    ],
  }),
};
