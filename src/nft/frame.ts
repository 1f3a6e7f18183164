// What stands around the policies in either form: the hook, connections that are known already, exemptions, and what a denial does.
import type { Pod } from '../model/cluster.ts';
import type { Direction } from '../model/policy.ts';
import type { Family, Ip } from '../net/ip.ts';
import { cross } from './elements.ts';
import type { Members } from './members.ts';
import { type Chain, type Element, type Field, type Hook, type NftSet, PROTOCOL_NUMBER, type Rule, type Statement } from './ruleset.ts';

export interface FrameOptions {
  readonly hook: Hook;
  /**
   * `kept`: packets of an open connection are never asked again. `cut`: they are, once the rules have a new generation; one that is denied
   * now gets a reset. Which one a cluster does is the profile's `establishedCutOnDeny`.
   */
  readonly established: 'kept' | 'cut';
  /** 1 and up; raise it with every change of policies. Marks the connections that these rules have let in. Only `cut` reads it. */
  readonly generation: number;
  /** `reject` tells the client at once; `drop` is what most plugins do: the client waits. Both are recorded. */
  readonly denials: 'reject' | 'drop';
  /**
   * True where everything shares one packet path (the flat lab): a pod to itself and a pod with its own node are then exempt by address.
   * On a real node or router such packets never pass the hook.
   */
  readonly exemptPairs: boolean;
}

export const FAMILIES: readonly Family[] = [4, 6];
const ADDRESSES: Readonly<Record<Family, readonly Field[]>> = { 4: ['ip saddr', 'ip daddr'], 6: ['ip6 saddr', 'ip6 daddr'] };

/** How many denials one round may record; a full set records nothing more, so whoever reads them empties it in time. */
export const MOST_DENIALS = 262_144;

/** The set that holds who was denied: `denied4` has elements `source . destination . protocol . port . direction`. */
export function deniedSet(family: Family): string {
  return `denied${family}`;
}

/** The direction in an element of those sets, and on the packet. */
export const DENIED_MARK: Readonly<Record<Direction, number>> = { ingress: 1, egress: 2 };

const recordFields = (family: Family): readonly Field[] => [...ADDRESSES[family], 'meta l4proto', 'th dport', 'meta mark'];

export function recordedSets(): NftSet[] {
  return FAMILIES.map(
    (family): NftSet => ({
      name: deniedSet(family),
      fields: recordFields(family),
      interval: false,
      recorded: { size: MOST_DENIALS },
      elements: [],
    }),
  );
}

/** `goto denied-in` ends every chain of an isolated pod. */
export const DENIED: Readonly<Record<Direction, string>> = { ingress: 'denied-in', egress: 'denied-out' };

export function denyingChains(denials: FrameOptions['denials']): Chain[] {
  const marking = (['egress', 'ingress'] as const).map(
    (direction): Chain => ({
      name: DENIED[direction],
      rules: [
        [
          { kind: 'set', target: 'meta mark', value: DENIED_MARK[direction] },
          { kind: 'goto', chain: 'denied' },
        ],
      ],
    }),
  );
  const recording = FAMILIES.map((family): Rule => [{ kind: 'record', fields: recordFields(family), set: deniedSet(family) }]);
  // A TCP client in SYN-SENT gives up at a reset; an ICMPv6 answer alone does not stop it (measured on Linux 6.18).
  const rejecting: Rule[] = [
    [
      { kind: 'is', field: 'meta l4proto', values: [PROTOCOL_NUMBER.TCP] },
      { kind: 'reject', with: 'tcp reset' },
    ],
    [{ kind: 'reject', with: 'admin-prohibited' }],
  ];
  return [...marking, { name: 'denied', rules: [...recording, ...(denials === 'reject' ? rejecting : [[{ kind: 'drop' } as const]])] }];
}

/** What comes before any policy, in this order. */
export function beforePolicies(options: FrameOptions): Rule[] {
  const known: Rule =
    options.established === 'kept'
      ? [{ kind: 'ct-established' }, { kind: 'accept' }]
      : [{ kind: 'ct-established' }, { kind: 'ct-mark-is', value: options.generation }, { kind: 'accept' }];
  return [
    // NetworkPolicy says nothing of ICMP (semantics A.7), and `th dport` would read its type and code as a port.
    [{ kind: 'is', field: 'meta l4proto', values: [PROTOCOL_NUMBER.ICMP, PROTOCOL_NUMBER.ICMPV6] }, { kind: 'accept' }],
    // Replies are part of the connection that was let in (semantics A.2).
    [{ kind: 'ct-established', reply: true }, { kind: 'accept' }],
    known,
    ...(options.exemptPairs
      ? FAMILIES.map((family): Rule => [{ kind: 'in-set', fields: ADDRESSES[family], set: `exempt${family}` }, { kind: 'accept' }])
      : []),
  ];
}

/** What a connection gets that both directions let through. [] when nothing has to be remembered. */
export function stamp(options: FrameOptions): Statement[] {
  return options.established === 'cut' ? [{ kind: 'set-ct-mark', value: options.generation }] : [];
}

/** Pairs that no policy can part: a pod and itself, a pod and the node it runs on (semantics A.9). */
export function exemptSets(members: Members, options: FrameOptions): NftSet[] {
  if (!options.exemptPairs) return [];
  const pairsOf = exemptPairs(members);
  const ofOwnNode = ownNodePairs(members);
  return FAMILIES.flatMap((family) => [
    {
      name: `exempt${family}`,
      fields: ADDRESSES[family],
      interval: false,
      elements: [...members.pods.flatMap((pod) => pairsOf(pod, family)), ...members.hosts.flatMap((host) => toItself(host, family))],
    },
    ...(asksOwnNode(members)
      ? [
          {
            name: `own-node${family}`,
            fields: ADDRESSES[family],
            interval: false,
            elements: members.pods.flatMap((pod) => ofOwnNode(pod, family)),
          },
        ]
      : []),
  ]);
}

/** Are there rules that may deny the own node, where nothing else does? Then it is asked after them, and not exempt before. */
export function asksOwnNode({ cluster, semantics }: Pick<Members, 'cluster' | 'semantics'>): boolean {
  if (semantics.localNodeToPod !== 'unless-denied') return false;
  return cluster.policies.some(
    ({ ingress, subject }) =>
      subject.nodes !== undefined || (ingress !== 'not-governed' && ingress.some(({ action }) => action === 'deny')),
  );
}

/** What stands before a denial for want of a rule: the pod's own node is let in. [] where it is exempt before, or denied like others. */
export function sparingOwnNode(
  members: Members,
  direction: Direction,
  options: FrameOptions,
  then: Statement = { kind: 'return' },
): Rule[] {
  if (direction !== 'ingress' || !options.exemptPairs || !asksOwnNode(members)) return [];
  return FAMILIES.map((family): Rule => [{ kind: 'in-set', fields: ADDRESSES[family], set: `own-node${family}` }, then]);
}

/** What a node sends to itself passes no policy. */
function toItself({ addresses }: Pod, family: Family): Element[] {
  const own = elementsOf(addresses, family);
  return cross(own, own);
}

/** For one pod and family after the other: `[[node, pod]]`, what the set `own-node4` holds of it. */
export function ownNodePairs({ cluster }: Pick<Members, 'cluster'>): (pod: Pod, family: Family) => Element[] {
  const nodes = addressesByNode(cluster);
  return (pod, family) =>
    cross(elementsOf((pod.node === undefined ? undefined : nodes.get(pod.node)) ?? [], family), elementsOf(pod.addresses, family));
}

/** For one pod and family after the other: `[[pod, pod], [node, pod], [pod, node]]`. */
export function exemptPairs({ cluster, semantics }: Pick<Members, 'cluster' | 'semantics'>): (pod: Pod, family: Family) => Element[] {
  const addressesOfNode = addressesByNode(cluster);
  const passes =
    semantics.localNodeToPod === 'always' || (semantics.localNodeToPod === 'unless-denied' && !asksOwnNode({ cluster, semantics }));
  return (pod, family) => {
    const own = elementsOf(pod.addresses, family);
    const node = elementsOf((pod.node === undefined ? undefined : addressesOfNode.get(pod.node)) ?? [], family);
    return [...cross(own, own), ...(passes ? cross(node, own) : []), ...(semantics.podToOwnNode === 'always' ? cross(own, node) : [])];
  };
}

function addressesByNode(cluster: Members['cluster']): ReadonlyMap<string, readonly Ip[]> {
  const addresses = new Map<string, readonly Ip[]>([...cluster.nodes].map(([name, node]) => [name, node.addresses]));
  for (const pod of cluster.pods) {
    if (pod.hostNetwork && pod.node !== undefined) {
      addresses.set(pod.node, [...(addresses.get(pod.node) ?? []), ...pod.addresses, ...pod.hostAddresses]);
    }
  }
  return addresses;
}

function elementsOf(addresses: readonly Ip[], family: Family): Element[] {
  return [...new Set(addresses.filter((ip) => ip.family === family).map(({ value }) => value))].map((value) => [value]);
}
