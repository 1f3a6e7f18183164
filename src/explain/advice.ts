// What opens a connection with a node where no edit of a NetworkPolicy surely does: a node has no labels, and whether an ipBlock matches it
// is up to the CNI. Codes and facts; the words are in words/en/advice.ts.
import type { Facts } from '../model/problem.ts';
import { printIp } from '../net/ip.ts';
import type { Connection, End } from '../policy/end.ts';
import type { Verdict } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';

export interface Advice {
  /** `node-entity`: ipBlocks never match nodes here. `node-block-perhaps`: the profile leaves it open. */
  readonly code: 'node-entity' | 'node-block-perhaps';
  readonly facts: Facts;
}

interface Seen {
  readonly connection: Connection;
  readonly verdict: Verdict;
}

/** `isApiServer`: the destination is the API server, which Cilium knows by a name of its own. [] where edits of policies are enough. */
export function adviceFor(semantics: Semantics, seen: readonly Seen[], isApiServer: boolean): readonly Advice[] {
  const withPorts = seen.filter(({ connection }) => connection.protocol !== 'ICMP');
  const found = withPorts.flatMap(({ connection, verdict }): Advice[] =>
    (['egress', 'ingress'] as const).flatMap((direction): Advice[] => {
      const peer = direction === 'egress' ? connection.destination : connection.source;
      const isStopped = verdict[direction].outcome === 'denied' || verdict[direction].outcome === 'undecided';
      if (!isStopped || peer.kind !== 'node' || semantics.ipBlockMatchesNode === 'yes') return [];
      const facts = { direction, port: connection.port, protocol: connection.protocol };
      if (semantics.ipBlockMatchesNode === 'no')
        return [
          {
            code: 'node-entity',
            facts: { ...facts, entities: isApiServer && direction === 'egress' ? ['kube-apiserver'] : ['host', 'remote-node'] },
          },
        ];
      return [{ code: 'node-block-perhaps', facts: { ...facts, addresses: addressesOf(peer), cni: semantics.name } }];
    }),
  );
  // A pod may run on any of several nodes: a rule is enough that has all of them.
  const merged = new Map<string, Advice>();
  for (const { code, facts } of found) {
    const { addresses, ...rest } = facts;
    const key = JSON.stringify([code, rest]);
    const known = merged.get(key)?.facts.addresses;
    const all = [known ?? [], addresses ?? []].flat();
    merged.set(key, { code, facts: addresses === undefined ? facts : { ...facts, addresses: [...new Set(all.map(String))] } });
  }
  return [...merged.values()];
}

function addressesOf(peer: Extract<End, { kind: 'node' }>): readonly string[] {
  return peer.addresses.map((ip) => `${printIp(ip)}/${ip.family === 4 ? 32 : 128}`);
}
