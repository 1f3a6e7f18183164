// What Cilium's agent refuses: one bad rule, and nothing of the object is enforced. Its own words, with the place they are about.
// Cilium: pkg/policy/api/rule_validation.go, pkg/k8s/apis/cilium.io/v2/cnp_types.go, the CRDs.
// QUOTED THROUGHOUT: Cilium pkg/policy/api
import { at } from '../../model/origin.ts';
import type { Problem } from '../../model/problem.ts';
import { cidrContains } from '../../net/cidr.ts';
import { get, isObject, listOf, textOf } from '../../objects/read.ts';
import { type Check, refuse, type Spot, startCheck, under } from '../../objects/validate-problem.ts';
import { checkSelector } from '../../objects/validate-selector.ts';
import type { KindObject } from '../kind.ts';
import { entityMeant } from './peers.ts';
import { icmpType, portNumber } from './ports.ts';
import { type Around, cidrOf } from './surroundings.ts';

const SECTIONS = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;
export type Section = (typeof SECTIONS)[number];

const PROTOCOL_NAMES: ReadonlySet<string> = new Set(['', 'ANY', 'TCP', 'UDP', 'SCTP', 'VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH']);

/** The kinds of peers of an entry, by direction, as the agent's messages call them. */
const PEER_FIELDS = {
  ingress: ['fromEndpoints', 'fromCIDR', 'fromCIDRSet', 'fromEntities', 'fromNodes', 'fromGroups'],
  egress: ['toEndpoints', 'toCIDR', 'toCIDRSet', 'toEntities', 'toServices', 'toFQDNs', 'toGroups', 'toNodes'],
} as const;

const MOST_PORTS = 40;

/** `[]` for an object that the agent takes. Never throws. */
export function refusalsOf(object: KindObject, around: Around): readonly Problem[] {
  const { kind, name, value, origin, apiVersion } = object;
  const check = startCheck(origin, { kind, name });
  if (apiVersion !== 'cilium.io/v2') {
    const facts = { kind, apiVersion, name, use: 'cilium.io/v2', useKind: kind };
    return [{ code: 'not-served', severity: 'error', facts, origin: at(origin, 'apiVersion') }];
  }
  const spec = get(value, 'spec');
  const specs = get(value, 'specs');
  if (spec === undefined && specs === undefined) {
    refuse(check, under(undefined, 'spec'), 'Required value', 'spec or specs must be provided');
    return check.problems;
  }
  const isClusterwide = kind === 'CiliumClusterwideNetworkPolicy';
  if (spec !== undefined) checkRule({ check, around, isClusterwide, prefix: `Invalid ${kind} spec` }, spec, under(undefined, 'spec'));
  if (specs !== undefined) {
    if (!Array.isArray(specs)) wrongType(check, under(undefined, 'specs'), 'array');
    const context = { check, around, isClusterwide, prefix: `Invalid ${kind} specs` };
    for (const [i, rule] of listOf(specs).entries()) checkRule(context, rule, under(under(undefined, 'specs'), i));
  }
  return check.problems;
}

interface Context {
  readonly check: Check;
  readonly around: Around;
  readonly isClusterwide: boolean;
  readonly prefix: string;
}

function no({ check, prefix }: Context, spot: Spot, detail: string): void {
  refuse(check, spot, 'Invalid value', `${prefix}: ${detail}`);
}

function wrongType(check: Check, spot: Spot, type: string): void {
  refuse(check, spot, 'Invalid value', `must be of type ${type}`);
}

function checkRule(context: Context, rule: unknown, spot: Spot): void {
  const { check } = context;
  if (!isObject(rule)) {
    wrongType(check, spot, 'object');
    return;
  }
  const endpoints = get(rule, 'endpointSelector');
  const nodes = get(rule, 'nodeSelector');
  if (endpoints === undefined && nodes === undefined) no(context, spot, 'rule must have one of EndpointSelector or NodeSelector');
  if (endpoints !== undefined && nodes !== undefined) no(context, spot, 'rule cannot have both EndpointSelector and NodeSelector');
  if (nodes !== undefined && !context.isClusterwide) no(context, under(spot, 'nodeSelector'), 'rule cannot have NodeSelector');
  for (const key of ['endpointSelector', 'nodeSelector'] as const) checkLabels(check, get(rule, key), under(spot, key));
  let entries = 0;
  for (const section of SECTIONS) {
    const list = get(rule, section);
    const place = under(spot, section);
    if (list === undefined) continue;
    if (!Array.isArray(list)) {
      wrongType(check, place, 'array');
      continue;
    }
    entries += list.length;
    for (const [i, entry] of list.entries()) checkEntry(context, entry, section, nodes !== undefined, under(place, i));
  }
  if (entries === 0 && !SECTIONS.some((section) => isBroken(get(rule, section))))
    no(context, spot, 'rule must have at least one of Ingress, IngressDeny, Egress, EgressDeny');
  const defaults = get(rule, 'enableDefaultDeny');
  for (const direction of ['ingress', 'egress'] as const) {
    const wanted = get(defaults, direction);
    if (wanted !== undefined && typeof wanted !== 'boolean')
      wrongType(check, under(under(spot, 'enableDefaultDeny'), direction), 'boolean');
  }
}

function isBroken(list: unknown): boolean {
  return list !== undefined && !Array.isArray(list);
}

/** Keys have a source in front, which Kubernetes' own check knows nothing of. */
function checkLabels(check: Check, selector: unknown, spot: Spot): void {
  if (selector === undefined) return;
  if (!isObject(selector)) {
    wrongType(check, spot, 'object');
    return;
  }
  const plain = (key: string) => key.slice(key.indexOf(':') + 1);
  const labels = get(selector, 'matchLabels');
  const bare = {
    ...(isObject(labels) ? { matchLabels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [plain(key), value])) } : {}),
    matchExpressions: listOf(get(selector, 'matchExpressions')).map((one) =>
      isObject(one) && typeof one.key === 'string' ? { ...one, key: plain(one.key) } : one,
    ),
  };
  checkSelector(check, bare, spot);
  if (isObject(labels)) {
    for (const [key, value] of Object.entries(labels)) {
      if (typeof value !== 'string' && value !== null) wrongType(check, under(under(spot, 'matchLabels'), key), 'string');
    }
  }
}

function checkEntry(context: Context, entry: unknown, section: Section, isHost: boolean, spot: Spot): void {
  const { check, around } = context;
  if (entry === null) return;
  if (!isObject(entry)) {
    wrongType(check, spot, 'object');
    return;
  }
  const direction = section.startsWith('ingress') ? 'ingress' : 'egress';
  const isDeny = section.endsWith('Deny');
  const used: string[] = [];
  for (const field of PEER_FIELDS[direction]) {
    const list = get(entry, field);
    if (list === undefined) continue;
    if (!Array.isArray(list)) wrongType(check, under(spot, field), 'array');
    else if (list.length > 0) used.push(field);
  }
  const [first, second] = used.map((field) => field.charAt(0).toUpperCase() + field.slice(1));
  if (first !== undefined && second !== undefined) no(context, spot, `combining ${first} and ${second} is not supported yet`);
  for (const field of PEER_FIELDS[direction]) {
    for (const [i, peer] of listOf(get(entry, field)).entries()) checkPeer(context, field, peer, under(under(spot, field), i));
  }
  const nodesField = direction === 'ingress' ? 'fromNodes' : 'toNodes';
  if (listOf(get(entry, nodesField)).length > 0 && !around.settings.nodeSelectorLabels)
    no(context, under(spot, nodesField), 'FromNodes/ToNodes rules can only be applied when the "enable-node-selector-labels" flag is set');
  if (listOf(get(entry, 'fromRequires')).length + listOf(get(entry, 'toRequires')).length > 0)
    no(context, spot, `${direction === 'ingress' ? 'fromRequires' : 'toRequires'} must have at most 0 items`);
  const toPorts = get(entry, 'toPorts');
  const icmps = get(entry, 'icmps');
  if (toPorts !== undefined && !Array.isArray(toPorts)) wrongType(check, under(spot, 'toPorts'), 'array');
  if (icmps !== undefined && !Array.isArray(icmps)) wrongType(check, under(spot, 'icmps'), 'array');
  if (listOf(toPorts).length > 0 && listOf(icmps).length > 0)
    no(context, spot, 'the ICMPs block may only be present without ToPorts. Define a separate rule to use ToPorts');
  listOf(toPorts).forEach((one, i) => {
    const place = under(under(spot, 'toPorts'), i);
    if (one !== null && !isObject(one)) wrongType(check, place, 'object');
    else checkPortRule(context, one, { direction, isDeny, isHost }, place);
  });
  listOf(icmps).forEach((one, i) => {
    const place = under(under(spot, 'icmps'), i);
    if (listOf(get(one, 'fields')).length > MOST_PORTS) no(context, place, 'too many types, the max is 40');
    listOf(get(one, 'fields')).forEach((field, j) => {
      const type = get(field, 'type');
      if (icmpType(type, get(field, 'family') === 'IPv6' ? 6 : 4) === undefined)
        no(context, under(under(place, 'fields'), j), `unable to parse ICMP type: ${String(type)}`);
    });
  });
}

function checkPeer(context: Context, field: string, peer: unknown, spot: Spot): void {
  const { check, around } = context;
  if (field.endsWith('Endpoints') || field.endsWith('Nodes')) {
    if (peer !== null) checkLabels(check, peer, spot);
  } else if (field.endsWith('CIDR')) {
    if (cidrOf(peer) === undefined) no(context, spot, `unable to parse CIDR: invalid CIDR address: ${String(peer)}`);
  } else if (field.endsWith('CIDRSet')) checkCidrSet(context, peer, spot);
  else if (field.endsWith('Entities')) {
    const known = typeof peer === 'string' ? entityMeant(peer, check.root, around) : undefined;
    if (known === undefined) no(context, spot, `unsupported entity: ${String(peer)}`);
  } else if (field === 'toFQDNs') {
    const [name, pattern] = [textOf(get(peer, 'matchName')), textOf(get(peer, 'matchPattern'))];
    if (name && pattern) no(context, spot, 'only one of MatchName or MatchPattern is allowed in an FQDNSelector');
    else if (!name && !pattern) no(context, spot, 'one of MatchName or MatchPattern is required in an FQDNSelector');
  }
}

function checkCidrSet(context: Context, peer: unknown, spot: Spot): void {
  const written = ['cidr', 'cidrGroupRef', 'cidrGroupSelector'].filter((key) => {
    const value = get(peer, key);
    return value !== undefined && value !== '';
  });
  if (written.length === 0) no(context, spot, 'one of cidr, cidrGroupRef, or cidrGroupSelector is required');
  if (written.length > 1) no(context, spot, 'more than one of cidr, cidrGroupRef, or cidrGroupSelector may not be set');
  if (!written.includes('cidr')) return;
  const text = get(peer, 'cidr');
  const cidr = cidrOf(text);
  if (cidr === undefined) {
    no(context, under(spot, 'cidr'), `unable to parse CIDR: invalid CIDR address: ${String(text)}`);
    return;
  }
  listOf(get(peer, 'except')).forEach((one, i) => {
    const except = cidrOf(one);
    const place = under(under(spot, 'except'), i);
    if (except === undefined) no(context, place, `unable to parse CIDR: invalid CIDR address: ${String(one)}`);
    else if (!cidrContains(cidr, except))
      no(context, place, `allow CIDR prefix ${String(text)} does not contain exclude CIDR prefix ${String(one)}`);
  });
}

interface PortContext {
  readonly direction: 'ingress' | 'egress';
  readonly isDeny: boolean;
  readonly isHost: boolean;
}

function checkPortRule(context: Context, one: unknown, { direction, isHost }: PortContext, spot: Spot): void {
  const { check } = context;
  const ports = get(one, 'ports');
  if (ports !== undefined && !Array.isArray(ports)) wrongType(check, under(spot, 'ports'), 'array');
  const list = listOf(ports);
  if (list.length > MOST_PORTS) no(context, spot, 'too many ports, the max is 40');
  const rules = get(one, 'rules');
  const http = listOf(get(rules, 'http'));
  const dns = listOf(get(rules, 'dns'));
  const hasL7 = http.length + dns.length > 0;
  list.forEach((port, i) => {
    const place = under(under(spot, 'ports'), i);
    if (!isObject(port)) {
      wrongType(check, place, 'object');
      return;
    }
    checkPort(context, port, place);
    const text = textOf(get(port, 'port'));
    if (hasL7 && text !== undefined && portNumber(text) === 0) no(context, place, 'L7 rules can not be used when a port is 0');
    if (http.length > 0 && String(get(port, 'protocol') ?? 'ANY').toUpperCase() !== 'TCP' && get(port, 'protocol') !== undefined)
      if (String(get(port, 'protocol')).toUpperCase() !== 'ANY')
        no(context, place, `L7 rules can only apply to TCP (not ${String(get(port, 'protocol')).toUpperCase()}) except for DNS rules`);
    if (dns.length > 0 && typeof get(port, 'endPort') === 'number' && Number(get(port, 'endPort')) > 0)
      no(context, place, 'DNS rules do not support port ranges');
  });
  if (http.length > 0 && dns.length > 0) no(context, spot, 'multiple L7 protocol rule types specified in single rule');
  if (dns.length > 0 && direction === 'ingress') no(context, spot, 'DNS rules are not allowed on ingress');
  if (hasL7 && isHost && direction === 'ingress') no(context, spot, 'L7 policy is not supported on host ingress yet');
}

function checkPort(context: Context, port: object, spot: Spot): void {
  const { check } = context;
  const text = get(port, 'port');
  if (text === undefined || text === '') no(context, spot, 'port must be specified');
  else if (typeof text !== 'string') wrongType(check, under(spot, 'port'), 'string');
  else {
    const number = portNumber(text);
    const isPortName = number === undefined && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(text) && /[a-z]/i.test(text) && text.length <= 15;
    if (!isPortName && (number === undefined || number > 65535))
      no(
        context,
        under(spot, 'port'),
        `unable to parse port: strconv.ParseUint: parsing "${text}": ${number === undefined ? 'invalid syntax' : 'value out of range'}`,
      );
  }
  const protocol = get(port, 'protocol');
  if (protocol !== undefined && typeof protocol !== 'string') wrongType(check, under(spot, 'protocol'), 'string');
  else if (typeof protocol === 'string' && !PROTOCOL_NAMES.has(protocol.toUpperCase()))
    no(
      context,
      under(spot, 'protocol'),
      `invalid protocol "${protocol}", must be { tcp | udp | sctp | vrrp | igmp | gre | ipip | ipv6 | esp | ah | any }`,
    );
  const end = get(port, 'endPort');
  if (end !== undefined && !(typeof end === 'number' && Number.isInteger(end) && end >= 0 && end <= 65535))
    refuse(check, under(spot, 'endPort'), 'Invalid value', 'must be between 0 and 65535, inclusive');
}
