// Whom that is not in the input the enforcer behind the profile lets through although the policies on a workload do not (semantics D.5):
// from the text of the policies, because pods that nobody has seen can be asked nothing.
import { isLive, type Pod, type Workload } from '../model/cluster.ts';
import type { Direction, PodPeer, Policy, Rule, RuleRef } from '../model/policy.ts';
import { selectorKey } from '../model/selector.ts';
import { ALL_PORTS, isAllPorts, isNoPorts, portSet, subtractPorts, unionOfPorts } from '../net/port-set.ts';
import { rulesOf } from '../policy/decide.ts';
import { departs } from '../policy/departures.ts';
import { type Enforcer, kubeRouterOn } from '../policy/kube-router.ts';
import { podPeerMatches } from '../policy/peer-matches.ts';
import { described, EVERYONE, type ExposedPeer, type Exposure, opened } from './exposure.ts';
import type { Reach } from './reach.ts';
import type { Stack } from './stacks.ts';

/** `{ shape: 'unresolved', rule: shop/cart ingress[0], peer: every pod in namespace web on every port }`. */
export interface ExposedDeparture {
  readonly shape: 'leak' | 'unresolved' | 'everyone';
  readonly rule: RuleRef;
  readonly peer: ExposedPeer;
}

/**
 * For one entry of `exposuresOf`. `[]`: nothing, no isolation, or a profile whose enforcer is not known to depart. Never throws.
 */
export function exposureDepartures(reach: Reach): (exposure: Exposure) => readonly ExposedDeparture[] {
  if (!departs(reach.semantics)) return () => [];
  const { cluster, classes, stacks } = reach;
  const enforcer = kubeRouterOn(cluster);
  const known = new Map<string, readonly ExposedDeparture[]>();
  const ofPod = (pod: Pod, direction: Direction): readonly ExposedDeparture[] => {
    const podClass = classes.classOfPod[classes.indexOf.get(pod) as number] as number;
    const key = `${direction} ${podClass}`;
    let found = known.get(key);
    if (found === undefined) {
      const { policies } = stacks.all[stacks[direction][podClass] as number] as Stack;
      const own = policies.filter(({ tier, faults }) => tier === 'namespaced' && faults.length === 0);
      found = own.flatMap((policy) => [
        ...rulesOf(policy, direction).flatMap((ref) => byNames(enforcer, ref)),
        ...leaking(reach, own, policy, pod, direction),
      ]);
      known.set(key, found);
    }
    return found;
  };
  return ({ workload, pods, direction, isolated }) => {
    if (!isolated) return [];
    const all = standing(cluster.workloads.get(workload), pods);
    const found = all.flatMap((pod) => ofPod(pod, direction));
    return found.filter((one, i) => found.findIndex((other) => other.shape === one.shape && other.rule.rule === one.rule.rule) === i);
  };
}

function standing(workload: Workload | undefined, pods: readonly string[] | undefined): readonly Pod[] {
  const all = workload?.pods.filter((pod) => isLive(pod) && !pod.hostNetwork) ?? [];
  return pods === undefined ? all : all.filter(({ ref }) => pods.includes(ref));
}

/** A rule with nothing but names that no pod declares opens every port to its peers; one with a name and no peer, numbers to everyone. */
function byNames(enforcer: Enforcer, ref: RuleRef): readonly ExposedDeparture[] {
  const { rule, direction } = ref;
  if (rule.ports === 'every-port' || !rule.ports.some(({ kind }) => kind === 'named')) return [];
  const numbers = enforcer.numbersOf(ref);
  if (rule.peers === 'anyone') {
    if (direction === 'ingress' || numbers.length === 0) return [];
    const allowed = unionOfPorts(numbers.map(({ protocol, port }) => portSet(protocol, port, port)));
    return [{ shape: 'everyone', rule: ref, peer: { ...EVERYONE, allowed } }];
  }
  if (numbers.length > 0 || rule.ports.some(({ kind }) => kind !== 'named')) return [];
  const open = { allowed: ALL_PORTS, named: [] };
  return rule.peers.flatMap((peer) =>
    peer.kind === 'pods' ? [{ shape: 'unresolved' as const, rule: ref, peer: described(peer, open) }] : [],
  );
}

/** Pods that the same policy selects, on the ports of its rules of the other direction that name this pod as their peer. */
function leaking(
  { cluster, semantics }: Reach,
  own: readonly Policy[],
  policy: Policy,
  pod: Pod,
  direction: Direction,
): readonly ExposedDeparture[] {
  const { namespace, pods } = policy.subject;
  const fellow: PodPeer = { kind: 'pods', namespace, pods, origin: policy.origin };
  const covering = own.flatMap((each) => rulesOf(each, direction)).filter(({ rule }) => isCovered(rule, fellow));
  const rightly = opened(
    covering.map(({ rule }) => rule),
    pod,
    direction,
    semantics,
  );
  return rulesOf(policy, direction === 'egress' ? 'ingress' : 'egress').flatMap((ref) => {
    const { peers } = ref.rule;
    const isMeant = peers === 'anyone' || peers.some((peer) => peer.kind === 'pods' && podPeerMatches(cluster, peer, { kind: 'pod', pod }));
    if (!isMeant) return [];
    const open = opened([ref.rule], pod, direction, semantics);
    const allowed = subtractPorts(open.allowed, rightly.allowed);
    const named = isAllPorts(rightly.allowed) ? [] : open.named.filter((name) => !rightly.named.includes(name));
    if (isNoPorts(allowed) && named.length === 0) return [];
    return [{ shape: 'leak' as const, rule: ref, peer: described(fellow, { allowed, named }) }];
  });
}

/** Does the rule name everyone whom `fellow` means, as far as the text alone tells? */
function isCovered({ peers }: Rule, { namespace, pods }: PodPeer): boolean {
  if (peers === 'anyone') return true;
  return peers.some((peer) => {
    if (peer.kind !== 'pods') return false;
    const isWhere =
      peer.namespace.by === 'any' || (peer.namespace.by === 'name' && namespace.by === 'name' && peer.namespace.name === namespace.name);
    const isWho =
      peer.pods === undefined ||
      peer.pods.requirements.length === 0 ||
      (pods !== undefined && selectorKey(peer.pods) === selectorKey(pods));
    return isWhere && isWho;
  });
}
