// Policies that stop meaning anybody: the text may be the same as before, but the pods that it was written for have other labels, or
// are gone. A policy without subjects leaves them open; a peer without pods opens nothing.
import { isLive, type Pod } from '../model/cluster.ts';
import { DIRECTIONS, type Peer, type PodPeer, type Policy, type RuleRef } from '../model/policy.ts';
import { selectorKey } from '../model/selector.ts';
import type { ClassSet } from './class-set.ts';
import type { Diff } from './diff.ts';
import { policyKey, type State } from './diff-states.ts';

export type InertPolicy =
  | { readonly what: 'selects-nothing'; readonly policy: Policy }
  /** `rule.rule.peers[peer]` of the policy as it is now. */
  | { readonly what: 'peer-selects-nothing'; readonly policy: Policy; readonly rule: RuleRef; readonly peer: number };

/**
 * Policies that are in both states, can be read, and meant somebody before. In the order of the policies; one that selects nothing is
 * told once, whatever its peers are.
 */
export function inertPolicies({ field }: Diff): readonly InertPolicy[] {
  const { joint, classes, reaches } = field;
  const { selections } = reaches.after;
  const lives = { before: liveClasses(field, 'before'), after: liveClasses(field, 'after') };
  const means = (state: State, set: ClassSet) => set.members.some((member) => lives[state][member] === 1);
  const meansSomebody = (state: State, of: Policy['subject'] | PodPeer) => means(state, classes.classesIn(selections.of(of)));

  const earlier = new Map<string, Policy>();
  for (const { policy, before } of joint.policies) if (before) earlier.set(policyKey(policy), policy);
  return joint.policies.flatMap(({ policy, after }): InertPolicy[] => {
    const old = earlier.get(policyKey(policy));
    if (!after || old === undefined || policy.faults.length > 0 || old.faults.length > 0) return [];
    if (!meansSomebody('after', policy.subject)) {
      return meansSomebody('before', old.subject) ? [{ what: 'selects-nothing', policy }] : [];
    }
    const wereDead = new Set(podPeers(old).flatMap(({ peer }) => (meansSomebody('before', peer) ? [] : [peerKey(peer)])));
    return podPeers(policy).flatMap(({ rule, peer, index }): InertPolicy[] =>
      meansSomebody('after', peer) || wereDead.has(peerKey(peer)) ? [] : [{ what: 'peer-selects-nothing', policy, rule, peer: index }],
    );
  });
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

function podPeers(policy: Policy): readonly { readonly rule: RuleRef; readonly peer: PodPeer; readonly index: number }[] {
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
