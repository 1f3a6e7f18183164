// The peers of a rule as sets of classes: who is surely meant, and who perhaps. Peers that mean the same share one set.
import type { Direction, NodesPeer, Peer, Rule } from '../model/policy.ts';
import { mayBeInCluster } from '../policy/peer-matches.ts';
import type { Semantics } from '../profile/profile.ts';
import { leavesOf } from '../program/terms.ts';
import { type AddressKind, type AddressSet, addressIn, type Block, type FamilyContext } from './addresses.ts';
import { type ClassSet, classSet, hasClass, NO_CLASSES } from './class-set.ts';
import type { Classes } from './classes.ts';
import {
  ADDRESS_UNKNOWN,
  bothCodes,
  NAME_UNRESOLVED,
  NO,
  NODE_IN_BLOCK_DIFFERS,
  NODES_UNKNOWN,
  notCode,
  POD_IN_BLOCK_DIFFERS,
  TUNNEL_SOURCE,
  UNREAD,
  unclearCode,
  YES,
} from './match-code.ts';
import { addressSets, type Selections } from './selections.ts';

/** One peer, or the half of a block that speaks of outside addresses or of pods and nodes. */
export interface PeerPart {
  readonly sure: ClassSet;
  readonly perhaps: ClassSet;
  /** Which doubt it is about a member of `perhaps`; undefined where there is none. */
  readonly doubtAbout: ((member: number) => number) | undefined;
}

/** The peers of one rule, as they are for a connection whose family is not known, IPv4, or IPv6. */
export interface PeerTest {
  readonly anyone: boolean;
  readonly unknownFamily: readonly PeerPart[];
  readonly v4: readonly PeerPart[];
  readonly v6: readonly PeerPart[];
}

const ANYONE: PeerTest = { anyone: true, unknownFamily: [], v4: [], v6: [] };

export function partsFor(test: PeerTest, family: FamilyContext): readonly PeerPart[] {
  return family === 0 ? test.unknownFamily : family === 4 ? test.v4 : test.v6;
}

/** Does the rule mean a member of this class? Any peer that surely does settles it; else the first doubt stays. */
export function peerCode(test: PeerTest, family: FamilyContext, wanted: number): number {
  if (test.anyone) return YES;
  const parts = partsFor(test, family);
  let doubt = NO;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as PeerPart;
    if (hasClass(part.sure, wanted)) return YES;
    if (doubt === NO && part.doubtAbout !== undefined && hasClass(part.perhaps, wanted)) doubt = part.doubtAbout(wanted);
  }
  return doubt;
}

/** Classes with a code other than NO, in no order; without `codes` all of them are surely meant. */
export interface Meant {
  readonly members: Uint32Array;
  readonly codes: Uint8Array | undefined;
}

/** Every class that the test means or may mean, as `peerCode` has it. `count`: how many classes there are. */
export function meantBy(test: PeerTest, family: FamilyContext, count: number): Meant {
  if (test.anyone) return { members: Uint32Array.from({ length: count }, (_, one) => one), codes: undefined };
  const parts = partsFor(test, family);
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0 && only.doubtAbout === undefined) return { members: only.sure.members, codes: undefined };
  const codes = new Map<number, number>();
  for (const { sure } of parts) for (const member of sure.members) codes.set(member, YES);
  for (const { perhaps, doubtAbout } of parts) {
    if (doubtAbout === undefined) continue;
    for (const member of perhaps.members) {
      const code = codes.has(member) ? NO : doubtAbout(member);
      if (code !== NO) codes.set(member, code);
    }
  }
  return { members: Uint32Array.from(codes.keys()), codes: Uint8Array.from(codes.values()) };
}

export interface PeerSets {
  readonly testOf: (peers: Rule['peers'], direction: Direction) => PeerTest;
}

export function peerSets(classes: Classes, selections: Selections, semantics: Semantics): PeerSets {
  const { space, podClasses, nodeClasses, count, addressKindOf } = classes;
  const inside = podClasses + nodeClasses;
  const codeInBlock = (block: Block, includesCluster: boolean, wanted: number, family: FamilyContext): number => {
    const cell = wanted < podClasses ? semantics.ipBlockMatchesPod : semantics.ipBlockMatchesNode;
    if (cell === 'no') return NO;
    const found = addressIn(space, block, addressKindOf[wanted] as (typeof addressKindOf)[number], family);
    if (found === 'no') return NO;
    if (cell === 'open' && !includesCluster) return wanted < podClasses ? POD_IN_BLOCK_DIFFERS : NODE_IN_BLOCK_DIFFERS;
    return found === 'yes' ? YES : ADDRESS_UNKNOWN;
  };

  // Pods and nodes by what is known of their addresses: a block is asked once for all that look alike to it.
  const alike = new Map<string, number[]>();
  for (let i = 0; i < inside; i++) {
    const key = `${i < podClasses ? 'pod' : 'node'} ${addressKindOf[i]?.id}`;
    const list = alike.get(key);
    if (list === undefined) alike.set(key, [i]);
    else list.push(i);
  }
  const groups = [...alike.values()];
  const setsOfGroups = new Map<string, ClassSet>();
  const setOf = (chosen: readonly number[]): ClassSet => {
    if (chosen.length === 0) return NO_CLASSES;
    const key = chosen.join();
    let set = setsOfGroups.get(key);
    if (set === undefined) {
      set = classSet(
        chosen.flatMap((group) => groups[group] as number[]),
        count,
      );
      setsOfGroups.set(key, set);
    }
    return set;
  };

  const insideParts = new Map<number, PeerPart | undefined>();
  const insidePart = (block: Block, includesCluster: boolean, family: FamilyContext): PeerPart | undefined => {
    const key = (block.id * 2 + (includesCluster ? 1 : 0)) * 8 + family;
    if (insideParts.has(key)) return insideParts.get(key);
    const sure: number[] = [];
    const perhaps: number[] = [];
    for (const [i, group] of groups.entries()) {
      const code = codeInBlock(block, includesCluster, group[0] as number, family);
      if (code !== NO) (code === YES ? sure : perhaps).push(i);
    }
    const part =
      sure.length + perhaps.length === 0
        ? undefined
        : {
            sure: setOf(sure),
            perhaps: setOf(perhaps),
            doubtAbout: perhaps.length > 0 ? (member: number) => codeInBlock(block, includesCluster, member, family) : undefined,
          };
    insideParts.set(key, part);
    return part;
  };
  const outsideParts = new Map<number, PeerPart>();
  const outsidePart = (block: Block): PeerPart => {
    let part = outsideParts.get(block.id);
    if (part === undefined) {
      const zones = [...space.zonesOf(block)].map((zone) => inside + zone);
      part = { sure: classSet(zones, count), perhaps: NO_CLASSES, doubtAbout: undefined };
      outsideParts.set(block.id, part);
    }
    return part;
  };
  const podParts = new Map<ClassSet, PeerPart>();
  const podPart = (sure: ClassSet): PeerPart => {
    let part = podParts.get(sure);
    if (part === undefined) {
      part = { sure, perhaps: NO_CLASSES, doubtAbout: undefined };
      podParts.set(sure, part);
    }
    return part;
  };

  const partsOf = (peer: Peer, family: FamilyContext): PeerPart[] => {
    switch (peer.kind) {
      case 'pods':
        return [podPart(classes.classesIn(selections.of(peer)))];
      case 'block': {
        const block = blockOf(peer);
        const part =
          classes.blocksMeanInside && peer.includesCluster !== false ? insidePart(block, peer.includesCluster === true, family) : undefined;
        return part === undefined ? [outsidePart(block)] : [outsidePart(block), part];
      }
      case 'nodes':
      case 'dns-names':
      case 'unread':
      case 'all-of':
      case 'not':
      case 'unclear':
        return [askedPart(peer, family)];
      case 'nothing':
        return [];
    }
  };
  const blockOf = (peer: Peer): Block => space.blockOf(addressSets(peer)[0] as AddressSet);

  // Peers that are no plain sets: every class is asked.
  const askedParts = new WeakMap<Peer, Map<FamilyContext, PeerPart>>();
  const askedPart = (peer: Peer, family: FamilyContext): PeerPart => {
    const known = askedParts.get(peer) ?? new Map<FamilyContext, PeerPart>();
    askedParts.set(peer, known);
    let part = known.get(family);
    if (part === undefined) {
      const sure: number[] = [];
      const perhaps = new Map<number, number>();
      for (let one = 0; one < count; one++) {
        const code = codeOf(peer, one, family);
        if (code === YES) sure.push(one);
        else if (code !== NO) perhaps.set(one, code);
      }
      part = {
        sure: classSet(sure, count),
        perhaps: classSet(perhaps.keys(), count),
        doubtAbout: perhaps.size > 0 ? (member) => perhaps.get(member) ?? NO : undefined,
      };
      known.set(family, part);
    }
    return part;
  };
  const codeOf = (peer: Peer, wanted: number, family: FamilyContext): number => {
    switch (peer.kind) {
      case 'pods':
        return hasClass(classes.classesIn(selections.of(peer)), wanted) ? YES : NO;
      case 'block': {
        const block = blockOf(peer);
        if (wanted < inside && peer.includesCluster === false) return NO;
        if (wanted < inside) return codeInBlock(block, peer.includesCluster === true, wanted, family);
        return space.zonesOf(block).has(wanted - inside) ? YES : NO;
      }
      case 'nodes':
        return wanted < podClasses ? NO : nodesCode(peer, wanted, family);
      case 'dns-names':
        return wanted < podClasses && !peer.names.some(mayBeInCluster) ? NO : NAME_UNRESOLVED;
      case 'unread':
        return wanted < podClasses ? NO : UNREAD;
      case 'all-of':
        return peer.of.map((one) => codeOf(one, wanted, family)).reduce(bothCodes);
      case 'not':
        return notCode(codeOf(peer.of, wanted, family));
      case 'unclear':
        return unclearCode(peer.because);
      case 'nothing':
        return NO;
    }
  };
  const nodesCode = (peer: NodesPeer, wanted: number, family: FamilyContext): number => {
    if (peer.addresses === undefined) return NODES_UNKNOWN;
    const blocks = addressSets(peer).map(space.blockOf);
    const isIn = (zone: number) => blocks.some((block) => space.zonesOf(block).has(zone));
    if (wanted >= inside) return isIn(wanted - inside) ? YES : NO;
    const { zones } = addressKindOf[wanted] as AddressKind;
    const known = zones.filter((zone) => family === 0 || space.zoneFamilies[zone] === family);
    return known.length === 0 ? ADDRESS_UNKNOWN : known.some(isIn) ? YES : NO;
  };
  return {
    testOf(peers, direction) {
      if (peers === 'anyone') return ANYONE;
      const parts = (family: FamilyContext) => peers.flatMap((peer) => partsOf(peer, family));
      const unknownFamily = parts(0);
      if (!leavesOf(peers).some(({ kind }) => (kind === 'block' && classes.blocksMeanInside) || kind === 'nodes')) {
        return { anyone: false, unknownFamily, v4: unknownFamily, v6: unknownFamily };
      }
      const test = { anyone: false, unknownFamily, v4: parts(4), v6: parts(6) };
      // A pod that calls a node calls the node's own address.
      return direction === 'ingress' && classes.tunnelled.size > 0 ? withTunnels(classes, test) : test;
    },
  };
}

/** What policy/peer-matches.ts peersMatch says of nodes that may show the address of a tunnel: where a rule tells the two apart, it is open. */
function withTunnels({ tunnelled, familiesOf, count }: Classes, test: PeerTest): PeerTest {
  const partsIn = (family: FamilyContext): readonly PeerPart[] => {
    const codes = new Map<number, number>();
    for (const [node, { own, tunnel }] of tunnelled) {
      if (family !== 0 && ((familiesOf[tunnel] as number) & (family === 4 ? 1 : 2)) === 0) continue;
      const [byOwn, byTunnel] = [peerCode(test, family, own), peerCode(test, family, tunnel)];
      if (byOwn === byTunnel || (byOwn !== YES && byOwn !== NO)) continue;
      codes.set(node, byTunnel === YES || byTunnel === NO ? TUNNEL_SOURCE : byTunnel);
    }
    const parts = partsFor(test, family);
    if (codes.size === 0) return parts;
    const open: PeerPart = { sure: NO_CLASSES, perhaps: classSet(codes.keys(), count), doubtAbout: (member) => codes.get(member) ?? NO };
    const others = parts.map((part) =>
      part.sure.members.some((member) => codes.has(member))
        ? {
            ...part,
            sure: classSet(
              [...part.sure.members].filter((member) => !codes.has(member)),
              count,
            ),
          }
        : part,
    );
    return [open, ...others];
  };
  return { anyone: false, unknownFamily: partsIn(0), v4: partsIn(4), v6: partsIn(6) };
}
