// Two states of a cluster under one fast evaluator, and the questions about a pair of ends in either of them. Which pairs are worth
// asking is in pairs.ts, what the answers mean in compare.ts.
import type { Cluster, Pod } from '../model/cluster.ts';
import type { Direction } from '../model/policy.ts';
import type { Family } from '../net/ip.ts';
import { firstOf, type IpRange } from '../net/ip-set.ts';
import { ALL_PORTS } from '../net/port-set.ts';
import type { Semantics } from '../profile/profile.ts';
import { readingsOf } from '../program/stages.ts';
import type { Tests } from '../reach/ask-stack.ts';
import { type Classes, classesOf } from '../reach/classes.ts';
import { imaginaryController } from '../reach/ingress-controller.ts';
import { endOfPod, type MapEnd } from '../reach/map-ends.ts';
import { nodeAnswering } from '../reach/node-answers.ts';
import { peerSets } from '../reach/peer-sets.ts';
import { type PortAnswering, type PortAnswers, portAnswering } from '../reach/port-answers.ts';
import { portTests } from '../reach/port-tests.ts';
import { doubtsOnDenial, type Reach } from '../reach/reach.ts';
import { type RowAnswer, type RowAnswering, rowAnswering } from '../reach/row-answers.ts';
import { selectionsOf } from '../reach/selections.ts';
import { familiesBetween, familyBit, NO_FAMILY, plainNode } from '../reach/verdict-of.ts';
import { type JointStacks, jointStacks } from './stacks.ts';
import { type JointStates, jointStates, type State } from './states.ts';

/** The stack on a class in a direction: of a state, or of a state with something taken back. */
export type StackOn = (direction: Direction, podClass: number) => number;

export interface DiffField {
  readonly states: Readonly<Record<State, Cluster>>;
  readonly joint: JointStates;
  readonly semantics: Semantics;
  readonly classes: Classes;
  readonly tests: Tests;
  readonly stacks: JointStacks;
  /** As the rest of this folder wants it: the cluster of that state, with the classes of both. */
  readonly reaches: Readonly<Record<State, Reach>>;
  readonly stackOn: Readonly<Record<State, StackOn>>;
  readonly rows: RowAnswering;
  readonly asking: PortAnswering;
  /** One direction of a connection between two ends. */
  /** `family`: one of those that the two have in common; absent: all of them. */
  readonly oneWay: (stackOn: StackOn, direction: Direction, pair: { from: MapEnd; to: MapEnd; family?: Family }) => PortAnswers;
  /** Both directions. Equal answers are one value, in whichever state they were given. */
  readonly between: (stackOn: StackOn, from: MapEnd, to: MapEnd) => RowAnswer;
  /** With an outside address, of which `range` has many that no policy can tell apart. */
  readonly withOutside: (stackOn: StackOn, direction: Direction, end: MapEnd, range: IpRange) => RowAnswer;
  /** The ingress controller, of which the input does not say which pods it is. */
  readonly controller: MapEnd;
}

/** Of the pods whose workload differs; nobody asks about the others, they are the same pods in both states. */
function placesOf({ placesBefore, differing }: JointStates, before: Cluster): ReadonlyMap<Pod, number> {
  const places = new Map<Pod, number>();
  for (const [i, pod] of before.pods.entries()) if (differing.has(pod.workload)) places.set(pod, placesBefore[i] as number);
  return places;
}

export function diffField(before: Cluster, after: Cluster, semantics: Semantics): DiffField {
  const joint = jointStates(before, after);
  const selections = selectionsOf(joint.cluster.policies);
  const controller = imaginaryController();
  const classes = classesOf(joint.cluster, semantics, selections, [controller]);
  const tests: Tests = { peers: peerSets(classes, selections, semantics), ports: portTests(classes.portLists, semantics) };
  const stacks = jointStacks(joint.policies, classes, selections, { readings: readingsOf(joint.cluster.policies, semantics), ...tests });
  const reachOfState = (state: State): Reach => ({
    cluster: state === 'before' ? before : after,
    semantics,
    selections,
    classes: state === 'after' ? classes : { ...classes, indexOf: placesOf(joint, before) },
    stacks: { ...stacks.on[state], all: stacks.all, ofNodes: new Map() },
    tests,
    doubtsOnDenial: doubtsOnDenial(semantics),
    ingressController: undefined,
  });
  const reaches = { before: reachOfState('before'), after: reachOfState('after') };
  const stackOn = {
    before: (direction: Direction, podClass: number) => stacks.on.before[direction][podClass] as number,
    after: (direction: Direction, podClass: number) => stacks.on.after[direction][podClass] as number,
  };

  const asking = portAnswering(reaches.after);
  const rows = rowAnswering(ALL_PORTS);
  const withNode = nodeAnswering(asking, semantics);
  const isFree = (end: MapEnd) => semantics.enforces === 'no' || end.isNode || classes.isLive[end.class] === false;
  const oneWay: DiffField['oneWay'] = (on, direction, { from, to, family }) => {
    const [subject, peer] = direction === 'egress' ? [from, to] : [to, from];
    if (isFree(subject)) return asking.open;
    const families = family === undefined ? familiesBetween(classes, subject.class, peer.class) : familyBit(family);
    const ask = (peerClass: number) => asking.ask(on(direction, subject.class), peerClass, families, classes.portsOf[to.class] as number);
    const found = ask(peer.class);
    if (!peer.isNode) return found;
    if (found.familiesDiffer && family === undefined) {
      return asking.ofFamilies(oneWay(on, direction, { from, to, family: 4 }), oneWay(on, direction, { from, to, family: 6 }));
    }
    const plain = plainNode(classes, peer.class);
    return withNode(direction, { other: found, own: plain === peer.class ? found : ask(plain) }, subject, peer);
  };
  return {
    states: { before, after },
    joint,
    semantics,
    classes,
    tests,
    stacks,
    reaches,
    stackOn,
    rows,
    asking,
    controller: endOfPod({ ...reaches.after, classes }, controller),
    oneWay,
    between(on, from, to) {
      if (familiesBetween(classes, from.class, to.class) === NO_FAMILY) return rows.nothing;
      const both = { from, to };
      const egress = oneWay(on, 'egress', both);
      if (egress === asking.closed) return rows.nothing;
      const ingress = oneWay(on, 'ingress', both);
      if (!egress.familiesDiffer || !ingress.familiesDiffer) return rows.join(egress, ingress);
      const ofFamily = (family: Family) => {
        const own = { from, to, family };
        return rows.join(oneWay(on, 'egress', own), oneWay(on, 'ingress', own));
      };
      return rows.joinFamilies(egress, ingress, ofFamily);
    },
    withOutside(on, direction, end, range) {
      const portList = direction === 'ingress' ? (classes.portsOf[end.class] as number) : 0;
      const zone = classes.classOfOutside(firstOf(range));
      const answers = isFree(end) ? asking.open : asking.ask(on(direction, end.class), zone, familyBit(range.family), portList);
      return direction === 'egress' ? rows.join(answers, asking.open) : rows.join(asking.open, answers);
    },
  };
}
