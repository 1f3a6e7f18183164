// The phrases of `why` for people: row labels and the sentences that the document does not carry as `text`. Facts in, English out.

/** Row labels. */
export const LABELS = {
  rule: 'route',
  service: 'service',
  dns: 'dns',
  path: 'path',
  warning: 'warning',
  note: 'note',
  nearest: 'nearest',
  cause: 'cause',
  alsoCause: 'also',
  advice: 'or',
  symptom: 'symptom',
  look: 'check',
  files: 'files',
  limit: 'limit',
} as const;

/** `are in deploy/overlays/prod/`, behind the label `files`. */
export const filesWords = (folder: string) => `are in ${folder}`;

/** What a denied client sees depends on the CNI: `cni: calico (silent drop, so clients time out)`. */
export function profileWords(profile: string, isDenied: boolean, denyResponse: 'drop' | 'reject' | 'open' | undefined): string {
  const name = `cni: ${profile === 'kubernetes' ? 'any' : profile}`;
  if (!isDenied) return name;
  if (denyResponse === 'drop') return `${name} (silent drop, so clients time out)`;
  if (denyResponse === 'reject') return `${name} (rejects, so clients see "connection refused")`;
  return `${name} (most drop silently, so clients time out; kube-router and k3s reject)`;
}

/** What a connection that policies allow or deny meets nevertheless. */
export const HEADLINE = {
  dnsDenied: 'but not by name: DNS is denied',
  notPoliced: (pod: string) => `but this CNI enforces no policy on ${pod}, so it gets through`,
  departs: (isOpen: boolean, departure: string) => `but kube-router ${isOpen ? 'lets it through' : 'blocks it'} (${departure})`,
} as const;

export interface ServiceFacts {
  /** `payments/api:80` */
  readonly asked: string;
  readonly targetPort: number | string | undefined;
  readonly total: number;
  readonly ready: number;
  readonly withoutSelector: boolean;
  readonly unknownAddresses: boolean;
}

/** `HTTPRoute shop/web takes /cart, served by Gateway infra/web`. */
export function routeRuleWords({
  object,
  path,
  gateways = [],
}: {
  readonly object: string;
  readonly path: string;
  readonly gateways?: readonly string[];
}): string {
  const by = gateways.length === 0 ? '' : `, served by ${gateways.length === 1 ? 'Gateway' : 'Gateways'} ${andList(gateways)}`;
  return `${object} takes ${path}${by}`;
}

/** `payments/api:80 → targetPort http → 1 pod, ready`. */
export function serviceWords({ asked, targetPort, total, ready, withoutSelector, unknownAddresses }: ServiceFacts): string {
  if (targetPort === undefined) return `${asked} → no such port`;
  const [one, many] = withoutSelector ? ['address', 'addresses'] : ['pod', 'pods'];
  const found = total === 1 ? `1 ${one}` : `${total} ${many}`;
  const none = unknownAddresses ? 'its addresses are not in the input' : `no ${one}`;
  return `${asked} → targetPort ${targetPort} → ${total === 0 ? none : `${found}, ${ready === total ? 'ready' : `${ready} ready`}`}`;
}

export interface DnsFacts {
  readonly outcome: 'allowed' | 'denied' | 'partial' | 'broken' | 'undecided';
  readonly resolver: string;
  readonly assumed: boolean;
  readonly source: string;
  readonly stops: boolean;
  readonly udpOnly: boolean;
}

/** What becomes of the lookup: `shop/frontend is not allowed to query kube-system/svc/kube-dns; the connection is never attempted`. */
export function dnsWords({ outcome, resolver, assumed, source, stops, udpOnly }: DnsFacts): string {
  const who = `${resolver}${assumed ? ' (assumed, not in the input)' : ''}`;
  switch (outcome) {
    case 'allowed':
      return `${who} can be queried`;
    case 'partial':
      return udpOnly ? `${who}: over UDP only, so long answers fail` : `${who}: only some of its servers can be queried`;
    case 'undecided':
      return `${who}: it is not certain that it can be queried`;
    case 'broken':
      return `${who}: nothing answers`;
    case 'denied': {
      const effect = stops ? 'the connection is never attempted' : 'a connection by name fails before it is attempted';
      return `${source} is not allowed to query ${who}; ${effect}`;
    }
  }
}

/** Words of an outcome in the column behind its sign. */
export const OUTCOMES = {
  allowed: 'allowed',
  denied: 'denied',
  partial: 'partial',
  broken: 'broken',
  undecided: 'undecided',
  'not-isolated': 'not isolated',
  exempt: 'exempt',
} as const;

/** What policies say of a direction. `who`: the end whose policies were asked. */
export const DIRECTION = {
  notIsolated: (direction: 'ingress' | 'egress', who: string) =>
    direction === 'egress' ? `no policy restricts what ${who} may send` : `no policy restricts what may reach ${who}`,
  allowedBy: (rules: string, further: 'requests' | 'authentication' | undefined) => `by ${rules}${furtherWords(further)}`,
  deniedByRule: (rule: string, tier: string | undefined) => `by ${rule}: ${TIERS[tier ?? ''] ?? 'a deny rule'}`,
  isolated: (direction: 'ingress' | 'egress', policies: string) => `isolated by ${policies}; no ${direction} rule allows this peer`,
  undecided: 'the input or the CNI leaves it open, see below',
} as const;

const TIERS: Readonly<Record<string, string>> = {
  admin: 'the Admin tier is evaluated before NetworkPolicies',
  baseline: 'the Baseline tier decides where no NetworkPolicy isolates the pod',
};

/** What is checked after the connection was let in. */
function furtherWords(further: 'requests' | 'authentication' | undefined): string {
  if (further === undefined) return '';
  return further === 'requests'
    ? '; each request is checked as well, and one that no rule matches is refused (HTTP 403, DNS REFUSED)'
    : '; both ends must authenticate as well';
}

/** The legs of a path through something in between. */
export const PARTS = { toNode: 'to the node: ', toController: 'client to controller: ' } as const;

export interface CaseFacts {
  readonly family?: string | undefined;
  readonly nodes?: 'same' | 'other' | undefined;
  readonly sourceAddress?: 'node' | 'tunnel' | undefined;
}

/** ` over IPv6 on the same node`: which case a group of pods is; '' where it is all there is. */
export function caseWords({ family, nodes, sourceAddress }: CaseFacts): string {
  const where = nodes === undefined ? '' : nodes === 'same' ? ' on the same node' : ' on different nodes';
  const by = sourceAddress === undefined ? '' : sourceAddress === 'tunnel' ? ' through the tunnel' : ' from the node’s own address';
  return `${family === undefined ? '' : ` over ${family}`}${where}${by}`;
}

/** An empty selector as it is written, with what it means. */
export const EVERYTHING = { namespaces: '{} (every namespace)', pods: '{} (every pod)' } as const;

/** Does the verdict explain what was seen? */
export const FITS = { yes: 'fits', no: 'does not fit', maybe: 'may fit' } as const;

/** `a, b and c`. */
export const andList = (items: readonly string[]) =>
  items.length <= 1 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
