// AdminNetworkPolicy and BaselineAdminNetworkPolicy → ClusterNetworkPolicy, as edits that leave the rest of the text alone.
import { portEntry } from '../../../kinds/policy-api/written.ts';
import type { Edit } from '../../../model/edit.ts';
import { at, type Origin } from '../../../model/origin.ts';
import { DIRECTIONS, type Policy } from '../../../model/policy.ts';
import { PROTOCOLS } from '../../../net/port-set.ts';
import { dig, get, integerOf, isObject, listOf, textOf } from '../../../objects/read.ts';

/** Rules of a direction, peers and ports of a rule: v1alpha1 takes 100, v1alpha2 takes 25. */
const MOST = 25;

/** undefined where it takes a person: more than v1alpha2 can hold, or ports that match nothing, which v1alpha2 refuses. */
export function conversionOf({ kind, value, origin, faults }: Policy): readonly Edit[] | undefined {
  const spec = at(origin, 'spec');
  if (faults.length > 0 || textOf(dig(value, 'apiVersion')) === undefined || !isObject(dig(value, 'spec'))) return undefined;
  const isBaseline = kind === 'BaselineAdminNetworkPolicy';
  const edits: Edit[] = [
    { kind: 'set-value', at: at(origin, 'apiVersion'), value: 'policy.networking.k8s.io/v1alpha2' },
    { kind: 'set-value', at: at(origin, 'kind'), value: 'ClusterNetworkPolicy' },
    { kind: 'add-entry', at: spec, key: 'tier', value: isBaseline ? 'Baseline' : 'Admin' },
    // The only one of its tier, so any number does.
    ...(isBaseline ? [{ kind: 'add-entry', at: spec, key: 'priority', value: 0 } as const] : []),
  ];
  for (const direction of DIRECTIONS) {
    const rules = listOf(dig(value, 'spec', direction));
    if (rules.length > MOST) return undefined;
    for (const [i, rule] of rules.entries()) {
      const own = ofRule(rule, at(spec, direction, i));
      if (own === undefined || listOf(get(rule, direction === 'ingress' ? 'from' : 'to')).length > MOST) return undefined;
      edits.push(...own);
    }
  }
  return edits;
}

function ofRule(rule: unknown, origin: Origin): readonly Edit[] | undefined {
  const edits: Edit[] = get(rule, 'action') === 'Allow' ? [{ kind: 'set-value', at: at(origin, 'action'), value: 'Accept' }] : [];
  if (!isObject(rule) || !Object.hasOwn(rule, 'ports')) return edits;
  const ports = listOf(rule.ports);
  if (ports.length === 0 || ports.length > MOST) return undefined;
  edits.push({ kind: 'rename-key', at: at(origin, 'ports'), key: 'protocols' });
  for (const [i, entry] of ports.entries()) {
    const own = ofPort(entry, at(origin, 'ports', i));
    if (own === undefined) return undefined;
    edits.push(own);
  }
  return edits;
}

function ofPort(entry: unknown, origin: Origin): Edit | undefined {
  if (textOf(get(entry, 'namedPort')) !== undefined)
    return { kind: 'rename-key', at: at(origin, 'namedPort'), key: 'destinationNamedPort' };
  const [one, range] = [get(entry, 'portNumber'), get(entry, 'portRange')];
  const protocol = get(isObject(one) ? one : range, 'protocol') ?? 'TCP';
  const port = integerOf(isObject(one) ? get(one, 'port') : get(range, 'start'));
  const to = isObject(one) ? port : integerOf(get(range, 'end'));
  if (port === undefined || to === undefined || to < port || !(PROTOCOLS as readonly unknown[]).includes(protocol)) return undefined;
  return { kind: 'set-value', at: origin, value: portEntry('ClusterNetworkPolicy', { protocol: String(protocol), port, to }) };
}
