// `verdicts`: one question a line in, one answer a line out.
import type { Code, Count, Doubt, Exemption, Further, Name, PodOutcome, PolicyName, PortNumber, Protocol, RuleName } from './common.ts';

/**
 * One line that `netverdict verdicts` reads. Unknown fields are ignored.
 * @open
 */
export interface VerdictQuestion {
  /** Given back in the answer, whatever it is */
  readonly id?: unknown;
  readonly from: QuestionEnd;
  readonly to: QuestionEnd;
  /** A number, or the name of a port of the destination pod; of a ping the type of its message (8 is an echo request) */
  readonly port: MessageType | Name;
  /** The code of an ICMP message */
  readonly code?: Count;
  /** @default TCP */
  readonly protocol?: Protocol | 'ICMP';
}

/**
 * A pod `ns/name`, `node/NAME`, or an IP address
 * @minLength 1
 * @maxLength 65536
 */
export type QuestionEnd = string;

/** One line that `netverdict verdicts` prints: a verdict, or what was wrong with the question. In the order of the questions. */
export type VerdictAnswer = VerdictLine | BrokenLine | ErrorLine;

export interface VerdictLine {
  /** As it was in the question */
  readonly id?: unknown;
  /** `partial`: IPv4 and IPv6, or the pods behind an address, get different verdicts. `broken`: the ends have no address family in common */
  readonly outcome: 'allowed' | 'denied' | 'partial' | 'undecided' | 'broken';
  /** Where a direction is `partial`: the verdict of each address family */
  readonly families?: FamilyOutcomes;
  readonly egress: DirectionAnswer;
  readonly ingress: DirectionAnswer;
  /** Only where the pods behind an address differ: the outcome of each */
  readonly pods?: Readonly<Record<string, PodOutcome>>;
  readonly departure?: DepartureDocument;
}

export interface FamilyOutcomes {
  readonly IPv4: PodOutcome;
  readonly IPv6: PodOutcome;
}

/** Only where the enforcer behind the profile is known to do otherwise than the API means. The outcome stays what the API means. */
export interface DepartureDocument {
  /** What the enforcer really does with the connection */
  readonly enforced: 'open' | 'shut';
  /**
   * The shape of policy that explains it: `leak`; `leak|unresolved` either of two; `leak+everyone` only both together
   * @pattern ^(leak|unresolved|everyone|shared|except|blockname|v6any)([|+](leak|unresolved|everyone|shared|except|blockname|v6any))*$
   */
  readonly shapes: string;
  readonly rules: readonly RuleName[];
}

export interface BrokenLine {
  /** As it was in the question */
  readonly id?: unknown;
  readonly outcome: 'broken';
  /** Codes of docs/obstacles.md */
  readonly because: readonly Code[];
}

export interface ErrorLine {
  /** Absent where the line could not be read */
  readonly id?: unknown;
  readonly error: LineError;
}

export interface LineError {
  readonly code: LineErrorCode;
  readonly message: Name;
}

/** What can be wrong with a line; it is answered in its place and the run goes on. */
export type LineErrorCode =
  | 'bad-json'
  | 'not-an-object'
  | 'missing-field'
  | 'bad-end'
  | 'no-such-pod'
  | 'bad-port'
  | 'no-such-port'
  | 'bad-protocol'
  | 'line-too-long';

/** What the policies of one direction say. */
export type DirectionAnswer = AllowedDirection | DeniedDirection | OpenDirection | ExemptDirection | PartialDirection | UndecidedDirection;

export interface AllowedDirection {
  readonly outcome: 'allowed';
  /** @minItems 1 */
  readonly rules: readonly RuleName[];
  readonly further?: Further;
}

export interface DeniedDirection {
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
export interface OpenDirection {
  readonly outcome: 'not-isolated';
}

export interface ExemptDirection {
  readonly outcome: 'exempt';
  readonly because: Exemption;
}

/** IPv4 and IPv6 get different verdicts. */
export interface PartialDirection {
  readonly outcome: 'partial';
  readonly families: DirectionFamilies;
}

export interface DirectionFamilies {
  readonly IPv4: DirectionAnswer;
  readonly IPv6: DirectionAnswer;
}

export interface UndecidedDirection {
  readonly outcome: 'undecided';
  /** @minItems 1 */
  readonly because: readonly Doubt[];
}

/**
 * @integer
 * @minimum 0
 * @maximum 65535
 */
type MessageType = PortNumber;
