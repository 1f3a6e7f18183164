// The peers of a rule as sets of classes: who is surely meant, and who perhaps. Peers that mean the same share one set.
import type { BlockPeer, Peer, Rule } from '../model/policy.ts';
import type { Semantics } from '../profile/profile.ts';
import { addressIn, type Block, type FamilyContext } from './addresses.ts';
import { type ClassSet, classSet, hasClass, NO_CLASSES } from './class-set.ts';
import type { Classes } from './classes.ts';
import { ADDRESS_UNKNOWN, NO, NODE_IN_BLOCK_DIFFERS, POD_IN_BLOCK_DIFFERS, YES } from './match-code.ts';
import type { Selections } from './selections.ts';

/** One peer, or the half of a block that speaks of outside addresses or of pods and nodes. */
export interface PeerPart {
  readonly sure: ClassSet;
  readonly perhaps: ClassSet;
  /** Set where `perhaps` has members: which doubt it is. */
  readonly block: Block | undefined;
  readonly family: FamilyContext;
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
export function peerCode(peers: PeerSets, test: PeerTest, family: FamilyContext, wanted: number): number {
  if (test.anyone) return YES;
  const parts = partsFor(test, family);
  let doubt = NO;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as PeerPart;
    if (hasClass(part.sure, wanted)) return YES;
    if (doubt === NO && part.block !== undefined && hasClass(part.perhaps, wanted))
      doubt = peers.codeInBlock(part.block, wanted, part.family);
  }
  return doubt;
}

/** Every class with a code other than NO, as `peerCode` gives it. `count`: how many classes there are. */
export function codesOf(peers: PeerSets, test: PeerTest, family: FamilyContext, count: number): Iterable<readonly [number, number]> {
  const codes = new Map<number, number>();
  if (test.anyone) for (let one = 0; one < count; one++) codes.set(one, YES);
  const parts = partsFor(test, family);
  for (const { sure } of parts) for (const member of sure.members) codes.set(member, YES);
  for (const { block, perhaps, family: own } of parts) {
    if (block === undefined) continue;
    for (const member of perhaps.members) {
      const code = codes.has(member) ? NO : peers.codeInBlock(block, member, own);
      if (code !== NO) codes.set(member, code);
    }
  }
  return codes;
}

export interface PeerSets {
  readonly testOf: (peers: Rule['peers']) => PeerTest;
  readonly codeInBlock: (block: Block, wanted: number, family: FamilyContext) => number;
}

export function peerSets(classes: Classes, selections: Selections, semantics: Semantics): PeerSets {
  const { space, podClasses, nodeClasses, count, addressKindOf } = classes;
  const inside = podClasses + nodeClasses;
  const codeInBlock = (block: Block, wanted: number, family: FamilyContext): number => {
    const cell = wanted < podClasses ? semantics.ipBlockMatchesPod : semantics.ipBlockMatchesNode;
    if (cell === 'no') return NO;
    const found = addressIn(space, block, addressKindOf[wanted] as (typeof addressKindOf)[number], family);
    if (found === 'no') return NO;
    if (cell === 'open') return wanted < podClasses ? POD_IN_BLOCK_DIFFERS : NODE_IN_BLOCK_DIFFERS;
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
  const insidePart = (block: Block, family: FamilyContext): PeerPart | undefined => {
    const key = block.id * 8 + family;
    if (insideParts.has(key)) return insideParts.get(key);
    const sure: number[] = [];
    const perhaps: number[] = [];
    for (const [i, group] of groups.entries()) {
      const code = codeInBlock(block, group[0] as number, family);
      if (code !== NO) (code === YES ? sure : perhaps).push(i);
    }
    const part =
      sure.length + perhaps.length === 0
        ? undefined
        : { sure: setOf(sure), perhaps: setOf(perhaps), block: perhaps.length > 0 ? block : undefined, family };
    insideParts.set(key, part);
    return part;
  };
  const outsideParts = new Map<number, PeerPart>();
  const outsidePart = (block: Block): PeerPart => {
    let part = outsideParts.get(block.id);
    if (part === undefined) {
      const zones = [...space.zonesOf(block)].map((zone) => inside + zone);
      part = { sure: classSet(zones, count), perhaps: NO_CLASSES, block: undefined, family: 0 };
      outsideParts.set(block.id, part);
    }
    return part;
  };
  const podParts = new Map<ClassSet, PeerPart>();
  const podPart = (sure: ClassSet): PeerPart => {
    let part = podParts.get(sure);
    if (part === undefined) {
      part = { sure, perhaps: NO_CLASSES, block: undefined, family: 0 };
      podParts.set(sure, part);
    }
    return part;
  };

  const partsOf = (peer: Peer, family: FamilyContext): PeerPart[] => {
    switch (peer.kind) {
      case 'pods':
        return [podPart(classes.classesIn(selections.of(peer)))];
      case 'block': {
        const block = space.blockOf(peer);
        const part = classes.blocksMeanInside ? insidePart(block, family) : undefined;
        return part === undefined ? [outsidePart(block)] : [outsidePart(block), part];
      }
      case 'nothing':
        return [];
    }
  };
  return {
    codeInBlock,
    testOf(peers) {
      if (peers === 'anyone') return ANYONE;
      const parts = (family: FamilyContext) => peers.flatMap((peer) => partsOf(peer, family));
      const unknownFamily = parts(0);
      if (!classes.blocksMeanInside || !peers.some((peer): peer is BlockPeer => peer.kind === 'block')) {
        return { anyone: false, unknownFamily, v4: unknownFamily, v6: unknownFamily };
      }
      return { anyone: false, unknownFamily, v4: parts(4), v6: parts(6) };
    },
  };
}
