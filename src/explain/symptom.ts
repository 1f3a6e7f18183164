// What was seen against what was decided: does the symptom fit, can it come from a policy on this CNI, where to look then.
// Codes and facts only; the sentences are in words/en/symptom.ts. Sources: semantics D.3 (denyResponse per CNI), E rows 5, 22, 43, 44, 65, 66.
import type { Semantics } from '../profile/profile.ts';
import { deadAgent, firstSeconds, openAtFirst, shutAtFirst } from './enforcer-moments.ts';
import type { Look, SymptomReason } from './symptom-codes.ts';

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
  'ping-works', // and the port does not
  'ping-fails', // and the port answers
  '403',
  '503',
  '5xx',
] as const;
export type Symptom = (typeof SYMPTOMS)[number];

export interface SymptomAnswer {
  readonly symptom: Symptom;
  /** yes: the verdict explains it. no: it must have another cause. maybe: it depends on what is not known. */
  readonly fits: 'yes' | 'no' | 'maybe';
  /** Why it fits or does not: `denied-is-dropped`. */
  readonly because: SymptomReason;
  /** What to look at next, most likely first. */
  readonly look: readonly Look[];
  /** What the sentences name. */
  readonly facts: { readonly profile: string; readonly seconds?: number; readonly cause?: string };
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
  /** An HTTP rule of Cilium refuses the request that was asked about. */
  readonly isRefused: boolean;
  /** What policies say of a ping between the same ends, and what was asked about: that ping itself, or a port. */
  readonly ping: { readonly outcome: Seen['outcome']; readonly isAsked: boolean; readonly isToService: boolean };
}

/** Never throws. `outcome`, `cause` and `denyResponse` as `why` found them. */
export function symptomAnswer(symptom: Symptom, seen: Seen): SymptomAnswer {
  const { profile, lookup, cause } = seen;
  const facts = { profile, ...(lookup && { seconds: lookup.seconds }), ...(cause !== undefined && { cause }) };
  return { symptom, ...ANSWERS[symptom](seen), facts };
}

type Answer = Pick<SymptomAnswer, 'fits' | 'because' | 'look'>;

function answer(fits: Answer['fits'], because: SymptomReason, ...look: readonly Look[]): Answer {
  return { fits, because, look };
}

const ANSWERS: Readonly<Record<Symptom, (seen: Seen) => Answer>> = {
  timeout,
  refused,
  reset: ({ outcome, denyResponse }) =>
    answer(
      outcome === 'denied' && denyResponse !== 'drop' ? 'maybe' : 'no',
      'policies-do-not-reset',
      'logs-along-the-path',
      'idle-timeouts',
      'opened-before-the-change',
    ),
  nxdomain: ({ cause }) =>
    answer(
      cause === 'name-not-in-dns' || cause === 'name-not-published' ? 'yes' : 'no',
      'dns-server-answered',
      'spelling-of-the-name',
      'search-list',
    ),
  unreachable: ({ outcome, denyResponse }) =>
    answer(
      outcome === 'denied' && denyResponse === 'open' ? 'maybe' : 'no',
      outcome === 'denied' && denyResponse === 'reject' ? 'rejected-looks-refused' : 'unreachable-is-an-answer',
      'address-in-use',
      'node-firewall',
      'routes-between-nodes',
    ),
  resolve: ({ lookup, cause }) => {
    if (cause === 'name-not-in-dns') return answer('no', 'nxdomain-is-immediate');
    if (lookup === undefined) return answer('maybe', 'no-host-name-asked', 'ask-with-the-host-name');
    if (lookup.outcome === 'allowed') return answer('no', 'lookup-allowed', 'dns-pods', 'agent-healthy');
    const look: readonly Look[] = lookup.outcome === 'partial' ? ['same-labels'] : [];
    return answer(lookup.outcome === 'undecided' ? 'maybe' : 'yes', 'lookup-fails-late', ...look);
  },
  slow,
  intermittent: (seen) => {
    const { outcome, lookup } = seen;
    if (outcome === 'partial' || lookup?.outcome === 'partial') return answer('yes', 'some-are-allowed', 'same-labels');
    if (outcome === 'undecided') return answer('maybe', 'differs-by-pod-or-node', 'same-labels', 'agent-healthy');
    return answer(
      'no',
      outcome === 'denied' ? 'always-denied' : 'always-the-same',
      'same-labels',
      'agent-healthy',
      ...firstSeconds(seen.startup),
    );
  },
  unhealthy: ({ outcome, localNodeToPod }) =>
    localNodeToPod === 'always'
      ? answer(outcome === 'denied' ? 'maybe' : 'no', 'probes-are-allowed', 'what-the-probe-does', 'process-listens')
      : answer(
          outcome === 'denied' || localNodeToPod === 'open' ? 'maybe' : 'no',
          'node-may-be-denied',
          'ask-from-the-node',
          'process-listens',
        ),
  works,
  'ping-works': pingWorks,
  'ping-fails': pingFails,
  '403': ({ outcome, isRefused }) =>
    isRefused && outcome === 'allowed'
      ? answer('yes', 'http-rule-refuses')
      : answer('no', outcome === 'denied' ? 'http-answer-although-denied' : 'http-answer', 'layer-7-rules', 'rbac', 'application-itself'),
  '503': ({ outcome }) =>
    answer(
      outcome === 'denied' || outcome === 'partial' || outcome === 'broken' ? 'maybe' : 'no',
      outcome === 'broken' ? 'proxy-has-no-backend' : 'proxy-answered',
      'ask-about-the-next-hop',
      'ready-endpoints',
    ),
  '5xx': ({ outcome }) => answer(outcome === 'denied' ? 'maybe' : 'no', 'client-reached-a-proxy', 'ask-about-the-next-hop', 'mesh-answers'),
};

function timeout(seen: Seen): Answer {
  const { outcome, cause, denyResponse, localNodeToPod } = seen;
  if (outcome === 'denied' && cause === 'no-dns-egress') return answer('yes', 'lookup-times-out-first', 'allow-dns-first');
  // Whatever the CNI answers, ztunnel gets the answer and not the client.
  if (outcome !== 'denied' && cause === 'mesh-port-shut') return answer('yes', 'mesh-port-denied', 'allow-the-mesh-port', 'ztunnel');
  if (outcome === 'denied' && denyResponse === 'reject') return answer('no', 'denied-is-rejected', 'agent-healthy', 'other-rules');
  if (outcome === 'denied') {
    const probes: readonly Look[] = localNodeToPod === 'always' ? ['probes-stay-green'] : [];
    return answer('yes', 'denied-is-dropped', ...probes);
  }
  if (outcome === 'broken' && cause === 'no-ready-endpoint') return answer('maybe', 'no-endpoints-may-time-out', 'ready-endpoints');
  if (outcome === 'allowed')
    return answer('no', 'policies-allow', ...shutAtFirst(seen), 'agent-healthy', 'other-rules', 'opened-before-the-change', 'routing');
  if (outcome === 'partial') return answer('yes', 'fits-where-denied', 'same-labels');
  return answer('maybe', 'would-fit-a-denial', 'agent-healthy', 'other-rules');
}

function refused({ outcome, denyResponse, isIsolated }: Seen): Answer {
  if (outcome === 'denied' && denyResponse === 'reject') return answer('yes', 'rejected-at-once');
  if (outcome === 'denied' && denyResponse === 'drop')
    return answer('no', 'drops-never-refuse', 'process-listens', 'ready-endpoints', 'agent-healthy');
  if (outcome === 'denied') return answer('maybe', 'few-cnis-reject', 'process-listens', 'ready-endpoints', 'choose-cni');
  if (outcome === 'broken') return answer('yes', 'kube-proxy-refuses', 'ready-endpoints');
  if (outcome === 'allowed' && isIsolated && denyResponse === 'reject')
    return answer('maybe', 'rejected-until-known', 'only-first-seconds', 'process-listens', 'ready-endpoints');
  return answer('no', 'reached-and-refused', 'process-listens', 'ready-endpoints');
}

function slow({ outcome, lookup, cause }: Seen): Answer {
  if (lookup !== undefined && (lookup.outcome === 'denied' || lookup.outcome === 'broken')) return answer('yes', 'every-lookup-waits');
  if (lookup?.outcome === 'partial') return answer('yes', 'some-lookups-wait', 'allow-dns-udp-and-tcp');
  if (cause === 'families-differ') return answer('yes', 'one-family-first');
  if (outcome === 'partial') return answer('yes', 'denied-attempts-hang', 'same-labels');
  if (outcome === 'denied') return answer('maybe', 'denied-hangs');
  return answer(outcome === 'allowed' ? 'no' : 'maybe', 'policies-do-not-slow', 'search-list-multiplies', 'cpu-limits', 'mtu');
}

/** It should not work, and it does. */
function works(seen: Seen): Answer {
  const { outcome } = seen;
  if (outcome === 'allowed') return answer('yes', 'allowed-as-shown');
  if (outcome !== 'denied' && outcome !== 'broken') return answer('maybe', 'not-always-denied', 'is-enforced', 'same-labels');
  return answer(
    'no',
    outcome === 'denied' ? 'something-else-allows' : 'something-else-answers',
    'is-enforced',
    'opened-before-the-change',
    ...openAtFirst(seen),
    'input-is-current',
    'agent-healthy',
    ...deadAgent(seen.agentDown),
  );
}

/** Ping gets an answer, the port does not. A ping that was asked about itself is one that should not work, or the verdict explains it. */
function pingWorks(seen: Seen): Answer {
  const { outcome, ping } = seen;
  if (ping.isAsked) return works(seen);
  if (outcome === 'allowed')
    return answer('no', 'port-is-allowed-too', 'process-listens', 'ready-endpoints', 'agent-healthy', 'other-rules');
  if (outcome === 'broken') return answer('yes', 'ping-asks-no-port', 'ready-endpoints', 'process-listens');
  if (outcome === 'partial') return answer('yes', 'fits-where-denied', 'same-labels');
  if (outcome === 'undecided') return answer('maybe', 'would-fit-a-denial', 'choose-cni', 'other-rules');
  if (ping.outcome === 'allowed') return answer('yes', 'rules-admit-ping-alone');
  if (ping.outcome === 'denied') return answer('maybe', 'ping-is-denied-too', 'address-in-use', 'is-enforced');
  return answer('maybe', 'ping-left-to-the-cni', 'choose-cni');
}

/** The port answers, ping does not. */
function pingFails(seen: Seen): Answer {
  const { outcome, ping } = seen;
  if (ping.isAsked) return timeout(seen);
  if (ping.isToService) return answer('yes', 'service-forwards-no-ping');
  if (outcome === 'denied' || outcome === 'broken') return works(seen);
  if (ping.outcome === 'denied') return answer('yes', 'ports-admit-no-ping');
  if (ping.outcome === 'allowed') return answer('no', 'ping-is-allowed-too', 'node-firewall', 'other-rules');
  return answer('maybe', 'ping-left-to-the-cni', 'choose-cni');
}
