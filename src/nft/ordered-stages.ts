// Ordered stages in the scaling form: subject's class and peer's class → a table of ports → a verdict. As many maps and rules for one policy
// as for a thousand: a packet pays three lookups for a stage. Classes are of whole stages, because in them the first rule that matches decides.
import type { Pod } from '../model/cluster.ts';
import type { Direction, Rule } from '../model/policy.ts';
import type { Family } from '../net/ip.ts';
import { ALL_IPS, atomsOf, EMPTY_IPS, firstOf, type IpRange, type IpSet, ipSetHas, ipSetOfIps, unionIps } from '../net/ip-set.ts';
import {
  ALL_PORTS,
  intersectPorts,
  isNoPorts,
  type PortSet,
  printPortSet,
  printPorts,
  subtractPorts,
  unionPorts,
} from '../net/port-set.ts';
import { orderedGroups, type Stage } from '../program/stages.ts';
import { PEER, podElements, portElements, SUBJECT } from './elements.ts';
import { DENIED, FAMILIES } from './frame.ts';
import type { Numbering } from './ids.ts';
import { addressesMeant, type Members, type Ports, portsOf, readingFor, resolve } from './members.ts';
import { hash, short } from './names.ts';
import { type Chain, type MapEntry, type NftMap, type Rule as NftRule, type NftVerdict, PROTOCOL_NUMBER } from './ruleset.ts';

export interface StageRules {
  readonly maps: readonly NftMap[];
  readonly chains: readonly Chain[];
  /** Where packets enter the stage. */
  readonly start: string;
}

/** Where a packet goes on. */
export interface Ways {
  /** This direction lets it through. */
  readonly through: string;
  /** The stage does not decide. */
  readonly next: string;
}

/** A rule of the stage, taken apart: whom it means as addresses, and which ports. */
interface Asked {
  readonly action: Rule['action'];
  readonly peers: IpSet;
  readonly ports: 'every-port' | Ports;
}

interface Subjects {
  readonly id: number;
  readonly pods: Pod[];
  /** Places of its rules among all of the stage, in their order. */
  readonly rules: readonly number[];
}

/** undefined where the stage has no rule for any of these pods. */
export function orderedStage(
  members: Members,
  subjects: readonly Pod[],
  direction: Direction,
  stage: Stage,
  { ids, ways }: { readonly ids: Numbering; readonly ways: Ways },
): StageRules | undefined {
  const name = `${short(direction)}-${stage.tier.replace(' ', '-')}`;
  const rules: Asked[] = [];
  const placeOf = new Map<Rule, number>();
  const asked = (rule: Rule): number => {
    let place = placeOf.get(rule);
    if (place === undefined) {
      place = rules.length;
      placeOf.set(rule, place);
      rules.push({ action: rule.action, peers: peersOf(members, rule), ports: portsOf(members.semantics, rule) });
    }
    return place;
  };
  const classes = subjectsOf(members, subjects, direction, stage, { ids, name, asked });
  if (classes.length === 0) return undefined;

  const named = distinctNames(direction === 'egress' ? rules : []);
  const peers = peerClasses(members, rules, named, { ids, name });
  const tables = new Map<number, Table>();
  const pairs: MapEntry[] = [];
  for (const subject of classes) {
    const [example] = subject.pods;
    for (const peer of peers) {
      const met = subject.rules.filter((place) => peer.rules.has(place)).map((place) => rules[place] as Asked);
      const listening = direction === 'ingress' ? example : peer.listener;
      const table = tableOf(met, listening);
      if (table === undefined) continue;
      const id = ids.idOf(`${name}-table`, hash(table.key));
      tables.set(id, table);
      pairs.push({ key: [subject.id, peer.id], value: id });
    }
  }
  const verdictOf = (action: Rule['action']): NftVerdict => ({
    kind: 'goto',
    chain: action === 'allow' ? ways.through : action === 'deny' ? DENIED[direction] : ways.next,
  });
  const entries = [...tables].flatMap(([id, { ports }]) =>
    ports.flatMap(({ action, set }) => portElements(set).map((element): MapEntry => ({ key: [id, ...element], value: verdictOf(action) }))),
  );
  const others = [...tables].flatMap(([id, { rest }]): MapEntry[] => (rest === undefined ? [] : [{ key: [id], value: verdictOf(rest) }]));
  const families = (make: (family: Family) => NftMap): NftMap[] => FAMILIES.map(make);
  return {
    start: name,
    maps: [
      ...families((family) => ({
        name: `${name}-subject${family}`,
        fields: [SUBJECT[direction][family]],
        interval: false,
        to: 'meta priority',
        entries: classes.flatMap(({ id, pods }) => podElements(pods, family).map((key): MapEntry => ({ key, value: id }))),
      })),
      ...families((family) => ({
        name: `${name}-peer${family}`,
        fields: [PEER[direction][family]],
        interval: true,
        to: 'meta mark',
        entries: peers.flatMap(({ id, ranges }) =>
          ranges.filter((range) => range.family === family).map((range): MapEntry => ({ key: [partOf(range)], value: id })),
        ),
      })),
      { name: `${name}-pairs`, fields: ['meta priority', 'meta mark'], interval: false, to: 'meta mark', entries: pairs },
      { name: `${name}-ports`, fields: TABLE_FIELDS, interval: true, to: 'verdict', entries },
      { name: `${name}-others`, fields: ['meta mark'], interval: false, to: 'verdict', entries: others },
    ],
    chains: [chainOf(name, direction, ways.next)],
  };
}

/** One chain, so that two stages of two directions stay well below the sixteen links that the kernel allows in a row. */
function chainOf(name: string, direction: Direction, next: string): Chain {
  const looked = (family: Family): NftRule => [
    { kind: 'set-from-map', target: 'meta priority', fields: [SUBJECT[direction][family]], map: `${name}-subject${family}` },
    { kind: 'set-from-map', target: 'meta mark', fields: [PEER[direction][family]], map: `${name}-peer${family}` },
    { kind: 'set-from-map', target: 'meta mark', fields: ['meta priority', 'meta mark'], map: `${name}-pairs` },
  ];
  const withPorts = [PROTOCOL_NUMBER.TCP, PROTOCOL_NUMBER.UDP, PROTOCOL_NUMBER.SCTP];
  return {
    name,
    rules: [
      ...FAMILIES.map((family): NftRule => [...looked(family), { kind: 'vmap', fields: TABLE_FIELDS, map: `${name}-ports` }]),
      [
        { kind: 'is', field: 'meta l4proto', values: withPorts },
        { kind: 'goto', chain: next },
      ],
      ...FAMILIES.map((family): NftRule => [...looked(family), { kind: 'vmap', fields: ['meta mark'], map: `${name}-others` }]),
      [{ kind: 'goto', chain: next }],
    ],
  };
}

const TABLE_FIELDS = ['meta mark', 'meta l4proto', 'th dport'] as const;

function peersOf(members: Members, { peers }: Rule): IpSet {
  return peers === 'anyone' ? ALL_IPS : peers.map((peer) => addressesMeant(members, peer)).reduce(unionIps, EMPTY_IPS);
}

/** Pods under the same policies of the stage and, for ingress, with the same numbers behind the names that those use. */
function subjectsOf(
  members: Members,
  pods: readonly Pod[],
  direction: Direction,
  stage: Stage,
  { ids, name, asked }: { readonly ids: Numbering; readonly name: string; readonly asked: (rule: Rule) => number },
): Subjects[] {
  const found = new Map<string, Subjects>();
  const ends = new Set(
    readingFor(members.cluster, members.semantics).stages.flatMap(({ tier, endsForSelected }) => (endsForSelected ? [tier] : [])),
  );
  for (const pod of pods) {
    const all = members.policiesOn(direction, pod);
    // A policy of an earlier stage that selects the pod in the other direction alone keeps it out of this one.
    if (stage.tier === 'baseline' && all.some(({ tier }) => ends.has(tier))) continue;
    const rules = orderedGroups(all, stage)
      .flat(2)
      .flatMap((policy) => (policy[direction] === 'not-governed' ? [] : policy[direction]));
    if (rules.length === 0) continue;
    const places = rules.map(asked);
    const names = direction === 'egress' ? [] : rules.flatMap((rule) => namesIn(portsOf(members.semantics, rule)));
    const key = `${places.join()} ${names.map((port) => printPortSet(resolve([port], pod))).join(';')}`;
    const known = found.get(key);
    if (known !== undefined) known.pods.push(pod);
    else {
      const signature = `${rules.map(({ origin }) => `${origin.document.file} ${origin.document.start} ${origin.path.join('.')}`).join()} ${key}`;
      found.set(key, { id: ids.idOf(`${name}-subject`, hash(signature)), pods: [pod], rules: places });
    }
  }
  return [...found.values()];
}

function namesIn(ports: 'every-port' | Ports): Ports['named'] {
  return ports === 'every-port' ? [] : ports.named;
}

function distinctNames(rules: readonly Asked[]): Ports['named'] {
  const names = rules.flatMap(({ ports }) => namesIn(ports));
  return [...new Map(names.map((port) => [`${port.name}/${port.protocol}`, port])).values()];
}

interface PeerClass {
  readonly id: number;
  readonly ranges: readonly IpRange[];
  readonly rules: ReadonlySet<number>;
  /** A pod of the class, whose port names stand for those of all; undefined where nobody listens by name. */
  readonly listener: Pod | undefined;
}

/** Addresses that the same rules mean, and that listen to the same names. What no rule means is in no class. */
function peerClasses(
  members: Members,
  rules: readonly Asked[],
  named: Ports['named'],
  { ids, name }: { readonly ids: Numbering; readonly name: string },
): PeerClass[] {
  const listeners = new Map<string, Pod[]>();
  for (const pod of named.length === 0 ? [] : members.pods) {
    const key = named.map(({ protocol, ...port }) => printPorts(resolve([{ ...port, protocol }], pod)[protocol])).join(';');
    const known = listeners.get(key);
    if (known === undefined) listeners.set(key, [pod]);
    else known.push(pod);
  }
  const listening = [...listeners].map(([key, pods]) => ({ key, pods, set: ipSetOfIps(pods.flatMap(({ addresses }) => addresses)) }));
  const found = new Map<string, { readonly ranges: IpRange[]; readonly rules: number[]; readonly listener: Pod | undefined }>();
  for (const atom of atomsOf([...rules.map(({ peers }) => peers), ...listening.map(({ set }) => set)])) {
    const first = firstOf(atom);
    const meaning = rules.flatMap(({ peers }, place) => (ipSetHas(peers, first) ? [place] : []));
    if (meaning.length === 0) continue;
    const names = listening.find(({ set }) => ipSetHas(set, first));
    const key = `${meaning.join()} ${names?.key ?? ''}`;
    const known = found.get(key);
    const last = known?.ranges.at(-1);
    if (known === undefined) found.set(key, { ranges: [atom], rules: meaning, listener: names?.pods[0] });
    else if (last !== undefined && touches(last, atom)) known.ranges[known.ranges.length - 1] = { ...last, to: atom.to } as IpRange;
    else known.ranges.push(atom);
  }
  return [...found].map(([key, one]) => ({
    id: ids.idOf(`${name}-peer`, hash(key)),
    ranges: one.ranges,
    rules: new Set(one.rules),
    listener: one.listener,
  }));
}

function touches(before: IpRange, after: IpRange): boolean {
  return before.family === 4 ? after.family === 4 && before.to + 1 === after.from : after.family === 6 && before.to + 1n === after.from;
}

function partOf(range: IpRange) {
  if (range.from === range.to) return range.from;
  return range.family === 4 ? { from: range.from, to: range.to } : { from: range.from, to: range.to };
}

interface Table {
  readonly key: string;
  readonly ports: readonly { readonly action: Rule['action']; readonly set: PortSet }[];
  /** Of protocols without ports. */
  readonly rest: Rule['action'] | undefined;
}

/** The first rule that matches, port by port; undefined where none matches any. */
function tableOf(rules: readonly Asked[], listener: Pod | undefined): Table | undefined {
  const byAction = new Map<Rule['action'], PortSet>();
  let left = ALL_PORTS;
  let rest: Rule['action'] | undefined;
  for (const { action, ports } of rules) {
    const named = listener === undefined ? undefined : resolve(namesIn(ports), listener);
    const all = ports === 'every-port' ? ALL_PORTS : named === undefined ? ports.numbers : unionPorts(ports.numbers, named);
    const here = intersectPorts(left, all);
    if (!isNoPorts(here)) byAction.set(action, unionPorts(byAction.get(action) ?? here, here));
    left = subtractPorts(left, all);
    if (ports !== 'every-port') continue;
    rest = action;
    break;
  }
  if (byAction.size === 0 && rest === undefined) return undefined;
  const ports = [...byAction].map(([action, set]) => ({ action, set }));
  return {
    key: `${ports
      .map(({ action, set }) => `${action} ${printPortSet(set)}`)
      .sort()
      .join(';')} ${rest ?? ''}`,
    ports,
    rest,
  };
}
