// What `probe` says of a connection and of the verdict beside it.

export const NO_CONTROL_NEEDED = 'not needed';

export const PROBE_LABELS = {
  dialled: 'dialled',
  status: 'status',
  control: 'control',
  model: 'model',
  means: 'means',
  look: 'look at',
  left: 'left',
} as const;

/** `503, expected 200`. */
export function statusWords({ expected, status }: { readonly expected: number; readonly status?: number }): string {
  return `${status ?? 'no answer'}, expected ${expected}`;
}

type Result = 'answered' | 'refused' | 'reset' | 'timed-out' | 'no-answer' | 'name-not-resolved' | 'unreachable' | 'no-tool' | 'unclear';

export const PROBE_RESULTS: Readonly<Record<Result, string>> = {
  answered: 'answered',
  refused: 'refused',
  reset: 'reset',
  'timed-out': 'timed out',
  'no-answer': 'no answer',
  'name-not-resolved': 'name not resolved',
  unreachable: 'unreachable',
  'no-tool': 'not tried',
  unclear: 'unclear',
};

export const PROBE_AGREEMENTS = {
  agrees: '(they agree)',
  contradicts: '(CONTRADICTION)',
  settles: '(the probe settles it)',
  'no-word': '(neither confirmed nor refuted)',
} as const;

export function cniWords(cni: string): string {
  return `cni: ${cni}`;
}

/** `denied: denied-by-default-deny   (they agree)`. */
export function probeModelWords(
  { outcome, codes }: { readonly outcome: string; readonly codes: readonly string[] },
  agreement: keyof typeof PROBE_AGREEMENTS,
): string {
  return `${outcome}${codes.length === 0 ? '' : `: ${codes.slice(0, 3).join(', ')}`}   ${PROBE_AGREEMENTS[agreement]}`;
}

interface Control {
  readonly by: 'itself' | 'kubelet';
  readonly result: Result;
  readonly text: string;
}

export function controlWords({ by, result, text }: Control): string {
  if (by === 'kubelet') return `the destination answers its kubelet: ${text}`;
  return result === 'answered'
    ? `the destination answers itself (${text})`
    : `the destination does not answer itself either: ${PROBE_RESULTS[result]} (${text})`;
}

/** There was no control, and why. */
export function noControlWords(because: string): string {
  return `none: ${because}`;
}

const AGENT = 'the CNI agents on both nodes: an agent that is not ready enforces outdated rules (netverdict cni)';
const OTHERS =
  'policies of other kinds (Cilium, Calico, ClusterNetworkPolicy), a mesh that requires mutual TLS, cloud security groups, node firewalls';
const NAT = 'address translation: does the destination see the address of the pod, or that of a node or load balancer?';
const DNS = 'netverdict why FROM kube-system/svc/kube-dns:53/udp, and the same with /tcp';

interface Meaning {
  readonly sentence: string;
  /** What to look at next. */
  readonly look: readonly string[];
}

const MEANINGS = {
  'allowed-and-answered': { sentence: 'the connection works', look: [] },
  'denied-as-said': {
    sentence: 'a policy stops it, and nothing else does',
    look: ['netverdict why FROM TO names the policy; netverdict fix FROM TO shows what would open it'],
  },
  'broken-as-said': { sentence: 'it fails before any policy is evaluated', look: ['netverdict why FROM TO shows where'] },
  'denied-but-answered': {
    sentence: 'the policies deny it, but it works: they are not in force on this path',
    look: [AGENT, NAT, 'does this CNI enforce policies at all (netverdict cni)? Has the policy just been changed?'],
  },
  'allowed-but-stopped': {
    sentence:
      'the policies allow it and the destination answers itself, but the connection does not get through: something else is in the way',
    look: [AGENT, OTHERS, NAT],
  },
  'nobody-answers': {
    sentence: 'the destination does not answer itself either, so policies are not the cause',
    look: ['is the process up, and does it listen on this port, on 0.0.0.0 rather than 127.0.0.1?'],
  },
  'closed-port': {
    sentence: 'nothing listens on that port of the destination, so policies are not the cause',
    look: ['the port, and the targetPort of the Service'],
  },
  'refused-although-silent-cni': {
    sentence: 'it was refused, but this CNI drops what it denies: something that answers is in the way',
    look: ['a proxy, a mesh, a Service without ready endpoints, a node firewall that rejects', OTHERS],
  },
  'silent-although-answering-cni': {
    sentence: 'it timed out, but this CNI rejects what it denies: packets are lost somewhere else as well',
    look: [OTHERS, AGENT],
  },
  'no-name': {
    sentence: 'the name could not be resolved, so no connection was tried',
    look: [DNS, 'does the name exist? A Service is NAME.NAMESPACE.svc'],
  },
  'cut-off': {
    sentence: 'the connection was accepted and then reset by the other side: policies do not do that',
    look: ['the application itself, a mesh that requires mutual TLS, a proxy without a backend'],
  },
  'not-proven': {
    sentence: 'no answer, and nothing shows that the destination answers at all: a policy is one possible cause',
    look: ['try the same from a source that is allowed'],
  },
  'broken-but-answered': {
    sentence: 'it works although the path looked broken: the objects that were read are not the whole picture',
    look: ['netverdict why FROM TO shows what is missing'],
  },
  'open-settled': { sentence: 'the objects alone left it undecided; this is the answer', look: [] },
  unclear: { sentence: 'the tool printed something that netverdict does not understand', look: ['another image: --image NAME'] },
} as const satisfies Readonly<Record<string, Meaning>>;

export type ProbeMeaning = keyof typeof MEANINGS;

export function probeMeaning(code: ProbeMeaning): Meaning {
  return MEANINGS[code];
}
