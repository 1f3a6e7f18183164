// CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy → the normal form. Every rule of `spec` and `specs` is a part of its own; where nodes
// are meant by whether the pod runs on them, every node gets a part with the pods that run there.
import type { Node } from '../../model/cluster.ts';
import { POD_TRAITS } from '../../model/cluster.ts';
import { at, type Origin } from '../../model/origin.ts';
import { DIRECTIONS, type Direction, type Policy, type Rule } from '../../model/policy.ts';
import type { Selector } from '../../model/selector.ts';
import { dig, get, listOf, textOf } from '../../objects/read.ts';
import type { KindObject } from '../kind.ts';
import {
  cidrMeant,
  cidrSetMeant,
  endpointsMeant,
  entityMeant,
  type Meant,
  NOBODY,
  type Nodes,
  nodesMeant,
  nodesPeer,
  type Reader,
  sameNodes,
  servicesMeant,
  together,
  unresolved,
} from './peers.ts';
import { policyOf } from './policy.ts';
import { icmpOfEntry, portsOfEntry } from './ports.ts';
import { byChecks, checksOf } from './requests.ts';
import { termsOf } from './selectors.ts';
import { subjectOf } from './subject.ts';
import { type Around, cidrOf } from './surroundings.ts';

/** A readable object → its parts, in force where Cilium's kinds are. */
export function partsOf(object: KindObject, around: Around): readonly Policy[] {
  const { value, origin } = object;
  const specs = get(value, 'specs');
  const written = [
    ...(get(value, 'spec') === undefined ? [] : [{ rule: get(value, 'spec'), place: at(origin, 'spec'), label: '' }]),
    ...listOf(specs).map((rule, i) => ({ rule, place: at(origin, 'specs', i), label: `specs[${i}].` })),
  ];
  const parts = written.flatMap((one) => partsOfRule(object, one, around));
  return parts.length === 1 ? parts : parts.map((policy, part) => ({ ...policy, part }));
}

interface Written {
  readonly rule: unknown;
  readonly place: Origin;
  readonly label: string;
}

function partsOfRule(object: KindObject, { rule, place, label }: Written, around: Around): readonly Policy[] {
  const subject = subjectOf(rule, place, object.namespace, around);
  if (subject === undefined) return [];
  const isForInit = termsOf(get(rule, 'endpointSelector'), place).some(({ source, key }) => source === 'reserved' && key === 'init');
  const reader: Reader = { around, namespace: object.namespace, isForInit };
  const entries = {
    ingress: entriesOf(rule, 'ingress', place, label, reader),
    egress: entriesOf(rule, 'egress', place, label, reader),
  };
  // A node that is policed never meets itself.
  const isOfNodes = subject.nodes !== undefined;
  const isRelative = ({ meant }: Entry) => !isOfNodes && meant !== 'anyone' && !sameNodes(meant.ownNode, meant.otherNodes);
  const always = (entry: Entry) => ruleOf(entry, isRelative(entry) ? [] : otherNodesOf(entry));
  const base = policyOf(object, place, subject, opensOnlyOf(rule, around), {
    ingress: entries.ingress?.map(always),
    egress: entries.egress?.map(always),
  });
  if (!DIRECTIONS.some((direction) => entries[direction]?.some(isRelative))) return [base];
  const onNodes = (nodes: Selector['requirements'][number], nodesOf: (entry: Entry) => Nodes): Policy =>
    policyOf(object, place, { ...subject, pods: { ...subject.pods, requirements: [...subject.pods.requirements, nodes] } }, DIRECTIONS, {
      ingress: entries.ingress?.filter(isRelative).map((entry) => ruleOf(entry, nodesOf(entry), true)),
      egress: entries.egress?.filter(isRelative).map((entry) => ruleOf(entry, nodesOf(entry), true)),
    });
  const on = (operator: 'In' | 'NotIn', names: readonly string[]) => ({ key: POD_TRAITS.node, operator, values: names, origin: place });
  return [
    base,
    ...around.nodes.map((node) => onNodes(on('In', [node.name]), (entry) => seenFrom(node, entry))),
    onNodes(
      on(
        'NotIn',
        around.nodes.map(({ name }) => name),
      ),
      () => 'unknown',
    ),
  ];
}

/** What a pod on this node takes for the nodes that are meant. */
function seenFrom(node: Node, { meant }: Entry): Nodes {
  if (meant === 'anyone') return [];
  const { ownNode, otherNodes } = meant;
  if (ownNode === 'unknown' || otherNodes === 'unknown') return 'unknown';
  return [...ownNode.filter((one) => one === node), ...otherNodes.filter((one) => one !== node)];
}

function otherNodesOf({ meant }: Entry): Nodes {
  return meant === 'anyone' ? [] : meant.otherNodes;
}

/** An entry of a section, its peers worked out. */
interface Entry {
  readonly index: number;
  readonly action: 'allow' | 'deny';
  readonly label: string;
  readonly meant: Meant | 'anyone';
  readonly ports: Rule['ports'];
  readonly icmp: Rule['icmp'];
  readonly checks: Pick<Rule, 'further' | 'requests'>;
  /** It asks for a handshake that is made to fail, so nobody knows whether it lets anything in. */
  readonly alwaysFails: boolean;
  readonly origin: Origin;
}

function ruleOf(entry: Entry, nodes: Nodes, nodesOnly = false): Rule {
  const { index, action, label, meant, ports, icmp, checks, alwaysFails, origin } = entry;
  const peer = nodesPeer(nodes, origin);
  const peers = meant === 'anyone' ? 'anyone' : [...(nodesOnly ? [] : meant.peers), ...(peer === undefined ? [] : [peer])];
  return {
    index,
    action,
    label,
    peers: alwaysFails ? inDoubt(peers, origin) : peers,
    ports,
    ...(icmp === undefined ? {} : { icmp }),
    ...checks,
    origin,
  };
}

/** The same peers, of whom nobody knows whether the rule lets them in. */
function inDoubt(peers: Rule['peers'], origin: Origin): Rule['peers'] {
  const unclear = (place: Origin) => ({ kind: 'unclear', because: 'authentication', origin: place }) as const;
  if (peers === 'anyone') return [unclear(origin)];
  return peers.map((peer) => ({ kind: 'all-of', of: [peer, unclear(peer.origin)], origin: peer.origin }));
}

/** undefined: the rule says nothing of this direction. */
function entriesOf(rule: unknown, direction: Direction, place: Origin, prefix: string, reader: Reader): readonly Entry[] | undefined {
  const sections = [
    { name: direction, action: 'allow' },
    { name: `${direction}Deny`, action: 'deny' },
  ] as const;
  if (sections.every(({ name }) => listOf(get(rule, name)).length === 0)) return undefined;
  return sections.flatMap(({ name, action }) =>
    listOf(get(rule, name)).flatMap((entry, index) => {
      const origin = at(place, name, index);
      const meant = meantBy(entry, direction, action === 'deny', origin, reader);
      const parts = action === 'allow' ? byChecks(entry) : [entry];
      return parts.map(
        (part): Entry => ({
          index,
          action,
          label: `${prefix}${name}[${index}]`,
          meant: direction === 'ingress' && action === 'allow' ? withoutOwnNode(meant, reader.around) : meant,
          ports: portsOfEntry(part, direction, origin),
          icmp: icmpOfEntry(part),
          checks: action === 'allow' ? checksOf(part, origin) : {},
          alwaysFails: action === 'allow' && textOf(dig(entry, 'authentication', 'mode')) === 'test-always-fail',
          origin,
        }),
      );
    }),
  );
}

/** The own node gets in whatever rules allow, so whether one means it makes no difference. */
function withoutOwnNode(meant: Meant | 'anyone', { settings }: Around): Meant | 'anyone' {
  return meant === 'anyone' || settings.allowLocalhost === 'policy' ? meant : { ...meant, ownNode: meant.otherNodes };
}

const FIELDS = {
  ingress: {
    endpoints: 'fromEndpoints',
    cidr: 'fromCIDR',
    cidrSet: 'fromCIDRSet',
    entities: 'fromEntities',
    nodes: 'fromNodes',
    groups: 'fromGroups',
  },
  egress: { endpoints: 'toEndpoints', cidr: 'toCIDR', cidrSet: 'toCIDRSet', entities: 'toEntities', nodes: 'toNodes', groups: 'toGroups' },
} as const;

function meantBy(entry: unknown, direction: Direction, isDeny: boolean, origin: Origin, reader: Reader): Meant | 'anyone' {
  const { around } = reader;
  const fields = FIELDS[direction];
  const found: Meant[] = [];
  let isWritten = false;
  let isEveryone = false;
  const each = (field: string, meantOf: (item: unknown, place: Origin) => Meant | 'everyone') => {
    const list = get(entry, field);
    if (!Array.isArray(list)) return;
    isWritten = true;
    for (const [i, item] of list.entries()) {
      const meant = meantOf(item, at(origin, field, i));
      if (meant === 'everyone') isEveryone = true;
      else found.push(meant);
    }
  };
  each(fields.endpoints, (item, place) => endpointsMeant(item, place, reader));
  each(fields.cidr, (item, place) => {
    const cidr = cidrOf(item);
    return cidr === undefined ? NOBODY : cidrMeant(cidr, [], place, around);
  });
  each(fields.cidrSet, (item, place) => cidrSetMeant(item, place, around));
  each(fields.entities, (item, place) => entityMeant(String(item), place, around) ?? NOBODY);
  each(fields.nodes, (item, place) => nodesMeant(item, place, reader));
  // These read as absent when they are empty.
  const unknown = (field: string, namesOf: (item: unknown) => readonly string[], wildcard?: 'characters') => {
    for (const [i, item] of listOf(get(entry, field)).entries()) {
      isWritten = true;
      found.push({ ...NOBODY, peers: [unresolved(namesOf(item), at(origin, field, i), wildcard)] });
    }
  };
  unknown(fields.groups, () => ['AWS security group']);
  if (direction === 'egress' && !isDeny) {
    unknown(
      'toFQDNs',
      (item) => [textOf(get(item, 'matchName')) ?? textOf(get(item, 'matchPattern')) ?? ''].filter((name) => name !== ''),
      'characters',
    );
    const services = listOf(get(entry, 'toServices')).flatMap((item, i) => servicesMeant(item, at(origin, 'toServices', i), around) ?? []);
    if (services.length > 0) {
      isWritten = true;
      found.push(...services);
    }
  }
  if (isEveryone) return 'anyone';
  if (isWritten) return together(found);
  // No peer at all, and Services that were not found: everybody on the ports, and nobody where there are no ports either.
  const hasPorts = listOf(get(entry, 'toPorts')).length + listOf(get(entry, 'icmps')).length > 0;
  return hasPorts ? 'anyone' : NOBODY;
}

function opensOnlyOf(rule: unknown, { settings }: Around): readonly Direction[] {
  if (!settings.nonDefaultDeny) return [];
  return DIRECTIONS.filter((direction) => dig(rule, 'enableDefaultDeny', direction) === false);
}
