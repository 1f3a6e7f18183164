// One direction of one connection, asked of a stack: the fast form of policy/through-stages.ts. Equal answers are one value wherever
// that costs nothing, so that whoever prints them may remember the text by the value.
import type { Policy, RuleRef } from '../model/policy.ts';
import { doubtsOf, once, oneOf, undecided, vetoed } from '../policy/through-stages.ts';
import { type Doubt, distinctDoubts, type FamilyVerdict, isNonEmpty, isSameEffect } from '../policy/verdict.ts';
import type { FamilyContext } from './addresses.ts';
import { bothCodes, doubtOf, type Named, NO, YES } from './match-code.ts';
import { type PeerSets, peerCode } from './peer-sets.ts';
import type { PortTests } from './port-tests.ts';
import { type AllowedAnswers, type CompiledClause, type CompiledRule, type CompiledStage, isUnreadable, type Stack } from './stacks.ts';

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
  const question: Question = {
    codeOf: (rule) => ruleCode(rule, tests.ports, family, peer, portList, protocol, port),
    doubt: (rule, code) =>
      doubtOf(code, rule.ref, peerName, destination, () => tests.ports.nameBehind(rule.ports, portList, protocol, port)),
  };
  if (stack.isPlain) {
    // The common case makes nothing anew: NetworkPolicies that can be read, and an answer that was given before.
    const { rules } = stack;
    let answers = stack.allowed;
    let isDoubtful = false;
    for (let i = 0; i < rules.length; i++) {
      const code = ruleCode(rules[i] as CompiledRule, tests.ports, family, peer, portList, protocol, port);
      if (code === YES) answers = followed(answers, i);
      else if (code !== NO) isDoubtful = true;
    }
    if (answers.verdict !== undefined) return answers.verdict;
    if (answers === stack.allowed && !isDoubtful) return stack.stages[0]?.denied as FamilyVerdict;
    const verdict = throughReadings(stack, question);
    if (verdict.outcome === 'allowed') answers.verdict = verdict;
    return verdict;
  }
  return throughReadings(stack, question);
}

function ruleCode(
  rule: CompiledRule,
  ports: PortTests,
  family: FamilyContext,
  peer: number,
  portList: number,
  protocol: number,
  port: number,
): number {
  const match = peerCode(rule.peers, family, peer);
  return match === NO ? NO : bothCodes(match, ports.codeOf(rule.ports, portList, protocol, port));
}

/** What the rules say of one connection. */
interface Question {
  readonly codeOf: (rule: CompiledRule) => number;
  readonly doubt: (rule: CompiledRule, code: number) => Doubt;
}

type Next = () => FamilyVerdict;

function throughReadings({ stages, others }: Stack, question: Question): FamilyVerdict {
  const first = throughStages(stages, question);
  if (others.length === 0) return first;
  return oneOf(
    first,
    others.map((other) => ({ unlike: other.unlike, verdict: throughStages(other.stages, question) })),
  );
}

function throughStages(stages: readonly CompiledStage[], question: Question): FamilyVerdict {
  const deciding = stages.filter(({ combine }) => combine !== 'veto');
  const vetoes = stages.filter(({ combine }) => combine === 'veto').flatMap(({ clauses }) => clauses);
  const from = (i: number, end: FamilyVerdict): FamilyVerdict => {
    const stage = deciding[i];
    if (stage === undefined) return end;
    const { denied } = stage;
    const next = once(() => from(i + 1, end));
    const noneMatched: Next =
      denied === undefined && stage.endsForSelected
        ? () => end
        : denied === undefined || stage.end === 'next'
          ? next
          : stage.end === 'deny'
            ? () => denied
            : once(() => from(i + 1, denied));
    return stage.combine === 'union'
      ? union(stage.clauses, question, noneMatched)
      : firstMatch(stage.groups, 0, question, { passed: next, next: noneMatched });
  };
  return vetoed(from(0, NOT_ISOLATED), () => union(vetoes, question, () => NOT_ISOLATED));
}

function union(clauses: readonly CompiledClause[], { codeOf, doubt }: Question, next: Next): FamilyVerdict {
  const allowing: RuleRef[] = [];
  const allowDoubts: Doubt[] = [];
  const denyDoubts: Doubt[] = [];
  for (const clause of clauses) {
    if (isUnreadable(clause)) {
      allowDoubts.push(clause.unreadable);
      continue;
    }
    const code = codeOf(clause);
    if (code === NO) continue;
    const isDeny = clause.ref.rule.action === 'deny';
    if (code !== YES) (isDeny ? denyDoubts : allowDoubts).push(doubt(clause, code));
    else if (isDeny) return clause.alone as FamilyVerdict;
    else allowing.push(clause.ref);
  }
  const without: FamilyVerdict = isNonEmpty(allowing)
    ? { outcome: 'allowed', rules: allowing }
    : isNonEmpty(allowDoubts)
      ? { outcome: 'undecided', because: distinctDoubts(allowDoubts) }
      : next();
  if (denyDoubts.length === 0 || without.outcome === 'denied') return without;
  return undecided([...denyDoubts, ...doubtsOf(without)], without);
}

/** What comes after a clause that passes the connection on, and where no clause matches. */
interface After {
  readonly passed: Next;
  readonly next: Next;
}

function firstMatch(groups: CompiledStage['groups'], at: number, question: Question, after: After): FamilyVerdict {
  for (let i = at; i < groups.length; i++) {
    const group = groups[i] as CompiledStage['groups'][number];
    const next = once(() => firstMatch(groups, i + 1, question, after));
    if (group.length === 1) {
      const verdict = inOrder(group[0] as readonly CompiledClause[], 0, question, { passed: after.passed, next });
      if (verdict !== undefined) return verdict;
      continue;
    }
    const verdict = anyFirst(group, question, { passed: after.passed, next });
    if (verdict !== undefined) return verdict;
  }
  return after.next();
}

/** undefined: no clause matches, surely. */
function inOrder(clauses: readonly CompiledClause[], at: number, question: Question, after: After): FamilyVerdict | undefined {
  for (let i = at; i < clauses.length; i++) {
    const clause = clauses[i] as CompiledClause;
    if (isUnreadable(clause)) {
      const without = inOrder(clauses, i + 1, question, after) ?? after.next();
      return undecided([clause.unreadable, ...doubtsOf(without)], without);
    }
    const code = question.codeOf(clause);
    if (code === NO) continue;
    const taken = clause.alone ?? after.passed();
    if (code === YES) return taken;
    const without = inOrder(clauses, i + 1, question, after) ?? after.next();
    return isSameEffect(without, taken) ? without : { outcome: 'undecided', because: [question.doubt(clause, code)] };
  }
  return undefined;
}

/** Members of equal order: any of them may come first. undefined: no clause matches, surely. */
function anyFirst(members: readonly (readonly CompiledClause[])[], question: Question, after: After): FamilyVerdict | undefined {
  const verdicts: FamilyVerdict[] = [];
  const own: Doubt[] = [];
  const policies = new Set<Policy>();
  let mayMissAll = true;
  for (const clauses of members) {
    let first: Policy | undefined;
    for (const clause of clauses) {
      if (isUnreadable(clause)) {
        own.push(clause.unreadable);
        verdicts.push({ outcome: 'undecided', because: [clause.unreadable] });
        continue;
      }
      const code = question.codeOf(clause);
      if (code === NO) continue;
      first ??= clause.ref.policy;
      policies.add(first);
      verdicts.push(clause.alone ?? after.passed());
      if (code !== YES) own.push(question.doubt(clause, code));
      else {
        mayMissAll = false;
        break;
      }
    }
  }
  const [verdict] = verdicts;
  if (verdict === undefined) return undefined;
  if (mayMissAll) verdicts.push(after.next());
  if (verdicts.every((other) => isSameEffect(other, verdict))) return verdict;
  const tie: readonly Doubt[] = policies.size > 1 ? [{ code: 'equal-priority', policies: [...policies] }] : [];
  return undecided([...tie, ...own, ...verdicts.flatMap(doubtsOf)], verdict);
}

function followed(answers: AllowedAnswers, position: number): AllowedAnswers {
  let next = answers.next.get(position);
  if (next === undefined) {
    next = { verdict: undefined, next: new Map() };
    answers.next.set(position, next);
  }
  return next;
}
