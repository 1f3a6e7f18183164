// What an evaluator answers. Every outcome carries what decided it; words are made elsewhere.
import type { Policy, RuleRef } from '../model/policy.ts';
import type { CellName } from '../profile/profile.ts';

export type NonEmpty<T> = readonly [T, ...T[]];

export function isNonEmpty<T>(list: readonly T[]): list is NonEmpty<T> {
  return list.length > 0;
}

/** Why a direction cannot be decided. Each says what would decide it. */
export type Doubt =
  | { readonly code: 'profile-differs'; readonly cell: CellName; readonly rule?: RuleRef }
  | { readonly code: 'policy-unreadable'; readonly policy: Policy }
  | { readonly code: 'address-unknown'; readonly end: string; readonly rule: RuleRef }
  | { readonly code: 'node-unknown'; readonly end: string }
  | { readonly code: 'named-port-in-init-container'; readonly port: string; readonly end: string; readonly rule: RuleRef }
  | { readonly code: 'families-differ' };

export type Exemption =
  | 'own-node' // traffic between a pod and the node it runs on
  | 'loopback' // a pod that talks to itself
  | 'no-pod' // nothing at this end that a NetworkPolicy could select
  | 'host-network' // a pod in its node's network
  | 'completed' // the pod has run to its end
  | 'cni-does-not-enforce';

/** What one direction says about a connection. "No policy looks this way" is not "allowed". */
export type DirectionVerdict =
  | { readonly outcome: 'allowed'; readonly rules: NonEmpty<RuleRef> }
  | { readonly outcome: 'denied'; readonly policies: NonEmpty<Policy>; readonly rule?: RuleRef }
  | { readonly outcome: 'not-isolated' }
  | { readonly outcome: 'exempt'; readonly because: Exemption }
  | { readonly outcome: 'undecided'; readonly because: NonEmpty<Doubt> };

export interface Verdict {
  readonly outcome: 'allowed' | 'denied' | 'undecided';
  readonly egress: DirectionVerdict;
  readonly ingress: DirectionVerdict;
}

/** Both ends must agree (semantics A.2). A denial at one end is a denial, whatever is open at the other. */
export function join(egress: DirectionVerdict, ingress: DirectionVerdict): Verdict {
  const outcomes = [egress.outcome, ingress.outcome];
  const outcome = outcomes.includes('denied') ? 'denied' : outcomes.includes('undecided') ? 'undecided' : 'allowed';
  return { outcome, egress, ingress };
}

/** One text per doubt, so that doubts can be compared, counted and sorted: `address-unknown shop/cart shop/pol ingress[0]`. */
export function doubtKey(doubt: Doubt): string {
  const rule =
    'rule' in doubt && doubt.rule
      ? ` ${doubt.rule.policy.kind} ${doubt.rule.policy.ref} ${doubt.rule.direction}[${doubt.rule.rule.index}]`
      : '';
  switch (doubt.code) {
    case 'profile-differs':
      return `${doubt.code} ${doubt.cell}${rule}`;
    case 'policy-unreadable':
      return `${doubt.code} ${doubt.policy.kind} ${doubt.policy.ref}`;
    case 'address-unknown':
    case 'node-unknown':
      return `${doubt.code} ${doubt.end}${rule}`;
    case 'named-port-in-init-container':
      return `${doubt.code} ${doubt.port} ${doubt.end}${rule}`;
    case 'families-differ':
      return doubt.code;
  }
}

/** The same doubts once each, in a stable order. */
export function distinctDoubts(doubts: NonEmpty<Doubt>): NonEmpty<Doubt> {
  const byKey = new Map(doubts.map((doubt) => [doubtKey(doubt), doubt]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as Doubt) as unknown as NonEmpty<Doubt>;
}
