// The ports of v1alpha1: `{ portNumber: { protocol: UDP, port: 53 } }`, `{ portRange: { start: 8000, end: 8010 } }`, `{ namedPort: http }`.
import { at, type Origin } from '../../model/origin.ts';
import type { PortRule } from '../../model/policy.ts';
import { PROTOCOLS, type Protocol } from '../../net/port-set.ts';
import { get, integerOf, isObject, textOf } from '../../objects/read.ts';
import type { KindOfRules } from '../policy-api/lower.ts';

export const V1ALPHA1_RULES: KindOfRules = { portsKey: 'ports', portsOf };

function portsOf(entry: unknown, origin: Origin): readonly PortRule[] {
  const name = textOf(get(entry, 'namedPort'));
  if (name !== undefined) return PROTOCOLS.map((protocol) => ({ kind: 'named', protocol, name, origin: at(origin, 'namedPort') }));
  const one = get(entry, 'portNumber');
  const range = get(entry, 'portRange');
  const written = isObject(one) ? one : range;
  const protocol = get(written, 'protocol') ?? 'TCP';
  const from = integerOf(get(written, isObject(one) ? 'port' : 'start'));
  if (!(PROTOCOLS as readonly unknown[]).includes(protocol) || from === undefined) return [];
  return [{ kind: 'range', protocol: protocol as Protocol, from, to: integerOf(get(range, 'end')) ?? from, origin }];
}
