// Addresses as far as the ipBlocks of the policies can tell them apart. Address space is cut at every border of a block; pieces
// that the same blocks cover are one zone, and a pod or node is known by the zones of its addresses.
import type { Family, Ip } from '../net/ip.ts';
import { atomsOf, holdsEveryEnd, holdsNoEnd, type IpRange, type IpSet } from '../net/ip-set.ts';
import { type Interning, interning, numberPairs, renumber, split } from './numbering.ts';

/** Whether the family of a connection matters to a block: 0 when it is not known, else the family. */
export type FamilyContext = 0 | Family;

export interface Block {
  readonly id: number;
  readonly family: Family;
  readonly addresses: IpSet;
  /** Covers every address of its family that a pod or node may have, so which one it has does not matter. */
  readonly holdsEveryEnd: boolean;
  /** Has a Service's one address, or only addresses that no pod and no node has: an end whose address is not known is not in it. */
  readonly sparesUnknown: boolean;
}

/** What is known of the addresses of a pod or a node. Two with the same number here look the same to every block. */
export interface AddressKind {
  readonly id: number;
  /** Bit 1: it has an IPv4 address, bit 2: an IPv6 one. 0: no address is known. */
  readonly families: number;
  readonly zones: readonly number[];
}

/** Addresses of one family that a peer tells apart from others: those of an ipBlock, of `networks`, or of the nodes that it selects. */
export interface AddressSet {
  readonly family: Family;
  readonly addresses: IpSet;
  readonly ofService: boolean;
}

export interface AddressSpace {
  readonly blocks: readonly Block[];
  readonly blockOf: (set: AddressSet) => Block;
  /** The number of zones; the family of each. */
  readonly zoneFamilies: readonly Family[];
  readonly zoneOf: (ip: Ip) => number;
  /** The zones that a block covers. */
  readonly zonesOf: (block: Block) => ReadonlySet<number>;
}

/** Blocks with the same addresses are one: `10.0.0.0/8` is written in many policies. */
function internBlocks(sets: Iterable<AddressSet>): {
  readonly blocks: Interning<Block>;
  readonly blockOf: (set: AddressSet) => Block;
} {
  const blocks = interning<Block>();
  const blockOf = ({ family, addresses, ofService }: AddressSet): Block => {
    const spans = family === 4 ? addresses.v4 : addresses.v6;
    let key = `${family}${ofService ? ' service' : ''}`;
    for (const { from, to } of spans) key += ` ${from}-${to}`;
    return blocks.of(key, (id) => ({
      id,
      family,
      addresses,
      holdsEveryEnd: holdsEveryEnd(addresses, family),
      sparesUnknown: ofService || holdsNoEnd(addresses),
    }));
  };
  for (const set of sets) blockOf(set);
  return { blocks, blockOf };
}

export function addressSpaceOf(sets: Iterable<AddressSet>): AddressSpace {
  const { blocks, blockOf } = internBlocks(sets);
  const atoms = atomsOf(blocks.all.map(({ addresses }) => addresses));
  const starts4: number[] = [];
  const starts6: bigint[] = [];
  for (const atom of atoms) {
    if (atom.family === 4) starts4.push(atom.from);
    else starts6.push(atom.from);
  }
  const atomOf = (ip: Ip) => (ip.family === 4 ? lastAtMost(starts4, ip.value) : starts4.length + lastAtMost(starts6, ip.value));

  const zoneOfAtom = Uint32Array.from(atoms, ({ family }) => (family === 4 ? 0 : 1));
  const atomsIn = blocks.all.map(({ addresses }) => atomsInside(addresses, atomOf));
  let next = 2;
  for (const inside of atomsIn) next = split(zoneOfAtom, inside, next);
  renumber(zoneOfAtom);
  const zoneFamilies: Family[] = [];
  for (const [i, atom] of atoms.entries()) zoneFamilies[zoneOfAtom[i] as number] = atom.family;
  const zonesOfBlock = atomsIn.map((inside) => new Set(inside.map((atom) => zoneOfAtom[atom] as number)));
  return {
    blocks: blocks.all,
    blockOf,
    zoneFamilies,
    zoneOf: (ip) => zoneOfAtom[atomOf(ip)] as number,
    zonesOf: ({ id }) => zonesOfBlock[id] as ReadonlySet<number>,
  };
}

function atomsInside({ v4, v6 }: IpSet, atomOf: (ip: Ip) => number): number[] {
  const inside: number[] = [];
  const add = (range: IpRange) => {
    const last = atomOf(range.family === 4 ? { family: 4, value: range.to } : { family: 6, value: range.to });
    for (
      let atom = atomOf(range.family === 4 ? { family: 4, value: range.from } : { family: 6, value: range.from });
      atom <= last;
      atom++
    ) {
      inside.push(atom);
    }
  };
  for (const span of v4) add({ family: 4, ...span });
  for (const span of v6) add({ family: 6, ...span });
  return inside;
}

function lastAtMost<T extends number | bigint>(starts: readonly T[], value: T): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as T) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How much of an address can matter: its family alone where no block of a policy may match such an end. */
export type AddressDetail = 'zones' | 'families';

export interface AddressKinds {
  readonly all: readonly AddressKind[];
  readonly kindOf: (addresses: readonly Ip[], detail: AddressDetail) => AddressKind;
  /** As kindOf, but undefined for what was never seen before. */
  readonly find: (addresses: readonly Ip[], detail: AddressDetail) => AddressKind | undefined;
}

export function addressKinds(space: AddressSpace): AddressKinds {
  const chain = numberPairs(1);
  const kindOfChain = new Map<number, AddressKind>();
  const all: AddressKind[] = [];
  const familyToken = space.zoneFamilies.length;
  const tokensOf = (addresses: readonly Ip[], detail: AddressDetail): readonly number[] =>
    addresses.map((ip) => (detail === 'zones' ? space.zoneOf(ip) : familyToken + ip.family));
  const register = (link: number, tokens: readonly number[]): AddressKind => {
    const known = kindOfChain.get(link);
    if (known !== undefined) return known;
    const zones = tokens.filter((token) => token < familyToken);
    const families = tokens.map((token) => (token < familyToken ? (space.zoneFamilies[token] as Family) : token - familyToken));
    const bits = families.reduce((found: number, family) => found | (family === 4 ? 1 : 2), 0);
    const made = { id: all.length, families: bits, zones };
    all.push(made);
    kindOfChain.set(link, made);
    return made;
  };
  // Nearly every pod has one address, and nearly all of those are in one zone.
  const kindOfToken: (AddressKind | undefined)[] = [];
  const lone = (ip: Ip, detail: AddressDetail): AddressKind | undefined =>
    kindOfToken[detail === 'zones' ? space.zoneOf(ip) : familyToken + ip.family];
  return {
    all,
    kindOf(addresses, detail) {
      const [first] = addresses;
      const seen = addresses.length === 1 && first !== undefined ? lone(first, detail) : undefined;
      if (seen !== undefined) return seen;
      const tokens = tokensOf(addresses, detail);
      let link = 0;
      for (const token of tokens) link = chain.of(link, token);
      const kind = register(link, tokens);
      if (tokens.length === 1) kindOfToken[tokens[0] as number] = kind;
      return kind;
    },
    find(addresses, detail) {
      let link: number | undefined = 0;
      for (const token of tokensOf(addresses, detail)) link = link === undefined ? undefined : chain.find(link, token);
      return link === undefined ? undefined : kindOfChain.get(link);
    },
  };
}

/** Is the end inside the block? `unknown`: none of its addresses that could tell is known. Semantics A.4: families do not mix. */
export function addressIn(space: AddressSpace, block: Block, kind: AddressKind, family: FamilyContext): 'yes' | 'no' | 'unknown' {
  if (family !== 0 && family !== block.family) return 'no';
  const known = family === 0 ? kind.families : kind.families & (family === 4 ? 1 : 2);
  if (known === 0 && block.sparesUnknown) return 'no';
  if (known === 0) return family !== 0 && block.holdsEveryEnd ? 'yes' : 'unknown';
  const inside = space.zonesOf(block);
  return kind.zones.some((zone) => inside.has(zone)) ? 'yes' : 'no';
}
