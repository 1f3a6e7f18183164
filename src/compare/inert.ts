// Policies that stop meaning anybody: the text may be the same as before, but the pods that it was written for have other labels, or
// are gone. A policy without subjects leaves them open; a peer without pods opens nothing. And new peers of whom no pod is in the input.
import { isLive, type Pod } from '../model/cluster.ts';
import { DIRECTIONS, type Peer, type PodPeer, type Policy, type RuleRef } from '../model/policy.ts';
import { selectorKey } from '../model/selector.ts';
import type { ClassSet } from '../reach/class-set.ts';
import type { Diff } from './compare.ts';
import { policyIdentity, type State } from './states.ts';

/** `rule.rule.peers[peer]` of the policy as it is now. */
export interface RulePeer {
  readonly policy: Policy;
  readonly rule: RuleRef;
  readonly peer: number;
}

export type InertPolicy =
  | { readonly what: 'selects-nothing'; readonly policy: Policy }
  | ({ readonly what: 'peer-selects-nothing' } & RulePeer);

export interface WithoutPods {
  /** Policies in both states, or peers of them, that meant somebody before. One that selects nothing is told once, whatever its peers are. */
  readonly inert: readonly InertPolicy[];
  /** New peers that mean no pod of the new state: whom they let in, nobody can see here. */
  readonly unseen: readonly RulePeer[];
}

/** Of policies that can be read, in their order. */
export function policiesWithoutPods({ field }: Diff): WithoutPods {
  const { joint, classes, reaches } = field;
  const { selections } = reaches.after;
  const lives = { before: liveClasses(field, 'before'), after: liveClasses(field, 'after') };
  const means = (state: State, set: ClassSet) => set.members.some((member) => lives[state][member] === 1);
  const meansSomebody = (state: State, of: Policy['subject'] | PodPeer) => means(state, classes.classesIn(selections.of(of)));

  // A policy that is the same in both can only lose whom it meant where some class has no running pod any more.
  const died = lives.before.some((lived, one) => lived === 1 && lives.after[one] !== 1);
  const earlier = new Map<string, Policy>();
  for (const { policy, before, after } of joint.policies) if (before && !after) earlier.set(policyIdentity(policy), policy);
  const inert: InertPolicy[] = [];
  const unseen: RulePeer[] = [];
  for (const { policy, before, after } of joint.policies) {
    if (!after || policy.faults.length > 0 || (before && !died)) continue;
    const old = before ? policy : earlier.get(policyIdentity(policy));
    if (old !== undefined && old.faults.length > 0) continue;
    if (!meansSomebody('after', policy.subject)) {
      if (old !== undefined && meansSomebody('before', old.subject)) inert.push({ what: 'selects-nothing', policy });
      continue;
    }
    const peers = podPeers(policy);
    const dead = peers.filter(({ peer }) => !meansSomebody('after', peer));
    if (dead.length === 0) continue;
    const then = podPeers(old).map(({ peer }) => ({ key: peerKey(peer), wasAlive: meansSomebody('before', peer) }));
    const wasAlive = new Map(then.map(({ key, wasAlive }) => [key, wasAlive]));
    const now = new Set(peers.map(({ peer }) => peerKey(peer)));
    // A peer that stands where one was that meant somebody is a slip more often than a guest from elsewhere.
    const isReplaced = then.some(({ key, wasAlive }) => wasAlive && !now.has(key));
    for (const { rule, peer, index } of dead) {
      const alive = wasAlive.get(peerKey(peer));
      if (alive === false) continue;
      if (alive === true || isReplaced) inert.push({ what: 'peer-selects-nothing', policy, rule, peer: index });
      else unseen.push({ policy, rule, peer: index });
    }
  }
  return { inert, unseen };
}

/** 1 for the classes that some running pod of the state is of. Pods in their node's network are meant by no selector. */
function liveClasses({ joint, classes, states }: Diff['field'], state: State): Uint8Array {
  const lives = new Uint8Array(classes.podClasses);
  const mark = (pod: Pod, place: number) => {
    if (!pod.hostNetwork && isLive(pod)) lives[classes.classOfPod[place] as number] = 1;
  };
  if (state === 'after') for (const [i, pod] of states.after.pods.entries()) mark(pod, i);
  else for (const [i, pod] of states.before.pods.entries()) mark(pod, joint.placesBefore[i] as number);
  return lives;
}

function podPeers(policy: Policy | undefined): readonly { readonly rule: RuleRef; readonly peer: PodPeer; readonly index: number }[] {
  if (policy === undefined) return [];
  return DIRECTIONS.flatMap((direction) => {
    const rules = policy[direction];
    if (rules === 'not-governed') return [];
    return rules.flatMap((rule) => {
      const peers: readonly Peer[] = rule.peers === 'anyone' ? [] : rule.peers;
      return peers.flatMap((peer, index) => (peer.kind === 'pods' ? [{ rule: { policy, direction, rule }, peer, index }] : []));
    });
  });
}

/** The own namespace of a policy is left out: it is the same in both, though a namespace with other labels stands there twice. */
function peerKey({ namespace, pods }: PodPeer): string {
  return `${namespace.by === 'labels' ? selectorKey(namespace.selector) : namespace.by}|${pods === undefined ? '' : selectorKey(pods)}`;
}
