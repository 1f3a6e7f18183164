// A probe for a person: what the connection did, what the model says of it, and what it means when the two differ.
import type { Agreement, Conclusion, Control, Meaning, ModelOutcome } from '../probe/conclude.ts';
import type { ProbeOutcome } from '../probe/connect.ts';
import type { ProbeTarget } from '../probe/script.ts';
import type { Paint } from '../report/paint.ts';

export interface ProbeReport {
  /** `web/frontend-6d4`. */
  readonly from: string;
  /** As it was asked: `payments/svc/api-server:8080`. */
  readonly to: string;
  readonly target: ProbeTarget;
  readonly outcome: Omit<ProbeOutcome, 'left'> & { readonly left: string | undefined };
  readonly control: Control | undefined;
  /** Why there is none. */
  readonly noControl: string | undefined;
  readonly model: { readonly outcome: ModelOutcome; readonly codes: readonly string[] };
  readonly cni: string;
  readonly conclusion: Conclusion;
}

/** Ends with a line break. */
export function probeText(report: ProbeReport, paint: Paint): string {
  const { from, to, target, outcome, control, noControl, model, cni, conclusion } = report;
  const isGood = outcome.result === 'answered';
  const said = RESULTS[outcome.result];
  const { sentence, look } = MEANINGS[conclusion.meaning];
  const lines = [
    `${isGood ? paint.green(`✓ ${said}`) : paint.red(`✗ ${said}`)}   ${paint.bold(`${from} → ${to}`)} (${target.protocol})   ${paint.dim(`cni: ${cni}`)}`,
    '',
    row('dialled', `${bracketed(target)}   ${outcome.text}`, paint),
    ...(control === undefined ? [] : [row('control', controlWords(control), paint)]),
    ...(noControl === undefined ? [] : [row('control', `none: ${noControl}`, paint)]),
    row(
      'model',
      `${model.outcome}${model.codes.length === 0 ? '' : `: ${model.codes.slice(0, 3).join(', ')}`}   ${AGREEMENTS[conclusion.agreement]}`,
      paint,
    ),
    '',
    row('means', sentence, paint),
    ...look.map((item, i) => row(i === 0 ? 'look at' : '', item, paint)),
    ...(outcome.left === undefined ? [] : ['', row('left', outcome.left, paint)]),
  ];
  return `${lines.join('\n')}\n`;
}

function row(label: string, text: string, paint: Paint): string {
  return `  ${paint.dim(label.padEnd(9))}  ${paint.plain(text)}`;
}

function bracketed({ host, port }: ProbeTarget): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function controlWords({ by, result, text }: Control): string {
  if (by === 'kubelet') return `the destination answers its kubelet: ${text}`;
  return result === 'answered'
    ? `the destination answers itself (${text})`
    : `the destination does not answer itself either: ${RESULTS[result]} (${text})`;
}

const RESULTS: Readonly<Record<ProbeOutcome['result'], string>> = {
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

const AGREEMENTS: Readonly<Record<Agreement, string>> = {
  agrees: '(they agree)',
  contradicts: '(CONTRADICTION)',
  settles: '(the probe settles it)',
  'no-word': '(neither confirmed nor refuted)',
};

const AGENT = 'the CNI agents of both nodes: one that is not ready enforces old rules (netverdict cni)';
const OTHERS =
  'policies of other kinds (Cilium, Calico, ClusterNetworkPolicy), a mesh that wants mutual TLS, cloud security groups, node firewalls';
const NAT = 'address translation: does the destination see the address of the pod, or that of a node or load balancer?';
const DNS = 'netverdict why FROM kube-system/svc/kube-dns:53/udp, and the same with /tcp';

const MEANINGS: Readonly<Record<Meaning, { readonly sentence: string; readonly look: readonly string[] }>> = {
  'allowed-and-answered': { sentence: 'the connection works', look: [] },
  'denied-as-said': {
    sentence: 'a policy stops it, and nothing else does',
    look: ['netverdict why FROM TO names the policy; netverdict fix FROM TO what would open it'],
  },
  'broken-as-said': { sentence: 'it fails before any policy is asked', look: ['netverdict why FROM TO says where'] },
  'denied-but-answered': {
    sentence: 'the policies deny it and it works all the same: they are not in force on this path',
    look: [AGENT, NAT, 'does this CNI enforce at all (netverdict cni)? Has the policy just been changed?'],
  },
  'allowed-but-stopped': {
    sentence: 'the policies allow it, the destination answers itself, and still it does not get there: something else is in the way',
    look: [AGENT, OTHERS, NAT],
  },
  'nobody-answers': {
    sentence: 'the destination does not answer itself either: this is no question of policies',
    look: ['is the process up, and does it listen on 0.0.0.0 rather than 127.0.0.1, on this port?'],
  },
  'closed-port': {
    sentence: 'nobody listens on that port of the destination: this is no question of policies',
    look: ['the port, and the targetPort of the Service'],
  },
  'refused-although-silent-cni': {
    sentence: 'it was refused, and this CNI denies in silence: something that answers is in the way',
    look: ['a proxy, a mesh, a Service without ready endpoints, a node firewall that rejects', OTHERS],
  },
  'silent-although-answering-cni': {
    sentence: 'it timed out, and this CNI answers what it denies: packets are lost somewhere else as well',
    look: [OTHERS, AGENT],
  },
  'no-name': {
    sentence: 'the name could not be resolved, so no connection was tried',
    look: [DNS, 'does the name exist? A Service is NAME.NAMESPACE.svc'],
  },
  'cut-off': {
    sentence: 'the connection was let through and cut off by the other side: policies do not do that',
    look: ['the application itself, a mesh that wants mutual TLS, a proxy without a backend'],
  },
  'not-proven': {
    sentence: 'silence, and nothing shows that the destination answers at all: a policy is one cause of several',
    look: ['try the same from a place that is allowed'],
  },
  'broken-but-answered': {
    sentence: 'it works although the way looked broken: the objects that were read do not tell all',
    look: ['netverdict why FROM TO says what is missing'],
  },
  'open-settled': { sentence: 'the objects alone left it open; this is the answer', look: [] },
  unclear: { sentence: 'the tool said something that netverdict does not understand', look: ['another image: --image NAME'] },
};

export function meaningOf({ meaning }: Conclusion): { readonly sentence: string; readonly look: readonly string[] } {
  return MEANINGS[meaning];
}
