// How the kinds of policy.networking.k8s.io write a rule: the names of actions, peers and ports, which differ between the versions.
import type { Plain } from '../../model/edit.ts';
import type { Direction, Rule } from '../../model/policy.ts';

/** A port or a range of ports. `to` is absent for one port. */
export interface WrittenPorts {
  readonly protocol: string;
  readonly port: number;
  readonly to?: number;
}

export interface RuleToWrite {
  readonly action: Rule['action'];
  readonly direction: Direction;
  readonly peers: readonly Plain[];
  readonly ports: readonly WrittenPorts[];
}

/** What v1alpha2 calls Accept, v1alpha1 calls Allow. */
export function actionName(kind: string, action: Rule['action']): string {
  if (action === 'allow') return kind === 'ClusterNetworkPolicy' ? 'Accept' : 'Allow';
  return action === 'deny' ? 'Deny' : 'Pass';
}

/** Where a rule has its ports. */
export function portsKeyOf(kind: string): 'protocols' | 'ports' {
  return kind === 'ClusterNetworkPolicy' ? 'protocols' : 'ports';
}

/** `{ tcp: { destinationPort: { number: 7070 } } }`, or in v1alpha1 `{ portNumber: { protocol: 'TCP', port: 7070 } }`. */
export function portEntry(kind: string, { protocol, port, to = port }: WrittenPorts): Plain {
  const isOne = to === port;
  if (kind !== 'ClusterNetworkPolicy')
    return isOne ? { portNumber: { protocol, port } } : { portRange: { protocol, start: port, end: to } };
  return { [protocol.toLowerCase()]: { destinationPort: isOne ? { number: port } : { range: { start: port, end: to } } } };
}

/** `{ action: 'Accept', from: […], protocols: […] }`. */
export function ruleEntry(kind: string, { action, direction, peers, ports }: RuleToWrite): Plain {
  return {
    action: actionName(kind, action),
    [direction === 'ingress' ? 'from' : 'to']: peers,
    [portsKeyOf(kind)]: ports.map((each) => portEntry(kind, each)),
  };
}
