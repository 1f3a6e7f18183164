// The classes of the fast evaluator, made once for a cluster and everything that candidates would change in it: pods with other labels,
// rules that are not there yet. Each candidate is then a few stacks of policies, and not a cluster read anew.
import type { Cluster, Pod } from '../model/cluster.ts';
import { DIRECTIONS, type Direction, ownRules, type Peer, type Policy, type Rule } from '../model/policy.ts';
import { ALL_PORTS } from '../net/port-set.ts';
import { type Doubt, doubtKey } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';
import { readingsOf, takesPart } from '../program/stages.ts';
import { hasClass } from '../reach/class-set.ts';
import { classesOf } from '../reach/classes.ts';
import type { MapEnd } from '../reach/map-ends.ts';
import { type NodeAnswering, nodeAnswering } from '../reach/node-answers.ts';
import { peerSets } from '../reach/peer-sets.ts';
import { type PortAnswering, type PortAnswers, portAnswering } from '../reach/port-answers.ts';
import { portTests } from '../reach/port-tests.ts';
import { doubtsOnDenial, type Reach } from '../reach/reach.ts';
import { type RowAnswer, type RowAnswering, rowAnswering } from '../reach/row-answers.ts';
import { selectionsOf } from '../reach/selections.ts';
import { type Stack, stacksOf } from '../reach/stacks.ts';
import { familiesBetween, familyBit, NO_FAMILY, plainNode } from '../reach/verdict-of.ts';
import type { Changes } from './apply.ts';

export interface Field {
  readonly reach: Reach;
  readonly asking: PortAnswering;
  readonly rows: RowAnswering;
  readonly withNode: NodeAnswering;
  /** Policies as they are now. */
  readonly before: Side;
  /** Policies as a candidate would have them: one that the field was made for. What it does to namespaces is not looked at. */
  readonly after: (changes: Changes) => AfterSide;
}

/** One state of the policies. */
export interface Side {
  /** The stack of policies on a class of pods. */
  readonly stackOf: (direction: Direction, podClass: number) => number;
}

export interface AfterSide extends Side {
  /** Classes whose policies look otherwise at somebody than before. */
  readonly touched: Readonly<Record<Direction, ReadonlySet<number>>>;
  /** Classes at the other end of which they do so; 'all' where that is not plain to see. */
  readonly peers: Readonly<Record<Direction, ReadonlySet<number> | 'all'>>;
}

/** `imagined`: pods that are not there, to be asked about all the same. */
export function fieldOf(cluster: Cluster, semantics: Semantics, candidates: readonly Changes[], imagined: readonly Pod[]): Field {
  const policies = [...cluster.policies, ...candidates.flatMap(({ policies: changed, added }) => [...changed.values(), ...added])];
  const selections = selectionsOf(policies);
  const relabelled = candidates.flatMap(({ pods }) => [...pods.values()]);
  const classes = classesOf(cluster, semantics, selections, [...imagined, ...relabelled]);
  const tests = { peers: peerSets(classes, selections, semantics), ports: portTests(classes.portLists, semantics) };
  const parts = { readings: readingsOf(policies, semantics), ...tests };
  const base = stacksOf(cluster.policies, classes, selections, parts);
  const all: Stack[] = [...base.all];
  const reach: Reach = {
    cluster,
    semantics,
    classes,
    selections,
    stacks: { egress: base.egress, ingress: base.ingress, ofNodes: base.ofNodes, all },
    tests,
    doubtsOnDenial: doubtsOnDenial(semantics),
    ingressController: undefined,
  };
  const keyOf = keyOfDoubt();
  const asking = portAnswering(reach, keyOf);
  const isAsked = (policy: Policy, direction: Direction) => parts.readings.some((reading) => takesPart(policy, direction, reading));
  const members = (policy: Policy) => classes.classesIn(selections.of(policy.subject));
  const isIsolated = (direction: Direction, podClass: number) =>
    (all[base[direction][podClass] as number] as Stack).isolation === 'isolated';

  const touchedBy = (changes: Changes, direction: Direction) => {
    const touched = new Set<number>();
    const peers = new Set<number>();
    let isAll = false;
    const addPeer = (peer: Peer) => {
      if (peer.kind === 'pods') for (const member of classes.classesIn(selections.of(peer)).members) peers.add(member);
      else if (peer.kind !== 'nothing') isAll = true;
    };
    const add = (before: Policy | undefined, after: Policy) => {
      const isSelectingOthers = before !== undefined && selections.of(before.subject) !== selections.of(after.subject);
      const governs = (policy: Policy | undefined) => policy !== undefined && policy[direction] !== 'not-governed';
      // Some plugins ask no Baseline policy of a pod that a NetworkPolicy selects, whichever direction that one speaks of.
      const counts = (policy: Policy | undefined) => policy !== undefined && isAsked(policy, direction);
      const isCountedOtherwise = counts(before) !== counts(after) || (isSelectingOthers && counts(after));
      if (before !== undefined && before.faults.length > 0) {
        // What could not be read left everything open, in both directions and with everybody.
        for (const member of [...members(before).members, ...members(after).members]) touched.add(member);
        isAll = true;
        return;
      }
      const rules = changedRules(before, after, direction);
      if (rules === 'none' && !isCountedOtherwise && !(isSelectingOthers && governs(after))) return;
      const subjects = new Set([...(before === undefined ? [] : members(before).members), ...members(after).members]);
      for (const member of subjects) touched.add(member);
      // Pods that were isolated and are not, or the other way round, may fare differently with anybody.
      const isIsolating = !governs(before) && governs(after) && [...subjects].some((one) => !isIsolated(direction, one));
      isAll ||= (rules === 'none' && isCountedOtherwise) || isSelectingOthers || (rules === 'isolation' && governs(before)) || isIsolating;
      for (const rule of rules === 'isolation' ? ownRules(after, direction) : rules === 'none' ? [] : rules) {
        if (rule.peers === 'anyone') isAll = true;
        else for (const peer of rule.peers) addPeer(peer);
      }
    };
    for (const [before, after] of changes.policies) add(before, after);
    for (const policy of changes.added) add(undefined, policy);
    return { touched, peers: isAll ? ('all' as const) : peers };
  };

  return {
    reach,
    asking,
    rows: rowAnswering(ALL_PORTS, keyOf),
    withNode: nodeAnswering(asking, semantics),
    before: { stackOf: (direction, podClass) => base[direction][podClass] as number },
    after(changes) {
      const found = { ingress: touchedBy(changes, 'ingress'), egress: touchedBy(changes, 'egress') };
      const own = new Map<string, number>();
      const now = [...cluster.policies.map((policy) => changes.policies.get(policy) ?? policy), ...changes.added];
      for (const direction of DIRECTIONS) {
        const { touched } = found[direction];
        if (touched.size === 0) continue;
        const onThem = now.filter((policy) => isAsked(policy, direction) && [...touched].some((one) => hasClass(members(policy), one)));
        const made = stacksOf(onThem, classes, selections, parts);
        for (const one of touched) own.set(`${direction} ${one}`, all.length + (made[direction][one] as number));
        all.push(...made.all);
      }
      return {
        stackOf: (direction, podClass) => own.get(`${direction} ${podClass}`) ?? (base[direction][podClass] as number),
        touched: { ingress: found.ingress.touched, egress: found.egress.touched },
        peers: { ingress: found.ingress.peers, egress: found.egress.peers },
      };
    },
  };
}

/** An edited rule keeps its name, and with other blocks its doubts may be settled where they were not. */
function keyOfDoubt(): (doubt: Doubt) => string {
  const numbers = new Map<Rule, number>();
  return (doubt) => {
    if (!('rule' in doubt) || doubt.rule === undefined) return doubtKey(doubt);
    const { rule } = doubt.rule;
    const number = numbers.get(rule) ?? numbers.size;
    numbers.set(rule, number);
    return `${doubtKey(doubt)} ${number}`;
  };
}

/** Rules that the two do not share; 'isolation' when one of them governs the direction and the other does not. */
function changedRules(before: Policy | undefined, after: Policy, direction: Direction): readonly Rule[] | 'isolation' | 'none' {
  const old = before?.[direction] ?? 'not-governed';
  const own = after[direction];
  if (old === 'not-governed' || own === 'not-governed') return old === own ? 'none' : 'isolation';
  const kept = new Set(own.map(meaning));
  const were = new Set(old.map(meaning));
  const changed = [...own.filter((rule) => !were.has(meaning(rule))), ...old.filter((rule) => !kept.has(meaning(rule)))];
  return changed.length === 0 ? 'none' : changed;
}

/** A rule that moved to another place of the list is a new value with the same peers and ports. */
function meaning({ peers, ports }: Rule): unknown {
  return peers === 'anyone' ? ports : peers;
}

/**
 * Both directions of a connection between two ends: one answer for all its families, or that of IPv4 and that of IPv6, which may be stopped
 * at different ends. Their classes must be those of the side's field.
 */
export function between(field: Field, side: Side, from: MapEnd, to: MapEnd): FamilyAnswers {
  const { rows } = field;
  const families = familiesBetween(field.reach.classes, from.class, to.class);
  if (families === NO_FAMILY) return [rows.nothing, rows.nothing];
  const both = betweenIn(field, side, { from, to, families });
  if (families !== BOTH_FAMILIES || both.undecided.length === 0) return [both, both];
  const of = (family: 4 | 6) => betweenIn(field, side, { from, to, families: familyBit(family) });
  return [of(4), of(6)];
}

/** Of IPv4 and of IPv6. */
export type FamilyAnswers = readonly [RowAnswer, RowAnswer];

/** IPv4 and IPv6, as bits (familiesBetween). */
const BOTH_FAMILIES = 3;

interface Pair {
  readonly from: MapEnd;
  readonly to: MapEnd;
  /** As bits (familiesBetween). */
  readonly families: number;
}

function betweenIn(field: Field, side: Side, pair: Pair): RowAnswer {
  const { asking, rows } = field;
  const egress = oneWay(field, side, 'egress', pair);
  return egress === asking.closed ? rows.nothing : rows.join(egress, oneWay(field, side, 'ingress', pair));
}

function oneWay(field: Field, side: Side, direction: Direction, { from, to, families }: Pair): PortAnswers {
  const { reach, asking, withNode } = field;
  const { classes, semantics } = reach;
  const [subject, peer] = direction === 'egress' ? [from, to] : [to, from];
  if (semantics.enforces === 'no' || subject.isNode || classes.isLive[subject.class] === false) return asking.open;
  const ask = (peerClass: number) =>
    asking.ask(side.stackOf(direction, subject.class), peerClass, families, classes.portsOf[to.class] as number);
  const found = ask(peer.class);
  if (!peer.isNode) return found;
  const plain = plainNode(classes, peer.class);
  return withNode(direction, { other: found, own: plain === peer.class ? found : ask(plain) }, subject, peer);
}

/** What the policies on an end say of an outside address of a zone; nobody else has a say. */
export function withOutside(field: Field, side: Side, direction: Direction, end: MapEnd, zone: number, family: 4 | 6): RowAnswer {
  const { reach, asking, rows } = field;
  const { classes, semantics } = reach;
  const isFree = semantics.enforces === 'no' || end.isNode || classes.isLive[end.class] === false;
  const portList = direction === 'ingress' ? (classes.portsOf[end.class] as number) : 0;
  const answers = isFree ? asking.open : asking.ask(side.stackOf(direction, end.class), zone, familyBit(family), portList);
  return direction === 'egress' ? rows.join(answers, asking.open) : rows.join(asking.open, answers);
}
