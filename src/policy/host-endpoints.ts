// Nodes under Calico's policies: what a HostEndpoint covers is policed, and shut unless a policy or a profile opens it. Those policies are not
// evaluated; what the reference decides without them (part 9) is.
import type { Cluster, HostEndpoint } from '../model/cluster.ts';
import type { Direction } from '../model/policy.ts';
import { ipKey } from '../net/ip.ts';
import type { Semantics } from '../profile/profile.ts';
import { addressesOf, type End } from './end.ts';
import { endName } from './peer-matches.ts';
import type { Doubt } from './verdict.ts';

/**
 * `[{ code: 'host-endpoint', end: 'node/node-1', endpoint }]` where a HostEndpoint may deny this at the end `subject`; [] for a pod, under other
 * plugins, and nearly always. `peer` undefined: somebody on another machine.
 */
export function hostEndpointDoubts(
  { hostEndpoints = [] }: Cluster,
  { ownPolicies }: Semantics,
  direction: Direction,
  subject: End,
  peer: End | undefined,
): readonly Doubt[] {
  if (hostEndpoints.length === 0 || subject.kind === 'pod' || (ownPolicies !== 'calico' && ownPolicies !== 'open')) return [];
  const local = isLocal(subject, peer);
  // A node always reaches its own pods.
  if (local && direction === 'egress' && peer?.kind === 'pod') return [];
  return covering(hostEndpoints, subject)
    .filter(({ everyInterface }) => !local || everyInterface)
    .map((endpoint): Doubt => ({ code: 'host-endpoint', end: endName(subject), endpoint }));
}

/** By name or address. Of a pod that no node is known for, the first: it may land there. */
function covering(endpoints: readonly HostEndpoint[], subject: Exclude<End, { kind: 'pod' }>): readonly HostEndpoint[] {
  const addresses = addressesOf(subject);
  const name = subject.kind === 'node' ? subject.name : undefined;
  if (subject.kind === 'node' && name === undefined && addresses.length === 0) return endpoints.slice(0, 1);
  const index = indexOf(endpoints);
  const keys = [...(name === undefined ? [] : [nodeKey(name)]), ...addresses.map(ipKey)];
  return [...new Set(keys.flatMap((key) => index.get(key) ?? []))];
}

const indexes = new WeakMap<readonly HostEndpoint[], ReadonlyMap<string, readonly HostEndpoint[]>>();

/** By node and by address. */
function indexOf(endpoints: readonly HostEndpoint[]): ReadonlyMap<string, readonly HostEndpoint[]> {
  const known = indexes.get(endpoints);
  if (known !== undefined) return known;
  const made = new Map<string, HostEndpoint[]>();
  for (const endpoint of endpoints) {
    const { node, addresses } = endpoint;
    for (const key of [...(node === undefined ? [] : [nodeKey(node)]), ...addresses.map(ipKey)]) {
      const list = made.get(key);
      if (list === undefined) made.set(key, [endpoint]);
      else list.push(endpoint);
    }
  }
  indexes.set(endpoints, made);
  return made;
}

function nodeKey(name: string): string {
  return `node ${name}`;
}

/** Such traffic uses none of the interfaces that lead to other machines. */
function isLocal(subject: Exclude<End, { kind: 'pod' }>, peer: End | undefined): boolean {
  if (peer === undefined || subject.kind !== 'node' || subject.name === undefined || subject.forwards === true) return false;
  if (peer.kind === 'node') return peer.name === subject.name && peer.forwards !== true;
  return peer.kind === 'pod' && peer.pod.node === subject.name;
}
