// A Calico NetworkPolicy or GlobalNetworkPolicy as written → the policies the evaluators read. Defaults and meaning: reference, parts 2 to 5.
import { at, type Origin } from '../../model/origin.ts';
import {
  DIRECTIONS,
  type Direction,
  type Peer,
  type Policy,
  type Rule,
  type Rules,
  type Subject,
  type Unclear,
} from '../../model/policy.ts';
import type { Problem } from '../../model/problem.ts';
import { everything } from '../../objects/normalise-selector.ts';
import { dig, get, isObject, listOf, textOf } from '../../objects/read.ts';
import { ACCOUNT_KEY, calicoKey } from '../../program/endpoint-labels.ts';
import type { KindObject, Surroundings } from '../kind.ts';
import {
  accountIs,
  anyOf,
  asksForAccountLabels,
  block,
  everyAddressOf,
  type Narrowing,
  narrowingOf,
  ofNamespaces,
  peersOf,
  podsOf,
  type Side,
} from './entity.ts';
import { type Expression, parseExpression, renamed } from './expression.ts';
import { type CalicoTier, endpointsOf, orderOf } from './objects.ts';
import { clientHas, mixesNames, portsOfRule, sourcePorts } from './ports.ts';
import { selectorOfExpression } from './selector.ts';

export interface Standing {
  readonly tier: string;
  /** undefined: the input does not say where the tier stands. */
  readonly place: CalicoTier | undefined;
}

/**
 * `faults`: why the object cannot be relied on; [] for a good one. Rules that narrow the policy's own pods come as parts of their own, in
 * their place among the others; the first part holds the pods, and ends the direction for them.
 */
export function lowerPolicy(
  object: KindObject,
  surroundings: Surroundings,
  { tier, place }: Standing,
  faults: readonly Problem[],
): readonly Policy[] {
  const { name, namespace, value, origin } = object;
  const spec = get(value, 'spec');
  const specOrigin = at(origin, 'spec');
  const written = listOf(get(spec, 'types'));
  const directions = directionsOf(object, faults);
  const isUnplaced = place === undefined || faults.some(({ origin: where }) => where?.path.at(-1) === 'order');
  const common = {
    kind: namespace === undefined ? 'GlobalNetworkPolicy' : 'NetworkPolicy.projectcalico.org',
    tier: `tier ${tier}`,
    order: isUnplaced ? Number.NEGATIVE_INFINITY : orderOf(value),
    needs: 'calico',
    stage: { order: place?.order ?? Number.NEGATIVE_INFINITY, end: place?.end ?? 'next' },
    name,
    namespace,
    ref: namespace === undefined ? name : `${namespace}/${name}`,
    types: { written: written.length > 0, directions, origin: written.length > 0 ? at(specOrigin, 'types') : specOrigin },
    faults,
    origin,
    value,
  } as const;
  const subject = subjectOf(object, specOrigin, faults);
  const context: Context = { namespace, surroundings };
  const rules = (direction: Direction) =>
    listOf(get(spec, direction)).flatMap((rule, i) => rulesOf(rule, i, direction, at(specOrigin, direction, i), context));
  const ignored = Object.fromEntries(
    DIRECTIONS.filter((direction) => !directions.includes(direction)).flatMap((direction) => {
      const dead = rules(direction).map(({ rule }) => rule);
      return dead.length === 0 ? [] : [[direction, dead]];
    }),
  );
  if (faults.length > 0 || !isObject(spec)) {
    const side = (direction: Direction): Rules => (directions.includes(direction) ? [] : 'not-governed');
    return [{ ...common, subject, ingress: side('ingress'), egress: side('egress'), ignored: {} }];
  }

  const runs = Object.fromEntries(directions.map((direction) => [direction, runsOf(rules(direction))])) as Partial<
    Record<Direction, readonly Run[]>
  >;
  const own = (direction: Direction): Rules => {
    const found = runs[direction];
    return found === undefined ? 'not-governed' : found[0]?.narrowing === undefined ? (found[0]?.rules ?? []) : [];
  };
  const first: Policy = { ...common, subject, ingress: own('ingress'), egress: own('egress'), ignored };
  const further = directions.flatMap((direction) =>
    (runs[direction] ?? [])
      .filter((run, i) => i > 0 || run.narrowing !== undefined)
      .flatMap((run) => partsOf(first, subject, direction, run)),
  );
  const openSubject = openSubjectOf(object, specOrigin, faults);
  if (openSubject !== undefined) further.push(openPart(first, openSubject));
  return further.length === 0 ? [first] : [first, ...further].map((policy, part) => ({ ...policy, part }));
}

interface Context {
  readonly namespace: string | undefined;
  readonly surroundings: Surroundings;
}

/** A rule, and which of the policy's pods it is for; undefined: for all of them. */
interface Narrowed {
  readonly rule: Rule;
  readonly narrowing: Narrowing | undefined;
}

/** Neighbours that are for the same pods. */
interface Run {
  readonly rules: readonly Rule[];
  readonly narrowing: Narrowing | undefined;
}

function runsOf(rules: readonly Narrowed[]): readonly Run[] {
  const runs: { rules: Rule[]; narrowing: Narrowing | undefined }[] = [];
  for (const { rule, narrowing } of rules) {
    const last = runs.at(-1);
    if (last !== undefined && last.narrowing === undefined && narrowing === undefined) last.rules.push(rule);
    else runs.push({ rules: [rule], narrowing });
  }
  return runs;
}

/** The policy again, for the pods that a run of rules is for; once more where it is not known whether it is for them. */
function partsOf(policy: Policy, subject: Subject, direction: Direction, { rules, narrowing }: Run): readonly Policy[] {
  const only = (own: readonly Rule[], pods: Subject['pods']): Policy => ({
    ...policy,
    subject: { ...subject, pods },
    ingress: direction === 'ingress' ? own : 'not-governed',
    egress: direction === 'egress' ? own : 'not-governed',
    ignored: {},
    opensOnly: DIRECTIONS,
  });
  if (narrowing === undefined) return [only(rules, subject.pods)];
  const { requirements, openKeys, family } = narrowing;
  const { origin } = subject.pods;
  const base = subject.pods.requirements;
  const inFamily = rules.map((rule) => (family === undefined ? rule : { ...rule, peers: also(rule, everyAddressOf(family, rule.origin)) }));
  const known = openKeys.map((key) => ({ key, operator: 'NotIn', values: ['unknown'], origin }) as const);
  const sure = only(inFamily, { requirements: [...base, ...requirements, ...known], origin });
  if (openKeys.length === 0) return [sure];
  const unknown = openKeys.map((key) => ({ requirements: [{ key, operator: 'In', values: ['unknown'], origin } as const], origin }));
  const because = openKeys.includes(ACCOUNT_KEY) ? 'service-account' : 'own-address';
  const unclear = rules.map((rule) => ({ ...rule, peers: also(rule, unclearPeer(because, rule.origin)) }));
  return [sure, only(unclear, { requirements: [...base, { key: '', operator: 'AnyOf', values: [], of: unknown, origin }], origin })];
}

/** What the policy may say to pods that it may or may not select: that it lets them through, that it denies them, or nothing. */
function openPart(policy: Policy, subject: Subject): Policy {
  const { origin } = subject.pods;
  const peers = [unclearPeer('service-account', origin)];
  const rule = (action: Rule['action']): Rule => ({ index: 0, action, label: 'selector', peers, ports: 'every-port', origin });
  const side = (direction: Direction): Rules => (policy[direction] === 'not-governed' ? 'not-governed' : [rule('allow'), rule('deny')]);
  return { ...policy, subject, ingress: side('ingress'), egress: side('egress'), ignored: {}, opensOnly: DIRECTIONS };
}

/** The rule's peers, as far as they are also this one. */
function also({ peers, origin }: Pick<Rule, 'peers' | 'origin'>, peer: Peer): readonly Peer[] {
  return peers === 'anyone' ? [peer] : [{ kind: 'all-of', of: [anyOf(peers, origin), peer], origin }];
}

function unclearPeer(because: Unclear, origin: Origin): Peer {
  return { kind: 'unclear', because, origin };
}

const ACTIONS: ReadonlyMap<unknown, Rule['action']> = new Map([
  ['Allow', 'allow'],
  ['Deny', 'deny'],
  ['Pass', 'pass'],
]);

/** [] for a rule that decides nothing: Log, and one whose client ports no client has. Several where a Service has several ports. */
function rulesOf(value: unknown, index: number, direction: Direction, origin: Origin, context: Context): readonly Narrowed[] {
  const action = ACTIONS.get(get(value, 'action'));
  if (action === undefined) return [];
  const [ownKey, otherKey] = direction === 'ingress' ? (['destination', 'source'] as const) : (['source', 'destination'] as const);
  const other: Side = { entity: get(value, otherKey), origin: at(origin, otherKey), ...context };
  const narrowing = narrowingOf({ entity: get(value, ownKey), origin: at(origin, ownKey), ...context });
  const client = sourcePorts(value);
  const clients = client === undefined ? 'every' : client.names ? 'some' : clientHas(client.ranges);
  if (clients === 'none') return [];
  const version = get(value, 'ipVersion');
  const conditions: readonly Peer[] = [
    ...(version === 4 || version === 6 ? [everyAddressOf(version, at(origin, 'ipVersion'))] : []),
    ...(clients === 'some' ? [unclearPeer('client-port', at(origin, 'source', 'ports'))] : []),
    ...(get(value, 'http') === undefined ? [] : [unclearPeer('http', at(origin, 'http'))]),
    ...(mixesNames(value) ? [unclearPeer('port-names', at(origin, 'destination', 'notPorts'))] : []),
  ];
  const plain = portsOfRule(value, origin);
  const targets = servicesOf(other, direction, plain) ?? [{ peers: peersOf(other), ...plain }];
  return targets.map(({ peers, ...ports }) => {
    const rule: Rule = { index, action, peers, ...ports, origin };
    return {
      rule: { ...rule, peers: conditions.reduce((narrower, peer) => also({ peers: narrower, origin }, peer), rule.peers) },
      narrowing,
    };
  });
}

type Target = Pick<Rule, 'peers' | 'ports' | 'icmp'>;

/** Addresses and ports of a Service's endpoints; as a source its addresses alone. undefined where the side names no Service. */
function servicesOf(
  { entity, origin, namespace, surroundings }: Side,
  direction: Direction,
  plain: Omit<Target, 'peers'>,
): readonly Target[] | undefined {
  const services = get(entity, 'services');
  const name = textOf(get(services, 'name'));
  if (name === undefined) return undefined;
  const place = at(origin, 'services');
  const written = textOf(get(services, 'namespace'));
  const wanted = written ?? namespace ?? '';
  const endpoints = endpointsOf(wanted, name, surroundings);
  if (endpoints === undefined) return [{ peers: [unclearPeer('no-endpoints', place)], ...plain }];
  const peersFor = (cidrs: Parameters<typeof block>[0][]): readonly Peer[] => {
    const peers = cidrs.map((cidr) => block(cidr, [], place));
    // Felix looks for a Service without a namespace in no namespace at all, against what the API says.
    if (written === undefined)
      return [{ kind: 'all-of', of: [anyOf(peers, place), unclearPeer('service-namespace', place)], origin: place }];
    return peers.length === 0 ? [{ kind: 'nothing', origin: place }] : peers;
  };
  if (direction === 'ingress') return [{ peers: peersFor(endpoints.flatMap(({ cidrs }) => cidrs)), ...plain }];
  return endpoints.map(({ protocol, port, cidrs }) => ({
    peers: peersFor([...cidrs]),
    ports: [{ kind: 'range', protocol, from: port, to: port, origin: place }],
  }));
}

/**
 * `types`, or what stands for it. v3: the API fills in Ingress unless there are egress rules alone. A stored `crd.projectcalico.org` object
 * without types went past that, and Felix applies it both ways.
 */
function directionsOf({ apiVersion, value }: KindObject, faults: readonly Problem[]): readonly Direction[] {
  const spec = get(value, 'spec');
  const isUnread = !isObject(spec) || faults.some(({ origin }) => origin?.path.includes('types'));
  if (isUnread) return DIRECTIONS;
  const written = listOf(get(spec, 'types')).map((type) => String(type).toLowerCase());
  if (written.length > 0) return DIRECTIONS.filter((direction) => written.includes(direction));
  if (apiVersion.startsWith('crd.')) return DIRECTIONS;
  const has = (direction: Direction) => listOf(get(spec, direction)).length > 0;
  return has('egress') ? (has('ingress') ? DIRECTIONS : ['egress']) : ['ingress'];
}

/** Everything it may select where a part of that is at fault. */
function subjectOf(object: KindObject, specOrigin: Origin, faults: readonly Problem[]): Subject {
  const parts = selectorsOf(object, faults);
  const subject = subjectWith(parts, object, specOrigin);
  return parts.some(asksForAccountLabels) ? ofAccounts(subject, 'NotIn') : subject;
}

/** Pods that the policy selects if their ServiceAccount, which is not in the input, has the labels; undefined where it asks for none. */
function openSubjectOf(object: KindObject, specOrigin: Origin, faults: readonly Problem[]): Subject | undefined {
  const parts = selectorsOf(object, faults);
  const others = parts.filter((part) => !asksForAccountLabels(part));
  return others.length === parts.length ? undefined : ofAccounts(subjectWith(others, object, specOrigin), 'In');
}

function ofAccounts(subject: Subject, operator: 'In' | 'NotIn'): Subject {
  const { pods } = subject;
  return { ...subject, pods: { ...pods, requirements: [...pods.requirements, accountIs(operator, pods.origin)] } };
}

function selectorsOf({ namespace, value }: KindObject, faults: readonly Problem[]): readonly Expression[] {
  const isAbout = (key: string) => faults.some(({ origin }) => origin?.path.at(-1) === key && origin.path.at(-2) === 'spec');
  const read = (key: string): readonly Expression[] => {
    const text = textOf(dig(value, 'spec', key));
    const parsed = text === undefined || text === '' || isAbout(key) ? undefined : parseExpression(text);
    return parsed === undefined || 'error' in parsed ? [] : [parsed];
  };
  return [
    ...(namespace === undefined
      ? read('namespaceSelector').map(ofNamespaces)
      : [{ is: '==', label: 'projectcalico.org/namespace', value: namespace } as const]),
    ...read('selector'),
    ...read('serviceAccountSelector').map((expression) => renamed(expression, (label) => `pcsa.${label}`)),
  ];
}

function subjectWith(parts: readonly Expression[], { value }: KindObject, specOrigin: Origin): Subject {
  const place = at(specOrigin, 'selector');
  const pods = podsOf({ is: 'and', of: parts }, place, textOf(dig(value, 'spec', 'selector')) || undefined);
  // A policy that is for host endpoints alone selects no pod.
  if (pods === undefined)
    return { namespace: { by: 'any' }, pods: selectorOfExpression(renamed({ is: 'in', label: 'none', values: [] }, calicoKey), place) };
  return { namespace: pods.namespace, pods: pods.pods ?? everything(place) };
}
