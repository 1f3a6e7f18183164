// Edits of cluster-wide policies (policy.networking.k8s.io): a rule that lets through or passes on before the one that denies, one more peer
// or port of a rule that nearly does, a narrower denial. And the same the other way round, for a connection that is to be denied.
import { isPolicyApiKind } from '../../kinds/policy-api/kinds.ts';
import { actionName, portEntry, portsKeyOf, ruleEntry, type WrittenPorts } from '../../kinds/policy-api/written.ts';
import type { Cluster } from '../../model/cluster.ts';
import type { Plain } from '../../model/edit.ts';
import { at, type Origin } from '../../model/origin.ts';
import { type Policy, type PortRule, printRuleRef, type Rule, type RuleRef, ruleName } from '../../model/policy.ts';
import { printCidr } from '../../net/cidr.ts';
import { cidrsOfRange, type IpSet, ipSetOfIps, rangesOf } from '../../net/ip-set.ts';
import { get, isObject, listOf } from '../../objects/read.ts';
import { rulesOf } from '../../policy/decide.ts';
import { addressesOf, type Connection, type End } from '../../policy/end.ts';
import { peersMatch, subjectMatches } from '../../policy/peer-matches.ts';
import { portsMatch } from '../../policy/port-matches.ts';
import type { Semantics } from '../../profile/profile.ts';
import type { Blocked } from '../blocked.ts';
import type { PlacedEdit } from '../edited-value.ts';
import { type NamedPeers, peersFor } from '../identity.ts';
import type { Draft, Lever, LeverCode } from '../lever.ts';
import { leaveOut, type Opening } from './closing.ts';
import { peerLevers, rangeOf } from './peers.ts';
import { isAboutPort } from './ports.ts';
import { PEERS } from './rules.ts';

/** Rules that are looked at, for each blocked direction of a leg; and how far off they may be (near-miss.ts). */
const MOST_MISSES = 4;
const FARTHEST = 2.5;
/** Policies that get a rule of their own, where a connection is to be denied. */
const MOST_POLICIES = 4;
/** Items of a list in v1alpha2. */
const MOST_NETWORKS = 25;

/** For blocked legs of one subject, direction and peer. [] where no cluster-wide rule denies them. */
export function allowedAbove(cluster: Cluster, semantics: Semantics, group: readonly Blocked[]): readonly Draft[] {
  const byRule = new Map<Rule, Blocked[]>();
  for (const each of group) {
    if (each.denying === undefined) continue;
    const known = byRule.get(each.denying.rule);
    if (known === undefined) byRule.set(each.denying.rule, [each]);
    else known.push(each);
  }
  return [...byRule.values()].flatMap((legs): readonly Draft[] => {
    const [first] = legs;
    if (first?.denying === undefined) return [];
    const { denying, connection, direction, peer } = first;
    const named = clusterWidePeers(cluster, { end: peer, range: rangeOf(first) }, direction);
    const ports = portsOfLegs(legs);
    const inserted = named === undefined || ports.length === 0 ? [] : [...insertions(denying, named, ports)];
    return [
      ...first.missesAbove
        .filter(({ distance, ref }) => distance <= FARTHEST && isPolicyApiKind(ref.policy.kind))
        .slice(0, MOST_MISSES)
        .flatMap((miss) => widened(cluster, first, miss, named)),
      ...inserted,
      ...cutsOfClusterWideRule(cluster, semantics, denying, { direction, subject: first.subject, peer, range: rangeOf(first), connection }),
    ];
  });
}

/** ICMP is no protocol of a port list: a rule for it would have to be for everything. */
function portsOfLegs(legs: readonly Blocked[]): readonly WrittenPorts[] {
  const ports = new Map<string, WrittenPorts>();
  for (const { connection } of legs) {
    const { port, protocol } = connection;
    if (protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP') ports.set(`${port}/${protocol}`, { port, protocol });
  }
  return [...ports.values()];
}

/** Accept, or Pass on to NetworkPolicies, before the rule that denies. The baseline tier has nothing to pass on to. */
function insertions(denying: RuleRef, named: NamedPeers, ports: readonly WrittenPorts[]): readonly Draft[] {
  const actions = denying.policy.tier === 'admin' ? (['allow', 'pass'] as const) : (['allow'] as const);
  return actions.map((action) => insertRule({ ...denying, action, named, ports }));
}

interface Insertion extends Omit<RuleRef, 'rule'> {
  readonly action: Rule['action'];
  readonly named: NamedPeers;
  readonly ports: readonly WrittenPorts[];
  /** Before this one; undefined: as the last one. */
  readonly rule: Rule | undefined;
}

function insertRule({ policy, direction, rule, action, named, ports }: Insertion): Draft {
  const { kind } = policy;
  const value = ruleEntry(kind, { action, direction, peers: named.peers, ports });
  const list = at(policy.origin, 'spec', direction);
  const spec = get(policy.value, 'spec');
  const edit: PlacedEdit =
    rule !== undefined
      ? { kind: 'insert-item', at: rule.origin, value }
      : listOf(get(spec, direction)).length > 0
        ? { kind: 'add-item', at: list, value }
        : isObject(spec) && Object.hasOwn(spec, direction)
          ? { kind: 'set-value', at: list, value: [value] }
          : { kind: 'add-entry', at: at(policy.origin, 'spec'), key: direction, value: [value] };
  const facts = {
    kind,
    policy: policy.ref,
    direction,
    action: actionName(kind, action),
    peer: named.name,
    ports: ports.map(({ port, protocol }) => `${port}/${protocol}`),
    ...(rule === undefined ? {} : { before: ruleName({ direction, rule }) }),
  };
  return draft(policy, { code: 'insert-rule', facts, at: rule?.origin ?? policy.origin }, [edit]);
}

function draft(policy: Policy, lever: Lever, edits: readonly PlacedEdit[]): Draft {
  return { levers: [lever], steps: [{ kind: 'edit', object: { kind: 'policy', policy }, edits }] };
}

function ofRule(ref: RuleRef, code: LeverCode, facts: Lever['facts'], place: Origin, edits: readonly PlacedEdit[]): Draft {
  return draft(ref.policy, { code, facts: { rule: printRuleRef(ref), ...facts }, at: place }, edits);
}

/** A rule that comes before the denial and nearly matches: its peer put right, one more peer, or one more port. */
function widened(cluster: Cluster, blocked: Blocked, miss: Blocked['misses'][number], named: NamedPeers | undefined): readonly Draft[] {
  const { ref, differences } = miss;
  const { kind } = ref.policy;
  if (differences.length > 0 && differences.every(isAboutPort)) {
    const [port] = portsOfLegs([blocked]);
    if (port === undefined) return [];
    const place = at(ref.rule.origin, portsKeyOf(kind));
    return [ofRule(ref, 'add-port', { ...port }, place, [{ kind: 'add-item', at: place, value: portEntry(kind, port) }])];
  }
  if (differences.some(isAboutPort)) return [];
  const [only, ...more] = differences;
  const list = at(ref.rule.origin, PEERS[ref.direction]);
  return [
    // The label, or the selector, where one thing differs.
    ...(only !== undefined && more.length === 0 ? peerLevers(cluster, blocked, miss, only) : []),
    ...(named === undefined
      ? []
      : [
          ofRule(
            ref,
            'add-peer',
            { peer: named.name },
            miss.at,
            named.peers.map((value) => ({ kind: 'add-item', at: list, value })),
          ),
        ]),
  ];
}

interface Meant {
  readonly end: End;
  readonly range: IpSet | undefined;
}

/**
 * The peers that mean this end in a rule of a cluster-wide policy: `[{ pods: { namespaceSelector, podSelector } }]`, `[{ networks: ['10.0.0.7/32'] }]`.
 * undefined where none can: no ingress rule means nodes or the outside.
 */
function clusterWidePeers(cluster: Cluster, { end, range }: Meant, direction: RuleRef['direction']): NamedPeers | undefined {
  if (end.kind === 'pod') {
    const named = peersFor(cluster, '', { end });
    return named && { name: named.name, peers: named.peers.map(podPeer) };
  }
  if (direction === 'ingress') return undefined;
  const cidrs = rangesOf(range ?? ipSetOfIps(addressesOf(end)))
    .flatMap(cidrsOfRange)
    .map(printCidr);
  if (cidrs.length === 0 || cidrs.length > MOST_NETWORKS) return undefined;
  return { peers: [{ networks: cidrs }], name: cidrs.length > 4 ? `${cidrs.length} networks` : cidrs.join(', ') };
}

/** A peer of a NetworkPolicy with both selectors, or with that of namespaces alone. */
function podPeer(peer: Plain): Plain {
  const { namespaceSelector = {}, podSelector } = peer as Readonly<Record<string, Plain | undefined>>;
  return podSelector === undefined ? { namespaces: namespaceSelector } : { pods: { namespaceSelector, podSelector } };
}

/** Each way to make this rule, whatever its action, mean less: all but the connection, or nothing. */
export function cutsOfClusterWideRule(cluster: Cluster, semantics: Semantics, ref: RuleRef, opening: Opening): readonly Draft[] {
  return [
    ...peerCuts(cluster, semantics, ref, opening),
    ...portCuts(semantics, ref, opening.connection),
    ofRule(ref, 'remove-rule', {}, ref.rule.origin, [{ kind: 'remove', at: ref.rule.origin }]),
  ];
}

function peerCuts(cluster: Cluster, semantics: Semantics, ref: RuleRef, opening: Opening): readonly Draft[] {
  const { rule } = ref;
  if (rule.peers === 'anyone') return [];
  const matching = rule.peers.filter(
    (peer) => peersMatch(cluster, semantics, { ...ref, rule: { ...rule, peers: [peer] } }, opening.peer, undefined) !== 'no',
  );
  const [first] = matching;
  if (first === undefined) return [];
  const drafts: Draft[] = [];
  if (matching.length < rule.peers.length) {
    const names = matching.map((peer) => (peer.kind === 'block' ? printCidr(peer.cidr) : 'the peer'));
    const places = peerPlaces(ref, new Set(matching.map(({ origin }) => origin)));
    drafts.push(
      ofRule(
        ref,
        'remove-peer',
        { peers: [...new Set(names)] },
        first.origin,
        places.map((place) => ({ kind: 'remove', at: place })),
      ),
    );
  }
  const narrowed = matching.map((peer) => (peer.kind === 'pods' && peer.pods !== undefined ? leaveOut(cluster, peer, opening) : undefined));
  const [change] = narrowed;
  if (change !== undefined && narrowed.every((each) => each !== undefined)) {
    drafts.push(
      ofRule(
        ref,
        change.code,
        change.facts,
        first.origin,
        narrowed.flatMap(({ edits }) => edits),
      ),
    );
  }
  return drafts;
}

/** A peer goes as a whole; one of several networks of a peer goes alone. */
function peerPlaces({ rule }: RuleRef, gone: ReadonlySet<Origin>): readonly Origin[] {
  const depth = rule.origin.path.length + 2;
  const items = new Map<string, { readonly place: Origin; readonly own: Origin[]; all: number }>();
  for (const { origin } of rule.peers === 'anyone' ? [] : rule.peers) {
    const place = { ...origin, path: origin.path.slice(0, depth) };
    const key = JSON.stringify(place.path);
    const item = items.get(key) ?? { place, own: [], all: 0 };
    items.set(key, item);
    item.all++;
    if (gone.has(origin)) item.own.push(origin);
  }
  return [...items.values()].flatMap(({ place, own, all }) => (own.length === all ? [place] : own));
}

function portCuts(semantics: Semantics, ref: RuleRef, { port, protocol, destination }: Connection): readonly Draft[] {
  const { rule, policy } = ref;
  // No list of ports says "all but ping", and without one a rule is about ping, too.
  if (rule.ports === 'every-port' || protocol === 'ICMP') return [];
  const depth = rule.origin.path.length + 2;
  const byEntry = new Map<string, { readonly place: Origin; readonly own: PortRule[] }>();
  for (const entry of rule.ports) {
    const place = { ...entry.origin, path: entry.origin.path.slice(0, depth) };
    const key = JSON.stringify(place.path);
    const known = byEntry.get(key) ?? { place, own: [] };
    byEntry.set(key, known);
    known.own.push(entry);
  }
  const isMeant = ({ own }: { readonly own: readonly PortRule[] }) =>
    portsMatch(semantics, { ...ref, rule: { ...rule, ports: own } }, destination, protocol, port) !== 'no';
  const entries = [...byEntry.values()];
  const matching = entries.filter(isMeant);
  const [first] = matching;
  if (first === undefined) return [];
  const list = at(rule.origin, portsKeyOf(policy.kind));
  let isLeft = matching.length < entries.length;
  const edits = matching.flatMap(({ place, own: [only, ...others] }): PlacedEdit[] => {
    const rest = only?.kind === 'range' && others.length === 0 ? around(only, port) : [];
    const [head, ...tail] = rest.map((each) => portEntry(policy.kind, each));
    if (head === undefined) return [{ kind: 'remove', at: place }];
    isLeft = true;
    return [{ kind: 'set-value', at: place, value: head }, ...tail.map((value): PlacedEdit => ({ kind: 'add-item', at: list, value }))];
  });
  // An empty list is refused, and none at all means every port.
  return isLeft ? [ofRule(ref, 'remove-port', { port: `${port}/${protocol}` }, first.place, edits)] : [];
}

function around({ protocol, from, to }: Extract<PortRule, { kind: 'range' }>, port: number): readonly WrittenPorts[] {
  return [
    { protocol, port: from, to: port - 1 },
    { protocol, port: port + 1, to },
  ].filter((each) => each.port <= each.to);
}

/** For a connection that is open: a rule that denies it, in each cluster-wide policy that selects the subject. */
export function deniedAbove(cluster: Cluster, semantics: Semantics, opening: Opening): readonly Draft[] {
  const { direction, subject, peer, range, connection } = opening;
  const { port, protocol, destination } = connection;
  const named = clusterWidePeers(cluster, { end: peer, range }, direction);
  if (named === undefined || protocol === 'ICMP') return [];
  const policies = cluster.policies.filter(
    ({ kind, faults, subject: own }) => isPolicyApiKind(kind) && faults.length === 0 && subjectMatches(cluster, own, subject),
  );
  return policies.slice(0, MOST_POLICIES).map((policy) => {
    // Before the first rule that is about the connection: behind it, it would never be asked.
    const first = rulesOf(policy, direction).find(
      (ref) =>
        peersMatch(cluster, semantics, ref, peer, undefined) !== 'no' && portsMatch(semantics, ref, destination, protocol, port) !== 'no',
    );
    return insertRule({ policy, direction, rule: first?.rule, action: 'deny', named, ports: [{ port, protocol }] });
  });
}
