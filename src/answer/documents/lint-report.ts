// `lint`: faults in policies.
import type { ApiVersion, Count, Name, Place } from './common.ts';

/** What `netverdict lint -o json` prints: findings with their places, and how many are not listed. */
export interface LintReportDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'LintReport';
  /** The CNI profile that was chosen; `kubernetes`: only what the API promises */
  readonly profile: string;
  /** Findings below it are not listed */
  readonly severity: Severity;
  readonly findings: readonly FindingDocument[];
  /** Findings that a comment, an annotation or the configuration accepts */
  readonly accepted: readonly AcceptedFinding[];
  readonly summary: LintSummary;
  /** The rules that the findings come from, by their ids */
  readonly rules?: readonly LintRule[];
}

export type Severity = 'error' | 'warning' | 'note';

/** A fault in one place. */
export interface FindingDocument {
  /** @pattern ^[a-z0-9]+(-[a-z0-9]+)+$ */
  readonly rule: string;
  /** Which of the rule's messages; stable like the rule's id */
  readonly message: string;
  readonly severity: Severity;
  readonly text: Name;
  readonly hint?: Name;
  /** Absent for a finding about the input as a whole */
  readonly at?: Place;
  /** `NetworkPolicy shop/cart-ingress` */
  readonly object?: string;
  readonly facts: Readonly<Record<string, string | number | NameList>>;
  readonly related: readonly Place[];
  /** --fix has an edit for it */
  readonly fixable: boolean;
  readonly catalogue: readonly CatalogueNumber[];
  readonly page: string;
  /** The line of the input, to be drawn with a caret under it */
  readonly excerpt?: Excerpt;
  /**
   * The same after lines were moved: 64 bits in hexadecimal
   * @pattern ^[0-9a-f]{16}$
   */
  readonly fingerprint?: string;
}

/** The first names of a list, and how many there are */
export interface NameList {
  readonly names: readonly string[];
  readonly count: Count;
}

/** @pattern ^NP[0-9]{3}$ */
export type CatalogueNumber = string;

export interface AcceptedFinding extends FindingDocument {
  readonly reason: Name;
}

/** At most a hundred characters of a line. */
export interface Excerpt {
  readonly text: string;
  /** How many characters of `text` stand before the place */
  readonly before: Count;
}

export interface LintSummary {
  readonly error: Count;
  readonly warning: Count;
  readonly note: Count;
  /** Findings that are not listed because they are not severe enough */
  readonly belowSeverity: Count;
  readonly accepted: Count;
  /** Findings known from a baseline or a git revision */
  readonly old: Count;
}

/** A rule that found something. */
export interface LintRule {
  readonly id: Name;
  readonly summary: Name;
  /** Of a finding that says nothing else itself */
  readonly severity: Severity;
  readonly catalogue: readonly CatalogueNumber[];
  /** What it looks at besides the policies */
  readonly needs: readonly string[];
  readonly page: string;
}
