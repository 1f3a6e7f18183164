// Edits that close: a rule loses a peer, a port or all of it, a selector leaves somebody out, pods that nobody isolated are isolated.
// An empty list of peers or ports would mean everybody and every port, so none is ever left.

import type { Cluster, Pod } from '../../model/cluster.ts';
import type { Plain } from '../../model/edit.ts';
import { at, type Origin } from '../../model/origin.ts';
import { type Direction, type Peer, type PortRule, printRuleRef, type RuleRef } from '../../model/policy.ts';
import { printCidr } from '../../net/cidr.ts';
import { cidrsOfRange, type IpSet, intersectIps, ipSetOfIps, rangesOf } from '../../net/ip-set.ts';
import { PROTOCOLS } from '../../net/port-set.ts';
import { dig, get, isObject, listOf } from '../../objects/read.ts';
import { addressesOf, type Connection, type End } from '../../policy/end.ts';
import { peersMatch } from '../../policy/peer-matches.ts';
import { portsMatch } from '../../policy/port-matches.ts';
import type { Semantics } from '../../profile/profile.ts';
import { NAME_LABEL } from '../apply.ts';
import type { PlacedEdit } from '../edited-value.ts';
import { possibleFamilies } from '../families.ts';
import { byName, labelsOfWorkload, peersFor, selectorFor } from '../identity.ts';
import type { Draft, Lever, LeverCode } from '../lever.ts';
import type { NewPolicy, Step } from '../step.ts';
import { freeName, PEERS, policyName, TYPES } from './rules.ts';

/** One direction of a connection that is to be closed. `range`: the addresses that an outside peer stands for. */
export interface Opening {
  readonly direction: Direction;
  readonly subject: Pod;
  readonly peer: End;
  readonly range: IpSet | undefined;
  readonly connection: Connection;
}

/** Each way to keep this rule from letting the connection through. */
export function cutsOfRule(cluster: Cluster, semantics: Semantics, ref: RuleRef, opening: Opening): readonly Draft[] {
  return [...peerCuts(cluster, semantics, ref, opening), ...portCuts(semantics, ref, opening), removeRule(ref)];
}

function ofRule(ref: RuleRef, code: LeverCode, facts: Lever['facts'], place: Origin, edits: readonly PlacedEdit[]): Draft {
  return {
    levers: [{ code, facts: { rule: printRuleRef(ref), ...facts }, at: place }],
    steps: [{ kind: 'edit', object: { kind: 'policy', policy: ref.policy }, edits }],
  };
}

function removeRule(ref: RuleRef): Draft {
  return ofRule(ref, 'remove-rule', {}, ref.rule.origin, [{ kind: 'remove', at: ref.rule.origin }]);
}

function peerCuts(cluster: Cluster, semantics: Semantics, ref: RuleRef, opening: Opening): readonly Draft[] {
  const { rule, direction } = ref;
  if (rule.peers === 'anyone') {
    const rest = everybodyElse(cluster, opening);
    if (rest === undefined) return [];
    const key = PEERS[direction];
    const written = listOf(dig(ref.policy.value, 'spec', direction))[rule.index];
    const isThere = isObject(written) && Object.hasOwn(written, key);
    const edit: PlacedEdit = isThere
      ? { kind: 'set-value', at: at(rule.origin, key), value: rest.peers }
      : { kind: 'add-entry', at: rule.origin, key, value: rest.peers };
    return isObject(written) ? [ofRule(ref, 'narrow-peer', { left: rest.left }, rule.origin, [edit])] : [];
  }
  const matching = rule.peers.filter((peer) => isMeant(cluster, semantics, ref, peer, opening));
  const drafts: Draft[] = [];
  if (matching.length < rule.peers.length) {
    const names = matching.map((peer) => peerName(peer));
    drafts.push(
      ofRule(
        ref,
        'remove-peer',
        { peers: names },
        (matching[0] as Peer).origin,
        matching.map(({ origin }) => ({ kind: 'remove', at: origin })),
      ),
    );
  }
  const narrowed = matching.map((peer) => leaveOut(cluster, peer, opening));
  if (narrowed.every((each) => each !== undefined)) {
    const [first] = narrowed;
    if (first !== undefined)
      drafts.push(
        ofRule(
          ref,
          first.code,
          first.facts,
          (matching[0] as Peer).origin,
          narrowed.flatMap(({ edits }) => edits),
        ),
      );
  }
  return [...drafts, ...joinPeers(ref, matching)];
}

function isMeant(cluster: Cluster, semantics: Semantics, ref: RuleRef, peer: Peer, { peer: end }: Opening): boolean {
  return peersMatch(cluster, semantics, { ...ref, rule: { ...ref.rule, peers: [peer] } }, end, undefined) !== 'no';
}

/** `ipBlock 10.0.0.0/8`, `podSelector`; `peer` where it has both selectors. Rules of NetworkPolicies only. */
function peerName(peer: Peer): string {
  if (peer.kind === 'block') return `ipBlock ${printCidr(peer.cidr)}`;
  if (peer.kind === 'nothing') return '{}';
  if (peer.kind !== 'pods') return 'peer';
  return peer.pods === undefined ? 'namespaceSelector' : peer.namespace.by === 'labels' ? 'peer' : 'podSelector';
}

interface Narrowing {
  readonly code: LeverCode;
  readonly facts: Lever['facts'];
  readonly edits: readonly PlacedEdit[];
}

/** The peer with one more condition, or its block with a hole. */
export function leaveOut(cluster: Cluster, peer: Peer, { peer: end, range }: Opening): Narrowing | undefined {
  if (peer.kind === 'block') {
    const cidrs = rangesOf(intersectIps(range ?? ipSetOfIps(addressesOf(end)), peer.addresses)).flatMap(cidrsOfRange);
    if (cidrs.length === 0 || cidrs.length > 4 || cidrs.some((cidr) => cidr.prefixBits <= peer.cidr.prefixBits)) return undefined;
    const holes = cidrs.map(printCidr);
    const place = at(peer.origin, 'ipBlock');
    const edits: PlacedEdit[] =
      peer.except.length > 0
        ? holes.map((value) => ({ kind: 'add-item', at: at(place, 'except'), value }))
        : [{ kind: 'add-entry', at: place, key: 'except', value: holes }];
    return { code: 'add-except', facts: { except: holes.join(', '), cidr: printCidr(peer.cidr) }, edits };
  }
  if (peer.kind !== 'pods' || end.kind !== 'pod') return undefined;
  const other = notThese(cluster, end.pod);
  if (other === undefined) return undefined;
  const facts = { left: other.name };
  if (peer.pods === undefined) {
    return {
      code: 'narrow-peer',
      facts,
      edits: [{ kind: 'add-entry', at: peer.origin, key: 'podSelector', value: { matchExpressions: [other.expression] } }],
    };
  }
  const { origin, requirements } = peer.pods;
  const wanting = requirements.find(({ key, operator }) => key === other.key && operator === 'In');
  if (wanting !== undefined) {
    // One of several values goes; without its only one the selector would mean nobody.
    if (wanting.values.length < 2) return undefined;
    return {
      code: 'narrow-peer',
      facts,
      edits: [{ kind: 'remove', at: at(wanting.origin, 'values', wanting.values.indexOf(other.value)) }],
    };
  }
  const hasExpressions = requirements.some((requirement) => requirement.origin.path.at(-2) === 'matchExpressions');
  const edit: PlacedEdit = hasExpressions
    ? { kind: 'add-item', at: at(origin, 'matchExpressions'), value: other.expression }
    : { kind: 'add-entry', at: origin, key: 'matchExpressions', value: [other.expression] };
  return { code: 'narrow-peer', facts, edits: [edit] };
}

/** A condition that the pod's workload does not meet, by the label that tells it best. undefined for a pod without labels. */
function notThese(
  cluster: Cluster,
  pod: Pod,
): { readonly key: string; readonly value: string; readonly expression: Plain; readonly name: string } | undefined {
  const [label] = Object.entries(labelsOfWorkload(cluster, pod));
  if (label === undefined) return undefined;
  const [key, value] = label;
  return { key, value, expression: { key, operator: 'NotIn', values: [value] }, name: `${key}=${value}` };
}

/** Two peers that stand one after the other, one with a namespaceSelector and one with a podSelector: the dash that was too much. */
function joinPeers(ref: RuleRef, matching: readonly Peer[]): readonly Draft[] {
  const { peers } = ref.rule;
  if (peers === 'anyone') return [];
  return peers.flatMap((peer, i): Draft[] => {
    const before = peers[i - 1];
    if (before?.kind !== 'pods' || peer.kind !== 'pods' || !(matching.includes(before) || matching.includes(peer))) return [];
    const isPods = (one: typeof peer) => one.pods !== undefined && one.namespace.by === 'name';
    const isNamespaces = (one: typeof peer) => one.pods === undefined && one.namespace.by === 'labels';
    if (!(isPods(before) && isNamespaces(peer)) && !(isNamespaces(before) && isPods(peer))) return [];
    return [ofRule(ref, 'join-peers', { peer: i }, peer.origin, [{ kind: 'join-to-previous', at: peer.origin }])];
  });
}

function portCuts(semantics: Semantics, ref: RuleRef, { connection }: Opening): readonly Draft[] {
  const { rule } = ref;
  const { port, protocol, destination } = connection;
  // No port list of a NetworkPolicy says "all but ping".
  if (protocol === 'ICMP') return [];
  const facts = { port: `${port}/${protocol}` };
  const place = at(rule.origin, 'ports');
  if (rule.ports === 'every-port') {
    const written = listOf(dig(ref.policy.value, 'spec', ref.direction))[rule.index];
    if (!isObject(written)) return [];
    const value = otherPorts(connection);
    const edit: PlacedEdit = Object.hasOwn(written, 'ports')
      ? { kind: 'set-value', at: place, value }
      : { kind: 'add-entry', at: rule.origin, key: 'ports', value };
    return [ofRule(ref, 'remove-port', facts, rule.origin, [edit])];
  }
  const matching = rule.ports.filter(
    (entry) => portsMatch(semantics, { ...ref, rule: { ...rule, ports: [entry] } }, destination, protocol, port) !== 'no',
  );
  const left = matching.map((entry) => withoutPort(entry, connection));
  // What is left of a wider entry keeps the list from becoming empty, which would mean every port.
  if (matching.length === rule.ports.length && left.every((each) => each.length === 0)) return [];
  const edits = matching.flatMap((entry, i): PlacedEdit[] => {
    const [first, ...more] = left[i] ?? [];
    return first === undefined
      ? [{ kind: 'remove', at: entry.origin }]
      : [
          { kind: 'set-value', at: entry.origin, value: first },
          ...more.map((value): PlacedEdit => ({ kind: 'add-item', at: place, value })),
        ];
  });
  return [ofRule(ref, 'remove-port', facts, (matching[0] as PortRule).origin, edits)];
}

/** What an entry opens besides this port. A named port is one port on each pod. */
function withoutPort(entry: PortRule, { port, protocol }: Connection): readonly Plain[] {
  if (entry.kind === 'named') return [];
  return entry.kind === 'protocol' ? ranges(1, 65535, port, protocol) : ranges(entry.from, entry.to, port, protocol);
}

function otherPorts({ port, protocol }: Connection): readonly Plain[] {
  return [...ranges(1, 65535, port, protocol), ...PROTOCOLS.filter((other) => other !== protocol).map((other) => ({ protocol: other }))];
}

function ranges(from: number, to: number, without: number, protocol: string): readonly Plain[] {
  const make = (first: number, last: number): Plain[] =>
    first > last ? [] : [{ port: first, ...(last > first && { endPort: last }), protocol }];
  return [...make(from, without - 1), ...make(without + 1, to)];
}

/** Pods that no policy isolates in this direction: a policy that lets nothing through, and one that lets all through but this. */
export function isolations(cluster: Cluster, opening: Opening): readonly Draft[] {
  const { subject, direction, connection } = opening;
  const { namespace } = subject;
  const labels = labelsOfWorkload(cluster, subject);
  const name = cluster.workloads.get(subject.workload)?.name ?? subject.name;
  const subjectName =
    Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',') || 'all pods';
  const make = (code: LeverCode, rules: readonly Plain[], facts: Lever['facts'], word: string): Draft => {
    const unique = freeName(cluster, namespace, policyName(word, name));
    const value: NewPolicy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: unique, namespace },
      spec: { podSelector: selectorFor(labels), policyTypes: [TYPES[direction]], ...(rules.length > 0 && { [direction]: rules }) },
    };
    const beside =
      cluster.policies.find((policy) => policy.namespace === namespace)?.origin ??
      cluster.workloads.get(subject.workload)?.origin ??
      subject.origin;
    const step: Step = { kind: 'create', name: unique, namespace, value, beside };
    return {
      levers: [{ code, facts: { policy: `${namespace}/${unique}`, subject: subjectName, direction, ...facts }, at: undefined }],
      steps: [step],
    };
  };
  const deny = make('new-deny', [], {}, 'deny');
  const rest = everybodyElse(cluster, opening);
  const own = peersFor(cluster, namespace, { end: opening.peer, range: opening.range });
  if (rest === undefined || own === undefined) return [deny];
  const key = PEERS[direction];
  const rules: Plain[] = [{ [key]: rest.peers }, { [key]: own.peers, ports: otherPorts(connection) }];
  const left = { left: `${own.name} on ${connection.port}/${connection.protocol}` };
  // Where a block means pods, too, the blocks would let the pod in again: then only pods are let through.
  const onlyPods: Plain[] = [{ [key]: rest.peers.filter((peer) => get(peer, 'ipBlock') === undefined) }, rules[1] as Plain];
  return [
    deny,
    make('new-deny-with-rest', rules, left, 'all-but'),
    ...(opening.peer.kind === 'pod' ? [make('new-deny-with-rest', onlyPods, left, 'all-but')] : []),
  ];
}

const WHOLE = { 4: '0.0.0.0/0', 6: '::/0' } as const;

/** Peers that mean everybody but this end. undefined where that cannot be said. */
function everybodyElse(
  cluster: Cluster,
  { peer, range }: Opening,
): { readonly peers: readonly Plain[]; readonly left: string } | undefined {
  const families = possibleFamilies(cluster);
  if (peer.kind === 'pod') {
    const other = notThese(cluster, peer.pod);
    if (other === undefined || peer.pod.namespace.startsWith('{')) return undefined;
    const { namespace } = peer.pod;
    return {
      peers: [
        { namespaceSelector: { matchExpressions: [{ key: NAME_LABEL, operator: 'NotIn', values: [namespace] }] } },
        { namespaceSelector: byName(namespace), podSelector: { matchExpressions: [other.expression] } },
        ...families.map((family) => ({ ipBlock: { cidr: WHOLE[family] } })),
      ],
      left: `${namespace}/${other.name}`,
    };
  }
  const holes = rangesOf(range ?? ipSetOfIps(addressesOf(peer))).flatMap(cidrsOfRange);
  if (holes.length === 0 || holes.length > 8) return undefined;
  const [v4, v6] = [holes.filter(({ first }) => first.family === 4), holes.filter(({ first }) => first.family === 6)];
  const block = (cidr: string, except: readonly (typeof holes)[number][]): Plain => ({
    ipBlock: { cidr, ...(except.length > 0 && { except: except.map(printCidr) }) },
  });
  return {
    peers: [
      { namespaceSelector: {} },
      ...(families.includes(4) || v4.length > 0 ? [block(WHOLE[4], v4)] : []),
      ...(families.includes(6) || v6.length > 0 ? [block(WHOLE[6], v6)] : []),
    ],
    left: holes.map(printCidr).join(', '),
  };
}
