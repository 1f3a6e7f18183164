// `why`: one question, one answer for each destination port.
import type {
  ApiVersion,
  AskedProtocol,
  Code,
  Count,
  Direction,
  Doubt,
  Exemption,
  Facts,
  Further,
  Name,
  Outcome,
  Place,
  PodOutcome,
  PolicyName,
  PortNumber,
  RuleName,
} from './common.ts';
import type { AdviceDocument, AskedEnds, EndName } from './ends.ts';
import type { BriefFix } from './fixes.ts';

/** What `netverdict why -o json` prints: one question, one answer for each destination port. */
export interface ExplanationDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'Explanation';
  readonly from: EndName;
  readonly to: EndName;
  /** The CNI profile that was chosen; `kubernetes`: only what the API promises */
  readonly profile: string;
  /** What a denied client sees under this profile: a timeout (`drop`), "connection refused" (`reject`), or either (`open`) */
  readonly denyResponse?: 'drop' | 'reject' | 'open';
  /** Of all connections; `partial` where they differ */
  readonly outcome: Outcome;
  /** @minItems 1 */
  readonly connections: readonly ConnectionDocument[];
  /**
   * Lists of a live cluster that may not be read, or could not be; absent when everything was read
   * @minItems 1
   */
  readonly limits?: readonly ReadLimit[];
}

/** A list of a live cluster that was not read. */
export interface ReadLimit {
  /** `*`: which kinds there are is not known */
  readonly kind: Name;
  readonly group: string;
  readonly reason: 'forbidden' | 'unknown-version' | 'unavailable';
  /** The namespaces in which it could be read all the same */
  readonly readIn: readonly string[];
  readonly text: Name;
}

/** One destination port. */
export interface ConnectionDocument {
  /** The two ends as a person writes them: `web/frontend` and `payments/svc/api:8080` */
  readonly asked?: AskedEnds;
  /** As it was asked: the Service's port, not its target. Absent where the path ends before there is a port */
  readonly port?: PortNumber | Name;
  readonly protocol: AskedProtocol;
  /** Of the ICMP message that was asked about: 8 is a ping */
  readonly icmpType?: Count;
  readonly outcome: Outcome;
  /** The first blocker */
  readonly cause?: Code;
  /** What stops it (or would be worth knowing), first blocker first */
  readonly causes: readonly CauseDocument[];
  /**
   * The causes that a person should read, as positions in `causes`, first blocker first: each code once, without those that another one explains
   * @uniqueItems
   */
  readonly leading?: readonly Count[];
  /**
   * The codes of all blockers, of the path and of policies, first blocker first
   * @uniqueItems
   */
  readonly codes: readonly Code[];
  /** The Ingress or the route of Gateway API whose rule takes the URL */
  readonly rule?: RouteRuleDocument;
  readonly service?: ServiceDocument;
  readonly dns?: DnsDocument;
  /** What is broken or unknown on the path, before any policy is asked */
  readonly obstacles: readonly ObstacleDocument[];
  readonly notes: readonly NoteDocument[];
  /** One entry for each group of pods that policies treat alike; none where the path is broken */
  readonly pods: readonly PodsDocument[];
  /** The entries of `pods`, by their positions, that have the same outcome for the same reasons */
  readonly groups?: readonly Positions[];
  /**
   * What opens it besides an edit of a NetworkPolicy, where the other end is a node
   * @minItems 1
   */
  readonly advice?: readonly AdviceDocument[];
  readonly symptom?: SymptomDocument;
  /** Edits that would allow it, best first */
  readonly fixes?: readonly BriefFix[];
  /**
   * Commands that show each fact behind the answer in the cluster itself, policies first; they only read. Absent where the objects did not come
   * from a running cluster
   * @minItems 1
   */
  readonly evidence?: readonly Name[];
}

/** @minItems 1 */
export type Positions = readonly Count[];

/** What stops the connection, or is worth knowing about it. */
export interface CauseDocument {
  readonly code: Code;
  readonly direction?: Direction;
  readonly facts: Facts;
  readonly text: Name;
  readonly hint?: Name;
  readonly at?: Place;
  /** The rule that almost allowed it and says the same as `text` */
  readonly nearest?: NearestRef;
}

/** One of the rules that almost allowed it: a position in `pods`, and one in `nearest` of a direction there. */
export interface NearestRef {
  readonly pods: Count;
  readonly direction: Direction;
  readonly position: Count;
}

/** The rule on the path that leads from a host and a path to a Service. */
export interface RouteRuleDocument {
  /** `HTTPRoute shop/web` */
  readonly object: Name;
  /** `/cart/items`, as asked; `/` where nothing was */
  readonly path: string;
  /**
   * The Gateways that serve it, `infra/web`; absent for an Ingress, and where no Gateway is in the input
   * @minItems 1
   */
  readonly gateways?: readonly Name[];
  readonly at?: Place;
}

/** The Service on the path. */
export interface ServiceDocument {
  /** `ns/svc/name` */
  readonly service: string;
  readonly port?: PortNumber | string;
  /** Absent where the Service has no such port */
  readonly targetPort?: PortNumber | string;
  /** Behind it */
  readonly pods: Count;
  readonly ready: Count;
  /** What is behind it are addresses, which need not be pods */
  readonly withoutSelector?: true;
  /** The addresses behind it are not in the input */
  readonly unknownAddresses?: true;
}

/** Whether the source can look names up. */
export interface DnsDocument {
  readonly outcome: Outcome;
  /** `kube-system/svc/kube-dns`, an address, or `no nameserver` */
  readonly resolver: string;
  /** The input has no DNS and the usual one is believed to be there */
  readonly assumed: boolean;
  readonly source: string;
  /** Of the DNS pods: `UDP 53, TCP 53` */
  readonly ports: string;
  /** A host name was asked, so that the path begins with a lookup */
  readonly asked: boolean;
  /** The name cannot be resolved at all, which comes before everything else */
  readonly stops: boolean;
  readonly udpOnly: boolean;
}

export interface ObstacleDocument {
  readonly code: Code;
  readonly severity: 'broken' | 'open' | 'warning';
  readonly facts: Facts;
  readonly text: Name;
  readonly hint?: Name;
  readonly at?: Place;
}

export interface NoteDocument {
  readonly code: Code;
  readonly facts: Facts;
  readonly text: Name;
}

/** Connections between these ends, which policies treat alike. */
export interface PodsDocument {
  /** `entry`: from the client to an ingress controller. `way`: all else. */
  readonly part: 'entry' | 'way';
  /** @minItems 1 */
  readonly sources: readonly Name[];
  /** @minItems 1 */
  readonly destinations: readonly Name[];
  /** The ends as a sentence names them, where that is not the first of `sources` and `destinations` */
  readonly named?: AskedEnds;
  /** The destination is a node: the port is one of the node itself */
  readonly toNode?: true;
  /** Of the pods: after the Service translated it. Of ICMP: the type of the message */
  readonly port: PortNumber;
  /** Where the input does not say whether the pod runs on the node at the other end: the case that it does, or does not */
  readonly nodes?: 'same' | 'other';
  /** Where a node may send through a tunnel and policies answer its two addresses differently: the case of its own address, or of the tunnel's */
  readonly sourceAddress?: 'node' | 'tunnel';
  /** Absent: every family that both ends have */
  readonly family?: 'IPv4' | 'IPv6';
  readonly outcome: PodOutcome;
  readonly egress: ExplainedDirection;
  readonly ingress: ExplainedDirection;
  readonly causes: readonly Code[];
}

/** What the policies of one direction say, with what decided it and the rules that almost allowed it. */
export type ExplainedDirection = ExplainedAllowed | ExplainedDenied | ExplainedOpen | ExplainedExempt | ExplainedUndecided;

interface Explained {
  /**
   * Rules that almost allowed it, nearest first
   * @minItems 1
   * @maxItems 10
   */
  readonly nearest?: readonly NearestRule[];
  /**
   * The rules or policies that decided, with their places: the first ten
   * @minItems 1
   * @maxItems 10
   */
  readonly by?: readonly Decider[];
}

export interface ExplainedAllowed extends Explained {
  readonly outcome: 'allowed';
  /** @minItems 1 */
  readonly rules: readonly RuleName[];
  readonly further?: Further;
}

export interface ExplainedDenied extends Explained {
  readonly outcome: 'denied';
  /**
   * The rule that denies, where one does: `isolate ingress[1]`
   * @minLength 1
   */
  readonly rule?: string;
  /** @minItems 1 */
  readonly policies: readonly PolicyName[];
}

/** No policy isolates the end in this direction. */
export interface ExplainedOpen extends Explained {
  readonly outcome: 'not-isolated';
}

export interface ExplainedExempt extends Explained {
  readonly outcome: 'exempt';
  readonly because: Exemption;
}

export interface ExplainedUndecided extends Explained {
  readonly outcome: 'undecided';
  /** @minItems 1 */
  readonly because: readonly Doubt[];
}

/** A policy, or one rule of it, with its place. */
export interface Decider {
  /** `NetworkPolicy` */
  readonly kind: Name;
  readonly policy: PolicyName;
  /** Without its namespace: `cart-ingress` */
  readonly name: Name;
  /** `ingress[0]`; absent where the policy decides by isolating */
  readonly rule?: Name;
  /** Absent for a NetworkPolicy */
  readonly tier?: Name;
  readonly at?: Place;
}

/** A rule that almost allowed the connection. */
export interface NearestRule {
  readonly rule: RuleName;
  /** `cart-ingress ingress[0].from[1]`: without the namespace, with the peer */
  readonly title?: Name;
  /** Index into from/to; absent where the rule admits anyone */
  readonly peer?: Count;
  readonly at: Place;
  readonly checks: readonly RuleCheck[];
}

/** One part of a rule, what it wants, and what differs. */
export interface RuleCheck {
  readonly part: 'namespace' | 'namespaceSelector' | 'podSelector' | 'ipBlock' | 'peer' | 'port';
  /** The field as the policy's own kind calls it, where that is not `part`: `fromEndpoints` */
  readonly field?: Name;
  readonly wants: string;
  readonly fits: boolean;
  readonly differences: readonly DifferenceDocument[];
}

export interface DifferenceDocument {
  readonly code: Code;
  readonly text: Name;
  readonly wantedAt: Place;
  readonly hasAt?: Place;
}

/** What was seen, held against the verdict. */
export interface SymptomDocument {
  readonly symptom:
    | 'timeout'
    | 'refused'
    | 'unreachable'
    | 'reset'
    | 'nxdomain'
    | 'resolve'
    | 'slow'
    | 'intermittent'
    | 'unhealthy'
    | 'works'
    | 'ping-works'
    | 'ping-fails'
    | '403'
    | '503'
    | '5xx';
  readonly fits: 'yes' | 'no' | 'maybe';
  readonly text: Name;
  /** What to look at next, most likely first */
  readonly look: readonly Name[];
}
