// Policies of policy.networking.k8s.io → the normal form. What differs between its kinds is handed in: how ports are written, and the action
// that lets through. Semantics: B.1, B.2.
import { at, type Origin } from '../../model/origin.ts';
import type { Direction, NamespaceMatch, Peer, Policy, PortRule, Rule, Rules, Subject } from '../../model/policy.ts';
import type { Problem } from '../../model/problem.ts';
import { matches } from '../../model/selector.ts';
import { ipSetOfCidrs, ipSetOfIps } from '../../net/ip-set.ts';
import { everything, selectorOf } from '../../objects/normalise-selector.ts';
import { dig, get, isObject, listOf, textOf } from '../../objects/read.ts';
import { readCidr } from '../../objects/validate-cidr.ts';
import type { KindObject, Surroundings } from '../kind.ts';

export interface KindOfRules {
  /** `protocols` or `ports`: where a rule writes its ports. */
  readonly portsKey: string;
  /** One entry; [] for one that matches nothing. */
  readonly portsOf: (entry: unknown, origin: Origin) => readonly PortRule[];
}

export interface Standing extends Pick<Policy, 'tier' | 'order'> {
  readonly needs: 'cnp' | 'anp';
}

/** `faults`: why the object cannot be read, or would be refused; [] for a good one. */
export function lowerPolicy(
  { kind, name, value, origin }: KindObject,
  surroundings: Surroundings,
  { tier, order, needs }: Standing,
  rules: KindOfRules,
  faults: readonly Problem[],
): Policy {
  const spec = get(value, 'spec');
  const place = at(origin, 'spec');
  const isSpecRead = isObject(spec);
  const directions = (['ingress', 'egress'] as const).filter((direction) => !isSpecRead || !isEmpty(get(spec, direction)));
  const rulesOf = (direction: Direction): Rules =>
    directions.includes(direction)
      ? listOf(get(spec, direction)).map((rule, i) => ruleOf(rule, i, direction, at(place, direction, i), rules, surroundings))
      : 'not-governed';
  return {
    kind,
    tier,
    order,
    needs,
    name,
    namespace: undefined,
    ref: name,
    subject:
      faults.some((fault) => isAbout(fault, origin, 'subject')) || !isSpecRead
        ? anyone(place)
        : subjectOf(get(spec, 'subject'), at(place, 'subject')),
    ingress: rulesOf('ingress'),
    egress: rulesOf('egress'),
    types: { written: true, directions, origin: place },
    ignored: {},
    faults,
    origin,
    value,
  };
}

function isEmpty(list: unknown): boolean {
  return list === undefined || list === null || (Array.isArray(list) && list.length === 0);
}

/** Is the fault about this part of the spec? */
function isAbout({ origin }: Problem, object: Origin, part: string): boolean {
  const [first, second] = origin?.path.slice(object.path.length) ?? [];
  return first === 'spec' && (second === part || second === undefined);
}

function anyone(origin: Origin): Subject {
  return { namespace: { by: 'any' }, pods: everything(origin) };
}

function subjectOf(subject: unknown, origin: Origin): Subject {
  const pods = get(subject, 'pods');
  if (isObject(pods)) {
    return {
      namespace: namespacesOf(get(pods, 'namespaceSelector'), at(origin, 'pods', 'namespaceSelector')),
      pods: selectorOf(get(pods, 'podSelector'), at(origin, 'pods', 'podSelector')),
    };
  }
  const namespaces = get(subject, 'namespaces');
  if (!isObject(namespaces)) return anyone(origin);
  return { namespace: namespacesOf(namespaces, at(origin, 'namespaces')), pods: everything(at(origin, 'namespaces')) };
}

/** Absent: every namespace. */
function namespacesOf(selector: unknown, origin: Origin): NamespaceMatch {
  return isObject(selector) ? { by: 'labels', selector: selectorOf(selector, origin) } : { by: 'any' };
}

const ACTIONS: ReadonlyMap<unknown, Rule['action']> = new Map([
  ['Accept', 'allow'],
  ['Allow', 'allow'],
  ['Deny', 'deny'],
  ['Pass', 'pass'],
]);

function ruleOf(rule: unknown, index: number, direction: Direction, origin: Origin, kind: KindOfRules, surroundings: Surroundings): Rule {
  const peersKey = direction === 'ingress' ? 'from' : 'to';
  const ports = get(rule, kind.portsKey);
  return {
    index,
    // One with another action is refused, and its policy is unreadable.
    action: ACTIONS.get(get(rule, 'action')) ?? 'deny',
    peers: listOf(get(rule, peersKey)).flatMap((peer, i) => peersOf(peer, at(origin, peersKey, i), surroundings)),
    ports: isEmpty(ports) ? 'every-port' : listOf(ports).flatMap((port, i) => kind.portsOf(port, at(origin, kind.portsKey, i))),
    origin,
  };
}

function peersOf(peer: unknown, origin: Origin, surroundings: Surroundings): readonly Peer[] {
  const namespaces = get(peer, 'namespaces');
  if (isObject(namespaces))
    return [{ kind: 'pods', namespace: namespacesOf(namespaces, at(origin, 'namespaces')), pods: undefined, origin }];
  const pods = get(peer, 'pods');
  if (isObject(pods)) {
    return [
      {
        kind: 'pods',
        namespace: namespacesOf(get(pods, 'namespaceSelector'), at(origin, 'pods', 'namespaceSelector')),
        pods: selectorOf(get(pods, 'podSelector'), at(origin, 'pods', 'podSelector')),
        origin,
      },
    ];
  }
  const networks = get(peer, 'networks');
  if (networks !== undefined) return listOf(networks).flatMap((text, i) => networkOf(text, at(origin, 'networks', i)));
  const nodes = get(peer, 'nodes');
  if (isObject(nodes)) return [nodesOf(nodes, at(origin, 'nodes'), surroundings)];
  const names = listOf(get(peer, 'domainNames')).flatMap((name) => textOf(name) ?? []);
  return names.length > 0 ? [{ kind: 'dns-names', names, wildcard: 'labels', origin }] : [{ kind: 'nothing', origin }];
}

function networkOf(text: unknown, origin: Origin): readonly Peer[] {
  const cidr = typeof text === 'string' ? readCidr(text)?.network : undefined;
  if (cidr === undefined) return [{ kind: 'nothing', origin }];
  return [{ kind: 'block', cidr, except: [], addresses: ipSetOfCidrs([cidr]), includesCluster: true, origin }];
}

function nodesOf(written: object, origin: Origin, { nodes }: Surroundings): Peer {
  const selector = selectorOf(written, origin);
  const meant = [...nodes.values()].filter(({ labels }) => matches(selector, labels));
  const addresses = nodes.size === 0 ? undefined : ipSetOfIps(meant.flatMap((node) => node.addresses));
  return { kind: 'nodes', selector, addresses, origin };
}

/** A whole number of the spec, or `otherwise`. */
export function orderOf(value: unknown, otherwise: number): number {
  const priority = dig(value, 'spec', 'priority');
  return typeof priority === 'number' && Number.isInteger(priority) && priority >= 0 && priority <= 1000 ? priority : otherwise;
}
