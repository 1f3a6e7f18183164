// The rows of a map that the enforcer behind the profile treats otherwise than the API means (policy/departures.ts). Asked by class and
// by stretches of ports and addresses that no rule tells apart, and only where a policy has a shape that can depart.
import { isLive, type Pod } from '../model/cluster.ts';
import { DIRECTIONS, type Direction, type Policy, type RuleRef } from '../model/policy.ts';
import { parseCidr } from '../net/cidr.ts';
import { atomsOf, firstOf, type IpRange, ipSetOfCidrs, printRange } from '../net/ip-set.ts';
import { intersectPorts, isNoPorts, type PortSet, PROTOCOLS, type Protocol, portSet, unionOfPorts } from '../net/port-set.ts';
import { type Departure, departs, departureOf, printShapes } from '../policy/departures.ts';
import { type End, podEnd } from '../policy/end.ts';
import { kubeRouterOn } from '../policy/kube-router.ts';
import { canDepart } from '../policy/kube-router-shapes.ts';
import type { ConnectionOptions } from './connections.ts';
import { selectedBy } from './focus.ts';
import { arePair, type MapEnd, mapEnds } from './map-ends.ts';
import { familiesIn } from './outside-ranges.ts';
import type { Reach } from './reach.ts';
import type { Stack } from './stacks.ts';
import { fastVerdict } from './verdict-of.ts';

/** `{ from: 'shop/web[Deployment]', to: 'shop/cart[Deployment]', ports: TCP 7070, enforced: 'open', shapes: 'leak', rules: [shop/both ingress[0]] }`. */
export interface DepartingRow {
  readonly from: string;
  readonly to: string;
  readonly ports: PortSet;
  readonly enforced: Departure['enforced'];
  /** As `printShapes` has it: `leak|unresolved`. */
  readonly shapes: string;
  readonly rules: readonly RuleRef[];
}

export interface Departing {
  readonly rows: readonly DepartingRow[];
  /** False: there was more to ask than `MOST_QUESTIONS`, so rows may be missing. */
  readonly isComplete: boolean;
}

const NOTHING: Departing = { rows: [], isComplete: true };

/** Some two seconds. */
const MOST_QUESTIONS = 200_000;

/** The same answer for one class or one pair of classes, before it is said of ends. */
type Answer = Omit<DepartingRow, 'from' | 'to'>;

/**
 * Every row on which the enforcer does otherwise, outside ranges first. Nothing under a profile whose enforcer is not known to depart,
 * and none for an answer that the API leaves open. Never throws.
 */
export function departingRows(reach: Reach, options: ConnectionOptions = {}): Departing {
  if (!departs(reach.semantics)) return NOTHING;
  const ends = mapEnds(reach, options.pods === true);
  const selected = selectedBy(options.focus, ends);
  const { port } = options;
  const only = port === undefined ? undefined : portSet(port.protocol, port.port, port.port);
  const asking = askingOf(reach);
  const peersOf = candidates(ends, asking);
  const rows: DepartingRow[] = [];
  const add = (from: string, to: string, answers: readonly Answer[]) => {
    for (const answer of answers) {
      const ports = only === undefined ? answer.ports : intersectPorts(answer.ports, only);
      if (!isNoPorts(ports)) rows.push({ ...answer, from, to, ports });
    }
  };
  const intoPods = selected.targetsOf(undefined);
  for (const to of intoPods === 'all' ? ends : intoPods) {
    for (const [range, answers] of asking.outside('ingress', to)) add(range, to.name, answers);
  }
  for (const from of ends) {
    if (selected.hasOutsideTarget(from)) for (const [range, answers] of asking.outside('egress', from)) add(from.name, range, answers);
    const targets = selected.targetsOf(from);
    for (const to of targets === 'all' ? peersOf(from) : targets) if (arePair(from, to)) add(from.name, to.name, asking.between(from, to));
  }
  return { rows, isComplete: asking.isComplete() };
}

/** The ends to which a source may have such a row, so that no map of many ends is gone through pair by pair. */
function candidates(ends: readonly MapEnd[], { policiesOn }: Asking): (from: MapEnd) => readonly MapEnd[] {
  const canBeShaped = (end: MapEnd, direction: Direction) => policiesOn(end, direction).some((policy) => canDepart(policy, direction));
  const shaped = ends.filter((end) => canBeShaped(end, 'ingress'));
  const under = new Map<Policy, MapEnd[]>();
  for (const end of ends) {
    for (const policy of policiesOn(end, 'ingress').filter(isOfBoth)) {
      const there = under.get(policy);
      if (there === undefined) under.set(policy, [end]);
      else there.push(end);
    }
  }
  return (from) => {
    if (canBeShaped(from, 'egress')) return ends;
    return [...new Set([...shaped, ...policiesOn(from, 'egress').flatMap((policy) => under.get(policy) ?? [])])];
  };
}

/** Of both directions, with a rule that could leak from one into the other. */
function isOfBoth({ egress, ingress }: Policy): boolean {
  return egress !== 'not-governed' && ingress !== 'not-governed' && egress.length + ingress.length > 0;
}

type Asking = ReturnType<typeof askingOf>;

function askingOf(reach: Reach) {
  const { cluster } = reach;
  const enforcer = kubeRouterOn(cluster);
  const numbersOf = namedNumbers(cluster.pods);
  const families = familiesIn(cluster);
  let left = MOST_QUESTIONS;

  const policiesOn = (end: MapEnd, direction: Direction): readonly Policy[] =>
    end.isNode ? [] : (reach.stacks.all[reach.stacks[direction][end.class] as number] as Stack).policies;
  /** Every stretch of ports inside which no rule of these policies tells two ports apart, by its first port. */
  const stretches = (policies: readonly Policy[]): readonly (readonly [Protocol, number, number])[] =>
    PROTOCOLS.flatMap((protocol) => {
      const starts = new Set([1]);
      for (const policy of policies) {
        for (const { from, to } of numbersIn(policy, protocol, numbersOf)) starts.add(from).add(to + 1);
      }
      const sorted = [...starts].filter((start) => start <= 65535).sort((a, b) => a - b);
      return sorted.map((from, i) => [protocol, from, (sorted[i + 1] ?? 65536) - 1] as const);
    });

  const ask = (source: End, destination: End, policies: readonly Policy[]): readonly Answer[] => {
    const found = new Map<string, { readonly departure: Departure; readonly ports: PortSet[] }>();
    for (const [protocol, first, last] of stretches(policies)) {
      if (left-- <= 0) break;
      const connection = { source, destination, protocol, port: first };
      const departure = departureOf(enforcer, connection, fastVerdict(reach, connection));
      if (departure === undefined) continue;
      const key = `${departure.enforced} ${printShapes(departure)} ${departure.rules.map(({ policy, rule }) => `${policy.ref} ${rule.origin.path.join('.')}`)}`;
      const entry = found.get(key);
      if (entry === undefined) found.set(key, { departure, ports: [portSet(protocol, first, last)] });
      else entry.ports.push(portSet(protocol, first, last));
    }
    return [...found.values()].map(({ departure, ports }) => ({
      ports: unionOfPorts(ports),
      enforced: departure.enforced,
      shapes: printShapes(departure),
      rules: departure.rules,
    }));
  };

  const known = new Map<string, readonly Answer[]>();
  const standing = ({ pods }: MapEnd): Pod => pods[0] as Pod;
  // Classes know only the port names that policies use; `shared` depends on the others too.
  const portNames = remembered(({ ports }: Pod) => ports.map(({ name, protocol, port }) => `${name}/${protocol}/${port}`).join());
  const keyOf = (end: MapEnd) => (end.isNode ? end.name : `${end.class} ${portNames(standing(end))}`);
  return {
    policiesOn,
    isComplete: () => left >= 0,

    between(from: MapEnd, to: MapEnd): readonly Answer[] {
      const [egress, ingress] = [policiesOn(from, 'egress'), policiesOn(to, 'ingress')];
      const isShared = egress.some((policy) => isOfBoth(policy) && ingress.includes(policy));
      if (!isShared && !egress.some((policy) => canDepart(policy, 'egress')) && !ingress.some((policy) => canDepart(policy, 'ingress')))
        return [];
      const key = `${keyOf(from)} ${keyOf(to)}`;
      let found = known.get(key);
      if (found === undefined) {
        const [source, destination] = otherThan(from, to);
        found = ask(podEnd(source), podEnd(destination), [...new Set([...egress, ...ingress])]);
        known.set(key, found);
      }
      return found;
    },

    /** By printed range, neighbours that fare alike joined. */
    outside(direction: Direction, end: MapEnd): readonly (readonly [string, readonly Answer[]])[] {
      const policies = policiesOn(end, direction);
      if (!isLive(standing(end)) || !policies.some((policy) => canDepart(policy, direction))) return [];
      const pieces: { range: IpRange; readonly key: string; readonly answers: readonly Answer[] }[] = [];
      for (const range of atomsOf(bordersIn(policies))) {
        if (!families.includes(range.family)) continue;
        const [pod, address]: readonly [End, End] = [podEnd(standing(end)), { kind: 'outside', address: firstOf(range) }];
        const key = `${direction} ${keyOf(end)} ${printRange(range)}`;
        const answers = known.get(key) ?? (direction === 'egress' ? ask(pod, address, policies) : ask(address, pod, policies));
        known.set(key, answers);
        const meaning = JSON.stringify(answers.map(({ ports, enforced, shapes }) => [ports, enforced, shapes]));
        const last = pieces.at(-1);
        if (last !== undefined && last.key === meaning && last.range.family === range.family)
          last.range = { ...last.range, to: range.to } as IpRange;
        else pieces.push({ range, key: meaning, answers });
      }
      return pieces.filter(({ answers }) => answers.length > 0).map(({ range, answers }) => [printRange(range), answers] as const);
    },
  };
}

function remembered<K extends object>(compute: (key: K) => string): (key: K) => string {
  const known = new WeakMap<K, string>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}

/** Two pods that stand for the ends: two different ones where both ends are of one class. */
function otherThan(from: MapEnd, to: MapEnd): readonly [Pod, Pod] {
  const source = from.pods[0] as Pod;
  return [source, to.pods.find((pod) => pod !== source) ?? (to.pods[0] as Pod)];
}

/** `http TCP` → the numbers that pods declare under that name. */
function namedNumbers(pods: readonly Pod[]): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const pod of pods) {
    for (const { name, protocol, port } of pod.ports) {
      if (name === undefined) continue;
      const key = `${name} ${protocol}`;
      found.set(key, (found.get(key) ?? new Set()).add(port));
    }
  }
  return found;
}

function numbersIn(policy: Policy, protocol: Protocol, numbersOf: ReadonlyMap<string, ReadonlySet<number>>) {
  const found: { readonly from: number; readonly to: number }[] = [];
  for (const direction of DIRECTIONS) {
    const rules = policy[direction];
    for (const { ports } of rules === 'not-governed' ? [] : rules) {
      for (const wanted of ports === 'every-port' ? [] : ports) {
        if (wanted.protocol !== protocol || wanted.kind === 'protocol') continue;
        if (wanted.kind === 'range') found.push(wanted);
        else for (const port of numbersOf.get(`${wanted.name} ${protocol}`) ?? []) found.push({ from: port, to: port });
      }
    }
  }
  return found;
}

/** What `::/0` becomes in this enforcer has borders of its own. */
const GLOBAL_V6 = ipSetOfCidrs(['2000::/3', 'fd00::/8'].flatMap((text) => parseCidr(text) ?? []));

function bordersIn(policies: readonly Policy[]) {
  const rules = policies.flatMap((policy) =>
    DIRECTIONS.flatMap((direction) => {
      const own = policy[direction];
      return own === 'not-governed' ? [] : own;
    }),
  );
  const blocks = rules.flatMap(({ peers }) => (peers === 'anyone' ? [] : peers.filter((peer) => peer.kind === 'block')));
  return [GLOBAL_V6, ...blocks.flatMap(({ cidr, except }) => [cidr, ...except].map((each) => ipSetOfCidrs([each])))];
}
