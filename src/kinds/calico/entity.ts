// One side of a Calico rule, source or destination: whom its selectors and nets mean. As a peer where it is the other end of the connection,
// as labels where it narrows the policy's own pods. Scope and traps: reference, part 5 (libcalico-go updateprocessors/rules.go).
import { at, type Origin } from '../../model/origin.ts';
import type { BlockPeer, NamespaceMatch, Peer } from '../../model/policy.ts';
import type { Requirement, Selector } from '../../model/selector.ts';
import { type Cidr, parseCidr, printCidr } from '../../net/cidr.ts';
import { EMPTY_IPS, ipSetOfCidrs, subtractIps } from '../../net/ip-set.ts';
import { get, isObject, listOf, textOf } from '../../objects/read.ts';
import { ACCOUNT_KEY, calicoKey, netsKey } from '../../program/endpoint-labels.ts';
import type { Surroundings } from '../kind.ts';
import { type Expression, parseExpression, printExpression, renamed } from './expression.ts';
import { blocksWith, cidrOf } from './objects.ts';
import { selectorOfExpression } from './selector.ts';

export interface Side {
  readonly entity: unknown;
  readonly origin: Origin;
  /** The policy's own; undefined for a GlobalNetworkPolicy. */
  readonly namespace: string | undefined;
  readonly surroundings: Surroundings;
}

const NAMESPACE = 'projectcalico.org/namespace';
const SERVICE_ACCOUNT = 'projectcalico.org/serviceaccount';

/** As written, or undefined where it is absent, empty, or not a selector, which its policy is at fault for. */
function expressionAt(entity: unknown, key: string): Expression | undefined {
  const text = textOf(get(entity, key));
  if (text === undefined || text === '') return undefined;
  const parsed = parseExpression(text);
  return 'error' in parsed ? undefined : parsed;
}

/** `all()` and `global()` mean what is in a namespace and what is in none; labels are those of the Namespace. */
export function ofNamespaces(expression: Expression): Expression {
  switch (expression.is) {
    case 'all':
      return { is: 'has', label: NAMESPACE };
    case 'global':
      return { is: 'not', of: { is: 'has', label: NAMESPACE } };
    case 'not':
      return { is: 'not', of: ofNamespaces(expression.of) };
    case 'and':
    case 'or':
      return { is: expression.is, of: expression.of.map(ofNamespaces) };
    default:
      return renamed(expression, (label) => `pcns.${label}`);
  }
}

/** Everything that the side wants of labels, in one expression; undefined where it wants nothing of them. */
function wantedOf({ entity, namespace }: Side): Expression | undefined {
  const own = expressionAt(entity, 'selector');
  const ofNamespace = expressionAt(entity, 'namespaceSelector');
  const accounts = accountsOf(entity);
  const parts = [...(ofNamespace === undefined ? [] : [ofNamespaces(ofNamespace)]), ...(own === undefined ? [] : [own]), ...accounts];
  const isScoped = namespace !== undefined && ofNamespace === undefined;
  if (isScoped && (parts.length > 0 || expressionAt(entity, 'notSelector') !== undefined))
    parts.unshift({ is: '==', label: NAMESPACE, value: namespace });
  const [first] = parts;
  return parts.length > 1 ? { is: 'and', of: parts } : first;
}

function accountsOf(entity: unknown): readonly Expression[] {
  const accounts = get(entity, 'serviceAccounts');
  const names = listOf(get(accounts, 'names')).filter((name) => typeof name === 'string');
  const selector = expressionAt(accounts, 'selector');
  return [
    ...(names.length === 0 ? [] : [{ is: 'in', label: SERVICE_ACCOUNT, values: names } as const]),
    ...(selector === undefined ? [] : [renamed(selector, (label) => `pcsa.${label}`)]),
  ];
}

/** Whom it means as the other end of a connection; `anyone` where it says nothing. */
export function peersOf(side: Side): 'anyone' | readonly Peer[] {
  const { entity, origin } = side;
  const wanted = wantedOf(side);
  const refused = expressionAt(entity, 'notSelector');
  const nets = blocksOf(entity, origin);
  const parts: (readonly Peer[])[] = [
    ...(wanted === undefined ? [] : [selected(wanted, side, 'selector')]),
    ...(refused === undefined ? [] : [[{ kind: 'not', of: anyOf(selected(refused, side, 'notSelector'), origin), origin } as const]]),
    ...(nets === undefined ? [] : [nets]),
  ];
  const [first, ...others] = parts;
  if (first === undefined) return 'anyone';
  if (others.length === 0) return first.length === 0 ? [{ kind: 'nothing', origin }] : first;
  return [{ kind: 'all-of', of: parts.map((peers) => anyOf(peers, origin)), origin }];
}

/** One peer for several that are alternatives. */
export function anyOf(peers: readonly Peer[], origin: Origin): Peer {
  const [first, ...others] = peers;
  if (first === undefined) return { kind: 'nothing', origin };
  if (others.length === 0) return first;
  return { kind: 'not', of: { kind: 'all-of', of: peers.map((peer) => ({ kind: 'not', of: peer, origin })), origin }, origin };
}

/** Pods, and the addresses of labelled sets and host endpoints. */
function selected(expression: Expression, { entity, origin, surroundings }: Side, key: string): readonly Peer[] {
  const place = get(entity, key) === undefined ? origin : at(origin, key);
  const pods = podsOf(expression, place, textOf(get(entity, key)));
  const blocks = blocksWith(expression, surroundings, place).map((cidr) => block(cidr, [], place));
  if (pods === undefined) return blocks;
  if (!asksForAccountLabels(expression)) return [{ kind: 'pods', ...pods, origin: place }, ...blocks];
  const withAccount = (operator: 'In' | 'NotIn', own: Selector | undefined): Peer => ({
    kind: 'pods',
    namespace: pods.namespace,
    pods: { ...own, requirements: [...(own?.requirements ?? []), accountIs(operator, place)], origin: place },
    origin: place,
  });
  const unknown: Peer = {
    kind: 'all-of',
    of: [withAccount('In', undefined), { kind: 'unclear', because: 'service-account', origin: place }],
    origin: place,
  };
  return [withAccount('NotIn', pods.pods), unknown, ...blocks];
}

/** Of pods whose ServiceAccount is not in the input (`In`), or of the others. */
export function accountIs(operator: 'In' | 'NotIn', origin: Origin): Requirement {
  return { key: ACCOUNT_KEY, operator, values: ['unknown'], origin };
}

/** Its name is known from the pod. */
export function asksForAccountLabels(expression: Expression): boolean {
  return labelsIn(expression).some((label) => label.startsWith('pcsa.') && label !== 'pcsa.projectcalico.org/name');
}

interface Pods {
  readonly namespace: NamespaceMatch;
  readonly pods: Selector | undefined;
}

/** Pods, the namespace's part taken out where it can be: answers then say which of the two does not fit. undefined: no pod at all. */
export function podsOf(expression: Expression, origin: Origin, written: string | undefined): Pods | undefined {
  const parts = (expression.is === 'and' ? expression.of : [expression]).filter((part) => !isAlwaysOfPods(part));
  if (parts.some(isNeverOfPods)) return undefined;
  const ofNamespace = parts.filter((part) => labelsIn(part).length > 0 && labelsIn(part).every(isOfNamespace));
  const ofPods = parts.filter((part) => !ofNamespace.includes(part));
  const [only] = ofNamespace;
  const namespace: NamespaceMatch =
    only === undefined
      ? { by: 'any' }
      : ofNamespace.length === 1 && only.is === '==' && only.label === NAMESPACE
        ? { by: 'name', name: only.value }
        : { by: 'labels', selector: selectorOfExpression(renamed({ is: 'and', of: ofNamespace }, namespaceKey), origin) };
  if (ofPods.length === 0) return { namespace, pods: undefined };
  const pods = selectorOfExpression(renamed({ is: 'and', of: ofPods }, calicoKey), origin);
  return { namespace, pods: { ...pods, written: written ?? printExpression({ is: 'and', of: ofPods }) } };
}

/** Every pod is in a namespace. */
function isAlwaysOfPods(part: Expression): boolean {
  return part.is === 'all' || part.is === 'global' || (part.is === 'has' && part.label === NAMESPACE);
}

function isNeverOfPods(part: Expression): boolean {
  return part.is === 'not' && isAlwaysOfPods(part.of);
}

function labelsIn(expression: Expression): readonly string[] {
  switch (expression.is) {
    case 'all':
    case 'global':
      return [];
    case 'not':
      return labelsIn(expression.of);
    case 'and':
    case 'or':
      return expression.of.flatMap(labelsIn);
    default:
      return [expression.label];
  }
}

const NAMESPACE_NAMES: ReadonlySet<string> = new Set([NAMESPACE, 'pcns.projectcalico.org/name']);

function isOfNamespace(label: string): boolean {
  return label.startsWith('pcns.') || label === NAMESPACE;
}

function namespaceKey(label: string): string {
  return NAMESPACE_NAMES.has(label) ? 'kubernetes.io/metadata.name' : label.slice('pcns.'.length);
}

const EVERY_ADDRESS = { 4: parseCidr('0.0.0.0/0') as Cidr, 6: parseCidr('::/0') as Cidr };

/** undefined where the side names no nets. */
function blocksOf(entity: unknown, origin: Origin): readonly Peer[] | undefined {
  const nets = cidrsAt(entity, 'nets');
  const notNets = cidrsAt(entity, 'notNets');
  if (nets.length > 0) return nets.map((cidr) => block(cidr, notNets, at(origin, 'nets')));
  if (notNets.length === 0) return undefined;
  // Only the families that it names: a rule with IPv4 in its notNets does not exist for IPv6.
  const families = [...new Set(notNets.map(({ first }) => first.family))];
  return families.map((family) => block(EVERY_ADDRESS[family], notNets, at(origin, 'notNets')));
}

function cidrsAt(entity: unknown, key: string): readonly Cidr[] {
  return listOf(get(entity, key)).flatMap((text) => cidrOf(text) ?? []);
}

export function block(cidr: Cidr, notNets: readonly Cidr[], origin: Origin): BlockPeer {
  const except = notNets.filter(({ first }) => first.family === cidr.first.family);
  const addresses = subtractIps(ipSetOfCidrs([cidr]), except.length === 0 ? EMPTY_IPS : ipSetOfCidrs(except));
  return { kind: 'block', cidr, except, addresses, includesCluster: true, origin };
}

/** `ipVersion: 4`. */
export function everyAddressOf(family: 4 | 6, origin: Origin): Peer {
  return block(EVERY_ADDRESS[family], [], origin);
}

/** What the policy's own pods must be for a rule that names them; undefined where it does not. */
export interface Narrowing {
  readonly requirements: readonly Requirement[];
  /** Keys whose value is `unknown` where the pod's address, or its ServiceAccount, is not in the input. */
  readonly openKeys: readonly string[];
  /** Only connections of this family, where the nets are all of one. */
  readonly family?: 4 | 6;
}

export function narrowingOf(side: Side): Narrowing | undefined {
  const { entity, origin, surroundings } = side;
  if (!isObject(entity)) return undefined;
  const wanted = wantedOf(side);
  const refused = expressionAt(entity, 'notSelector');
  const openKeys: string[] = [];
  const nets = (cidrs: readonly Cidr[], except: readonly Cidr[]): Requirement => {
    const key = netsKey(cidrs.map(printCidr), except.map(printCidr));
    openKeys.push(key);
    return { key, operator: 'In', values: ['yes'], origin };
  };
  const labelled = (expression: Expression): Selector => {
    const own = selectorOfExpression(renamed(expression, calicoKey), origin);
    const blocks = blocksWith(expression, surroundings, origin);
    if (blocks.length === 0) return own;
    const either: Requirement = {
      key: '',
      operator: 'AnyOf',
      values: [],
      of: [own, { requirements: [nets(blocks, [])], origin }],
      origin,
    };
    return { requirements: [either], origin };
  };
  const requirements: Requirement[] = [];
  if (wanted !== undefined) requirements.push(...labelled(wanted).requirements);
  if ([wanted, refused].some((expression) => expression !== undefined && asksForAccountLabels(expression))) openKeys.push(ACCOUNT_KEY);
  if (refused !== undefined) requirements.push({ key: '', operator: 'NoneOf', values: [], of: [labelled(refused)], origin });
  const [own, others] = [cidrsAt(entity, 'nets'), cidrsAt(entity, 'notNets')];
  const families = [...new Set([...(own.length > 0 ? own : others)].map(({ first }) => first.family))];
  if (own.length > 0) requirements.push(nets(own, others));
  else if (others.length > 0)
    requirements.push(
      nets(
        families.map((family) => EVERY_ADDRESS[family]),
        others,
      ),
    );
  const [family] = families;
  if (requirements.length === 0) return undefined;
  return { requirements, openKeys, ...(family !== undefined && families.length === 1 && { family }) };
}
