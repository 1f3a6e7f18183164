// Everything by which policies tell pods apart: whom they select, whom they name as peers, blocks, and port names.
// Knows only the policies; which pods that means is worked out in classes.ts.
import { DIRECTIONS, type NamespaceMatch, type Peer, type PodPeer, type Policy, type Subject } from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';
import { leavesOf } from '../program/terms.ts';
import type { AddressSet } from './addresses.ts';
import { meaningOf } from './matching-labels.ts';
import { interning } from './numbering.ts';

/** Pods by namespace and labels; subjects and peers that mean the same are one selection. */
export interface Selection {
  readonly id: number;
  readonly namespaces: NamespaceSelection;
  readonly pods: PodSelection;
}

export interface NamespaceSelection {
  readonly id: number;
  readonly match: NamespaceMatch;
}

export interface PodSelection {
  readonly id: number;
  /** undefined: every pod. */
  readonly selector: Selector | undefined;
}

export interface Selections {
  readonly all: readonly Selection[];
  readonly namespaces: readonly NamespaceSelection[];
  readonly pods: readonly PodSelection[];
  /** The selection of a subject or peer of these policies, found by identity. Peers of unreadable policies have none: nobody asks. */
  readonly of: (subjectOrPeer: Subject | PodPeer) => Selection;
  readonly blocks: readonly AddressSet[];
  /** Does any rule mean nodes by their addresses? Then those matter whatever the CNI makes of an ipBlock. */
  readonly meansNodes: boolean;
  /** `http` → the protocols it is used with: `TCP`. */
  readonly portNames: ReadonlyMap<string, ReadonlySet<string>>;
}

export function selectionsOf(policies: readonly Policy[]): Selections {
  const namespaces = interning<NamespaceSelection>();
  const pods = interning<PodSelection>();
  const all = interning<Selection>();
  const found = new Map<Subject | PodPeer, Selection>();
  const blocks: AddressSet[] = [];
  let meansNodes = false;
  const portNames = new Map<string, Set<string>>();

  const add = (subjectOrPeer: Subject | PodPeer) => {
    const match = subjectOrPeer.namespace;
    const selector = subjectOrPeer.pods === undefined || subjectOrPeer.pods.requirements.length === 0 ? undefined : subjectOrPeer.pods;
    const inNamespaces = namespaces.of(namespaceKey(match), (id) => ({ id, match }));
    const withLabels = pods.of(selector === undefined ? '' : meaningOf(selector), (id) => ({ id, selector }));
    found.set(
      subjectOrPeer,
      all.of(`${inNamespaces.id} ${withLabels.id}`, (id) => ({ id, namespaces: inNamespaces, pods: withLabels })),
    );
  };

  for (const policy of policies) {
    add(policy.subject);
    if (policy.faults.length > 0) continue;
    for (const direction of DIRECTIONS) {
      const rules = policy[direction];
      if (rules === 'not-governed') continue;
      for (const { peers, ports } of rules) {
        for (const peer of leavesOf(peers)) {
          if (peer.kind === 'pods') add(peer);
          meansNodes ||= peer.kind === 'nodes';
          for (const set of addressSets(peer)) blocks.push(set);
        }
        if (ports === 'every-port') continue;
        for (const port of ports) {
          for (const name of port.kind === 'named' ? [port.name] : port.kind === 'range' ? (port.exceptNames ?? []) : []) {
            const protocols = portNames.get(name);
            if (protocols === undefined) portNames.set(name, new Set([port.protocol]));
            else protocols.add(port.protocol);
          }
        }
      }
    }
  }
  return {
    all: all.all,
    namespaces: namespaces.all,
    pods: pods.all,
    of(subjectOrPeer) {
      const selection = found.get(subjectOrPeer);
      if (selection === undefined) throw new Error('a subject or peer of no readable policy has no selection');
      return selection;
    },
    blocks,
    meansNodes,
    portNames,
  };
}

function namespaceKey(match: NamespaceMatch): string {
  switch (match.by) {
    case 'any':
      return 'any';
    case 'name':
      return `name ${match.name}`;
    case 'labels':
      return `labels ${meaningOf(match.selector)}`;
  }
}

/** The sets of addresses of one peer, one for each family; [] for peers that mean no addresses. */
export function addressSets(peer: Peer): readonly AddressSet[] {
  if (peer.kind === 'block') return [{ family: peer.cidr.first.family, addresses: peer.addresses, ofService: peer.ofService === true }];
  if (peer.kind !== 'nodes' || peer.addresses === undefined) return [];
  const { v4, v6 } = peer.addresses;
  return [
    { family: 4, addresses: { v4, v6: [] }, ofService: false },
    { family: 6, addresses: { v4: [], v6 }, ofService: false },
  ];
}
