// One direction of one connection, asked of a stack: the fast form of policy/tiers.ts. Equal answers are one value wherever
// that costs nothing, so that whoever prints them may remember the text by the value.
import type { RuleRef } from '../model/policy.ts';
import { furtherOn } from '../policy/tiers.ts';
import { type Doubt, distinctDoubts, type FamilyVerdict, isNonEmpty } from '../policy/verdict.ts';
import type { FamilyContext } from './addresses.ts';
import { bothCodes, doubtOf, type Named, NO, YES } from './match-code.ts';
import { type PeerSets, peerCode } from './peer-sets.ts';
import type { PortTests } from './port-tests.ts';
import type { AllowedAnswers, CompiledRule, Stack } from './stacks.ts';

/** What the rules of a stack are made of. */
export interface Tests {
  readonly peers: PeerSets;
  readonly ports: PortTests;
}

const NOT_ISOLATED: FamilyVerdict = { outcome: 'not-isolated' };

/** `peer`: the class of the other end. `portList`: of the destination. `peerName`, `destination`: what doubts call those ends. */
export function askStack(
  tests: Tests,
  stack: Stack,
  family: FamilyContext,
  peer: number,
  portList: number,
  protocol: number,
  port: number,
  peerName: Named,
  destination: Named,
): FamilyVerdict {
  if (stack.isEmpty) return NOT_ISOLATED;
  if (stack.isPlain) {
    // The common case makes nothing anew: NetworkPolicies that can be read, and an answer that was given before.
    const rules = stack.namespaced;
    let answers = stack.allowed;
    let isDoubtful = false;
    for (let i = 0; i < rules.length; i++) {
      const code = ruleCode(tests, rules[i] as CompiledRule, family, peer, portList, protocol, port);
      if (code === YES) answers = followed(answers, i);
      else if (code !== NO) isDoubtful = true;
    }
    if (answers.verdict !== undefined) return answers.verdict;
    if (answers === stack.allowed && !isDoubtful) return stack.denied as FamilyVerdict;
  }
  return askTiers(
    stack,
    (rule) => ruleCode(tests, rule, family, peer, portList, protocol, port),
    (rule, code) => doubtOf(code, rule.ref, peerName, destination, () => tests.ports.nameBehind(rule.ports, portList, protocol, port)),
  );
}

function ruleCode(
  { peers, ports }: Tests,
  rule: CompiledRule,
  family: FamilyContext,
  peer: number,
  portList: number,
  protocol: number,
  port: number,
): number {
  const match = peerCode(peers, rule.peers, family, peer);
  return match === NO ? NO : bothCodes(match, ports.codeOf(rule.ports, portList, protocol, port));
}

type CodeOf = (rule: CompiledRule) => number;
type DoubtOf = (rule: CompiledRule, code: number) => Doubt;

function askTiers(stack: Stack, codeOf: CodeOf, doubt: DoubtOf): FamilyVerdict {
  const baseline = () => stack.baselineUnreadable ?? firstMatch(stack.baseline, 0, codeOf, doubt, () => NOT_ISOLATED);
  const namespaced = () => union(stack, codeOf, doubt) ?? baseline();
  return furtherOn(stack.adminUnreadable ?? firstMatch(stack.admin, 0, codeOf, doubt, namespaced), stack.further);
}

function union(stack: Stack, codeOf: CodeOf, doubt: DoubtOf): FamilyVerdict | undefined {
  const allowing: RuleRef[] = [];
  const doubts: Doubt[] = [];
  let answers = stack.allowed;
  for (const [i, rule] of stack.namespaced.entries()) {
    const code = codeOf(rule);
    if (code === YES) {
      allowing.push(rule.ref);
      answers = followed(answers, i);
    } else if (code !== NO) doubts.push(doubt(rule, code));
  }
  if (isNonEmpty(allowing)) {
    answers.verdict ??= { outcome: 'allowed', rules: allowing };
    return answers.verdict;
  }
  doubts.push(...stack.unreadable);
  return isNonEmpty(doubts) ? { outcome: 'undecided', because: distinctDoubts(doubts) } : stack.denied;
}

/** Ordered tiers: the first match decides. A rule that may or may not match matters only when the answers differ. */
function firstMatch(
  rules: readonly CompiledRule[],
  from: number,
  codeOf: CodeOf,
  doubt: DoubtOf,
  next: () => FamilyVerdict,
): FamilyVerdict {
  for (let i = from; i < rules.length; i++) {
    const rule = rules[i] as CompiledRule;
    const code = codeOf(rule);
    if (code === NO) continue;
    const taken = rule.alone ?? next();
    if (code === YES) return taken;
    const without = firstMatch(rules, i + 1, codeOf, doubt, next);
    return without.outcome === taken.outcome ? without : { outcome: 'undecided', because: [doubt(rule, code)] };
  }
  return next();
}

function followed(answers: AllowedAnswers, position: number): AllowedAnswers {
  let next = answers.next.get(position);
  if (next === undefined) {
    next = { verdict: undefined, next: new Map() };
    answers.next.set(position, next);
  }
  return next;
}
