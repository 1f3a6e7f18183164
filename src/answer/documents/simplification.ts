// `simplify`: what can go from the policies of a cluster without changing a verdict.

import type { ApiVersion, Code, Count, Direction, Name, Place, PolicyName, RuleName } from './common.ts';

/** What `netverdict simplify -o json` prints: parts of policies that can go without changing a verdict. */
export interface SimplificationDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'Simplification';
  readonly profile: Name;
  /** NetworkPolicies and the cluster-wide kinds of SIG Network, as they are and as they would be */
  readonly before: PolicyCounts;
  readonly after: PolicyCounts;
  /** The largest first: policies, rules, peers, ports */
  readonly removals: readonly RemovalDocument[];
  /** Policies of which something was left alone, and why */
  readonly left: readonly LeftAloneDocument[];
  /** True: every pod, every kind of pod that policies can tell apart and every address gets the same answers from the smaller set */
  readonly provedEqual: boolean;
  readonly checked: CheckedDocument;
  /** A unified diff of the files; absent where nothing can go or the files cannot be edited */
  readonly patch?: Name;
  /** Why there is no patch although something can go */
  readonly noPatch?: NoPatchDocument;
  /** Files that were changed */
  readonly written?: readonly Name[];
}

export interface PolicyCounts {
  readonly policies: Count;
  readonly rules: Count;
  readonly peers: Count;
  readonly ports: Count;
}

export interface RemovalDocument {
  readonly of: 'policy' | 'rule' | 'peer' | 'port';
  readonly policy: PolicyName;
  readonly kind: Name;
  /** Absent for a whole policy */
  readonly rule?: RuleName;
  readonly direction?: Direction;
  readonly at: Place;
  /** `implied`: the rules in `by` say as much. `together`: several rules do together, or nothing reaches it */
  readonly because: 'implied' | 'together';
  /** Rules that stay */
  readonly by: readonly ImplyingRule[];
  readonly text: Name;
}

export interface ImplyingRule {
  readonly rule: RuleName;
  readonly at: Place;
}

export interface LeftAloneDocument {
  readonly code: Code;
  /** Absent for kinds that are counted only */
  readonly policy?: PolicyName;
  readonly kind: Name;
  /** How many policies of the kind, where none is named */
  readonly count?: Count;
  /** Label keys that multiply the kinds of pods */
  readonly keys?: readonly Name[];
  readonly at?: Place;
  readonly text: Name;
}

export interface CheckedDocument {
  /** Pods of the input */
  readonly pods: Count;
  /** Kinds of pods that do not exist yet, added up over namespaces */
  readonly podsToCome: Count;
}

export interface NoPatchDocument {
  readonly code: Code;
  readonly text: Name;
  readonly at?: Place;
}
