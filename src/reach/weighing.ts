// Two choices of the rules on the same pods, weighed against each other: does a direction answer the same for every peer and every port?
// Each direction by itself, so that what the other end denies today hides no difference. Costs what the rules in question can mean.
import type { Cluster } from '../model/cluster.ts';
import { allRules, type Direction, type Policy, type Rule } from '../model/policy.ts';
import { NO_PORTS, type PortSet, samePorts, unionPorts } from '../net/port-set.ts';
import type { Doubt } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';
import { readingsOf } from '../program/stages.ts';
import { leavesOf } from '../program/terms.ts';
import type { FamilyContext } from './addresses.ts';
import { meantBy } from './peer-sets.ts';
import { type PortAnswers, portAnswering } from './port-answers.ts';
import { reachOf } from './reach.ts';
import { compilerOf, type Stack, stackOf } from './stacks.ts';

/** A policy of the cluster as it would be in a state; undefined: it is not there. */
export type Choice = (policy: Policy) => Policy | undefined;

/**
 * `same`: proved. Else why not: `differs` at some peer and port; what the input or the profile leaves open (`undecided`); port names in tiers
 * that have an order (`port-names`); nodes and others that no label describes (`other-peers`); kinds that are not weighed (`other-kind`).
 */
export type Weighed = 'same' | 'differs' | 'undecided' | 'port-names' | 'other-peers' | 'other-kind';

export interface Question {
  readonly direction: Direction;
  /** Only the pods that this policy selects; absent: all. */
  readonly subjectOf?: Policy;
  readonly before: Choice;
  readonly after: Choice;
  /** The rules by which the two choices differ: nobody else's answer can change. */
  readonly rules: readonly Rule[];
}

export interface Weighing {
  readonly weigh: (question: Question) => Weighed;
}

/** Kinds that only allow, deny or pass by what is written in them. */
export const WEIGHED_KINDS: ReadonlySet<string> = new Set([
  'NetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
]);

/** `cluster`: with the pods to come, and the policies of all choices. `whole`: all policies, by which the profile chooses its readings. */
export function weighing(cluster: Cluster, whole: readonly Policy[], semantics: Semantics): Weighing {
  const made = reachOf(cluster, semantics);
  const { classes, selections, tests } = made;
  const readings = readingsOf(whole, made.semantics);
  const compile = compilerOf(tests);
  const all: Stack[] = [];
  const asking = portAnswering({ ...made, stacks: { ...made.stacks, all } });
  const numbers = new Map<string, number>();
  const ids = new Map<Policy, number>();
  const idOf = (policy: Policy) => {
    const id = ids.get(policy) ?? ids.size;
    ids.set(policy, id);
    return id;
  };
  const numberOf = (direction: Direction, policies: readonly Policy[]): number => {
    const key = `${direction} ${policies.map(idOf).join()}`;
    const known = numbers.get(key) ?? all.push(stackOf(readings, policies, direction, compile)) - 1;
    numbers.set(key, known);
    return known;
  };
  const answer = (stack: number, peer: number, families: number, portList: number): PortAnswers =>
    (all[stack] as Stack).isEmpty ? asking.open : asking.ask(stack, peer, families, portList);

  const peersOf = (rules: readonly Rule[], direction: Direction): ReadonlySet<number> => {
    const found = new Set<number>();
    for (const { peers } of rules) {
      const test = tests.peers.testOf(peers, direction);
      for (const family of [0, 4, 6] as const satisfies readonly FamilyContext[])
        for (const member of meantBy(test, family, classes.count).members) found.add(member);
    }
    return found;
  };

  const weighStacks = (direction: Direction, old: readonly Policy[], now: readonly Policy[], portList: number, rules: readonly Rule[]) => {
    const [a, b] = [numberOf(direction, old), numberOf(direction, now)];
    const [was, is] = [all[a] as Stack, all[b] as Stack];
    if (was.isolation !== is.isolation) return 'differs';
    let found: Weighed = obstacleTo(was, rules);
    const isPlain = was.isPlain && is.isPlain;
    const familiesMatter = was.familiesMatter || is.familiesMatter;
    for (const peer of peersOf(rules, direction)) {
      const own = classes.familiesOf[peer] as number;
      for (const families of !familiesMatter ? [own] : own === 0 ? [0, 1, 2] : [1, 2].filter((bit) => (own & bit) !== 0)) {
        const ports = direction === 'ingress' ? portList : (classes.portsOf[peer] as number);
        const weighed = weighAnswers(answer(a, peer, families, ports), answer(b, peer, families, ports), isPlain);
        if (weighed === 'differs') return 'differs';
        if (found === 'same') found = weighed;
      }
    }
    return found;
  };

  return {
    weigh({ direction, subjectOf, before, after, rules }) {
      const members = subjectOf === undefined ? undefined : classes.classesIn(selections.of(subjectOf.subject)).members;
      const seen = new Set<string>();
      let found: Weighed = 'same';
      for (let i = 0; i < (members?.length ?? classes.podClasses); i++) {
        const one = members === undefined ? i : (members[i] as number);
        const stack = made.stacks[direction][one] as number;
        const portList = direction === 'ingress' ? (classes.portsOf[one] as number) : 0;
        const key = `${stack} ${portList}`;
        if (seen.has(key) || classes.isLive[one] === false) continue;
        seen.add(key);
        const policies = (made.stacks.all[stack] as Stack).policies;
        const [old, now] = [before, after].map((choice) => policies.flatMap((policy) => choice(policy) ?? [])) as [Policy[], Policy[]];
        if (old.length === now.length && old.every((policy, place) => policy === now[place])) continue;
        // A pod in its node's network is under NetworkPolicies alone, where a plugin holds it to any.
        const withoutTiers = (list: readonly Policy[]) => list.filter(({ tier }) => tier === 'namespaced');
        const isTiered = made.semantics.policesHostNetworkSubject !== 'no' && old.some(({ tier }) => tier !== 'namespaced');
        for (const [one, other] of isTiered
          ? [
              [old, now],
              [withoutTiers(old), withoutTiers(now)],
            ]
          : [[old, now]]) {
          const weighed = weighStacks(direction, one as Policy[], other as Policy[], portList, rules);
          if (weighed === 'differs') return 'differs';
          if (found === 'same') found = weighed;
        }
      }
      return found;
    },
  };
}

/** What keeps pods to come and addresses from standing for all that there can be. */
function obstacleTo({ policies, rules: onStack }: Stack, rules: readonly Rule[]): Weighed {
  if (policies.some(({ kind }) => !WEIGHED_KINDS.has(kind))) return policies.some(({ kind }) => kind === '*') ? 'undecided' : 'other-kind';
  // Two names may be one number in a pod, and then the order of their rules decides: more than one pod for each name shows.
  const isNamed = ({ ports }: Rule) => ports !== 'every-port' && ports.some(({ kind }) => kind === 'named');
  if (policies.some((policy) => policy.tier !== 'namespaced' && allRules(policy).some(isNamed))) return 'port-names';
  const isPodsOnly = ({ peers }: Rule) => peers !== 'anyone' && leavesOf(peers).every(({ kind }) => kind === 'pods' || kind === 'nothing');
  const isKnown = ({ peers }: Rule) => leavesOf(peers).every(({ kind }) => kind === 'pods' || kind === 'block' || kind === 'nothing');
  if (!onStack.every(({ ref }) => isKnown(ref.rule)) && !rules.every(isPodsOnly)) return 'other-peers';
  return 'same';
}

/** Doubts about the address of an end. What a rule means by address shows on the outside addresses, which are weighed too. */
const BY_ADDRESS: ReadonlySet<string> = new Set(['address-unknown', 'tunnel-source', 'ipBlockMatchesPod', 'ipBlockMatchesNode']);

/**
 * Two undecided answers are the same where rules only add to each other and there is one thing to know: it makes two worlds, and what is
 * undecided in both choices is allowed in the same one of them.
 */
function weighAnswers(a: PortAnswers, b: PortAnswers, isPlain: boolean): Weighed {
  if (a !== b) {
    const kinds = new Set([...a.parts, ...b.parts].map(kindOf));
    for (const kind of kinds) if (!samePorts(portsOf(a, kind), portsOf(b, kind))) return 'differs';
  }
  const open = new Set([...a.parts, ...b.parts].flatMap(({ outcome, because }) => (outcome === 'undecided' ? because.map(unknownIn) : [])));
  if (open.size === 0) return 'same';
  const ofAddresses = [...open].filter((one) => BY_ADDRESS.has(one));
  const isOne = ofAddresses.length === open.size || (open.size === 1 && [...open].every((one) => one.startsWith('cell ')));
  return isPlain && isOne ? 'same' : 'undecided';
}

/** A denial by a rule is another answer than one for want of a rule that allows. */
function kindOf({ outcome, byRule }: PortAnswers['parts'][number]): string {
  return byRule === true ? 'denied-by-rule' : outcome;
}

function portsOf({ parts }: PortAnswers, kind: string): PortSet {
  return parts.filter((part) => kindOf(part) === kind).reduce((ports, part) => unionPorts(ports, part.ports), NO_PORTS);
}

function unknownIn(doubt: Doubt): string {
  if (doubt.code !== 'profile-differs') return doubt.code;
  return BY_ADDRESS.has(doubt.cell) ? doubt.cell : `cell ${doubt.cell}`;
}
