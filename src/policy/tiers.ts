// The order of evaluation: admin tier, then NetworkPolicies, then baseline tier, then open (semantics B.2).
// Admin and baseline rules are ordered and the first match decides; NetworkPolicies are a union in which order means nothing.
import type { Direction, Policy, RuleRef } from '../model/policy.ts';
import type { Match } from './peer-matches.ts';
import { distinctDoubts, type FamilyVerdict, isNonEmpty } from './verdict.ts';

type Matcher = (ref: RuleRef) => Match;

/** `policies`: those that select the subject and look this way, of every tier. */
export function throughTiers(policies: readonly Policy[], direction: Direction, matchOf: Matcher): FamilyVerdict {
  const baseline = () =>
    withUnreadable(policies, 'baseline') ?? firstMatch(ordered(policies, 'baseline', direction), matchOf, () => NOT_ISOLATED);
  const namespaced = () =>
    union(
      policies.filter(({ tier }) => tier === 'namespaced'),
      direction,
      matchOf,
    ) ?? baseline();
  const verdict = withUnreadable(policies, 'admin') ?? firstMatch(ordered(policies, 'admin', direction), matchOf, namespaced);
  return furtherOn(verdict, withUnreadable(policies, 'further'));
}

/** What is enforced behind all policies can still stop what they let through; what they deny stays denied. */
export function furtherOn(verdict: FamilyVerdict, further: FamilyVerdict | undefined): FamilyVerdict {
  if (further?.outcome !== 'undecided' || verdict.outcome === 'denied') return verdict;
  if (verdict.outcome !== 'undecided') return further;
  return { outcome: 'undecided', because: distinctDoubts([...verdict.because, ...further.because]) };
}

/** In an ordered tier a rule that cannot be read may override everything after it. */
function withUnreadable(policies: readonly Policy[], tier: Policy['tier']): FamilyVerdict | undefined {
  const doubts = policies
    .filter((policy) => policy.tier === tier && policy.faults.length > 0)
    .map((policy) => ({ code: 'policy-unreadable', policy }) as const);
  return isNonEmpty(doubts) ? { outcome: 'undecided', because: distinctDoubts(doubts) } : undefined;
}

const NOT_ISOLATED: FamilyVerdict = { outcome: 'not-isolated' };

/**
 * NetworkPolicies: isolated as soon as one of them looks this way; then allowed iff a rule of any of them matches.
 * undefined: none isolates, so the next tier has its say.
 */
function union(policies: readonly Policy[], direction: Direction, matchOf: Matcher): FamilyVerdict | undefined {
  const readable = policies.filter((policy) => policy.faults.length === 0);
  const unreadable = policies.filter((policy) => policy.faults.length > 0);
  const found = readable.flatMap((policy) => refsOf(policy, direction)).map((ref) => ({ ref, match: matchOf(ref) }));
  const rules = found.filter(({ match }) => match === 'yes').map(({ ref }) => ref);
  if (isNonEmpty(rules)) return { outcome: 'allowed', rules };
  const doubts = [
    ...found.flatMap(({ match }) => (match === 'yes' || match === 'no' ? [] : [match])),
    ...unreadable.map((policy) => ({ code: 'policy-unreadable', policy }) as const),
  ];
  if (isNonEmpty(doubts)) return { outcome: 'undecided', because: distinctDoubts(doubts) };
  return isNonEmpty(readable) ? { outcome: 'denied', policies: readable } : undefined;
}

/**
 * The first matching rule of an ordered tier decides; `pass`, or no match, hands over to what comes next.
 * A rule that may or may not match matters only when the answers differ.
 */
function firstMatch(refs: readonly RuleRef[], matchOf: Matcher, next: () => FamilyVerdict): FamilyVerdict {
  const [ref, ...rest] = refs;
  if (ref === undefined) return next();
  const match = matchOf(ref);
  if (match === 'no') return firstMatch(rest, matchOf, next);
  const taken = (): FamilyVerdict =>
    ref.rule.action === 'pass'
      ? next()
      : ref.rule.action === 'allow'
        ? { outcome: 'allowed', rules: [ref] }
        : { outcome: 'denied', policies: [ref.policy], rule: ref };
  if (match === 'yes') return taken();
  const without = firstMatch(rest, matchOf, next);
  return without.outcome === taken().outcome ? without : { outcome: 'undecided', because: [match] };
}

function ordered(policies: readonly Policy[], tier: Policy['tier'], direction: Direction): RuleRef[] {
  return policies
    .filter((policy) => policy.tier === tier)
    .sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .flatMap((policy) => refsOf(policy, direction));
}

function refsOf(policy: Policy, direction: Direction): RuleRef[] {
  const rules = policy[direction];
  return rules === 'not-governed' ? [] : rules.map((rule) => ({ policy, direction, rule }));
}
