// What one direction answers over all ports at once: the ports cut where any rule cuts them, one answer for each piece.
// Rows of a map need this where a verdict needs one port. Equal answers are one value, and are computed once.
import {
  ALL_PORTS,
  intersectPorts,
  isNoPorts,
  NO_PORTS,
  type PortSet,
  PROTOCOLS,
  printPortSet,
  subtractPorts,
  unionOfPorts,
} from '../net/port-set.ts';
import { type Doubt, distinctDoubts, doubtKey, type FamilyVerdict, isNonEmpty, isSameEffect } from '../policy/verdict.ts';
import type { FamilyContext } from './addresses.ts';
import { askStack } from './ask-stack.ts';
import { NO } from './match-code.ts';
import { EVERYTHING, matchedRules, NO_RULES } from './matched-rules.ts';
import { type Interning, interning, numberPairs } from './numbering.ts';
import { peerCode } from './peer-sets.ts';
import type { PortTest, PortTests } from './port-tests.ts';
import type { Reach } from './reach.ts';
import { type Stack, withRules } from './stacks.ts';
import { NO_FAMILY } from './verdict-of.ts';

/** How doubts name the ends of a row until its ends are known; `instantiated` puts the names in. No end is called so. */
export const SOURCE = '{source}';
export const DESTINATION = '{destination}';

export interface PortAnswer {
  readonly ports: PortSet;
  readonly outcome: FamilyVerdict['outcome'];
  /** Denied by a deny rule, and not for want of one that allows. */
  readonly byRule?: true;
  /** Not empty iff undecided. */
  readonly because: readonly Doubt[];
}

/** INVARIANT: the parts cover every port once. */
export interface PortAnswers {
  readonly id: number;
  readonly parts: readonly PortAnswer[];
  /** Some part is one thing for IPv4 and another for IPv6. */
  readonly familiesDiffer: boolean;
}

/** What makes two doubts one: by default what is said of them. Who compares states with other rules of the same name says more. */
export type KeyOfDoubt = (doubt: Doubt) => string;

export interface PortAnswering {
  /** A direction that no policy limits, or that is exempt. */
  readonly open: PortAnswers;
  readonly closed: PortAnswers;
  /** `families`: those that the connection may have, as bits (commonFamilies). `portList`: of the destination. */
  readonly ask: (stackNumber: number, peer: number, families: number, portList: number) => PortAnswers;
  /** Denials become undecided, because of these. `sparesRules`: those by a deny rule stay. */
  readonly soften: (answers: PortAnswers, doubts: readonly Doubt[], sparesRules?: boolean) => PortAnswers;
  /** That of IPv4 and that of IPv6 as one, where a connection may be of either: what they differ in is undecided. */
  readonly ofFamilies: (v4: PortAnswers, v6: PortAnswers) => PortAnswers;
  /** Port by port, the answer that `combine` makes of two. */
  readonly merge: (a: PortAnswers, b: PortAnswers, combine: (a: PortAnswer, b: PortAnswer) => Omit<PortAnswer, 'ports'>) => PortAnswers;
}

export function portAnswering(reach: Reach, keyOf: KeyOfDoubt = doubtKey): PortAnswering {
  const answers = interning<PortAnswers>();
  const intern = (parts: readonly PortAnswer[]): PortAnswers => internParts(answers, parts, keyOf);
  const open = intern([{ ports: ALL_PORTS, outcome: 'not-isolated', because: [] }]);
  const everyPort = intern([{ ports: ALL_PORTS, outcome: 'allowed', because: [] }]);
  const closed = intern([{ ports: ALL_PORTS, outcome: 'denied', because: [] }]);
  const merge: PortAnswering['merge'] = (a, b, combine) =>
    intern(
      a.parts.flatMap((one) =>
        b.parts.flatMap((other) => {
          const ports = intersectPorts(one.ports, other.ports);
          return isNoPorts(ports) ? [] : [{ ...combine(one, other), ports }];
        }),
      ),
    );

  // Read for every pair of classes: beside each other, where the stacks are objects all over the memory.
  const isEmpty = Uint8Array.from(reach.stacks.all, (stack) => (stack.isEmpty ? 1 : 0));
  const familiesMatter = Uint8Array.from(reach.stacks.all, (stack) => (stack.familiesMatter ? 1 : 0));

  // Which rules match the peer decides the answer, and the named ports of the destination where one of them has names.
  const matched = matchedRules(reach);
  const known: PortAnswers[] = [];
  const questions = numberPairs();
  const knownWithNames: PortAnswers[] = [];
  const portsAlike = numberPairs(1);
  const plainQuestions = numberPairs();
  const knownPlain: PortAnswers[] = [];
  /** Rules that allow what they allow, whichever they are: in another order, or with ports twice, they share the answer. */
  const askPlain = (tests: readonly PortTest[], portList: number): PortAnswers => {
    const distinct = [...new Map(tests.map((test) => [test.id, test])).values()].sort((a, b) => a.id - b.id);
    const question = plainQuestions.of(
      distinct.reduce((link, { id }) => portsAlike.of(link, id), 0),
      portList,
    );
    knownPlain[question] ??= intern(plainPieces(reach.tests.ports, distinct, portList));
    return knownPlain[question] as PortAnswers;
  };
  const askFamily = (stackNumber: number, family: FamilyContext, peer: number, portList: number): PortAnswers => {
    if (isEmpty[stackNumber] === 1) return open;
    const list = matched.of(stackNumber, family, peer);
    if (list === NO_RULES) return closed;
    if (list === EVERYTHING) return everyPort;
    const hasNames = matched.hasNames(list);
    const answered = hasNames ? knownWithNames : known;
    const question = hasNames ? questions.of(list, portList) : list;
    if (answered[question] === undefined) {
      const plain = matched.portsIn(list);
      answered[question] =
        plain === undefined
          ? intern(pieces(reach, reach.stacks.all[stackNumber] as Stack, family, peer, portList))
          : askPlain(plain, hasNames ? portList : 0);
    }
    return answered[question] as PortAnswers;
  };

  const bothFamilies = new Map<string, PortAnswers>();
  const ofFamilies: PortAnswering['ofFamilies'] = (v4, v6) => {
    const key = `${v4.id} ${v6.id}`;
    let both = bothFamilies.get(key);
    if (both === undefined) {
      both = merge(v4, v6, (a, b) =>
        isSameEffect(a, b) ? (a.byRule === true ? b : a) : { outcome: 'undecided', because: [{ code: 'families-differ' }] },
      );
      bothFamilies.set(key, both);
    }
    return both;
  };
  return {
    open,
    closed,
    merge,
    ofFamilies,
    ask(stackNumber, peer, families, portList) {
      if (families === NO_FAMILY) return closed;
      if (familiesMatter[stackNumber] === 0) return askFamily(stackNumber, 0, peer, portList);
      if (families !== 3) return askFamily(stackNumber, families === 0 ? 0 : families === 1 ? 4 : 6, peer, portList);
      const v4 = askFamily(stackNumber, 4, peer, portList);
      const v6 = askFamily(stackNumber, 6, peer, portList);
      if (v4 === v6) return v4;
      return ofFamilies(v4, v6);
    },
    soften(given, doubts, sparesRules = false) {
      const isSoft = ({ outcome, byRule }: PortAnswer) => outcome === 'denied' && !(sparesRules && byRule === true);
      if (doubts.length === 0 || !given.parts.some(isSoft)) return given;
      return intern(given.parts.map((part) => (isSoft(part) ? { ports: part.ports, outcome: 'undecided', because: doubts } : part)));
    },
  };
}

/** Every doubt once, in a stable order. */
export function union(a: readonly Doubt[], b: readonly Doubt[]): readonly Doubt[] {
  const both = [...a, ...b];
  return isNonEmpty(both) ? distinctDoubts(both) : both;
}

/** What readable NetworkPolicies allow together, and the rest. */
function plainPieces(all: PortTests, tests: readonly PortTest[], portList: number): PortAnswer[] {
  const spans = tests.flatMap((test) =>
    PROTOCOLS.map((protocol, number) => ({ ...NO_PORTS, [protocol]: all.spansOf(test, portList, number) })),
  );
  const allowed = unionOfPorts(spans);
  const denied = subtractPorts(ALL_PORTS, allowed);
  return [
    ...(isNoPorts(allowed) ? [] : [{ ports: allowed, outcome: 'allowed' as const, because: [] }]),
    ...(isNoPorts(denied) ? [] : [{ ports: denied, outcome: 'denied' as const, because: [] }]),
  ];
}

/** Asks at the first port of every piece between two cuts; nothing can change inside a piece. Rules for other peers are left aside. */
function pieces({ tests }: Reach, whole: Stack, family: FamilyContext, peer: number, portList: number): PortAnswer[] {
  const rules = new Set(whole.rules.filter((rule) => peerCode(rule.peers, family, peer) !== NO));
  const stack = withRules(whole, rules);
  const peerName = stack.direction === 'egress' ? DESTINATION : SOURCE;
  const answerAt = (protocol: number, port: number, ports: PortSet): PortAnswer => {
    const verdict = askStack(tests, stack, family, peer, portList, protocol, port, peerName, DESTINATION);
    const byRule = verdict.outcome === 'denied' && verdict.rule !== undefined ? ({ byRule: true } as const) : {};
    return { ports, outcome: verdict.outcome, because: verdict.outcome === 'undecided' ? verdict.because : [], ...byRule };
  };
  // Only rules tell ports apart.
  if (rules.size === 0) return [answerAt(0, 1, ALL_PORTS)];
  return PROTOCOLS.flatMap((protocol, number) => {
    const starts = new Set([1]);
    for (const rule of rules) {
      for (const { from, to } of tests.ports.spansOf(rule.ports, portList, number)) starts.add(from).add(to + 1);
    }
    const sorted = [...starts].filter((start) => start <= 65535).sort((a, b) => a - b);
    return sorted.map((from, i) => answerAt(number, from, { ...NO_PORTS, [protocol]: [{ from, to: (sorted[i + 1] ?? 65536) - 1 }] }));
  });
}

/** Joins parts that answer alike, and numbers the whole. */
function internParts(answers: Interning<PortAnswers>, parts: readonly PortAnswer[], keyOf: KeyOfDoubt): PortAnswers {
  const byAnswer = new Map<string, { readonly first: PortAnswer; readonly sets: PortSet[] }>();
  for (const part of parts) {
    const key = [part.outcome, part.byRule === true ? 'by rule' : '', ...part.because.map(keyOf)].join('\n');
    const found = byAnswer.get(key);
    if (found === undefined) byAnswer.set(key, { first: part, sets: [part.ports] });
    else found.sets.push(part.ports);
  }
  const joined = [...byAnswer]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { first, sets }]) => ({ key, part: { ...first, ports: unionOfPorts(sets) } }));
  const key = joined.map((item) => `${item.key}\n${printPortSet(item.part.ports)}`).join('\n\n');
  return answers.of(key, (id) => {
    const own = joined.map(({ part }) => part);
    return { id, parts: own, familiesDiffer: own.some(({ because }) => because.some(({ code }) => code === 'families-differ')) };
  });
}
