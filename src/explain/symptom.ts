// What was seen against what was decided: does the symptom fit, can it come from a policy on this CNI, where to look then.
// Sources: semantics D.3 (denyResponse per CNI), E rows 5, 22, 43, 44, 65, 66.

export const SYMPTOMS = ['timeout', 'refused', 'reset', 'nxdomain', '5xx'] as const;
export type Symptom = (typeof SYMPTOMS)[number];

export interface SymptomAnswer {
  readonly symptom: Symptom;
  /** yes: the verdict explains it. no: it must have another cause. maybe: it depends on what is not known. */
  readonly fits: 'yes' | 'no' | 'maybe';
  readonly text: string;
  /** What to look at next, most likely first. */
  readonly look: readonly string[];
}

interface Seen {
  readonly outcome: 'allowed' | 'denied' | 'partial' | 'broken' | 'undecided';
  /** First cause or obstacle code, when there is one. */
  readonly cause: string | undefined;
  /** What a denied packet gets on the chosen CNI. */
  readonly denyResponse: 'drop' | 'reject' | 'open';
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

const ANSWERS: Readonly<Record<Symptom, (seen: Seen) => Answer>> = {
  timeout: ({ outcome, cause, denyResponse }) => {
    if (outcome === 'denied' && cause === 'no-dns-egress') {
      return {
        fits: 'yes',
        text: 'the name lookup times out first: resolvers wait 5 s a try and more before they give up',
        look: ['open DNS, then ask again'],
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
      return { fits: 'yes', text: 'a denied packet vanishes without an answer: the client waits until it times out', look: [] };
    if (outcome === 'broken' && cause === 'no-ready-endpoint') {
      return { fits: 'maybe', text: 'a Service without endpoints refuses on most proxies, and times out on some', look: [ENDPOINTS] };
    }
    if (outcome === 'allowed')
      return {
        fits: 'no',
        text: 'no NetworkPolicy stops this connection',
        look: [AGENT, OTHER_RULES, OLD, 'routing, MTU and the address that was really dialled'],
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
  '5xx': ({ outcome }) => ({
    fits: outcome === 'denied' ? 'maybe' : 'no',
    text: 'an HTTP answer came back, so the client reached something: a proxy or ingress controller that could not reach its backend',
    look: [
      'ask for the hop behind it: netverdict why {ingress-controller} namespace/service',
      'mesh sidecars: an L7 rule answers 403, a missing route 404 or 503',
    ],
  }),
};
