// What an evaluator answers. Every outcome carries what decided it; words are made elsewhere.
import type { HostEndpoint } from '../model/cluster.ts';
import { type Policy, type RuleRef, ruleName, type Unclear } from '../model/policy.ts';
import type { CellName } from '../profile/profile.ts';

export type NonEmpty<T> = readonly [T, ...T[]];

export function isNonEmpty<T>(list: readonly T[]): list is NonEmpty<T> {
  return list.length > 0;
}

/** Why a direction cannot be decided. Each says what would decide it. */
export type Doubt =
  | { readonly code: 'profile-differs'; readonly cell: CellName; readonly rule?: RuleRef }
  | { readonly code: 'policy-unreadable'; readonly policy: Policy }
  | { readonly code: 'equal-priority'; readonly policies: readonly Policy[] } // the API lets any of them be applied first
  | { readonly code: 'nodes-unknown'; readonly end: string; readonly rule: RuleRef } // a rule means nodes, and the input has none
  | { readonly code: 'name-unresolved'; readonly end: string; readonly rule: RuleRef } // a rule means a DNS name's addresses
  | { readonly code: 'rule-unclear'; readonly because: Unclear; readonly rule: RuleRef } // what a rule means cannot be told from the input
  | { readonly code: 'address-unknown'; readonly end: string; readonly rule: RuleRef }
  | { readonly code: 'tunnel-source'; readonly end: string; readonly rule: RuleRef } // a rule means a node's own address and not its tunnel's, or the reverse
  | { readonly code: 'node-unknown'; readonly end: string }
  | { readonly code: 'host-endpoint'; readonly end: string; readonly endpoint: HostEndpoint } // Calico's policies for nodes decide
  | { readonly code: 'named-port-in-init-container'; readonly port: string; readonly end: string; readonly rule: RuleRef }
  /** Of rows that speak of both families at once (reach/): a single connection is of one family, and its verdict says which. */
  | { readonly code: 'families-differ' };

export type Exemption =
  | 'own-node' // traffic between a pod and the node it runs on
  | 'loopback' // a pod that talks to itself
  | 'no-pod' // nothing at this end that a NetworkPolicy could select
  | 'host-network' // a pod in its node's network
  | 'completed' // the pod has run to its end
  | 'no-common-family' // one end has IPv4 addresses only, the other IPv6 only, so there is no such connection
  | 'icmp-passes' // a ping into isolation, which this CNI lets through
  | 'cni-does-not-enforce';

/** What one direction says about connections of one address family. "No policy looks this way" is not "allowed". */
export type FamilyVerdict =
  | { readonly outcome: 'allowed'; readonly rules: NonEmpty<RuleRef> }
  | { readonly outcome: 'denied'; readonly policies: NonEmpty<Policy>; readonly rule?: RuleRef }
  | { readonly outcome: 'not-isolated' }
  | { readonly outcome: 'exempt'; readonly because: Exemption }
  | { readonly outcome: 'undecided'; readonly because: NonEmpty<Doubt> };

/** `partial`: both ends have IPv4 and IPv6, and policies answer the two differently. */
export type DirectionVerdict =
  | FamilyVerdict
  | { readonly outcome: 'partial'; readonly families: Readonly<Record<FamilyName, FamilyVerdict>> };

export type FamilyName = 'IPv4' | 'IPv6';

export type FamilyOutcome = 'allowed' | 'denied' | 'undecided';

export interface Verdict {
  /** `partial`: the families differ. `broken`: no policy is the reason, the ends have no address family in common. */
  readonly outcome: FamilyOutcome | 'partial' | 'broken';
  readonly egress: DirectionVerdict;
  readonly ingress: DirectionVerdict;
  /** `{ IPv4: 'allowed', IPv6: 'denied' }`; only where a direction is `partial`. */
  readonly families?: Readonly<Record<FamilyName, FamilyOutcome>>;
}

/** Both ends must agree (semantics A.2), family by family. A denial at one end is a denial, whatever is open at the other. */
export function join(egress: DirectionVerdict, ingress: DirectionVerdict): Verdict {
  if (egress.outcome !== 'partial' && ingress.outcome !== 'partial') return { outcome: joined(egress, ingress), egress, ingress };
  const of = (family: FamilyName) => joined(inFamily(egress, family), inFamily(ingress, family));
  const families = { IPv4: of('IPv4'), IPv6: of('IPv6') };
  return { outcome: families.IPv4 === families.IPv6 ? families.IPv4 : 'partial', egress, ingress, families };
}

/** A direction that does not tell the families apart says the same of both. */
export function inFamily(verdict: DirectionVerdict, family: FamilyName): FamilyVerdict {
  return verdict.outcome === 'partial' ? verdict.families[family] : verdict;
}

/** Both ends must agree; of one family. */
export function joined(egress: FamilyVerdict, ingress: FamilyVerdict): FamilyOutcome {
  const outcomes = [egress.outcome, ingress.outcome];
  return outcomes.includes('denied') ? 'denied' : outcomes.includes('undecided') ? 'undecided' : 'allowed';
}

/** One answer for both families: that of IPv4 where they come to the same. */
export function bothFamilies(IPv4: FamilyVerdict, IPv6: FamilyVerdict): DirectionVerdict {
  return isSameEffect(IPv4, IPv6) ? IPv4 : { outcome: 'partial', families: { IPv4, IPv6 } };
}

/** A denial that rests on something open is no denial. What is allowed anyway stays allowed. `onRules`: about a denial by a deny rule. */
export function softened(verdict: DirectionVerdict, doubts: readonly Doubt[], onRules: readonly Doubt[] = doubts): DirectionVerdict {
  if (!isNonEmpty(doubts)) return verdict;
  const soften = (one: FamilyVerdict): FamilyVerdict => {
    if (one.outcome !== 'denied') return one;
    const own = one.rule === undefined ? doubts : onRules;
    return isNonEmpty(own) ? { outcome: 'undecided', because: own } : one;
  };
  if (verdict.outcome !== 'partial') return soften(verdict);
  return { outcome: 'partial', families: { IPv4: soften(verdict.families.IPv4), IPv6: soften(verdict.families.IPv6) } };
}

/**
 * What a pod's own node meets where only a rule may deny it: isolation, and what only an allowing rule leaves open, do not hold for it.
 * `denied` without a rule → `exempt own-node`; a denial by a rule, and a doubt about one, stay.
 */
export function forOwnNode(verdict: DirectionVerdict): DirectionVerdict {
  const of = (one: FamilyVerdict): FamilyVerdict => (staysForOwnNode(one) ? one : { outcome: 'exempt', because: 'own-node' });
  if (verdict.outcome !== 'partial') return of(verdict);
  return bothFamilies(of(verdict.families.IPv4), of(verdict.families.IPv6));
}

function staysForOwnNode(verdict: FamilyVerdict): boolean {
  if (verdict.outcome === 'denied') return verdict.rule !== undefined;
  return verdict.outcome === 'undecided' && !verdict.because.every(isAboutAllowing);
}

/** Would knowing it only let more through? In an ordered tier a rule behind the one that is in doubt may deny. */
export function isAboutAllowing(doubt: Doubt): boolean {
  return 'rule' in doubt && doubt.rule?.rule.action === 'allow' && doubt.rule.policy.tier === 'namespaced';
}

const NO_SUCH_CONNECTION: DirectionVerdict = { outcome: 'exempt', because: 'no-common-family' };
/** Nothing that a policy says would change it: one end has only IPv4, the other only IPv6. */
export const NO_COMMON_FAMILY: Verdict = { outcome: 'broken', egress: NO_SUCH_CONNECTION, ingress: NO_SUCH_CONNECTION };

/** One text per doubt, so that doubts can be compared, counted and sorted: `address-unknown shop/cart shop/pol ingress[0]`. */
export function doubtKey(doubt: Doubt): string {
  const rule = 'rule' in doubt && doubt.rule ? ` ${doubt.rule.policy.kind} ${doubt.rule.policy.ref} ${ruleName(doubt.rule)}` : '';
  switch (doubt.code) {
    case 'profile-differs':
      return `${doubt.code} ${doubt.cell}${rule}`;
    case 'policy-unreadable':
      return `${doubt.code} ${doubt.policy.kind} ${doubt.policy.ref}`;
    case 'equal-priority':
      return `${doubt.code} ${doubt.policies.map(({ kind, ref }) => `${kind} ${ref}`).join(', ')}`;
    case 'nodes-unknown':
    case 'name-unresolved':
    case 'address-unknown':
    case 'tunnel-source':
    case 'node-unknown':
      return `${doubt.code} ${doubt.end}${rule}`;
    case 'rule-unclear':
      return `${doubt.code} ${doubt.because}${rule}`;
    case 'named-port-in-init-container':
      return `${doubt.code} ${doubt.port} ${doubt.end}${rule}`;
    case 'host-endpoint':
      return `${doubt.code} ${doubt.end} HostEndpoint ${doubt.endpoint.name}`;
    case 'families-differ':
      return doubt.code;
  }
}

/** The same doubts once each, in a stable order. */
export function distinctDoubts(doubts: NonEmpty<Doubt>): NonEmpty<Doubt> {
  const byKey = new Map(doubts.map((doubt) => [doubtKey(doubt), doubt]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as Doubt) as unknown as NonEmpty<Doubt>;
}

/** Both let the connection through, both stop it, or both do not know. */
export function isSameEffect(a: Pick<FamilyVerdict, 'outcome'>, b: Pick<FamilyVerdict, 'outcome'>): boolean {
  return effectOf(a) === effectOf(b);
}

export function effectOf({ outcome }: Pick<FamilyVerdict, 'outcome'>): 'denied' | 'undecided' | 'open' {
  return outcome === 'denied' || outcome === 'undecided' ? outcome : 'open';
}
