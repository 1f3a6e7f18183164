// The peers of rules as far as more than one reader needs them opened: what they are made of, which addresses they cut.
// Whether a peer means an end is asked of policy/peer-matches.ts and reach/peer-sets.ts, and of nobody else.
import type { Peer, PortRule, Rule } from '../model/policy.ts';
import type { IpSet } from '../net/ip-set.ts';
import { PROTOCOLS } from '../net/port-set.ts';

/** The peers inside `all-of` and `not` in their place, so that no peer of the list has others in it. [] for `anyone`. */
export function leavesOf(peers: Rule['peers']): readonly Peer[] {
  if (peers === 'anyone') return [];
  if (peers.every(({ kind }) => kind !== 'all-of' && kind !== 'not')) return peers;
  return peers.flatMap((peer) => (peer.kind === 'all-of' ? leavesOf(peer.of) : peer.kind === 'not' ? leavesOf([peer.of]) : [peer]));
}

/** The sets of addresses that these peers tell apart from others: of blocks, and of the nodes they mean. */
export function addressSetsOf(peers: Rule['peers']): readonly IpSet[] {
  return leavesOf(peers).flatMap((peer) =>
    peer.kind === 'block' || (peer.kind === 'nodes' && peer.addresses !== undefined) ? [peer.addresses as IpSet] : [],
  );
}

/** `8080/TCP`, `8000-8010/TCP`, `http/TCP`, `any/UDP`. */
export function printPortRule(rule: PortRule): string {
  switch (rule.kind) {
    case 'protocol':
      return `any/${rule.protocol}`;
    case 'named':
      return `${rule.name}/${rule.protocol}`;
    case 'range':
      return rule.from === rule.to ? `${rule.from}/${rule.protocol}` : `${rule.from}-${rule.to}/${rule.protocol}`;
  }
}

/** The same of a list, each once; a name that means whichever protocol declares it is one: `metrics/any`, not `metrics/TCP, metrics/UDP, …`. */
export function printPortRules(rules: readonly PortRule[]): readonly string[] {
  const isOfAny = (name: string) => PROTOCOLS.every((protocol) => rules.some((rule) => isNamed(rule, name) && rule.protocol === protocol));
  return [...new Set(rules.map((rule) => (rule.kind === 'named' && isOfAny(rule.name) ? `${rule.name}/any` : printPortRule(rule))))];
}

function isNamed(rule: PortRule, name: string): boolean {
  return rule.kind === 'named' && rule.name === name;
}
