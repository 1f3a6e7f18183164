// What `describe` says: traps, peers, and the sentences around them. Lower case, no full stop; not yet made harmless.
import type { Trap } from '../../question/describe.ts';

type Direction = 'ingress' | 'egress';

/** Row labels and titles. */
export const LABELS = {
  labels: 'labels',
  policies: 'policies',
  tier: 'tier',
  selects: 'selects',
  today: 'today',
  notes: 'note',
  does: 'DOES',
  peer: { ingress: 'FROM', egress: 'TO' },
  ports: 'PORTS',
  now: 'TODAY',
  rule: 'RULE',
} as const;

export const TITLES = { ingress: 'who can reach it', egress: 'what it can reach' } as const;

export const ACTIONS = { allow: 'allow', deny: 'deny', pass: 'pass on' } as const;

/** `files are in deploy/overlays/prod/`, under everything else. */
export const filesWords = (folder: string) => `files are in ${folder}`;

export const NONE = { labels: 'none', policies: 'none selects it', selected: 'nothing', today: 'nothing', ports: 'every port' } as const;

/** `2 pods of cart, checkout`. */
export const selectedWords = (pods: number, workloads: string) => `${pods} ${pods === 1 ? 'pod' : 'pods'} of ${workloads}`;

/** `Admin: evaluated before NetworkPolicies; priority 10, lower comes first`. */
export function standingWords(tier: 'admin' | 'baseline', priority: number | null): string {
  const words =
    tier === 'admin' ? 'Admin: evaluated before NetworkPolicies' : 'Baseline: evaluated where no NetworkPolicy isolates the pod';
  return priority === null ? words : `${words}; priority ${priority}, lower comes first`;
}

/** `pods with app=cart in namespace shop`. `namespace`: undefined for a policy that selects namespaces by label. */
export function subjectWords(selector: string, namespace: string | undefined, namespaces: string): string {
  const wide = namespaces === '' ? 'in every namespace' : `in namespaces with ${namespaces}`;
  const where = namespace === undefined ? wide : `in namespace ${namespace}`;
  return selector === '' ? `every pod ${where}` : `pods with ${selector} ${where}`;
}

const everybody = (direction: Direction) => (direction === 'ingress' ? 'everyone' : 'everything');
/** A pod talks to itself, and its node to it, whatever policies say. */
const NOTHING = 'nothing but its own node and itself';

/** What a direction comes to, said before its rules or instead of them. */
export const SIDE = {
  onNode: (direction: Direction) => `${everybody(direction)}: it is in its node’s network, where policies for pods do not apply`,
  notKnown: (own: string, also: string) => `not known: ${own}${also}`,
  admitsNothing: (policies: string, count: number) => `${policies} ${count === 1 ? 'allows' : 'allow'} nothing here; `,
  notRestricted: 'not restricted by this policy; other policies may restrict it',
  notIsolated: (direction: Direction) => `${everybody(direction)}: no policy isolates it in this direction`,
  nothing: NOTHING,
  nothingUnlessOthers: `${NOTHING}, unless other policies allow it`,
  isolatedBy: (policies: string) => `(isolated by ${policies}, without a rule in this direction)`,
  perhaps: (also: string) => `this, and perhaps more or less: ${also}`,
  refused: 'as it is written; the API server refuses this policy, so none of it is in force',
  only: (isPolicy: boolean) => `only these${isPolicy ? ', what other policies allow' : ''}, and always its own node and itself`,
  ordered: (areAdded: boolean, rest: 'nothing' | 'unsaid' | 'everything') =>
    `${areAdded ? 'what a rule denies stays denied' : 'the first rule that matches decides'}; ${RESTS[rest]}`,
  also: (policies: string, count: number) => `${policies} ${count === 1 ? 'decides' : 'decide'} too, and cannot be evaluated`,
} as const;

const RESTS = {
  nothing: 'nothing else passes',
  unsaid: 'it says nothing about anything else',
  everything: 'everything else passes',
} as const;

interface PeerFacts {
  readonly kind: 'anyone' | 'pods' | 'addresses' | 'nothing' | 'other';
  readonly said?: string;
  readonly namespaces?: string;
  readonly ownNamespace?: string;
  readonly pods?: string;
  readonly cidr?: string;
  readonly except?: readonly string[];
}

/** `pods with app=frontend in namespace web`, `addresses 10.0.0.0/8 except 10.1.0.0/16`. */
export function peerWords(
  { kind, said, namespaces = '', ownNamespace, pods = '', cidr, except = [] }: PeerFacts,
  direction: Direction,
): string {
  switch (kind) {
    case 'anyone':
      return `${direction === 'ingress' ? 'anyone' : 'anything'}: every pod, every node, the internet`;
    case 'nothing':
      return 'nothing (a peer without a field)';
    case 'other':
      return said ?? '';
    case 'addresses':
      return `addresses ${cidr}${except.length > 0 ? ` except ${except.join(', ')}` : ''}`;
    case 'pods': {
      const which = pods === '' ? 'every pod' : `pods with ${pods}`;
      if (ownNamespace !== undefined) return `${which} in namespace ${ownNamespace}`;
      if (namespaces === '') return `${which} in every namespace`;
      // The label that the API server gives every namespace is its name.
      const named = /^kubernetes\.io\/metadata\.name=([^,]+)$/.exec(namespaces)?.[1];
      return named === undefined ? `${which} in namespaces with ${namespaces}` : `${which} in namespace ${named}`;
    }
  }
}

/** Of a policy that isolates both ways and has no rule. */
export const shutWords = (policy: string) => `${policy} isolates in both directions and has no rule: on its own it allows nothing`;

/** The sentence of a trap: `shop/cart ingress[0] has no ports: every port of every protocol`. */
export function trapWords({ code, direction, policy, facts }: Pick<Trap, 'code' | 'direction' | 'policy' | 'facts'>): string {
  const rule = `${policy} ${facts.rule ?? ''}`.trim();
  const isIngress = direction === 'ingress';
  const list = isIngress ? 'from' : 'to';
  switch (code) {
    case 'anyone':
      return `${rule} has no \`${list}\` (or an empty one), which means ${isIngress ? 'everyone, not nobody' : 'everything, not nothing'}`;
    case 'every-port':
      return `${rule} has no ports, which means every port of every protocol`;
    case 'nothing-allowed':
      return `${policy} isolates for ${direction} and has no ${direction} rule: on its own it allows nothing`;
    case 'types-defaulted':
      return `${policy} has no policyTypes; the default isolates for ${direction} too, although it has no ${direction} rule`;
    case 'rules-ignored':
      return `${policy} has ${direction} rules, but policyTypes leaves ${direction} out, so they do nothing`;
    case 'every-namespace':
      return `${rule}: namespaceSelector {} means the pods of every namespace (and no address outside the cluster)`;
    case 'own-namespace-only':
      return `${rule}: a podSelector without namespaceSelector means pods in ${facts.namespace} only`;
    case 'either-peer':
      return `${rule}: ${list}[${facts.first}] and [${facts.second}] are two peers, and either is enough; to require both, write both selectors under one dash`;
    case 'selects-nothing':
      return facts.made === undefined
        ? `${policy} selects no pod of the input today, so it has no effect until a pod has these labels`
        : `${policy} selects no pod of the input; an operator creates the pods of ${facts.made}, which may be meant`;
    case 'host-network':
      return `${policy} selects pods of ${facts.workloads}, which run in their node’s network, so it is not enforced on them`;
    case 'peer-selects-nothing':
      return `${rule}.${list}[${facts.peer}] matches no pod today`;
    case 'both-families':
      return `${rule}: ${facts.cidr} covers ${facts.twin === '::/0' ? 'IPv4' : 'IPv6'} alone; for ${facts.twin === '::/0' ? 'IPv6' : 'IPv4'}, ${facts.twin} is needed as well`;
    case 'name-of-no-port':
      return `${rule}: port \`${facts.port}\` is a name, and only pods have named ports, so it matches nothing at addresses`;
    case 'unreadable':
      return facts.kind === 'NetworkPolicy' || facts.kind === undefined
        ? `${policy} is refused by the API server, so what is in force in a cluster is an older version of it, or nothing`
        : `${policy} is ${/^[AEIO]/.test(facts.kind) ? 'an' : 'a'} ${facts.kind} that cannot be evaluated: it decides too, so who may connect is not known`;
  }
}
