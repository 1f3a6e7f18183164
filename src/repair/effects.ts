// What a fix opens and closes besides the connection that was asked for, over the whole cluster: rows between workloads, with the
// outside, with pods that are not there yet; and Services that would lose or gain pods. Exact: a row that is not listed does not change.
import type { Cluster, Pod } from '../model/cluster.ts';
import type { Direction } from '../model/policy.ts';
import { atomsOf, firstOf, type IpRange, type IpSet, ipSetHas } from '../net/ip-set.ts';
import { NO_PORTS, type PortSet, portSet, subtractPorts, unionPorts } from '../net/port-set.ts';
import { subjectMatches } from '../policy/peer-matches.ts';
import type { Doubt } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';
import type { MapEnd } from '../reach/map-ends.ts';
import { doubtfulPorts, doubtsOnDenial } from '../reach/reach.ts';
import type { RowAnswer } from '../reach/row-answers.ts';
import { rangeRef } from '../route/party.ts';
import { type Changes, changedCluster } from './apply.ts';
import type { Asked, Effect, ImaginedPod } from './effect.ts';
import { possibleFamilies } from './families.ts';
import { between, type FamilyAnswers, type Field, fieldOf, withOutside } from './field.ts';
import { type Group, type Groups, grouping } from './groups.ts';
import { type Changed, difference, ofFamilies, openPorts } from './port-changes.ts';
import { joinedRows, type RowPart } from './rows.ts';
import { serviceChanges } from './service-changes.ts';
import { settledBy } from './settled.ts';

/** Answers for each candidate what it would change. Made once for all of them; candidates that it was not made for it does not know. */
export function effects(
  cluster: Cluster,
  semantics: Semantics,
  candidates: readonly Changes[],
  asked: readonly Asked[],
  imagined: readonly ImaginedPod[],
): (changes: Changes) => Effect {
  let state: { readonly field: Field; readonly groups: Groups } | undefined;
  const known = () => {
    if (state === undefined) {
      const field = fieldOf(
        cluster,
        semantics,
        candidates,
        imagined.map(({ pod }) => pod),
      );
      state = { field, groups: grouping(cluster, field.reach, asked, imagined) };
    }
    return state;
  };
  const zones = atoms(cluster, candidates, asked);
  let settled: ((doubt: Doubt) => boolean) | undefined;
  return (changes) => {
    const { field, groups } = known();
    const compared =
      changes.namespaces.size === 0 ? inOneField(field, groups, changes) : inTwoFields(cluster, semantics, groups, changes, imagined);
    settled ??= settledBy(cluster, asked);
    const doubtful = doubtfulPorts(doubtsOnDenial(semantics));
    return effectOf({ cluster, changes, compared, zones, asked, isSettled: settled, doubtful });
  };
}

/** Pairs that may fare differently than before, and how to ask about them. */
interface Compared {
  readonly groups: readonly Group[];
  readonly pairs: Iterable<readonly [Group, Group]>;
  readonly outside: Iterable<readonly [Direction, Group]>;
  readonly row: (side: 'before' | 'after', from: MapEnd, to: MapEnd) => FamilyAnswers;
  readonly outsideRow: (side: 'before' | 'after', direction: Direction, end: MapEnd, range: IpRange) => RowAnswer;
}

function inOneField(field: Field, groups: Groups, changes: Changes): Compared {
  const after = field.after(changes);
  const own = groups.with(changes.pods);
  const moved = own.filter((group) => group.isChanged);
  const inClasses = (classes: ReadonlySet<number>) => own.filter(({ after: end }) => !end.isNode && classes.has(end.class));
  const outside: (readonly [Direction, Group])[] = [];
  const sides = { before: field.before, after } as const;
  const { touched, peers } = after;
  for (const direction of ['ingress', 'egress'] as const) {
    const subjects = new Set(moved);
    if (peers[direction] === 'all') for (const group of inClasses(touched[direction])) subjects.add(group);
    for (const group of subjects) outside.push([direction, group]);
  }
  const othersOf = (direction: Direction) => {
    const met = peers[direction];
    return met === 'all' ? own : inClasses(met);
  };
  return {
    groups: own,
    pairs: distinctPairs(own.length, [
      { from: othersOf('ingress'), to: inClasses(touched.ingress) },
      { from: inClasses(touched.egress), to: othersOf('egress') },
      { from: moved, to: own },
      { from: own, to: moved },
    ]),
    outside,
    row: (side, from, to) => between(field, sides[side], from, to),
    outsideRow: (side, direction, end, range) =>
      withOutside(field, sides[side], direction, end, field.reach.classes.classOfOutside(firstOf(range)), range.family),
  };
}

/**
 * Other labels of a namespace put its pods in other classes, so the two states share none. One pod of each group stands for all of it.
 */
function inTwoFields(cluster: Cluster, semantics: Semantics, groups: Groups, changes: Changes, imagined: readonly ImaginedPod[]): Compared {
  const all = groups.with(changes.pods);
  const standing = new Set(all.flatMap(({ before }) => before.pods[0] ?? []));
  const small: Cluster = { ...cluster, pods: cluster.pods.filter((pod) => standing.has(pod)) };
  const unreal = imagined.map(({ pod }) => pod);
  const states = {
    before: fieldOf(small, semantics, [], unreal),
    after: fieldOf(changedCluster(small, changes), semantics, [], unreal),
  } as const;
  const classIn = (field: Field, pod: Pod | undefined) =>
    pod === undefined ? -1 : (field.reach.classes.classOfPod[field.reach.classes.indexOf.get(pod) as number] as number);
  const own = all.map(
    (group): Group => ({
      ...group,
      before: { ...group.before, class: classIn(states.before, group.before.pods[0]) },
      after: { ...group.after, class: classIn(states.after, group.after.pods[0]) },
    }),
  );
  const policies = [...[...changes.policies].flat(), ...changes.added];
  const isTouched = ({ isChanged, after }: Group) => {
    const [pod] = after.pods;
    if (isChanged || pod === undefined || changes.namespaces.has(pod.namespace)) return true;
    return policies.some((policy) => subjectMatches(cluster, policy.subject, pod));
  };
  const touched = own.filter(isTouched);
  return {
    groups: own,
    pairs: distinctPairs(own.length, [
      { from: touched, to: own },
      { from: own, to: touched },
    ]),
    outside: touched.flatMap((group) => [['ingress', group] as const, ['egress', group] as const]),
    row: (side, from, to) => between(states[side], states[side].before, from, to),
    outsideRow: (side, direction, end, range) => {
      const field = states[side];
      return withOutside(field, field.before, direction, end, field.reach.classes.classOfOutside(firstOf(range)), range.family);
    },
  };
}

function* distinctPairs(
  count: number,
  products: readonly { readonly from: readonly Group[]; readonly to: readonly Group[] }[],
): Generator<readonly [Group, Group]> {
  const seen = new Set<number>();
  for (const { from, to } of products) {
    for (const a of from) {
      for (const b of to) {
        if (a.isImagined && b.isImagined) continue;
        if (a === b && a.isAlone) continue;
        const key = a.index * count + b.index;
        if (seen.has(key)) continue;
        seen.add(key);
        yield [a, b];
      }
    }
  }
}

interface Comparison {
  readonly cluster: Cluster;
  readonly changes: Changes;
  readonly compared: Compared;
  readonly zones: readonly IpRange[];
  readonly asked: readonly Asked[];
  readonly isSettled: (doubt: Doubt) => boolean;
  /** Ports of which a denial is in doubt: what opens them was perhaps open before, what closes them perhaps does not. */
  readonly doubtful: PortSet;
}

function effectOf({ cluster, changes, compared, zones, asked, isSettled, doubtful }: Comparison): Effect {
  const opened: RowPart[] = [];
  const closed: RowPart[] = [];
  const openWith = (isKnown: typeof isSettled) => (answer: RowAnswer) =>
    unionPorts(openPorts(answer, isKnown), subtractPorts(doubtful, answer.allowed));
  const openIn = openWith(isSettled);
  // The address of a node is one that somebody is known to have, and a pod in the network of its node has just that one.
  const openOfNode = openWith(() => false);
  for (const [from, to] of compared.pairs) {
    const before = compared.row('before', from.before, to.before);
    const after = compared.row('after', from.after, to.after);
    if (before[0] === after[0] && before[1] === after[1]) continue;
    const expected = expectedPorts(asked, (_one, k) => from.isSource[k] === true && to.isDestination[k] === true);
    const openOf = from.before.isNode || to.before.isNode ? openOfNode : openIn;
    const [v4, v6] = ([0, 1] as const).map((family) => difference(before[family], after[family], expected, openOf)) as [Changed, Changed];
    for (const { list, ports, certainty } of ofFamilies(v4, v6)) (list === 'opened' ? opened : closed).push({ from, to, ports, certainty });
  }
  for (const [direction, group] of compared.outside) {
    for (const range of zones) {
      const before = compared.outsideRow('before', direction, group.before, range);
      const after = compared.outsideRow('after', direction, group.after, range);
      if (before === after) continue;
      const expected = expectedPorts(asked, (one, k) => {
        const [ips, isEnd] =
          direction === 'ingress' ? [one.sourceRange, group.isDestination[k]] : [one.destinationRange, group.isSource[k]];
        return isEnd === true && ips !== undefined && ipSetHas(ips, firstOf(range));
      });
      for (const { list, ports, certainty } of difference(before, after, expected, openIn)) {
        const part: RowPart =
          direction === 'ingress' ? { from: range, to: group, ports, certainty } : { from: group, to: range, ports, certainty };
        (list === 'opened' ? opened : closed).push(part);
      }
    }
  }
  const live = compared.groups;
  return {
    opened: joinedRows(opened, live, rangeRef),
    closed: joinedRows(closed, live, rangeRef),
    services: serviceChanges(cluster, changes),
  };
}

function expectedPorts(asked: readonly Asked[], isMeant: (one: Asked, k: number) => boolean): PortSet {
  let ports = NO_PORTS;
  for (const [k, one] of asked.entries()) if (isMeant(one, k)) ports = unionPorts(ports, portSet(one.protocol, one.port, one.port));
  return ports;
}

/** Address space cut wherever a block of the policies or a range of the question begins or ends. */
function atoms(cluster: Cluster, candidates: readonly Changes[], asked: readonly Asked[]): readonly IpRange[] {
  const own = candidates.flatMap(({ policies, added }) => [...policies.values(), ...added]);
  const all = { ...cluster, policies: [...cluster.policies, ...own] };
  const families = possibleFamilies(all);
  const sets = new Set<IpSet>();
  for (const { ingress, egress } of all.policies) {
    for (const rules of [ingress, egress]) {
      for (const { peers } of rules === 'not-governed' ? [] : rules) {
        for (const peer of peers === 'anyone' ? [] : peers) if (peer.kind === 'block') sets.add(peer.addresses);
      }
    }
  }
  for (const { sourceRange, destinationRange } of asked)
    for (const ips of [sourceRange, destinationRange]) if (ips !== undefined) sets.add(ips);
  return atomsOf([...sets]).filter(({ family }) => families.includes(family));
}
