// Moving to another CNI: which answers differ, and what to write instead. Names are not yet made harmless.
import { cellQuestion } from './cells.ts';
import { andMore } from './lists.ts';

/** In place of an answer that becomes another one. */
export const settingsWords = 'the settings of the CNI';

/** `NetworkPolicy shop/out egress[0]: does an ipBlock … match that pod? yes became no`. */
export function cniCauseWords({
  name,
  part,
  was,
  now,
}: {
  readonly name: string;
  readonly part?: string;
  readonly was?: string;
  readonly now?: string;
}): string {
  const what = was === undefined ? `${now ?? settingsWords} differ` : `${cellQuestion(name)} ${valueWords(was)} → ${valueWords(now ?? '')}`;
  return part === undefined ? what : `${part}: ${what}`;
}

/** `open`: the profile does not settle it. */
function valueWords(value: string): string {
  return value === 'open' ? 'not known' : value;
}

/** Above answers that differ and on which no connection of these manifests depends. */
export const MOVE_LABELS = {
  instead: 'instead',
  also: 'also',
  found: 'lint',
} as const;

/** Headings of the same in Markdown. */
export const MOVE_TITLES = {
  findings: 'What lint finds with the new CNI',
  others: 'What else the new CNI does differently',
} as const;

/** `is a denied packet dropped silently, or rejected? drop → reject`. */
export function cellWords({
  question,
  before,
  after,
}: {
  readonly question: string;
  readonly before: string;
  readonly after: string;
}): string {
  return `${question} ${valueWords(before)} → ${valueWords(after)}`;
}

/** `… (shop/out egress[0], shop/out egress[1])`. */
export function adviceWords({ text, rules }: { readonly text: string; readonly rules: readonly string[] }): string {
  return rules.length === 0 ? text : `${text} (${andMore(rules, 3)})`;
}

export interface InsteadFacts {
  /** A cell of the profile, or `settings`. */
  readonly cell: string;
  readonly way: 'opened' | 'closed' | 'undecided';
  readonly to: string;
  /** Of the policies that decide. */
  readonly kinds: readonly string[];
  /** The answer of the new CNI. */
  readonly now?: string;
}

/** What to write to get the old answers back, or to be safe from the new ones. undefined where there is nothing to write. */
export function insteadWords(facts: InsteadFacts): string | undefined {
  const advice = ADVICE[facts.cell];
  if (facts.way === 'undecided') return facts.now === 'open' ? undecidedAdvice(facts) : advice?.closed?.(facts);
  return advice?.[facts.way]?.(facts);
}

function undecidedAdvice({ cell, to }: InsteadFacts): string {
  return `${to} does not settle this (${cellQuestion(cell)}), so try it, or write rules that do not depend on it`;
}

type Advice = { readonly [Way in 'opened' | 'closed']?: (facts: InsteadFacts) => string };

const hostEntities = ({ to }: InsteadFacts): string =>
  to.includes('cilium') || to === 'gke-dataplane-v2'
    ? 'match nodes with a CiliumNetworkPolicy: entities `host` and `remote-node`, or `policy-cidr-match-mode: nodes` for the addresses'
    : 'admit the addresses of the nodes with an ipBlock';

const kindAdvice = ({ to, kinds }: InsteadFacts): string =>
  kinds.some((kind) => kind !== 'NetworkPolicy')
    ? `${to} does not read these policies, so write them in a kind that it enforces`
    : `${to} reads this NetworkPolicy differently: it enforces rules of directions that policyTypes does not list, and labels that it filters match nothing; list the directions, and select by other labels`;

const ADVICE: Readonly<Record<string, Advice>> = {
  enforces: {
    opened: ({ to }) =>
      `${to} enforces no policies, so add an enforcer beside it before the move (Calico as canal, kube-router, kube-network-policies), or choose a CNI that enforces them`,
    closed: () =>
      'policies that were only stored come into force at once, so allow what is needed first: `netverdict baseline` proposes rules, and `netverdict rollout` an order',
  },
  ipBlockMatchesPod: {
    closed: () => 'match pods by podSelector and namespaceSelector, not by their addresses',
    opened: () => 'cut the range of the pods out of the ipBlock with `except`, if the rule means addresses outside the cluster only',
  },
  ipBlockMatchesNode: {
    closed: hostEntities,
    opened: () => 'cut the addresses of the nodes out of the ipBlock with `except`, if the rule means addresses outside the cluster only',
  },
  ipBlockMatchesServiceAddress: {
    closed: () =>
      'egress is checked against the address of the Service: select the pods by the very labels of the Service’s selector, on a port that the Service does not translate, or admit the ClusterIP with an ipBlock',
    opened: () => 'cut the range of the Services out of the ipBlock with `except`',
  },
  selectorsMatchHostNetwork: {
    closed: hostEntities,
    opened: () => 'pods in the network of their node match selectors here, so select them apart by a label',
  },
  policesHostNetworkSubject: {
    opened: ({ to }) =>
      `${to} does not police pods in the network of their node, so take them out of it, or protect the nodes with host policies (Cilium: nodeSelector; Calico: HostEndpoint)`,
    closed: hostEntities,
  },
  localNodeToPod: {
    closed: hostEntities,
    opened: () => 'a node reaches its own pods whatever policies say, so do not rely on a policy against processes of the node',
  },
  podToOwnNode: {
    closed: hostEntities,
    opened: () => 'a pod reaches its own node whatever policies say, so protect what listens on the node with a firewall of the node',
  },
  endPort: {
    closed: () => 'write each port of the range as a port of its own',
    opened: () => 'write each port of the range as a port of its own',
  },
  sctp: {
    closed: () => 'allow SCTP where the CNI is installed (Cilium: `sctp.enabled=true`)',
    opened: () => 'allow SCTP where the CNI is installed (Cilium: `sctp.enabled=true`), so that its rules are enforced',
  },
  namedPorts: { closed: () => 'write port numbers instead of names', opened: () => 'write port numbers instead of names' },
  namedPortsOfInitContainers: {
    closed: () => 'write the number: the name is declared in a sidecar or an init container',
    opened: () => 'write the number: the name is declared in a sidecar or an init container',
  },
  adminPolicies: {
    closed: ({ to }) =>
      `${to} does not enforce these cluster-wide policies, so write their Accept rules as NetworkPolicies or in its own kind`,
    opened: ({ to }) =>
      `${to} does not enforce these cluster-wide policies, so write their Deny rules in its own kind, or isolate with NetworkPolicies`,
  },
  ownPolicies: { closed: kindAdvice, opened: kindAdvice },
  departures: {
    opened: () => 'the enforcer departs from the API for this shape of policy; `netverdict lint` names the shape that is safe',
    closed: () => 'the enforcer departs from the API for this shape of policy; `netverdict lint` names the shape that is safe',
  },
  baselineAfterNetworkPolicy: {
    opened: () => 'write what has to stay denied as a Deny of tier Admin',
    closed: () => 'write what has to stay allowed as an Accept of tier Admin, or as a NetworkPolicy',
  },
};
