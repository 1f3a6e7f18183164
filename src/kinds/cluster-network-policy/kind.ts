// ClusterNetworkPolicy of policy.networking.k8s.io/v1alpha2: one kind for both tiers.
import { at, type Origin } from '../../model/origin.ts';
import type { PortRule } from '../../model/policy.ts';
import { PROTOCOLS, type Protocol } from '../../net/port-set.ts';
import { dig, get, integerOf, isObject, textOf } from '../../objects/read.ts';
import type { PolicyKind } from '../kind.ts';
import { checkObject, GROUP } from '../policy-api/check.ts';
import { lowerPolicy, orderOf } from '../policy-api/lower.ts';
import { CLUSTER_NETWORK_POLICY_SPEC } from './schema.ts';

export const clusterNetworkPolicy: PolicyKind = {
  kind: 'ClusterNetworkPolicy',
  group: GROUP,
  scope: 'cluster',
  lower(object, surroundings) {
    const { problems, faults } = checkObject(object, 'v1alpha2', CLUSTER_NETWORK_POLICY_SPEC);
    const tier = dig(object.value, 'spec', 'tier') === 'Baseline' ? 'baseline' : 'admin';
    const standing = { tier, order: orderOf(object.value, -Infinity), needs: 'cnp' } as const;
    return { policies: [lowerPolicy(object, surroundings, standing, { portsKey: 'protocols', portsOf }, faults)], problems };
  },
};

/** `{ tcp: { destinationPort: { number: 8080 } } }`, `{ destinationNamedPort: http }`. */
function portsOf(entry: unknown, origin: Origin): readonly PortRule[] {
  const name = textOf(get(entry, 'destinationNamedPort'));
  // Whatever protocol the pod declares the name with.
  if (name !== undefined)
    return PROTOCOLS.map((protocol) => ({ kind: 'named', protocol, name, origin: at(origin, 'destinationNamedPort') }));
  return PROTOCOLS.flatMap((protocol) => protocolOf(get(entry, protocol.toLowerCase()), protocol, at(origin, protocol.toLowerCase())));
}

function protocolOf(written: unknown, protocol: Protocol, origin: Origin): readonly PortRule[] {
  if (!isObject(written)) return [];
  const port = get(written, 'destinationPort');
  const from = integerOf(get(port, 'number')) ?? integerOf(dig(port, 'range', 'start'));
  if (from === undefined) return [{ kind: 'protocol', protocol, origin }];
  return [{ kind: 'range', protocol, from, to: integerOf(dig(port, 'range', 'end')) ?? from, origin }];
}
