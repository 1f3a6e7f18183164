// What `map` says around its rows.
import { cellQuestion } from './cells.ts';
import { counted } from './lists.ts';

/** `3 workloads, 6 allowed connections; what is not listed is not allowed`. */
export function mapCountWords(workloads: number, connections: number): string {
  return `${counted(workloads, 'workload')}, ${counted(connections, 'allowed connection')}; what is not listed is not allowed`;
}

export function alikeWords(count: number): string {
  return `(${count} alike)`;
}

/** `profile`: `kubernetes` is the one that leaves open what the API leaves open. */
export function undecidedHead(rows: number, profile: string): string {
  const hint =
    profile === 'kubernetes'
      ? 'choose your CNI with --cni to settle what depends on it'
      : 'more of the input (addresses, nodes, readable policies) would settle it';
  return `${counted(rows, 'connection')} ${rows === 1 ? 'is' : 'are'} undecided; ${hint}`;
}

/** The question behind a doubt, for the pairs that it concerns: `is endPort honoured?`. */
export function openQuestionWords({ code, cell }: { readonly code: string; readonly cell: string | undefined }): string {
  if (code === 'profile-differs') return cellQuestion(cell ?? '');
  return `${QUESTIONS[code] ?? code}:`;
}

const QUESTIONS: Readonly<Record<string, string>> = {
  'policy-unreadable': 'a policy that cannot be read may apply',
  'address-unknown': 'the address of a pod is not in the input, and a rule by address may match it',
  'tunnel-source': 'pods on other nodes see the address of a node or of its tunnel, and a rule matches only one of them',
  'node-unknown': 'the input does not say whether both ends run on the same node',
  'named-port-in-init-container': 'only an init container or sidecar declares the named port',
  'rule-unclear': 'the input does not show whether a rule matches',
  'host-endpoint': 'a Calico HostEndpoint covers the node, and its policies are not evaluated',
  'families-differ': 'IPv4 and IPv6 get different verdicts',
  'equal-priority': 'two policies have the same priority, and either may come first',
  'nodes-unknown': 'a rule selects nodes, and the input has no Node objects',
  'name-unresolved': 'a rule matches a DNS name, and its addresses are known only at run time',
};

/** For formats that have no place for undecided rows. */
export function undecidedLeftOut(count: number): string {
  return `${counted(count, 'connection')} ${count === 1 ? 'is' : 'are'} undecided and not in this format; -o text and -o json list ${count === 1 ? 'it' : 'them'}`;
}

/** For formats that have no place for departures. */
export function departuresLeftOut(count: number, isComplete: boolean): string {
  return `the enforcer of this profile departs from the policies on ${isComplete ? '' : 'at least '}${counted(count, 'connection')}; -o text and -o json list them`;
}
