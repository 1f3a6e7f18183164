// A rule that nearly lets the peer through: its selector's value, the namespace it means, its block; one edit for each thing that differs.

import type { Difference } from '../../explain/difference.ts';
import type { NearMiss } from '../../explain/near-miss.ts';
import type { Cluster, Pod } from '../../model/cluster.ts';
import type { Plain } from '../../model/edit.ts';
import { at, type Origin } from '../../model/origin.ts';
import { type Peer, printRuleRef, type RuleRef } from '../../model/policy.ts';
import { printRequirement, type Requirement, type Selector } from '../../model/selector.ts';
import { printCidr } from '../../net/cidr.ts';
import { printIp } from '../../net/ip.ts';
import { unionIps } from '../../net/ip-set.ts';
import { dig, isObject, labelsOf, listOf } from '../../objects/read.ts';
import { addressesOf } from '../../policy/end.ts';
import { NAME_LABEL } from '../apply.ts';
import type { Blocked } from '../blocked.ts';
import type { PlacedEdit } from '../edited-value.ts';
import { byName, type NamedPeers, peersFor } from '../identity.ts';
import type { Draft, Lever, LeverCode } from '../lever.ts';
import { labelNamespace, labelPods } from './labels.ts';

/** For one difference between a peer and whom it should mean: each way to make them agree. [] where there is none. */
export function peerLevers(cluster: Cluster, blocked: Blocked, miss: NearMiss, difference: Difference): readonly Draft[] {
  const { ref } = miss;
  const peer = peerOf(miss);
  const pod = blocked.peer.kind === 'pod' ? blocked.peer.pod : undefined;
  switch (difference.code) {
    case 'label-differs': {
      if (peer?.kind !== 'pods' || pod === undefined) return [];
      const selector = difference.of === 'pod' ? peer.pods : peer.namespace.by === 'labels' ? peer.namespace.selector : undefined;
      if (selector === undefined) return [];
      return [...ofTheLabelled(cluster, pod, difference), ...ofTheSelector(ref, selector, difference, pod)];
    }
    case 'other-namespace':
      return pod === undefined || pod.namespace.startsWith('{') ? [] : [withNamespace(ref, miss.at, pod.namespace)];
    case 'in-except': {
      if (peer?.kind !== 'block') return [];
      const index = peer.except.findIndex((hole) => printCidr(hole) === difference.except);
      const facts = { except: difference.except, cidr: difference.cidr };
      return index < 0
        ? []
        : [ofRule(ref, 'remove-except', facts, miss.at, [{ kind: 'remove', at: at(peer.origin, 'ipBlock', 'except', index) }])];
    }
    case 'block-ignores-cluster':
    case 'address-unknown': {
      const named =
        pod === undefined
          ? undefined
          : peersFor(cluster, ref.policy.namespace ?? '', { end: blocked.peer, labels: blocked.dialled?.selector });
      const [value] = named?.peers ?? [];
      if (peer?.kind !== 'block' || named === undefined || value === undefined) return [];
      return [
        ofRule(ref, 'block-to-selectors', { cidr: difference.cidr, peer: named.name }, miss.at, [
          { kind: 'set-value', at: peer.origin, value },
        ]),
      ];
    }
    default:
      return [];
  }
}

function peerOf({ ref, peer }: NearMiss): Peer | undefined {
  return ref.rule.peers === 'anyone' || peer === undefined ? undefined : ref.rule.peers[peer];
}

function ofRule(ref: RuleRef, code: LeverCode, facts: Lever['facts'], place: Origin | undefined, edits: readonly PlacedEdit[]): Draft {
  return {
    levers: [{ code, facts: { rule: printRuleRef(ref), ...facts }, at: place }],
    steps: [{ kind: 'edit', object: { kind: 'policy', policy: ref.policy }, edits }],
  };
}

type LabelDifference = Extract<Difference, { code: 'label-differs' }>;

/** The pod or the namespace gets what the selector wants. */
function ofTheLabelled(cluster: Cluster, pod: Pod, { of, requirement }: LabelDifference): readonly Draft[] {
  const { key, operator, values } = requirement;
  // Written on the owner, which hands no label down to its pods: that is the value that was meant for them.
  const meant = of === 'pod' ? labelOfOwner(cluster, pod, key) : undefined;
  const wanted =
    operator === 'In'
      ? meant !== undefined && values.includes(meant)
        ? [meant]
        : values
      : operator === 'Exists'
        ? [meant ?? 'true']
        : [undefined];
  return wanted
    .slice(0, 2)
    .flatMap((value) =>
      of === 'pod' ? labelPods(cluster, pod, { key, value }) : labelNamespace(cluster.namespaces.get(pod.namespace), { key, value }),
    );
}

function labelOfOwner(cluster: Cluster, pod: Pod, key: string): string | undefined {
  const owner = cluster.workloads.get(pod.workload);
  return owner === undefined || owner.kind === 'Pod' ? undefined : labelsOf(dig(owner.value, 'metadata', 'labels')).get(key);
}

/** The selector gets what the pod or the namespace has. */
function ofTheSelector(ref: RuleRef, selector: Selector, { of, requirement, has }: LabelDifference, pod: Pod): readonly Draft[] {
  const { origin, key, operator, values } = requirement;
  const isPlain = origin.path.at(-2) === 'matchLabels';
  const facts = { of, key, was: printRequirement(requirement), ...(has === undefined ? {} : { value: has }) };
  const value = (edits: readonly PlacedEdit[]) => ofRule(ref, 'selector-value', facts, origin, edits);
  const drafts: Draft[] = [];
  if (operator === 'In' && has !== undefined) {
    drafts.push(
      value([isPlain ? { kind: 'set-value', at: origin, value: has } : { kind: 'add-item', at: at(origin, 'values'), value: has }]),
    );
  }
  if (operator === 'NotIn' && has !== undefined && values.length > 1) {
    drafts.push(value([{ kind: 'remove', at: at(origin, 'values', values.indexOf(has)) }]));
  } else if (operator !== 'In') drafts.push(value(without(selector, requirement)));
  if (of === 'namespace' && key !== NAME_LABEL && !pod.namespace.startsWith('{')) {
    const edits: PlacedEdit[] =
      isPlain && operator === 'In' && !selector.requirements.some((other) => other.key === NAME_LABEL)
        ? [
            { kind: 'rename-key', at: origin, key: NAME_LABEL },
            ...(values[0] === pod.namespace ? [] : [{ kind: 'set-value', at: origin, value: pod.namespace } as const]),
          ]
        : [{ kind: 'set-value', at: selector.origin, value: byName(pod.namespace) }];
    drafts.push(ofRule(ref, 'namespace-by-name', { namespace: pod.namespace, was: printRequirement(requirement) }, origin, edits));
  }
  return drafts;
}

/** A selector whose last requirement goes is `{}`: written as nothing it would be no selector at all. */
function without(selector: Selector, requirement: Requirement): readonly PlacedEdit[] {
  if (selector.requirements.length === 1) return [{ kind: 'set-value', at: selector.origin, value: {} }];
  return [{ kind: 'remove', at: requirement.origin }];
}

function withNamespace(ref: RuleRef, peer: Origin, namespace: string): Draft {
  return ofRule(ref, 'add-namespace-selector', { namespace }, peer, [
    { kind: 'add-entry', at: peer, key: 'namespaceSelector', value: byName(namespace) },
  ]);
}

/** The two selectors of a peer become two peers: the second key of the two is where the dash goes. */
export function splitPeer(miss: NearMiss): readonly Draft[] {
  const { ref } = miss;
  const peer = peerOf(miss);
  if (peer?.kind !== 'pods' || peer.pods === undefined || peer.namespace.by !== 'labels') return [];
  const keys = keysAt(ref, peer.origin).filter((key) => key === 'podSelector' || key === 'namespaceSelector');
  const [, second] = keys;
  if (second === undefined) return [];
  return [ofRule(ref, 'split-peer', { peer: miss.peer ?? 0 }, peer.origin, [{ kind: 'split-item', at: at(peer.origin, second) }])];
}

function keysAt(ref: RuleRef, peer: Origin): readonly string[] {
  const [key, index] = peer.path.slice(-2);
  const rule = listOf(dig(ref.policy.value, 'spec', ref.direction))[ref.rule.index];
  const value = isObject(rule) ? listOf(rule[String(key)])[Number(index)] : undefined;
  return isObject(value) ? Object.keys(value) : [];
}

/** The peer as it should be called, added to the list of the rule. `group`: blocked legs that one rule may mean, as in wantedRule. */
export function addPeer(cluster: Cluster, group: readonly [Blocked, ...Blocked[]], ref: RuleRef, place: Origin): readonly Draft[] {
  if (ref.rule.peers === 'anyone') return [];
  const named = peersOfGroup(cluster, ref.policy.namespace ?? '', group);
  if (named === undefined) return [];
  const list = at(ref.rule.origin, group[0].direction === 'ingress' ? 'from' : 'to');
  const edits = named.peers.map((value: Plain): PlacedEdit => ({ kind: 'add-item', at: list, value }));
  return [ofRule(ref, 'add-peer', { peer: named.name }, place, edits)];
}

/** The peers of blocked legs that differ in nothing but their port, the address outside and which node it is. */
export function peersOfGroup(cluster: Cluster, namespace: string, group: readonly [Blocked, ...Blocked[]]): NamedPeers | undefined {
  const [first] = group;
  if (first.peer.kind === 'node') {
    const addresses = new Map(group.flatMap(({ peer }) => addressesOf(peer)).map((ip) => [printIp(ip), ip]));
    return peersFor(cluster, namespace, { end: { kind: 'node', name: undefined, addresses: [...addresses.values()] } });
  }
  const ranges = group.flatMap((each) => rangeOf(each) ?? []);
  const range = ranges.length === 0 ? undefined : ranges.reduce(unionIps);
  return peersFor(cluster, namespace, { end: first.peer, range, labels: first.dialled?.selector });
}

/** The addresses that the outside end of a leg stands for. */
export function rangeOf({ leg, direction }: Blocked) {
  return direction === 'ingress' ? leg.sourceRange : leg.destinationRange;
}
