// Who is like whom: pods, nodes and outside addresses that no policy can tell apart are one class, and everything after this
// computes with the numbers of classes. Pods come first, then nodes, then the zones of outside addresses.
import { type Cluster, namespaceLabels, type Pod } from '../model/cluster.ts';
import type { Ip } from '../net/ip.ts';
import { addressesOf, podEnd, tunnelsOf } from '../policy/end.ts';
import type { Semantics } from '../profile/profile.ts';
import { allLabelsOf } from '../program/endpoint-labels.ts';
import { type AddressDetail, type AddressKind, type AddressKinds, type AddressSpace, addressKinds, addressSpaceOf } from './addresses.ts';
import { cellsOf, type NamedPort } from './cells.ts';
import { type ClassSet, classSet } from './class-set.ts';
import { interning, numberPairs, renumber, split } from './numbering.ts';
import type { Selection, Selections } from './selections.ts';

export interface Classes {
  /** Classes of pods, of nodes and of outside zones; `count` of all together. Numbered in this order. */
  readonly podClasses: number;
  readonly nodeClasses: number;
  readonly count: number;
  /** The pods of the cluster, then those that were added. */
  readonly pods: readonly Pod[];
  /** Where a pod is in `pods`. */
  readonly indexOf: ReadonlyMap<Pod, number>;
  /** The class of each pod; of a hostNetwork pod, the class of its node's addresses. */
  readonly classOfPod: Uint32Array;
  /** The class of a node with these addresses, and tunnels with those; undefined when no policy was asked about such a one. */
  readonly classOfNode: (addresses: readonly Ip[], tunnels: readonly Ip[]) => number | undefined;
  /** The classes of nodes that may show the address of a tunnel instead; empty where no block tells addresses of nodes apart. */
  readonly tunnelled: ReadonlyMap<number, Tunnelled>;
  readonly classOfOutside: (address: Ip) => number;
  /** Classes with the same shape differ in what is known of their addresses only. Of pod classes. */
  readonly shapeOf: Uint32Array;
  readonly isLive: readonly boolean[];
  /** Of every class: bit 1 for IPv4, bit 2 for IPv6; 0 for what is not known. */
  readonly familiesOf: Uint8Array;
  /** Of connections between two ends of which neither's address is known: bit 1 for IPv4, bit 2 for IPv6, 0 for not known. */
  readonly usualFamily: number;
  readonly addressKindOf: readonly AddressKind[];
  /** Of every class: its list of named ports, into `portLists`. */
  readonly portsOf: Uint32Array;
  readonly portLists: readonly (readonly NamedPort[])[];
  readonly space: AddressSpace;
  /** Does any policy have a block that may match pods or nodes, so that IPv4 and IPv6 may get different verdicts? */
  readonly blocksMeanInside: boolean;
  /** The pod classes that a selection means. */
  readonly classesIn: (selection: Selection) => ClassSet;
}

/** Two classes of nodes without tunnels: one with the own addresses, one with those of the tunnels. */
export interface Tunnelled {
  readonly own: number;
  readonly tunnel: number;
}

/** `added`: imaginary pods that are not in the cluster. They are asked about, and stand at no end unless somebody puts them there. */
export function classesOf(cluster: Cluster, semantics: Semantics, selections: Selections, added: readonly Pod[]): Classes {
  const pods = added.length === 0 ? cluster.pods : [...cluster.pods, ...added];
  const own: Pod[] = [];
  const ownIndex = new Int32Array(pods.length).fill(-1);
  const indexOf = new Map<Pod, number>();
  for (let i = 0; i < pods.length; i++) {
    const pod = pods[i] as Pod;
    indexOf.set(pod, i);
    if (pod.hostNetwork) continue;
    ownIndex[i] = own.length;
    own.push(pod);
  }
  const cells = cellsOf(
    own,
    {
      labelsOf: (pod, hasTraits) => allLabelsOf(cluster, pod, hasTraits),
      namespaceLabels: (namespace) => namespaceLabels(cluster, namespace),
    },
    selections,
  );

  // Cells that no subject and no peer tells apart get one shape.
  const shapeOfCell = new Uint32Array(cells.count);
  const start = numberPairs();
  for (let cell = 0; cell < cells.count; cell++) shapeOfCell[cell] = start.of(cells.portsOf[cell] as number, cells.isLive[cell] ? 1 : 0);
  let next = start.count();
  const cellsInSelection = selections.all.map((selection) => cells.cellsIn(selection));
  for (const members of cellsInSelection) next = split(shapeOfCell, members, next);
  const shapeCount = renumber(shapeOfCell);

  const space = addressSpaceOf(selections.blocks);
  const kinds = addressKinds(space);
  const podDetail = detailFor(semantics.ipBlockMatchesPod, space);
  const nodeDetail = selections.meansNodes ? 'zones' : detailFor(semantics.ipBlockMatchesNode, space);

  const looks = numberPairs();
  const classOfPod = new Uint32Array(pods.length);
  const cellOfClass: number[] = [];
  const addressKindOf: AddressKind[] = [];
  const classesOfShape: number[][] = Array.from({ length: shapeCount }, () => []);
  for (let i = 0; i < pods.length; i++) {
    const at = ownIndex[i] as number;
    if (at < 0) continue;
    const cell = cells.cellOfPod[at] as number;
    const shape = shapeOfCell[cell] as number;
    const kind = kinds.kindOf((pods[i] as Pod).addresses, podDetail);
    const number = looks.of(shape, kind.id);
    if (number === cellOfClass.length) {
      cellOfClass.push(cell);
      addressKindOf.push(kind);
      (classesOfShape[shape] as number[]).push(number);
    }
    classOfPod[i] = number;
  }
  const podClasses = cellOfClass.length;

  const { ends, plain } = nodeKinds(cluster, pods, kinds, nodeDetail);
  const classOfNodeKind = new Map<number, number>();
  for (const kind of plain) {
    classOfNodeKind.set(kind.id, addressKindOf.length);
    addressKindOf.push(kind);
  }
  const tunnelled = new Map<number, Tunnelled>();
  const classOfTunnelled = new Map<string, number>();
  for (const { own, tunnel } of ends) {
    const key = `${own.id} ${tunnel.id}`;
    if (classOfTunnelled.has(key)) continue;
    classOfTunnelled.set(key, addressKindOf.length);
    tunnelled.set(addressKindOf.length, { own: classOfNodeKind.get(own.id) as number, tunnel: classOfNodeKind.get(tunnel.id) as number });
    addressKindOf.push(own);
  }
  const classOfNode = (addresses: readonly Ip[], tunnels: readonly Ip[]) => {
    const own = kinds.find(addresses, nodeDetail);
    if (own === undefined || tunnels.length === 0 || nodeDetail === 'families') return own && classOfNodeKind.get(own.id);
    const tunnel = kinds.find(tunnels, nodeDetail);
    return tunnel && classOfTunnelled.get(`${own.id} ${tunnel.id}`);
  };
  for (let i = 0; i < pods.length; i++) {
    if ((ownIndex[i] as number) >= 0) continue;
    const end = podEnd(pods[i] as Pod);
    classOfPod[i] = classOfNode(addressesOf(end), tunnelsOf(cluster, end)) as number;
  }
  const inside = addressKindOf.length;
  for (const [zone, family] of space.zoneFamilies.entries()) {
    addressKindOf.push({ id: -1, families: family === 4 ? 1 : 2, zones: [zone] });
  }
  const count = addressKindOf.length;
  const portsOf = new Uint32Array(count);
  const shapeOf = new Uint32Array(podClasses);
  for (const [number, cell] of cellOfClass.entries()) {
    portsOf[number] = cells.portsOf[cell] as number;
    shapeOf[number] = shapeOfCell[cell] as number;
  }
  const classSets = interning<ClassSet>();
  const setOfSelection: (ClassSet | undefined)[] = [];
  return {
    podClasses,
    nodeClasses: inside - podClasses,
    count,
    pods,
    indexOf,
    classOfPod,
    classOfNode,
    tunnelled,
    classOfOutside: (address) => inside + space.zoneOf(address),
    shapeOf,
    isLive: cellOfClass.map((cell) => cells.isLive[cell] as boolean),
    familiesOf: Uint8Array.from(addressKindOf, ({ families }) => families),
    usualFamily: cluster.family === undefined ? 0 : cluster.family === 4 ? 1 : 2,
    addressKindOf,
    portsOf,
    portLists: cells.portLists,
    space,
    blocksMeanInside: space.blocks.length > 0 && (semantics.ipBlockMatchesPod !== 'no' || semantics.ipBlockMatchesNode !== 'no'),
    classesIn(selection) {
      let set = setOfSelection[selection.id];
      if (set === undefined) {
        const shapes = new Set<number>();
        for (const cell of cellsInSelection[selection.id] as readonly number[]) shapes.add(shapeOfCell[cell] as number);
        const members: number[] = [];
        for (const shape of shapes) for (const member of classesOfShape[shape] as number[]) members.push(member);
        const made = classSet(members, count);
        // Two selections often mean the same pods: `app=cart` of the shop, and `app=cart` of any namespace.
        set = classSets.of(made.members.length > 64 ? `selection ${selection.id}` : made.members.join(), () => made);
        setOfSelection[selection.id] = set;
      }
      return set;
    },
  };
}

/** How closely addresses must be looked at: where blocks never mean such an end, only its families matter, to the other end too. */
function detailFor(own: Semantics['ipBlockMatchesPod'], space: AddressSpace): AddressDetail {
  return own === 'no' || space.blocks.length === 0 ? 'families' : 'zones';
}

/** Nodes by what is known of their addresses, and those that have tunnels besides. */
interface NodeKinds {
  readonly plain: ReadonlySet<AddressKind>;
  readonly ends: readonly { readonly own: AddressKind; readonly tunnel: AddressKind }[];
}

/** Every way in which addresses of a node can occur as an end: Node objects, pods in their node's network, the hosts of pods. */
function nodeKinds(cluster: Cluster, pods: readonly Pod[], kinds: AddressKinds, detail: AddressDetail): NodeKinds {
  const plain = new Set([kinds.kindOf([], detail)]);
  const ends: NodeKinds['ends'][number][] = [];
  const add = (addresses: readonly Ip[], tunnels: readonly Ip[]) => {
    const own = kinds.kindOf(addresses, detail);
    plain.add(own);
    if (tunnels.length === 0 || detail === 'families') return;
    const tunnel = kinds.kindOf(tunnels, detail);
    plain.add(tunnel);
    ends.push({ own, tunnel });
  };
  for (const { addresses, tunnelAddresses = [] } of cluster.nodes.values()) add(addresses, tunnelAddresses);
  // A hundred pods have the same host, so a lone address is looked at once.
  const seen = new Set<string>();
  for (const pod of pods) {
    const { hostAddresses, node } = pod;
    if (pod.hostNetwork) {
      const end = podEnd(pod);
      add(addressesOf(end), tunnelsOf(cluster, end));
    }
    const [first] = hostAddresses;
    const key = `${first?.value} ${node}`;
    if (first === undefined || (hostAddresses.length === 1 && seen.has(key))) continue;
    if (hostAddresses.length === 1) seen.add(key);
    add(hostAddresses, tunnelsOf(cluster, { kind: 'node', name: node, addresses: hostAddresses }));
  }
  return { plain, ends };
}
