// Policies as clauses: what an evaluator asks, one after the other. A policy that could not be read, or that the API server would refuse,
// is one clause whose effect is not known: never a list without clauses, which would isolate and open nothing.
import type { Direction, Policy, RuleRef } from '../model/policy.ts';

export type Clause = RuleClause | UnknownClause;

/** A rule that was read. */
export interface RuleClause {
  readonly effect: 'allow' | 'deny' | 'pass';
  readonly ref: RuleRef;
}

/** Whatever a policy might say to anybody on any port. */
export interface UnknownClause {
  readonly effect: 'unknown';
  readonly policy: Policy;
}

/** `[{ effect: 'allow', ref }]`; [] where the policy says nothing of this direction, or isolates and admits nobody. */
export function clausesOf(policy: Policy, direction: Direction): readonly Clause[] {
  const rules = policy[direction];
  if (rules === 'not-governed') return [];
  if (policy.faults.length > 0 && policy.knownEnds !== true) return [{ effect: 'unknown', policy }];
  return rules.map((rule): Clause => ({ effect: rule.action, ref: { policy, direction, rule } }));
}
