// The policies on a class of pods, in one direction, made ready to be asked: rules in the order of evaluation, peers and ports
// as numbers. Classes under the same policies share a stack.
import type { Direction, Policy, RuleRef } from '../model/policy.ts';
import { type Doubt, type FamilyVerdict, isNonEmpty } from '../policy/verdict.ts';
import { clausesOf } from '../program/clauses.ts';
import { isolates, orderedGroups, type Reading, type Stage, standsIn, takesPart } from '../program/stages.ts';
import type { Classes } from './classes.ts';
import { numberPairs } from './numbering.ts';
import type { PeerSets, PeerTest } from './peer-sets.ts';
import type { PortTest, PortTests } from './port-tests.ts';
import type { Selections } from './selections.ts';

export interface CompiledRule {
  readonly ref: RuleRef;
  readonly peers: PeerTest;
  readonly ports: PortTest;
  /** What this rule answers where it decides alone, as rules of ordered stages do; undefined for `pass`. */
  readonly alone: FamilyVerdict | undefined;
}

/** A policy that could not be read, in the place of its rules: whatever it says, it may say it of this connection. */
export interface UnreadablePolicy {
  readonly unreadable: Doubt;
}

export type CompiledClause = CompiledRule | UnreadablePolicy;

export function isUnreadable(clause: CompiledClause): clause is UnreadablePolicy {
  return 'unreadable' in clause;
}

/** A stage (program/stages.ts) with the policies that select this class, ready to be asked. */
export interface CompiledStage {
  readonly combine: Stage['combine'];
  readonly end: Stage['end'];
  readonly endsForSelected: boolean;
  /** Of an ordered stage: groups of equal order, their members, the members' clauses. */
  readonly groups: readonly (readonly (readonly CompiledClause[])[])[];
  /** All clauses in order. */
  readonly clauses: readonly CompiledClause[];
  /** The answer when its policies isolate and nothing decides; undefined when none isolates. */
  readonly denied: FamilyVerdict | undefined;
}

export interface Stack {
  readonly direction: Direction;
  readonly isEmpty: boolean;
  /** Of all stages, unreadable ones among them, in the order of the cluster. */
  readonly policies: readonly Policy[];
  /** Only readable policies of one union stage, all of which isolate and only allow: the union of their rules decides. */
  readonly isPlain: boolean;
  /** Does it matter whether the connection is IPv4 or IPv6? */
  readonly familiesMatter: boolean;
  /** Stages without a policy are left out. */
  readonly stages: readonly CompiledStage[];
  /** Other readings that the profile leaves possible; [] nearly always. */
  readonly others: readonly { readonly unlike: Reading['unlike']; readonly stages: readonly CompiledStage[] }[];
  /** The rules that can be read, of all stages in their order. */
  readonly rules: readonly CompiledRule[];
  /** Does selecting the class alone stop what no rule lets through? `unsure`: only a policy that cannot be read may. */
  readonly isolation: 'isolated' | 'unsure' | 'open';
  /** Answers already given by a plain stack, by the rules that matched, so that equal answers are one value. */
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
  /** Nodes that policies select, by name: positions in `all`. Empty nearly always. */
  readonly ofNodes: ReadonlyMap<string, Readonly<Record<Direction, number>>>;
}

/** What stacks are made of, beside the policies: the readings of the profile, and the peers and ports as tests. */
export interface StackParts {
  readonly readings: readonly Reading[];
  readonly peers: PeerSets;
  readonly ports: PortTests;
}

export function stacksOf(policies: readonly Policy[], classes: Classes, selections: Selections, parts: StackParts): Stacks {
  const compile = compilerOf(parts);
  // A stack is the chain of its policies' numbers; chains end as soon as the class has no further policy.
  const all: Stack[] = [];
  const stacksFor = (direction: Direction): Uint32Array => {
    const chain = numberPairs(1);
    const chainOf = new Uint32Array(classes.podClasses);
    const before: number[] = [0];
    const policyOf: number[] = [-1];
    for (const [i, policy] of policies.entries()) {
      if (!parts.readings.some((reading) => takesPart(policy, direction, reading))) continue;
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
        all.push(stackOf(parts.readings, onStack.reverse(), direction, compile));
        made.set(link, number);
      }
      return number;
    });
  };
  const ofNode = (name: string, direction: Direction): number => {
    const here = policies.filter(
      (policy) => policy.subject.nodes?.includes(name) === true && parts.readings.some((reading) => takesPart(policy, direction, reading)),
    );
    return all.push(stackOf(parts.readings, here, direction, compile)) - 1;
  };
  const egress = stacksFor('egress');
  const ingress = stacksFor('ingress');
  const nodes = new Set(
    policies.flatMap((policy) => (parts.readings.some(({ isInForce }) => isInForce(policy)) ? (policy.subject.nodes ?? []) : [])),
  );
  const ofNodes = new Map([...nodes].map((name) => [name, { egress: ofNode(name, 'egress'), ingress: ofNode(name, 'ingress') }]));
  return { egress, ingress, all, ofNodes };
}

export type Compile = (policy: Policy, direction: Direction) => readonly CompiledClause[];

export function compilerOf({ peers, ports }: Pick<StackParts, 'peers' | 'ports'>): Compile {
  const compiled = { ingress: new Map<Policy, readonly CompiledClause[]>(), egress: new Map<Policy, readonly CompiledClause[]>() };
  return (policy, direction) => {
    const known = compiled[direction].get(policy);
    if (known !== undefined) return known;
    const made = clausesOf(policy, direction).map((clause): CompiledClause => {
      if (clause.effect === 'unknown') return { unreadable: { code: 'policy-unreadable', policy } };
      const { ref } = clause;
      return { ref, peers: peers.testOf(ref.rule.peers, ref.direction), ports: ports.testOf(ref.rule.ports), alone: aloneVerdict(ref) };
    });
    compiled[direction].set(policy, made);
    return made;
  };
}

function aloneVerdict(ref: RuleRef): FamilyVerdict | undefined {
  if (ref.rule.action === 'pass') return undefined;
  return ref.rule.action === 'allow' ? { outcome: 'allowed', rules: [ref] } : { outcome: 'denied', policies: [ref.policy], rule: ref };
}

/** `policies`: those that select the class and look this way, in the cluster's order. */
export function stackOf(readings: readonly Reading[], policies: readonly Policy[], direction: Direction, compile: Compile): Stack {
  const [first, ...others] = readings.map((reading) => {
    const partaking = policies.filter((policy) => takesPart(policy, direction, reading));
    return readAs(reading.stages, partaking, direction, compile);
  });
  if (first === undefined) return readAs([], [], direction, compile);
  if (others.length === 0) return first;
  const whole = [first, ...others];
  return {
    ...first,
    policies,
    isEmpty: whole.every(({ isEmpty }) => isEmpty),
    isPlain: false,
    familiesMatter: whole.some(({ familiesMatter }) => familiesMatter),
    rules: [...new Set(whole.flatMap(({ rules }) => rules))],
    isolation: whole.every(({ isolation }) => isolation === first.isolation) ? first.isolation : 'unsure',
    others: others.map((stack, i) => ({ unlike: readings[i + 1]?.unlike ?? [], stages: stack.stages })),
  };
}

function readAs(stages: readonly Stage[], policies: readonly Policy[], direction: Direction, compile: Compile): Stack {
  const compiled = stages.flatMap((stage): CompiledStage[] => {
    const here = policies.filter((policy) => standsIn(policy, stage));
    if (here.length === 0) return [];
    const isolating = here.filter((policy) => policy.faults.length === 0 && isolates(policy, direction));
    const groups =
      stage.combine !== 'ordered'
        ? []
        : orderedGroups(here, stage).map((group) => group.map((member) => member.flatMap((policy) => compile(policy, direction))));
    return [
      {
        combine: stage.combine,
        end: stage.end,
        endsForSelected: stage.endsForSelected === true,
        groups,
        clauses: stage.combine !== 'ordered' ? here.flatMap((policy) => compile(policy, direction)) : groups.flat(2),
        denied: isNonEmpty(isolating) ? { outcome: 'denied', policies: isolating } : undefined,
      },
    ];
  });
  const clauses = compiled.flatMap((stage) => stage.clauses);
  const rules = clauses.filter((clause): clause is CompiledRule => !isUnreadable(clause));
  const [only, ...others] = compiled;
  return {
    direction,
    isEmpty: compiled.length === 0,
    policies,
    isPlain:
      only !== undefined &&
      others.length === 0 &&
      only.combine === 'union' &&
      only.end !== 'next' &&
      rules.length === clauses.length &&
      rules.every(({ ref }) => ref.rule.action === 'allow') &&
      policies.every((policy) => isolates(policy, direction)),
    familiesMatter: rules.some(({ peers }) => peers.v4 !== peers.unknownFamily),
    stages: compiled,
    others: [],
    rules,
    isolation: isolationOf(compiled),
    allowed: { verdict: undefined, next: new Map() },
  };
}

/** Policies of stages that end in the next one isolate nobody, so one of them that cannot be read leaves no doubt about that. */
function isolationOf(stages: readonly CompiledStage[]): Stack['isolation'] {
  const closing = stages.filter(({ end }) => end !== 'next');
  if (closing.some(({ denied }) => denied !== undefined)) return 'isolated';
  return closing.some(({ clauses }) => clauses.some(isUnreadable)) ? 'unsure' : 'open';
}

/** The stack as it is for a peer that these of its rules match, and no others. */
export function withRules(stack: Stack, rules: ReadonlySet<CompiledRule>): Stack {
  const of = (clauses: readonly CompiledClause[]) => clauses.filter((clause) => isUnreadable(clause) || rules.has(clause));
  const inStages = (stages: readonly CompiledStage[]) =>
    stages.map((stage): CompiledStage => ({ ...stage, groups: stage.groups.map((group) => group.map(of)), clauses: of(stage.clauses) }));
  return {
    ...stack,
    stages: inStages(stack.stages),
    others: stack.others.map(({ unlike, stages }) => ({ unlike, stages: inStages(stages) })),
    rules: stack.rules.filter((rule) => rules.has(rule)),
    allowed: { verdict: undefined, next: new Map() },
  };
}
