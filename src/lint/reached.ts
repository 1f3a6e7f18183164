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

/** Of each class one pod for each workload, for what all pods of a workload share. */
export const workloadsByClass: (context: LintContext) => readonly (readonly Pod[])[] = perRun((context) =>
  podsByClass(context).map((pods) => {
    const [first] = pods;
    const isOne = first === undefined || pods.every(({ workload }) => workload === first.workload);
    return isOne ? pods.slice(0, 1) : [...new Map(pods.map((pod) => [pod.workload, pod])).values()];
  }),
);

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

/** A pod of these classes; undefined when none of them has one. */
export function exampleOf(context: LintContext, set: ClassSet): Pod | undefined {
  const byClass = podsByClass(context);
  for (const member of set.members) {
    const [pod] = byClass[member] ?? [];
    if (pod !== undefined) return pod;
  }
  return undefined;
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

/**
 * `isolated`: some policy looks this way. `certain`: all of them can be read and are NetworkPolicies, so that what none of them
 * allows is denied. `policies`: the readable NetworkPolicies among them, those that ask for most labels first: they were written for
 * these pods, where a default deny was written for all.
 */
export interface Isolation {
  readonly isolated: boolean;
  readonly certain: boolean;
  readonly policies: readonly Policy[];
}

const OPEN: Isolation = { isolated: false, certain: true, policies: [] };

/** Asked for every pod by many rules, so each class is answered once, and policies that stand together on many classes, too. */
const isolations = perRun((context) => ({
  reach: reachIn(context),
  ofStack: new Map<Stack, Isolation>(),
  ingress: [] as (Isolation | undefined)[],
  egress: [] as (Isolation | undefined)[],
}));

export function isolationOfClass(context: LintContext, direction: Direction, number: number): Isolation {
  const { reach, ofStack, [direction]: known } = isolations(context);
  let found = known[number];
  if (found === undefined) {
    const stack = reach.stacks.all[reach.stacks[direction][number] as number] as Stack;
    found = stack.isEmpty ? OPEN : (ofStack.get(stack) ?? isolationBy(stack));
    ofStack.set(stack, found);
    known[number] = found;
  }
  return found;
}

function isolationBy(stack: Stack): Isolation {
  const policies = stack.stages.flatMap(({ end, denied }) => (end !== 'next' && denied?.outcome === 'denied' ? denied.policies : []));
  return { isolated: stack.isolation !== 'open', certain: stack.isPlain, policies: [...policies].sort(byNarrowness) };
}

function byNarrowness(a: Policy, b: Policy): number {
  return b.subject.pods.requirements.length - a.subject.pods.requirements.length;
}

export function isolationOf(context: LintContext, direction: Direction, pod: Pod): Isolation {
  const number = classOfPod(context, pod);
  return number === undefined ? OPEN : isolationOfClass(context, direction, number);
}

export function hasMembers({ members }: ClassSet): boolean {
  return members.length > 0;
}
