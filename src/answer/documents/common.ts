// What documents have in common: places, names, codes, verdicts. Plain data; every docstring here is also the description in a JSON Schema.

/** The version of every document. Within v1 a name keeps its meaning and its type; new names may be added. */
export type ApiVersion = 'netverdict.dev/v1';

/** @minLength 1 */
export type Name = string;

/**
 * @integer
 * @minimum 0
 */
export type Count = number;

/**
 * @integer
 * @minimum 1
 * @maximum 65535
 */
export type PortNumber = number;

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** Of a connection that was asked about; a message of ICMP has a type and no port */
export type AskedProtocol = Protocol | 'ICMP';

export type Direction = 'ingress' | 'egress';

/** `partial`: the connections, pods or address families behind one name get different verdicts. `broken`: it fails for another reason than a policy. */
export type Outcome = 'allowed' | 'denied' | 'partial' | 'broken' | 'undecided';

/** Of one connection between two ends. */
export type PodOutcome = 'allowed' | 'denied' | 'undecided';

/**
 * Stable, kebab-case. Causes have a page in docs/causes, all others a line in docs/obstacles.md.
 * @pattern ^[a-z0-9]+(-[a-z0-9]+)*$
 */
export type Code = string;

/** What the sentence is made of. Which names there are depends on the code; a name keeps its meaning. */
export type Facts = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Where it is written. Lines and columns count from 1, columns in UTF-16 units. */
export interface Place {
  readonly file: string;
  /** 0: the file is known, the line is not (objects of a live cluster) */
  readonly line: Count;
  /** 0: only the line is known */
  readonly column: Count;
  /** The line on which it ends, where that is known */
  readonly endLine?: Ordinal;
  /** The column behind its last character, where that is known */
  readonly endColumn?: Ordinal;
  /** Where in the object, as `spec.egress[0].ports[0]`; only where a live cluster sent it, so that there is no line. */
  readonly path?: Name;
}

/**
 * @integer
 * @minimum 1
 */
export type Ordinal = number;

/**
 * `shop/cart-ingress ingress[0]`; kinds of Cilium have names of their own: `shop/cart specs[0].ingressDeny[0]`, and its agent's mode is `enable-policy`
 * @pattern ^\S.* ((specs\[[0-9]+\]\.)?(ingress|egress)(Deny)?\[[0-9]+\]|enable-policy)$
 */
export type RuleName = string;

/** `shop/deny-all`; without a namespace for a cluster-wide policy */
export type PolicyName = Name;

/** Why no policy is asked. */
export type Exemption =
  | 'own-node'
  | 'loopback'
  | 'no-pod'
  | 'host-network'
  | 'completed'
  | 'no-common-family'
  | 'icmp-passes'
  | 'cni-does-not-enforce';

/**
 * What would decide it: `profile-differs ipBlockMatchesPod NetworkPolicy shop/cart ingress[0]`, `address-unknown shop/frontend …`
 * @pattern ^(profile-differs|policy-unreadable|address-unknown|tunnel-source|node-unknown|host-endpoint|named-port-in-init-container|rule-unclear|equal-priority|nodes-unknown|name-unresolved|families-differ)( |$)
 */
export type Doubt = string;

/** Still checked after the connection was let in: each request against the rules (HTTP 403, DNS REFUSED), or who the ends are */
export type Further = 'requests' | 'authentication';

/** `80,443,8000-8010` of one protocol */
export interface Ports {
  readonly protocol: Protocol;
  /** @pattern ^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$ */
  readonly ports: string;
}
