// One policy rule → the sets that hold whom and what it admits, and the lookups that ask them. For the explaining form.
// Pods and blocks of a rule are two sets: pods come and go one by one, and an address may well be a pod's and inside a block.
import type { Pod } from '../model/cluster.ts';
import { type Direction, printRuleRef } from '../model/policy.ts';
import type { Family } from '../net/ip.ts';
import { ALL_IPS, type IpSet, subtractIps } from '../net/ip-set.ts';
import { isNoPorts, NO_PORTS, type PortSet, portSet, unionPorts } from '../net/port-set.ts';
import { blockElements, cross, distinct, PEER, PORT_FIELDS, podElements, portElements, SUBJECT } from './elements.ts';
import { FAMILIES } from './frame.ts';
import { type Members, type Peers, type Ports, type RuleParts, resolve, union } from './members.ts';
import { nftComment } from './names.ts';
import { type Element, type Field, isSpan, type NftSet, type Rule, type Statement } from './ruleset.ts';

export interface Shape {
  readonly sets: readonly NftSet[];
  /** Each is the beginning of a rule; the packet is admitted when one of them matches. */
  readonly lookups: readonly Rule[];
}

/** `name`: `shop/cart-ingress.in0`. `subjects`: the pods that the rule's policy isolates here; named ports of an ingress rule are theirs. */
export function shapeOf(members: Members, name: string, parts: RuleParts, subjects: readonly Pod[]): Shape {
  const { ports } = parts;
  if (ports === 'every-port') return byPeer(members, name, parts, undefined);
  return merged([
    ...(parts.ref.direction === 'egress' ? [beyondPods(members, name, parts, ports.named)] : []),
    ...(isNoPorts(ports.numbers) ? [] : [byPeer(members, name, parts, ports.numbers)]),
    ...(ports.named.length === 0 ? [] : [byName(members, name, parts, ports.named, subjects)]),
  ]);
}

/** A range but for a name, to addresses that are no pod's: nothing there has a name, so the whole range. */
function beyondPods(members: Members, name: string, { ref, peers }: RuleParts, named: Ports['named']): Shape {
  const ports = named.reduce(
    (all, { protocol, rest }) => (rest === undefined ? all : unionPorts(all, portSet(protocol, rest.from, rest.to))),
    NO_PORTS,
  );
  if (isNoPorts(ports)) return { sets: [], lookups: [] };
  const outside = (set: IpSet | undefined) => (set === undefined ? undefined : subtractIps(set, members.podAddresses()));
  const others: Peers =
    peers === 'anyone'
      ? { pods: undefined, blocks: undefined, holders: outside(ALL_IPS) }
      : { pods: undefined, blocks: outside(peers.blocks), holders: outside(peers.holders) };
  return byPeer(members, `${name}.beyond`, { ref, peers: others, ports: 'every-port' }, ports);
}

/** Peers with numbers, or with every port (`ports` undefined). */
function byPeer(members: Members, name: string, { ref, peers }: RuleParts, ports: PortSet | undefined): Shape {
  const comment = nftComment(printRuleRef(ref));
  const fields = ports === undefined ? [] : PORT_FIELDS;
  const open: readonly Element[] = ports === undefined ? [[]] : portElements(ports);
  if (peers === 'anyone') {
    if (ports === undefined) return { sets: [], lookups: [[]] };
    return asked({ name: `${name}.ports`, fields, interval: hasSpan(open), comment, elements: open });
  }
  return eachFamily(members, (family) => {
    const peer = PEER[ref.direction][family];
    return merged([
      ...(peers.pods === undefined
        ? []
        : [
            asked({
              name: `${name}.pods${family}`,
              fields: [peer, ...fields],
              interval: hasSpan(open),
              comment,
              elements: cross(podElements(union(peers.pods), family), open),
            }),
          ]),
      ...addressPeers(members, peers, ref.direction, family).map(({ what, addresses, before }) =>
        asked(
          {
            name: `${name}.${what}${family}`,
            fields: [peer, ...fields],
            interval: true,
            comment,
            elements: cross(blockElements(addresses, family), open),
          },
          before,
        ),
      ),
    ]);
  });
}

/** Named ports are numbers only together with the pod that listens, so the destination's address is part of the key. */
function byName(members: Members, name: string, { ref, peers }: RuleParts, named: Ports['named'], subjects: readonly Pod[]): Shape {
  const comment = nftComment(`${printRuleRef(ref)} ${named.map((port) => port.name).join(' ')}`);
  const listening = (pod: Pod, family: Family) => cross(podElements([pod], family), portElements(resolve(named, pod)));
  return eachFamily(members, (family) => {
    if (ref.direction === 'egress') {
      const elements = distinct(listenersAmong(members, peers, family).flatMap((pod) => listening(pod, family)));
      return asked({
        name: `${name}.named${family}`,
        fields: [PEER.egress[family], ...PORT_FIELDS],
        interval: hasSpan(elements),
        comment,
        elements,
      });
    }
    const fields: readonly Field[] = [SUBJECT.ingress[family], ...PORT_FIELDS];
    const elements = distinct(subjects.flatMap((pod) => listening(pod, family)));
    if (peers === 'anyone') return asked({ name: `${name}.named${family}`, fields, interval: hasSpan(elements), comment, elements });
    const withPeer: readonly Field[] = [PEER.ingress[family], ...fields];
    return merged([
      ...(peers.pods === undefined
        ? []
        : [
            asked({
              name: `${name}.named-pods${family}`,
              fields: withPeer,
              interval: hasSpan(elements),
              comment,
              elements: cross(podElements(union(peers.pods), family), elements),
            }),
          ]),
      ...addressPeers(members, peers, 'ingress', family).map(({ what, addresses, before }) =>
        asked(
          {
            name: `${name}.named-${what}${family}`,
            fields: withPeer,
            interval: true,
            comment,
            elements: cross(blockElements(addresses, family), elements),
          },
          before,
        ),
      ),
    ]);
  });
}

/** What is asked by ranges of addresses: blocks, in which some plugins see no pods or nodes, and the holders of addresses. */
function addressPeers(
  members: Members,
  { blocks, holders }: Peers,
  direction: Direction,
  family: Family,
): { readonly what: string; readonly addresses: IpSet; readonly before: readonly Statement[] }[] {
  return [
    ...(blocks === undefined ? [] : [{ what: 'blocks', addresses: blocks, before: beyondBlocks(members, direction, family) }]),
    ...(holders === undefined ? [] : [{ what: 'holders', addresses: holders, before: [] }]),
  ];
}

/** The pods that an egress rule can mean by the name of a port: outside addresses declare none. */
function listenersAmong(members: Members, peers: 'anyone' | Peers, family: Family): readonly Pod[] {
  if (peers === 'anyone') return members.pods;
  const { blocks } = peers;
  const inBlocks =
    blocks === undefined || members.semantics.ipBlockMatchesPod === 'no'
      ? []
      : members.pods.filter((pod) => podElements([pod], family, blocks).length > 0);
  const held = peers.holders;
  const holding = held === undefined ? [] : members.pods.filter((pod) => podElements([pod], family, held).length > 0);
  return union([...(peers.pods ?? []), { pods: inBlocks }, { pods: holding }]);
}

/** Some plugins never see pods or nodes in an ipBlock, whatever their address: then those addresses are taken out before it is asked. */
export function beyondBlocks(members: Members, direction: Direction, family: Family): readonly Statement[] {
  if (!hasBeyondBlocks(members)) return [];
  return [{ kind: 'in-set', fields: [PEER[direction][family]], set: `beyond-blocks${family}`, not: true }];
}

export function beyondBlocksSets(members: Members): NftSet[] {
  if (!hasBeyondBlocks(members)) return [];
  const { semantics, pods, nodeAddresses } = members;
  const addresses = [
    ...(semantics.ipBlockMatchesPod === 'no' ? pods.flatMap((pod) => pod.addresses) : []),
    ...(semantics.ipBlockMatchesNode === 'no' ? nodeAddresses : []),
  ];
  return FAMILIES.map((family): NftSet => {
    const values = new Set(addresses.filter((ip) => ip.family === family).map(({ value }) => value));
    return {
      name: `beyond-blocks${family}`,
      fields: [PEER.ingress[family]],
      interval: false,
      elements: [...values].map((value) => [value]),
    };
  });
}

function hasBeyondBlocks({ semantics }: Members): boolean {
  return semantics.ipBlockMatchesPod === 'no' || semantics.ipBlockMatchesNode === 'no';
}

/** One shape for each family that some pod has. */
function eachFamily(members: Members, make: (family: Family) => Shape): Shape {
  return merged(FAMILIES.filter((family) => members.families.has(family)).map(make));
}

function merged(shapes: readonly Shape[]): Shape {
  return { sets: shapes.flatMap(({ sets }) => sets), lookups: shapes.flatMap(({ lookups }) => lookups) };
}

function asked(set: NftSet, before: readonly Statement[] = []): Shape {
  return { sets: [set], lookups: [[...before, { kind: 'in-set', fields: set.fields, set: set.name }]] };
}

function hasSpan(elements: readonly Element[]): boolean {
  return elements.some((element) => element.some(isSpan));
}
