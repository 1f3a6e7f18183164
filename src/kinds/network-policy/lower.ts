// A NetworkPolicy as written → the policy the evaluators read. Every default of the API server for it is applied here
// (semantics A.1); what the API server would refuse comes back as faults, and then the policy stands for the widest it could be.
import { at, type Origin } from '../../model/origin.ts';
import type { Direction, Peer, Policy, PortRule, Rule, Rules } from '../../model/policy.ts';
import type { Problem } from '../../model/problem.ts';
import type { Cidr } from '../../net/cidr.ts';
import { EMPTY_IPS, ipSetOfCidrs, subtractIps } from '../../net/ip-set.ts';
import { PROTOCOLS, type Protocol } from '../../net/port-set.ts';
import { everything, selectorOf } from '../../objects/normalise-selector.ts';
import { dig, get, integerOf, isObject, listOf, textOf } from '../../objects/read.ts';
import { readCidr } from '../../objects/validate-cidr.ts';

/** `faults`: what validation found wrong with this object; not empty makes the policy unreadable (see Policy.faults). */
export function networkPolicyOf(name: string, namespace: string, value: unknown, origin: Origin, faults: readonly Problem[]): Policy {
  const spec = get(value, 'spec');
  const specOrigin = at(origin, 'spec');
  const written = listOf(get(spec, 'policyTypes'));
  const directions = directionsOf(spec, written);
  const rules = {
    ingress: listOf(get(spec, 'ingress')).map((rule, i) => ruleOf(rule, i, 'from', namespace, at(specOrigin, 'ingress', i))),
    egress: listOf(get(spec, 'egress')).map((rule, i) => ruleOf(rule, i, 'to', namespace, at(specOrigin, 'egress', i))),
  };
  const governed = (direction: Direction): Rules =>
    directions.includes(direction) || touches(faults, direction) ? rules[direction] : 'not-governed';
  const ignored = (['ingress', 'egress'] as const).filter(
    (direction) => governed(direction) === 'not-governed' && rules[direction].length > 0,
  );
  return {
    kind: 'NetworkPolicy',
    tier: 'namespaced',
    order: 0,
    name,
    namespace,
    ref: `${namespace}/${name}`,
    subject: {
      namespace: { by: 'name', name: namespace },
      pods: faults.some(isAboutSubject)
        ? everything(at(specOrigin, 'podSelector'))
        : selectorOf(get(spec, 'podSelector'), at(specOrigin, 'podSelector')),
    },
    ingress: governed('ingress'),
    egress: governed('egress'),
    types: { written: written.length > 0, directions, origin: written.length > 0 ? at(specOrigin, 'policyTypes') : specOrigin },
    ignored: Object.fromEntries(ignored.map((direction) => [direction, rules[direction]])),
    faults,
    origin,
    value,
  };
}

/**
 * Kubernetes: SetDefaults_NetworkPolicy, pkg/apis/networking/v1/defaults.go: with no policyTypes, Ingress always, and Egress
 * iff there are egress rules. An empty list is the same as none, because the test there is `len == 0`.
 */
function directionsOf(spec: unknown, written: readonly unknown[]): Direction[] {
  if (written.length === 0) return listOf(get(spec, 'egress')).length > 0 ? ['ingress', 'egress'] : ['ingress'];
  return (['ingress', 'egress'] as const).filter((direction) => written.includes(direction === 'ingress' ? 'Ingress' : 'Egress'));
}

/** Could the faulty part have turned this direction on? Only where policyTypes, the list of rules or the whole spec cannot be read. */
function touches(faults: readonly Problem[], direction: Direction): boolean {
  return faults.some((fault) => ['spec', 'policyTypes', direction].includes(faultyPart(fault)));
}

function isAboutSubject(fault: Problem): boolean {
  return ['spec', 'podSelector'].includes(faultyPart(fault));
}

/** `policyTypes`, `podSelector`; `spec` for the spec as a whole; `inside` for one rule; `elsewhere` for the name and the like. */
function faultyPart({ origin }: Problem): string {
  const path = origin?.path ?? [];
  const start = path.indexOf('spec');
  if (start < 0) return 'elsewhere';
  const [part, ...deeper] = path.slice(start + 1).map(String);
  if (part === undefined) return 'spec';
  return (part === 'ingress' || part === 'egress') && deeper.length > 0 ? 'inside' : part;
}

function ruleOf(value: unknown, index: number, peersKey: 'from' | 'to', namespace: string, origin: Origin): Rule {
  const peers = listOf(get(value, peersKey));
  const ports = listOf(get(value, 'ports'));
  return {
    index,
    action: 'allow',
    peers: peers.length === 0 ? 'anyone' : peers.map((peer, i) => peerOf(peer, namespace, at(origin, peersKey, i))),
    ports: ports.length === 0 ? 'every-port' : ports.flatMap((port, i) => portOf(port, at(origin, 'ports', i))),
    origin,
  };
}

function peerOf(value: unknown, namespace: string, origin: Origin): Peer {
  const block = get(value, 'ipBlock');
  if (isObject(block)) return blockOf(block, origin);
  const pods = get(value, 'podSelector');
  const namespaces = get(value, 'namespaceSelector');
  if (!isObject(pods) && !isObject(namespaces)) return { kind: 'nothing', origin };
  return {
    kind: 'pods',
    // No namespaceSelector: the policy's own namespace. An empty one: every namespace (networking/v1 types.go, NetworkPolicyPeer).
    namespace: isObject(namespaces)
      ? { by: 'labels', selector: selectorOf(namespaces, at(origin, 'namespaceSelector')) }
      : { by: 'name', name: namespace },
    pods: isObject(pods) ? selectorOf(pods, at(origin, 'podSelector')) : undefined,
    origin,
  };
}

function blockOf(block: unknown, origin: Origin): Peer {
  const cidr = parseLenient(textOf(get(block, 'cidr')));
  if (cidr === undefined) return { kind: 'nothing', origin };
  const except = listOf(get(block, 'except')).flatMap((text) => parseLenient(textOf(text)) ?? []);
  return {
    kind: 'block',
    cidr,
    except,
    addresses: subtractIps(ipSetOfCidrs([cidr]), except.length > 0 ? ipSetOfCidrs(except) : EMPTY_IPS),
    origin,
  };
}

/** As Go reads it: what older API servers store although newer ones refuse it (leading zeros, mapped IPv4) counts. */
function parseLenient(text: string | undefined): Cidr | undefined {
  return text === undefined ? undefined : readCidr(text)?.network;
}

function portOf(value: unknown, origin: Origin): PortRule[] {
  const wanted = get(value, 'protocol') ?? 'TCP'; // Kubernetes: SetDefaults_NetworkPolicyPort
  if (!isProtocol(wanted)) return [];
  const port = get(value, 'port');
  if (port === undefined) return [{ kind: 'protocol', protocol: wanted, origin }];
  if (typeof port === 'string') return [{ kind: 'named', protocol: wanted, name: port, origin }];
  const from = integerOf(port);
  if (from === undefined) return [];
  return [{ kind: 'range', protocol: wanted, from, to: integerOf(dig(value, 'endPort')) ?? from, origin }];
}

export function isProtocol(value: unknown): value is Protocol {
  return (PROTOCOLS as readonly unknown[]).includes(value);
}
