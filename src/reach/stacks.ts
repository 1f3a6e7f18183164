// The policies on a class of pods, in one direction, made ready to be asked: rules in the order of evaluation, peers and ports
// as numbers. Classes under the same policies share a stack.
import type { Direction, Policy, RuleRef, Tier } from '../model/policy.ts';
import { type Doubt, distinctDoubts, type FamilyVerdict, isNonEmpty } from '../policy/verdict.ts';
import type { Classes } from './classes.ts';
import { numberPairs } from './numbering.ts';
import type { PeerSets, PeerTest } from './peer-sets.ts';
import type { PortTest, PortTests } from './port-tests.ts';
import type { Selections } from './selections.ts';

export interface CompiledRule {
  readonly ref: RuleRef;
  readonly peers: PeerTest;
  readonly ports: PortTest;
  /** What this rule answers where it decides alone, as rules of the ordered tiers do; undefined for `pass`. */
  readonly alone: FamilyVerdict | undefined;
}

export interface Stack {
  readonly direction: Direction;
  /** Of all tiers, unreadable ones among them, in the order of the cluster. */
  readonly policies: readonly Policy[];
  readonly isEmpty: boolean;
  /** Only readable NetworkPolicies: the union of their rules decides. */
  readonly isPlain: boolean;
  /** Does it matter whether the connection is IPv4 or IPv6? */
  readonly familiesMatter: boolean;
  /** Set where a policy of the tier cannot be read: then nothing behind it counts. */
  readonly adminUnreadable: FamilyVerdict | undefined;
  readonly baselineUnreadable: FamilyVerdict | undefined;
  /** Set where something is enforced behind the policies: it makes open what they do not deny. */
  readonly further: FamilyVerdict | undefined;
  readonly admin: readonly CompiledRule[];
  readonly namespaced: readonly CompiledRule[];
  readonly baseline: readonly CompiledRule[];
  /** Of all tiers, in this order. */
  readonly rules: readonly CompiledRule[];
  /** Doubts about NetworkPolicies that cannot be read. */
  readonly unreadable: readonly Doubt[];
  /** The answer when NetworkPolicies isolate and no rule of theirs matches; undefined when none isolates. */
  readonly denied: FamilyVerdict | undefined;
  /** Answers already given, by the rules that matched, so that equal answers are one value. */
  readonly allowed: AllowedAnswers;
}

/** A tree over the positions of matching rules: `next.get(0)?.next.get(3)` holds the answer "rules 0 and 3". */
export interface AllowedAnswers {
  verdict: FamilyVerdict | undefined;
  readonly next: Map<number, AllowedAnswers>;
}

export interface Stacks {
  /** By class of pods: a position in `all`. */
  readonly egress: Uint32Array;
  readonly ingress: Uint32Array;
  readonly all: readonly Stack[];
}

export function stacksOf(policies: readonly Policy[], classes: Classes, selections: Selections, peers: PeerSets, ports: PortTests): Stacks {
  const compile = compilerOf(peers, ports);
  // A stack is the chain of its policies' numbers; chains end as soon as the class has no further policy.
  const all: Stack[] = [];
  const stacksFor = (direction: Direction): Uint32Array => {
    const chain = numberPairs(1);
    const chainOf = new Uint32Array(classes.podClasses);
    const before: number[] = [0];
    const policyOf: number[] = [-1];
    for (const [i, policy] of policies.entries()) {
      if (policy[direction] === 'not-governed') continue;
      for (const member of classes.classesIn(selections.of(policy.subject)).members) {
        const link = chain.of(chainOf[member] as number, i);
        before[link] = chainOf[member] as number;
        policyOf[link] = i;
        chainOf[member] = link;
      }
    }
    const made = new Map<number, number>();
    return chainOf.map((link) => {
      let number = made.get(link);
      if (number === undefined) {
        const onStack: Policy[] = [];
        for (let at = link; at !== 0; at = before[at] as number) onStack.push(policies[policyOf[at] as number] as Policy);
        number = all.length;
        all.push(stackOf(onStack.reverse(), direction, compile));
        made.set(link, number);
      }
      return number;
    });
  };
  return { egress: stacksFor('egress'), ingress: stacksFor('ingress'), all };
}

export type Compile = (policy: Policy, direction: Direction) => readonly CompiledRule[];

export function compilerOf(peers: PeerSets, ports: PortTests): Compile {
  const compiled = { ingress: new Map<Policy, readonly CompiledRule[]>(), egress: new Map<Policy, readonly CompiledRule[]>() };
  return (policy, direction) => {
    const known = compiled[direction].get(policy);
    if (known !== undefined) return known;
    const rules = policy[direction];
    const made =
      rules === 'not-governed'
        ? []
        : rules.map((rule): CompiledRule => {
            const ref = { policy, direction, rule };
            return { ref, peers: peers.testOf(rule.peers), ports: ports.testOf(rule.ports), alone: aloneVerdict(ref) };
          });
    compiled[direction].set(policy, made);
    return made;
  };
}

function aloneVerdict(ref: RuleRef): FamilyVerdict | undefined {
  if (ref.rule.action === 'pass') return undefined;
  return ref.rule.action === 'allow' ? { outcome: 'allowed', rules: [ref] } : { outcome: 'denied', policies: [ref.policy], rule: ref };
}

export function stackOf(policies: readonly Policy[], direction: Direction, compile: Compile): Stack {
  const inTier = { admin: [] as Policy[], namespaced: [] as Policy[], baseline: [] as Policy[], further: [] as Policy[] } satisfies Record<
    Tier,
    Policy[]
  >;
  const unreadable = { admin: [] as Doubt[], namespaced: [] as Doubt[], baseline: [] as Doubt[], further: [] as Doubt[] } satisfies Record<
    Tier,
    Doubt[]
  >;
  for (const policy of policies) {
    if (policy.faults.length === 0) inTier[policy.tier].push(policy);
    else unreadable[policy.tier].push({ code: 'policy-unreadable', policy });
  }
  const ordered = (tier: 'admin' | 'baseline'): readonly CompiledRule[] =>
    unreadable[tier].length > 0 ? [] : inTier[tier].sort(byOrder).flatMap((policy) => compile(policy, direction));
  const open = (doubts: readonly Doubt[]): FamilyVerdict | undefined =>
    isNonEmpty(doubts) ? { outcome: 'undecided', because: distinctDoubts(doubts) } : undefined;
  const readable = inTier.namespaced;
  const [admin, baseline] = [ordered('admin'), ordered('baseline')];
  const namespaced = readable.flatMap((policy) => compile(policy, direction));
  const rules = admin.length + baseline.length === 0 ? namespaced : [...admin, ...namespaced, ...baseline];
  return {
    direction,
    policies,
    isEmpty: policies.length === 0,
    isPlain: readable.length > 0 && readable.length === policies.length,
    familiesMatter: rules.some(({ peers }) => peers.v4 !== peers.unknownFamily),
    adminUnreadable: open(unreadable.admin),
    baselineUnreadable: open(unreadable.baseline),
    further: open(unreadable.further),
    admin,
    namespaced,
    baseline,
    rules,
    unreadable: unreadable.namespaced,
    denied: isNonEmpty(readable) ? { outcome: 'denied', policies: readable } : undefined,
    allowed: { verdict: undefined, next: new Map() },
  };
}

/** The stack as it is for a peer that these of its rules match, and no others. */
export function withRules(stack: Stack, rules: ReadonlySet<CompiledRule>): Stack {
  const of = (tier: readonly CompiledRule[]) => tier.filter((rule) => rules.has(rule));
  const [admin, namespaced, baseline] = [of(stack.admin), of(stack.namespaced), of(stack.baseline)];
  return {
    ...stack,
    admin,
    namespaced,
    baseline,
    rules: [...admin, ...namespaced, ...baseline],
    allowed: { verdict: undefined, next: new Map() },
  };
}

function byOrder(a: Policy, b: Policy): number {
  return a.order - b.order || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
