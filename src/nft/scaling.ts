// The form for thousands of policies: addresses → classes, pairs of classes → port groups, port groups → ports. The number of sets and rules
// is the same for one policy and for ten thousand, and so is what a packet costs. Says which direction denied, not which rule allowed.
import type { Pod } from '../model/cluster.ts';
import { DIRECTIONS, type Direction, type Policy } from '../model/policy.ts';
import { type IpSet, printIpSet } from '../net/ip-set.ts';
import { isNoPorts, printPorts, unionPorts } from '../net/port-set.ts';
import { podElements, SUBJECT } from './elements.ts';
import { beforePolicies, DENIED, denyingChains, exemptSets, FAMILIES, type FrameOptions, recordedSets, stamp } from './frame.ts';
import { EVERY_PORT, type Ids, type Numbering, numbering } from './ids.ts';
import { type Members, type Ports, partsOf, type RuleParts, resolve } from './members.ts';
import { hash, policyName, short, uniquely } from './names.ts';
import { blockLevel, type PodSpec, podLevels } from './peer-classes.ts';
import { isClosed, type Opening, PORT_RANGES, PORTS, type PortGroups, portGroups, unionOpenings } from './port-groups.ts';
import type { Chain, MapEntry, NftMap, Rule, Ruleset, Statement } from './ruleset.ts';
import { beyondBlocks, beyondBlocksSets } from './shapes.ts';

/** Pods with the same policies and, for ingress, the same numbers behind the names that those policies use. */
interface SubjectClass {
  readonly id: number;
  readonly pods: Pod[];
  readonly rules: readonly RuleParts[];
}

interface Side {
  readonly maps: readonly NftMap[];
  readonly groupsInUse: ReadonlySet<number>;
}

export interface ScalingOptions {
  /** From the ruleset before, so that classes keep their numbers. */
  readonly ids: Ids | undefined;
  readonly fewPods: number;
}

export function scaling(
  members: Members,
  subjects: readonly Pod[],
  options: FrameOptions,
  { ids, fewPods }: ScalingOptions,
): Omit<Ruleset, 'table' | 'comment'> & { readonly ids: Ids } {
  const ordered = members.cluster.policies.find(({ tier, faults }) => tier !== 'namespaced' && faults.length === 0);
  if (ordered !== undefined)
    throw new Error(`the scaling form has no tiers, and ${ordered.kind} ${ordered.ref} is in one: compile the explaining form`);
  const numbers = numbering(ids);
  const groups = portGroups(numbers);
  const egress = sideOf(members, subjects, 'egress', numbers, groups, fewPods);
  const ingress = sideOf(members, subjects, 'ingress', numbers, groups, fewPods);
  return {
    counters: [],
    legend: new Map(),
    sets: [
      ...recordedSets(),
      ...exemptSets(members, options),
      ...beyondBlocksSets(members),
      ...groups.sets(new Set([...egress.groupsInUse, ...ingress.groupsInUse])),
    ],
    maps: [...egress.maps, ...ingress.maps],
    chains: [...chainsOf(members, options), ...denyingChains(options.denials)],
    ids: numbers.taken(),
  };
}

function sideOf(
  members: Members,
  subjects: readonly Pod[],
  direction: Direction,
  ids: Numbering,
  groups: PortGroups,
  fewPods: number,
): Side {
  const classes = subjectClasses(members, subjects, direction, ids);
  const rules = classes.map((subject) => ({ subject, openings: subject.rules.flatMap((parts) => openingsOf(members, subject, parts)) }));
  const every = rules.flatMap(({ openings }) => openings);
  const [near, wide] = podLevels(
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
        const [level, map] = to.pods.length <= fewPods ? [near, pairs.near] : [wide, pairs.wide];
        for (const { id, example } of level.classesOf(to)) {
          const named = example === undefined || to.named.length === 0 ? undefined : resolve(to.named, example);
          open(map, pairKey(subject.id, id), named === undefined || isNoPorts(named) ? opening : unionOpenings(opening, named));
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
      ...near.maps,
      ...wide.maps,
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
  };
}

/** Two class numbers in one: exact below 2^53. */
const PAIR = 2 ** 26;
const pairKey = (subject: number, peer: number) => subject * PAIR + peer;

function subjectClasses(members: Members, subjects: readonly Pod[], direction: Direction, ids: Numbering): SubjectClass[] {
  const nameOf = uniquely(policyName);
  const partsOfPolicy = new Map<Policy, readonly RuleParts[]>();
  const rulesOf = (policy: Policy): readonly RuleParts[] => {
    const rules = policy[direction];
    const known =
      partsOfPolicy.get(policy) ?? (rules === 'not-governed' ? [] : rules.map((rule) => partsOf(members, policy, direction, rule)));
    partsOfPolicy.set(policy, known);
    return known;
  };
  const groups = new Map<
    readonly Policy[],
    {
      readonly rules: readonly RuleParts[];
      readonly named: Ports['named'];
      readonly names: string;
      readonly classes: Map<string, SubjectClass>;
    }
  >();
  for (const pod of subjects) {
    const policies = members.policiesOn(direction, pod);
    if (policies.length === 0) continue;
    let group = groups.get(policies);
    if (group === undefined) {
      const rules = policies.flatMap(rulesOf);
      const named = direction === 'ingress' ? distinctNames(rules.flatMap(({ ports }) => (ports === 'every-port' ? [] : ports.named))) : [];
      group = { rules, named, names: policies.map(nameOf).join(' '), classes: new Map() };
      groups.set(policies, group);
    }
    const meaning = namesOn(pod, group.named);
    const known = group.classes.get(meaning);
    if (known !== undefined) known.pods.push(pod);
    else
      group.classes.set(meaning, {
        id: ids.idOf(`${short(direction)}-subject`, hash(`${group.names}${meaning}`)),
        pods: [pod],
        rules: group.rules,
      });
  }
  return [...groups.values()].flatMap((group) => [...group.classes.values()]);
}

/** Sorted, each once. */
function distinctNames(named: Ports['named']): Ports['named'] {
  const byText = new Map(named.map((port) => [`${port.name}/${port.protocol}`, port]));
  return [...byText.keys()].sort().map((text) => byText.get(text) as Ports['named'][number]);
}

function namesOn(pod: Pod, named: Ports['named']): string {
  return named.map((port) => ` ${port.name}/${port.protocol}=${printPorts(resolve([port], pod)[port.protocol])}`).join('');
}

type Target = { readonly kind: 'anyone' } | { readonly kind: 'block'; readonly addresses: IpSet } | ({ readonly kind: 'pods' } & PodSpec);

/** What one rule opens for one class, peer by peer. Named ports of an ingress rule are numbers here already; of an egress rule, not yet. */
function openingsOf(
  members: Members,
  subject: SubjectClass,
  { ref, peers, ports }: RuleParts,
): { readonly to: Target; readonly opening: Opening }[] {
  const [example] = subject.pods;
  const named = ports === 'every-port' ? [] : ports.named;
  const resolved = ref.direction === 'ingress' && example !== undefined ? resolve(named, example) : undefined;
  const opening: Opening = ports === 'every-port' ? ports : resolved === undefined ? ports.numbers : unionPorts(ports.numbers, resolved);
  const later = ref.direction === 'egress' ? named : [];
  if (peers === 'anyone') {
    return [
      { to: { kind: 'anyone' }, opening },
      // A name can only be meant of a pod.
      ...(later.length === 0
        ? []
        : [{ to: { kind: 'pods', key: '*', pods: members.pods, within: undefined, named: later } as const, opening: NOTHING }]),
    ];
  }
  const within = later.length === 0 || members.semantics.ipBlockMatchesPod === 'no' ? undefined : peers.blocks;
  return [
    ...(peers.pods ?? []).map((list) => ({ to: { kind: 'pods', ...list, within: undefined, named: later } as const, opening })),
    ...(peers.blocks === undefined ? [] : [{ to: { kind: 'block', addresses: peers.blocks } as const, opening }]),
    ...(within === undefined
      ? []
      : [{ to: { kind: 'pods', key: `in ${printIpSet(within)}`, pods: members.pods, within, named: later } as const, opening: NOTHING }]),
  ];
}

const NOTHING: Opening = { TCP: [], UDP: [], SCTP: [] };

/** The same for every cluster: what differs is in the maps. Egress is asked first, as a packet meets it first on a real way. */
function chainsOf(members: Members, options: FrameOptions): Chain[] {
  const start = (direction: Direction, otherwise: Rule): Rule[] => [
    ...FAMILIES.map(
      (family): Rule => [
        {
          kind: 'set-from-map',
          target: 'meta priority',
          fields: [SUBJECT[direction][family]],
          map: `${short(direction)}-subject${family}`,
        },
        { kind: 'goto', chain: `${short(direction)}-isolated` },
      ],
    ),
    otherwise,
  ];
  const after: Record<Direction, string> = { egress: 'in-start', ingress: 'allowed' };
  const sides = DIRECTIONS.flatMap((direction): Chain[] => {
    const name = short(direction);
    const peerField = {
      4: SUBJECT[direction === 'ingress' ? 'egress' : 'ingress'][4],
      6: SUBJECT[direction === 'ingress' ? 'egress' : 'ingress'][6],
    };
    const levels = (['near', 'wide', 'block'] as const).flatMap((level) =>
      FAMILIES.map(
        (family): Rule => [
          ...(level === 'block' ? beyondBlocks(members, direction, family) : []),
          { kind: 'set-from-map', target: 'meta mark', fields: [peerField[family]], map: `${name}-${level}${family}` },
          { kind: 'set-from-map', target: 'meta mark', fields: ['meta priority', 'meta mark'], map: `${name}-${level}-ports` },
          { kind: 'jump', chain: `${name}-check` },
        ],
      ),
    );
    const leave: Statement = { kind: 'goto', chain: after[direction] };
    const ports = ['meta mark', 'meta l4proto', 'th dport'] as const;
    return [
      {
        name: `${name}-check`,
        rules: [
          [{ kind: 'is', field: 'meta mark', values: [EVERY_PORT] }, leave],
          [{ kind: 'in-set', fields: ports, set: PORTS }, leave],
          [{ kind: 'in-set', fields: ports, set: PORT_RANGES }, leave],
        ],
      },
      {
        name: `${name}-isolated`,
        rules: [
          ...levels,
          [
            { kind: 'set-from-map', target: 'meta mark', fields: ['meta priority'], map: `${name}-anyone-ports` },
            { kind: 'jump', chain: `${name}-check` },
          ],
          [{ kind: 'goto', chain: DENIED[direction] }],
        ],
      },
    ];
  });
  return [
    // Mark and priority are only lent: the next table must find them as they were for a new packet.
    {
      name: 'allowed',
      rules: [
        [
          { kind: 'set', target: 'meta mark', value: 0 },
          { kind: 'set', target: 'meta priority', value: 0 },
          ...stamp(options),
          { kind: 'accept' },
        ],
      ],
    },
    { name: 'in-start', rules: start('ingress', [{ kind: 'goto', chain: 'allowed' }]) },
    ...sides,
    { name: 'base', hook: options.hook, rules: [...beforePolicies(options), ...start('egress', [{ kind: 'goto', chain: 'in-start' }])] },
  ];
}
