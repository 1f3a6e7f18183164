// Is this a policy that Calico takes? Words are those of its validator where it has some of its own (libcalico-go lib/validator/v3, the CEL
// rules of api/policy_common.go). What it refuses, the storage CRDs may let in: then part of the policy, or all of it, is dropped silently
// (reference, part 2), so nothing that such an object says can be relied on.
// QUOTED THROUGHOUT: Calico's validator; where it has no words of its own, the API server's form of them.
import type { Problem } from '../../model/problem.ts';
import { get, isObject, listOf, textOf } from '../../objects/read.ts';
import { goQuote } from '../../objects/validate-go-text.ts';
import { checkMetadata } from '../../objects/validate-metadata.ts';
import { type Check, refuse, type Spot, startCheck, under } from '../../objects/validate-problem.ts';
import type { KindObject } from '../kind.ts';
import { type Expression, parseExpression } from './expression.ts';
import { cidrOf } from './objects.ts';
import { portOf, protocolOf } from './ports.ts';

const LONGEST_SELECTOR = 1024;
const ACTIONS: ReadonlySet<unknown> = new Set(['Allow', 'Deny', 'Log', 'Pass']);
/** What has ports in Calico's rules. */
const WITH_PORTS: ReadonlySet<string | undefined> = new Set(['TCP', 'UDP', 'SCTP']);

export function problemsOf({ kind, name, namespace, value, origin }: KindObject): readonly Problem[] {
  const check = startCheck(origin, { kind, name: namespace === undefined ? name : `${namespace}/${name}` });
  checkMetadata(check, value);
  const spec = get(value, 'spec');
  const place = under(undefined, 'spec');
  if (spec !== undefined && !isObject(spec)) {
    refuse(check, place, 'Invalid value', 'must be an object', { value: JSON.stringify(spec).slice(0, 200) });
    return check.problems;
  }
  checkSelector(check, spec, under(place, 'selector'), 'no');
  checkSelector(check, spec, under(place, 'serviceAccountSelector'), 'no');
  if (namespace === undefined) checkSelector(check, spec, under(place, 'namespaceSelector'), 'no');
  checkOrder(check, get(spec, 'order'), under(place, 'order'));
  checkTypes(check, get(spec, 'types'), under(place, 'types'));
  for (const direction of ['ingress', 'egress'] as const) {
    const rules = get(spec, direction);
    const spot = under(place, direction);
    if (rules !== undefined && !Array.isArray(rules)) refuse(check, spot, 'Invalid value', 'must be a list', { value: typeof rules });
    for (const [i, rule] of listOf(rules).entries()) checkRule(check, rule, direction, namespace, under(spot, i));
  }
  return check.problems;
}

function checkOrder(check: Check, order: unknown, spot: Spot): void {
  if (order !== undefined && typeof order !== 'number')
    refuse(check, spot, 'Invalid value', 'must be a number', { value: JSON.stringify(order).slice(0, 200) });
}

function checkTypes(check: Check, types: unknown, spot: Spot): void {
  const seen = new Set<string>();
  for (const [i, type] of listOf(types).entries()) {
    // In lower case it works, once it is stored (reference, part 2).
    const known = String(type).toLowerCase();
    if (known !== 'ingress' && known !== 'egress')
      refuse(check, under(spot, i), 'Unsupported value', 'supported values: "Ingress", "Egress"', {
        value: JSON.stringify(type).slice(0, 200),
      });
    else if (seen.has(known)) refuse(check, under(spot, i), 'Duplicate value', '', { value: goQuote(String(type)) });
    seen.add(known);
  }
}

/** `global`: whether `global()` may stand there. */
function checkSelector(check: Check, holder: unknown, spot: Spot, global: 'no' | 'alone'): void {
  const written = get(holder, String(spot.step));
  if (written === undefined) return;
  const text = textOf(written);
  if (text === undefined) {
    refuse(check, spot, 'Invalid value', 'must be a string', { value: typeof written });
    return;
  }
  if (text.length > LONGEST_SELECTOR) {
    refuse(check, spot, 'Too long', `may not be more than ${LONGEST_SELECTOR} bytes`);
    return;
  }
  const parsed = parseExpression(text);
  if ('error' in parsed)
    refuse(check, spot, 'Invalid value', `invalid selector: ${parsed.error} (at character ${parsed.at + 1})`, { value: goQuote(text) });
  else if (holdsGlobal(parsed) && (global === 'no' || parsed.is !== 'global'))
    refuse(
      check,
      spot,
      'Invalid value',
      global === 'no' ? 'global() can only be used in an EntityRule namespaceSelector' : 'global() cannot be combined with other selectors',
      { value: goQuote(text) },
    );
}

function holdsGlobal(expression: Expression): boolean {
  if (expression.is === 'global') return true;
  if (expression.is === 'not') return holdsGlobal(expression.of);
  return (expression.is === 'and' || expression.is === 'or') && expression.of.some(holdsGlobal);
}

function checkRule(check: Check, rule: unknown, direction: 'ingress' | 'egress', namespace: string | undefined, spot: Spot): void {
  if (!isObject(rule)) {
    refuse(check, spot, 'Invalid value', 'must be an object');
    return;
  }
  const action = get(rule, 'action');
  if (!ACTIONS.has(action))
    refuse(
      check,
      under(spot, 'action'),
      action === undefined ? 'Required value' : 'Unsupported value',
      'supported values: "Allow", "Deny", "Log", "Pass"',
      {
        ...(action !== undefined && { value: JSON.stringify(action).slice(0, 200) }),
      },
    );
  const protocol = protocolOf(get(rule, 'protocol'));
  checkIcmp(check, rule, protocol, spot);
  if (get(rule, 'http') !== undefined) {
    if (action !== 'Allow' || protocol !== 'TCP' || direction === 'egress')
      refuse(check, under(spot, 'http'), 'Forbidden', 'only valid for Allow rules of protocol TCP, on ingress');
  }
  for (const side of ['source', 'destination'] as const)
    checkEntity(check, get(rule, side), { protocol, side, direction, namespace }, under(spot, side));
  const families = new Set(
    ['source', 'destination'].flatMap((side) =>
      ['nets', 'notNets'].flatMap((key) => listOf(get(get(rule, side), key)).flatMap((text) => cidrOf(text)?.first.family ?? [])),
    ),
  );
  const version = get(rule, 'ipVersion');
  if (version !== undefined && version !== 4 && version !== 6)
    refuse(check, under(spot, 'ipVersion'), 'Unsupported value', 'supported values: "4", "6"', {
      value: JSON.stringify(version).slice(0, 200),
    });
  if (families.size > 1) refuse(check, spot, 'Invalid value', 'rule contains both IPv4 and IPv6 CIDRs');
  else if ((version === 4 || version === 6) && families.size === 1 && !families.has(version))
    refuse(check, spot, 'Invalid value', 'rule IP version does not match its CIDR version(s)');
}

function checkIcmp(check: Check, rule: unknown, protocol: string | undefined, spot: Spot): void {
  const version = get(rule, 'ipVersion');
  for (const key of ['icmp', 'notICMP'] as const) {
    const icmp = get(rule, key);
    if (!isObject(icmp)) continue;
    if (protocol !== 'ICMP' && protocol !== 'ICMPv6') refuse(check, under(spot, key), 'Forbidden', 'protocol must be ICMP or ICMPv6');
    if (get(icmp, 'code') !== undefined && get(icmp, 'type') === undefined)
      refuse(check, under(under(spot, key), 'code'), 'Invalid value', 'ICMP code specified without an ICMP type');
  }
  if ((protocol === 'ICMP' && version === 6) || (protocol === 'ICMPv6' && version === 4))
    refuse(check, under(spot, 'ipVersion'), 'Invalid value', `protocol ${protocol} does not go with IP version ${version}`);
}

interface EntityPlace {
  readonly protocol: string | undefined;
  readonly side: 'source' | 'destination';
  readonly direction: 'ingress' | 'egress';
  readonly namespace: string | undefined;
}

function checkEntity(check: Check, entity: unknown, place: EntityPlace, spot: Spot): void {
  if (entity === undefined) return;
  if (!isObject(entity)) {
    refuse(check, spot, 'Invalid value', 'must be an object');
    return;
  }
  checkSelector(check, entity, under(spot, 'selector'), 'no');
  checkSelector(check, entity, under(spot, 'notSelector'), 'no');
  checkSelector(check, entity, under(spot, 'namespaceSelector'), 'alone');
  checkSelector(check, get(entity, 'serviceAccounts'), under(under(spot, 'serviceAccounts'), 'selector'), 'no');
  for (const key of ['nets', 'notNets']) {
    for (const [i, text] of listOf(get(entity, key)).entries()) {
      const cidr = cidrOf(text);
      const at = under(under(spot, key), i);
      if (cidr === undefined) refuse(check, at, 'Invalid value', 'invalid CIDR', { value: JSON.stringify(text).slice(0, 200) });
      else if (key === 'notNets' && cidr.prefixBits === 0)
        refuse(check, at, 'Invalid value', 'catch-all CIDR in notNets would match nothing', { value: goQuote(String(text)) });
    }
  }
  for (const key of ['ports', 'notPorts']) {
    for (const [i, port] of listOf(get(entity, key)).entries()) {
      const at = under(under(spot, key), i);
      const value = JSON.stringify(port)?.slice(0, 200) ?? '';
      const found = portOf(port);
      if (found === undefined) refuse(check, at, 'Invalid value', 'neither a port, a range `first:last`, nor a port name', { value });
      else if (
        typeof found === 'string' ? place.protocol !== undefined && !WITH_PORTS.has(place.protocol) : !WITH_PORTS.has(place.protocol)
      )
        refuse(check, at, 'Invalid value', 'protocol does not support ports: it must be TCP, UDP or SCTP', { value });
    }
  }
  checkServices(check, entity, place, spot);
}

const NOT_BESIDE_SERVICES = ['selector', 'notSelector', 'namespaceSelector', 'nets', 'notNets', 'serviceAccounts', 'ports', 'notPorts'];

function checkServices(check: Check, entity: unknown, { side, direction, namespace }: EntityPlace, spot: Spot): void {
  const services = get(entity, 'services');
  if (services === undefined) return;
  const at = under(spot, 'services');
  const beside = NOT_BESIDE_SERVICES.filter((key) => get(entity, key) !== undefined);
  if (beside.length > 0) refuse(check, at, 'Forbidden', `services cannot be combined with ${beside.join(', ')}`);
  if ((direction === 'egress') !== (side === 'destination'))
    refuse(check, at, 'Forbidden', 'services can only be specified on egress destinations and ingress sources');
  if (textOf(get(services, 'name')) === undefined) refuse(check, under(at, 'name'), 'Required value', '');
  if (namespace === undefined && textOf(get(services, 'namespace')) === undefined)
    refuse(check, under(at, 'namespace'), 'Required value', '');
}
