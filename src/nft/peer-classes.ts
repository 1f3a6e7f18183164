// Peers as classes: pods that the same selectors mean are one number, and so are addresses that the same blocks contain.
// A map entry per (subject class, peer class) is what the scaling form pays for, so peers come in three levels, each with its own classes:
// few pods (an app), many pods (a namespace, everyone), and blocks. A rule for everyone would otherwise be paid for once per app.
import type { Pod } from '../model/cluster.ts';
import type { Direction } from '../model/policy.ts';
import type { Family } from '../net/ip.ts';
import { atomsOf, type IpRange, type IpSet, ipSetHas, printIpSet } from '../net/ip-set.ts';
import { printPorts } from '../net/port-set.ts';
import { PEER } from './elements.ts';
import { FAMILIES } from './frame.ts';
import type { Numbering } from './ids.ts';
import type { KeptList } from './kept.ts';
import { type PodList, type Ports, resolve } from './members.ts';
import { hash, short } from './names.ts';
import type { MapEntry, NftMap } from './ruleset.ts';

/** What peers one rule means: the pods of a list, with the names of ports that must be looked up in each of them. */
export interface PodSpec extends PodList {
  /** Only the pods' addresses in here. undefined: all of them. */
  readonly within: IpSet | undefined;
  readonly named: Ports['named'];
}

export interface PeerClass {
  readonly id: number;
  /** Any pod of the class stands for all; undefined for a class of addresses in blocks. */
  readonly example: Pod | undefined;
}

export interface Level {
  /** `near`, `wide`, `block`: part of the names of its maps. */
  readonly name: string;
  readonly maps: readonly NftMap[];
}

export interface PodLevel extends Level {
  /** Every list once, with all names of ports that any rule looks up in its pods. */
  readonly lists: readonly KeptList[];
  readonly classesOf: (spec: PodSpec) => readonly PeerClass[];
}

export interface BlockLevel extends Level {
  readonly classesOf: (addresses: IpSet) => readonly PeerClass[];
}

/**
 * Both levels of pods. `specs`: every peer of every rule that counts; lists of more than `fewPods` belong to the second level. A list that
 * was compiled before stays on its level: were it to change with the one pod that makes it large, everybody in it would change their class.
 */
export function podLevels(direction: Direction, specs: readonly PodSpec[], ids: Numbering, fewPods: number): PodLevels {
  const levels = new Map<string, number>();
  const levelOf = ({ key, pods }: PodSpec): number => {
    const known = levels.get(key) ?? ids.keep(`${short(direction)}-level`, hash(key), pods.length <= fewPods ? NEAR : WIDE);
    levels.set(key, known);
    return known;
  };
  return {
    near: podLevel(
      direction,
      'near',
      specs.filter((spec) => levelOf(spec) === NEAR),
      ids,
    ),
    wide: podLevel(
      direction,
      'wide',
      specs.filter((spec) => levelOf(spec) === WIDE),
      ids,
    ),
    levelOf: (spec) => (levelOf(spec) === NEAR ? 'near' : 'wide'),
  };
}

export interface PodLevels {
  readonly near: PodLevel;
  readonly wide: PodLevel;
  readonly levelOf: (spec: PodSpec) => 'near' | 'wide';
}

const NEAR = 2;
const WIDE = 3;

/** An address of a pod, and the lists that mean it, by their place in the order of all lists. */
interface Meant {
  readonly pod: Pod;
  readonly value: number | bigint;
  readonly family: Family;
  readonly lists: number[];
}

function podLevel(direction: Direction, name: string, specs: readonly PodSpec[], ids: Numbering): PodLevel {
  const kind = `${short(direction)}-${name}`;
  const lists = distinctSpecs(specs);
  const meant = new Map<number | bigint, Meant>();
  const ofList = lists.map(({ pods, within }, i) => {
    const found: Meant[] = [];
    for (const pod of pods) {
      for (const ip of pod.addresses) {
        if (within !== undefined && !ipSetHas(within, ip)) continue;
        let one = meant.get(ip.value);
        if (one === undefined) {
          one = { pod, value: ip.value, family: ip.family, lists: [] };
          meant.set(ip.value, one);
        }
        one.lists.push(i);
        found.push(one);
      }
    }
    return found;
  });

  // Pods of one app are in the same lists: what that means is worked out once, what their ports are called is asked of each.
  const kinds = new Map<string, Common>();
  const classes = new Map<number, PeerClass>();
  const classOf = new Map<Meant, PeerClass>();
  for (const one of meant.values()) {
    const key = one.lists.join();
    const common = kinds.get(key) ?? commonOf(one.lists.map((i) => lists[i] as Distinct));
    kinds.set(key, common);
    const id = ids.idOf(kind, signatureOf(common, one.pod));
    const peerClass = classes.get(id) ?? { id, example: one.pod };
    classes.set(id, peerClass);
    classOf.set(one, peerClass);
  }
  const place = new Map(lists.map(({ key }, i) => [key, i]));
  const found = new Map<string, readonly PeerClass[]>();
  return {
    name,
    lists,
    maps: FAMILIES.map((family): NftMap => {
      const mine = [...classOf].filter(([{ family: own }]) => own === family);
      const entries = mine.map(([{ value }, { id }]): MapEntry => ({ key: [value], value: id }));
      return { name: `${kind}${family}`, fields: [PEER[direction][family]], interval: false, to: 'meta mark', entries };
    }),
    classesOf: ({ key }) => {
      const known = found.get(key) ?? [...new Set((ofList[place.get(key) ?? -1] ?? []).flatMap((one) => classOf.get(one) ?? []))];
      found.set(key, known);
      return known;
    },
  };
}

/** What lists have in common for a pod that is in all of them. */
interface Common {
  readonly lists: string;
  readonly named: Ports['named'];
}

function commonOf(lists: readonly KeptList[]): Common {
  const named = new Map(lists.flatMap((list) => [...list.named]));
  return {
    lists: lists
      .map(({ key }) => hash(key))
      .sort()
      .join(' '),
    named: [...named.keys()].sort().map((text) => named.get(text) as Ports['named'][number]),
  };
}

/** One text per class: the lists, and what the names that their rules look up are on this pod. */
function signatureOf({ lists, named }: Common, pod: Pod): string {
  return `${lists}${named.map((port) => ` ${port.name}/${port.protocol}=${printPorts(resolve([port], pod)[port.protocol])}`).join('')}`;
}

/** The signature of a pod that is in these lists, as podLevels would have it. */
export function signatureIn(lists: readonly KeptList[], pod: Pod): string {
  return signatureOf(commonOf(lists), pod);
}

type Distinct = PodList & { readonly within: IpSet | undefined; readonly named: Map<string, Ports['named'][number]> };

/** One per key, with all names of ports that any rule looks up in its pods. */
function distinctSpecs(specs: readonly PodSpec[]): readonly Distinct[] {
  const lists = new Map<string, Distinct>();
  for (const { key, pods, meaning, within, named } of specs) {
    const list: Distinct = lists.get(key) ?? { key, pods, meaning, within, named: new Map() };
    for (const port of named) list.named.set(`${port.name}/${port.protocol}`, port);
    lists.set(key, list);
  }
  return [...lists.values()];
}

/** The address axis cut at every border (net/ip-set.ts atomsOf); atoms that the same blocks contain share a class. */
export function blockLevel(direction: Direction, blocks: readonly IpSet[], ids: Numbering): BlockLevel {
  const distinct = new Map(blocks.map((block) => [printIpSet(block), block]));
  const keys = [...distinct.keys()].sort();
  const atoms = atomsOf([...distinct.values()]);
  const blocksOfAtom = atoms.map((): string[] => []);
  for (const key of keys) {
    for (const i of atomsWithin(atoms, distinct.get(key) as IpSet)) blocksOfAtom[i]?.push(key);
  }
  const kind = `${short(direction)}-block`;
  const classOfAtom = blocksOfAtom.map((inside): PeerClass | undefined =>
    inside.length === 0 ? undefined : { id: ids.idOf(kind, hash(inside.join(' '))), example: undefined },
  );
  const classesByKey = new Map<string, Map<number, PeerClass>>(keys.map((key) => [key, new Map()]));
  for (const [i, peerClass] of classOfAtom.entries()) {
    if (peerClass !== undefined) for (const key of blocksOfAtom[i] ?? []) classesByKey.get(key)?.set(peerClass.id, peerClass);
  }
  return {
    name: 'block',
    maps: FAMILIES.map((family): NftMap => {
      const entries = atoms.flatMap((atom, i): MapEntry[] => {
        const peerClass = classOfAtom[i];
        if (atom.family !== family || peerClass === undefined) return [];
        return [{ key: [atom.from === atom.to ? atom.from : spanOf(atom)], value: peerClass.id }];
      });
      return { name: `${kind}${family}`, fields: [PEER[direction][family]], interval: true, to: 'meta mark', entries };
    }),
    classesOf: (addresses) => [...(classesByKey.get(printIpSet(addresses))?.values() ?? [])],
  };
}

function spanOf(range: IpRange) {
  return range.family === 4 ? { from: range.from, to: range.to } : { from: range.from, to: range.to };
}

/** Indexes of the atoms inside a set; every border of the set is a border of atoms, so an atom is inside or outside as a whole. */
function* atomsWithin(atoms: readonly IpRange[], set: IpSet): Generator<number> {
  for (const span of [...set.v4, ...set.v6]) {
    const family = typeof span.from === 'number' ? 4 : 6;
    let low = 0;
    let high = atoms.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const atom = atoms[middle] as IpRange;
      if (atom.family < family || (atom.family === family && atom.from < span.from)) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < atoms.length; i++) {
      const atom = atoms[i] as IpRange;
      if (atom.family !== family || atom.from > span.to) break;
      yield i;
    }
  }
}
