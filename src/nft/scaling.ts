// The form for thousands of policies: addresses → classes, pairs of classes → port groups, port groups → ports. The number of sets and rules
// is the same for one policy and for ten thousand, and so is what a packet costs. Says which direction denied, not which rule allowed.
import type { Pod } from '../model/cluster.ts';
import type { Direction, Policy } from '../model/policy.ts';
import { isNoPorts } from '../net/port-set.ts';
import type { Stage } from '../program/stages.ts';
import { podElements, SUBJECT } from './elements.ts';
import { denyingChains, exemptSets, FAMILIES, type FrameOptions, recordedSets } from './frame.ts';
import { type Ids, type Numbering, numbering } from './ids.ts';
import type { Kept } from './kept.ts';
import { type Members, readingFor, resolve } from './members.ts';
import { policyName, short, uniquely } from './names.ts';
import { orderedStage, type StageRules } from './ordered-stages.ts';
import { blockLevel, podLevels } from './peer-classes.ts';
import { isClosed, type Opening, type PortGroups, portGroups, unionOpenings } from './port-groups.ts';
import type { MapEntry, NftMap, Ruleset } from './ruleset.ts';
import { type Flow, scalingChains } from './scaling-chains.ts';
import { beyondBlocksSets } from './shapes.ts';
import { openingsOf, subjectClasses } from './subject-classes.ts';

interface Side {
  readonly maps: readonly NftMap[];
  readonly groupsInUse: ReadonlySet<number>;
  readonly lists: Kept['lists'][Direction];
}

export interface ScalingOptions {
  /** From the ruleset before, so that classes keep their numbers. */
  readonly ids: Ids | undefined;
  readonly fewPods: number;
  /** The only node that is enforced for. */
  readonly node: string | undefined;
}

/** `subjects`: whose isolation these rules enforce. An Error for a union with rules that deny, which levels cannot say. */
export function scaling(
  members: Members,
  subjects: readonly Pod[],
  options: FrameOptions,
  { ids, fewPods, node }: ScalingOptions,
): Omit<Ruleset, 'table' | 'comment'> {
  const deny = members.cluster.policies.find(
    ({ kind, tier, faults, ingress, egress, needs }) =>
      tier === 'namespaced' &&
      faults.length === 0 &&
      (needs !== 'cilium' || members.semantics.ownPolicies === 'cilium') &&
      [ingress, egress].some(
        (rules) =>
          rules !== 'not-governed' && ((needs === 'cilium' && kind !== 'NetworkPolicy') || rules.some(({ action }) => action !== 'allow')),
      ),
  );
  if (deny !== undefined)
    throw new Error(
      `the scaling form knows nothing that stands beside NetworkPolicies in one union, such as ${deny.kind} ${deny.ref}: compile the explaining form`,
    );
  const numbers = numbering(ids);
  const { stages } = readingFor(members.cluster, members.semantics);
  const union = stages.find(({ combine }) => combine === 'union');
  // Calico's reading puts NetworkPolicies among the rules of its tier `default`, one after the other.
  if (union === undefined)
    throw new Error('the scaling form has no tiers that the input names, as Calico has: compile the explaining form');
  const place = union === undefined ? -1 : stages.indexOf(union);
  /** The ordered stages of a direction around the union in the middle. */
  const flowOf = (direction: Direction, through: string): Flow => {
    const name = short(direction);
    const end = union?.end === 'deny-last' ? `${name}-end` : through;
    const made: StageRules[] = [];
    const chained = (some: readonly Stage[], last: string): string =>
      some.reduceRight((next, stage) => {
        const rules = orderedStage(members, subjects, direction, stage, { ids: numbers, ways: { through, next } });
        if (rules !== undefined) made.push(rules);
        return rules?.start ?? next;
      }, last);
    const ordered = (some: readonly Stage[]) => some.filter(({ combine }) => combine === 'ordered');
    const after = chained(ordered(stages.slice(place + 1)), end);
    const start = chained(ordered(stages.slice(0, place)), `${name}-union`);
    return {
      start,
      after,
      end,
      isolationEnds: union?.end !== 'deny-last',
      through,
      maps: made.flatMap(({ maps }) => maps),
      chains: made.flatMap(({ chains }) => chains),
    };
  };
  const groups = portGroups(numbers);
  const nameOf = uniquely(policyName);
  const names = new Map(members.cluster.policies.map((policy) => [policy, nameOf(policy)]));
  const egress = sideOf(members, subjects, 'egress', numbers, groups, names, fewPods);
  const ingress = sideOf(members, subjects, 'ingress', numbers, groups, names, fewPods);
  const flows = { egress: flowOf('egress', 'in-start'), ingress: flowOf('ingress', 'allowed') };
  return {
    counters: [],
    legend: new Map(),
    sets: [
      ...recordedSets(),
      ...exemptSets(members, options),
      ...beyondBlocksSets(members),
      ...groups.sets(new Set([...egress.groupsInUse, ...ingress.groupsInUse])),
    ],
    maps: [...egress.maps, ...ingress.maps, ...flows.egress.maps, ...flows.ingress.maps],
    chains: [...scalingChains(members, options, flows), ...denyingChains(options.denials)],
    ids: numbers.taken(),
    kept: {
      names,
      lists: { egress: egress.lists, ingress: ingress.lists },
      node,
      hasOrderedStages: flows.egress.chains.length + flows.ingress.chains.length > 0,
    },
  };
}

function sideOf(
  members: Members,
  subjects: readonly Pod[],
  direction: Direction,
  ids: Numbering,
  groups: PortGroups,
  names: ReadonlyMap<Policy, string>,
  fewPods: number,
): Side {
  const classes = subjectClasses(members, subjects, direction, ids, names);
  const rules = classes.map((subject) => ({ subject, openings: subject.rules.flatMap((parts) => openingsOf(members, subject, parts)) }));
  const every = rules.flatMap(({ openings }) => openings);
  const levels = podLevels(
    direction,
    every.flatMap(({ to }) => (to.kind === 'pods' ? [to] : [])),
    ids,
    fewPods,
  );
  const block = blockLevel(
    direction,
    every.flatMap(({ to }) => (to.kind === 'block' ? [to.addresses] : [])),
    ids,
  );

  const pairs = { near: new Map<number, number>(), wide: new Map<number, number>(), block: new Map<number, number>() };
  const anyone = new Map<number, number>();
  const open = (map: Map<number, number>, key: number, opening: Opening) => {
    if (!isClosed(opening)) map.set(key, groups.with(map.get(key), opening));
  };
  for (const { subject, openings } of rules) {
    for (const { to, opening } of openings) {
      if (to.kind === 'anyone') open(anyone, subject.id, opening);
      else if (to.kind === 'block') for (const { id } of block.classesOf(to.addresses)) open(pairs.block, pairKey(subject.id, id), opening);
      else {
        const level = levels.levelOf(to);
        for (const { id, example } of levels[level].classesOf(to)) {
          const named = example === undefined || to.named.length === 0 ? undefined : resolve(to.named, example);
          open(pairs[level], pairKey(subject.id, id), named === undefined || isNoPorts(named) ? opening : unionOpenings(opening, named));
        }
      }
    }
  }

  const name = short(direction);
  const pairMap = (level: keyof typeof pairs): NftMap => ({
    name: `${name}-${level}-ports`,
    fields: ['meta priority', 'meta mark'],
    interval: false,
    to: 'meta mark',
    entries: [...pairs[level]].map(([key, group]) => ({ key: [Math.floor(key / PAIR), key % PAIR], value: group })),
  });
  return {
    maps: [
      ...FAMILIES.map(
        (family): NftMap => ({
          name: `${name}-subject${family}`,
          fields: [SUBJECT[direction][family]],
          interval: false,
          to: 'meta priority',
          entries: classes.flatMap(({ id, pods }) => podElements(pods, family).map((key): MapEntry => ({ key, value: id }))),
        }),
      ),
      ...levels.near.maps,
      ...levels.wide.maps,
      ...block.maps,
      pairMap('near'),
      pairMap('wide'),
      pairMap('block'),
      {
        name: `${name}-anyone-ports`,
        fields: ['meta priority'],
        interval: false,
        to: 'meta mark',
        entries: [...anyone].map(([id, group]) => ({ key: [id], value: group })),
      },
    ],
    groupsInUse: new Set([anyone, ...Object.values(pairs)].flatMap((map) => [...map.values()])),
    lists: { near: levels.near.lists, wide: levels.wide.lists },
  };
}

/** Two class numbers in one: exact below 2^53. */
const PAIR = 2 ** 26;
const pairKey = (subject: number, peer: number) => subject * PAIR + peer;
