// Who is meant: the pods that a policy selects, that a peer names, and the policies on a pod, by the classes of the fast evaluator.
// A rule that needs pods asks here; going through all pods for every policy is what makes a linter slow.
import type { Pod } from '../model/cluster.ts';
import type { Direction, PodPeer, Policy } from '../model/policy.ts';
import { podEnd } from '../policy/end.ts';
import type { ClassSet } from '../reach/class-set.ts';
import { type Reach, reachOf } from '../reach/reach.ts';
import type { Stack } from '../reach/stacks.ts';
import { classOf } from '../reach/verdict-of.ts';
import { type LintContext, perRun } from './context.ts';

export const reachIn: (context: LintContext) => Reach = perRun(({ cluster, semantics }) => reachOf(cluster, semantics));

/** Live pods with an address of their own, by class. Classes of completed pods are empty lists. */
export const podsByClass: (context: LintContext) => readonly (readonly Pod[])[] = perRun((context) => {
  const { classes } = reachIn(context);
  const lists: Pod[][] = Array.from({ length: classes.podClasses }, () => []);
  for (const [i, pod] of classes.pods.entries()) {
    const number = classes.classOfPod[i] as number;
    if (!pod.hostNetwork && classes.isLive[number]) (lists[number] as Pod[]).push(pod);
  }
  return lists;
});

/** The classes that a policy selects. */
export function subjectClasses(context: LintContext, policy: Policy): ClassSet {
  const { classes, selections } = reachIn(context);
  return classes.classesIn(selections.of(policy.subject));
}

/** The classes that a peer of a readable policy in force means. */
export function peerClasses(context: LintContext, peer: PodPeer): ClassSet {
  const { classes, selections } = reachIn(context);
  return classes.classesIn(selections.of(peer));
}

const podLists = perRun((_context) => new Map<ClassSet, readonly Pod[]>());

/** The live pods of these classes. Sets are shared between policies that mean the same pods, so lists are kept by the set. */
export function podsOf(context: LintContext, set: ClassSet): readonly Pod[] {
  const known = podLists(context);
  let pods = known.get(set);
  if (pods === undefined) {
    const byClass = podsByClass(context);
    const found: Pod[] = [];
    for (const member of set.members) for (const pod of byClass[member] ?? []) found.push(pod);
    pods = found;
    known.set(set, pods);
  }
  return pods;
}

/** One pod for each class: no policy can tell the others of the class from it. */
export function examplesOf(context: LintContext, set: ClassSet): readonly Pod[] {
  const byClass = podsByClass(context);
  return [...set.members].flatMap((member) => byClass[member]?.[0] ?? []);
}

export function subjectPods(context: LintContext, policy: Policy): readonly Pod[] {
  return podsOf(context, subjectClasses(context, policy));
}

export function peerPods(context: LintContext, peer: PodPeer): readonly Pod[] {
  return podsOf(context, peerClasses(context, peer));
}

/** undefined for a pod in its node's network, which no policy selects. */
export function classOfPod(context: LintContext, pod: Pod): number | undefined {
  return pod.hostNetwork ? undefined : classOf(reachIn(context), podEnd(pod));
}

function stackOfClass(context: LintContext, direction: Direction, number: number): Stack {
  const { stacks } = reachIn(context);
  return stacks.all[stacks[direction][number] as number] as Stack;
}

/**
 * `isolated`: some policy looks this way. `certain`: all of them can be read and are NetworkPolicies, so that what none of them
 * allows is denied. `policies`: the readable NetworkPolicies among them.
 */
export interface Isolation {
  readonly isolated: boolean;
  readonly certain: boolean;
  readonly policies: readonly Policy[];
}

const OPEN: Isolation = { isolated: false, certain: true, policies: [] };

const isolations = perRun((_context) => new Map<Stack, Isolation>());

export function isolationOfClass(context: LintContext, direction: Direction, number: number): Isolation {
  const stack = stackOfClass(context, direction, number);
  if (stack.isEmpty) return OPEN;
  const known = isolations(context);
  let found = known.get(stack);
  if (found === undefined) {
    const policies = stack.denied?.outcome === 'denied' ? stack.denied.policies : [];
    found = { isolated: true, certain: stack.isPlain, policies };
    known.set(stack, found);
  }
  return found;
}

export function isolationOf(context: LintContext, direction: Direction, pod: Pod): Isolation {
  const number = classOfPod(context, pod);
  return number === undefined ? OPEN : isolationOfClass(context, direction, number);
}

export function hasMembers({ members }: ClassSet): boolean {
  return members.length > 0;
}
