// The peers of rules as far as more than one reader needs them opened: what they are made of, which addresses they cut, how they are said.
// Whether a peer means an end is asked of policy/peer-matches.ts and reach/peer-sets.ts, and of nobody else.
import type { Peer, PortRule, Rule } from '../model/policy.ts';
import { printSelector } from '../model/selector.ts';
import { printCidr } from '../net/cidr.ts';
import type { IpSet } from '../net/ip-set.ts';

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

/** `pods app=cart of namespaces team=red`, `10.0.0.0/8 except 10.1.0.0/16`, `nodes zone=a`, `not (…)`. */
export function printPeer(peer: Peer): string {
  switch (peer.kind) {
    case 'nothing':
      return 'nobody';
    case 'unread':
      return 'addresses that are not read here';
    case 'block':
      return `${printCidr(peer.cidr)}${peer.except.length === 0 ? '' : ` except ${peer.except.map(printCidr).join(', ')}`}`;
    case 'nodes':
      return peer.selector.requirements.length === 0 ? 'every node' : `nodes ${printSelector(peer.selector)}`;
    case 'dns-names':
      return peer.names.join(', ');
    case 'unclear':
      return 'what is not known';
    case 'all-of':
      return peer.of.map(printPeer).join(' and ');
    case 'not':
      return `not (${printPeer(peer.of)})`;
    case 'pods': {
      const pods = peer.pods === undefined || peer.pods.requirements.length === 0 ? 'every pod' : `pods ${printSelector(peer.pods)}`;
      const { namespace } = peer;
      if (namespace.by === 'name') return `${pods} of namespace ${namespace.name}`;
      if (namespace.by === 'any' || namespace.selector.requirements.length === 0) return `${pods} of every namespace`;
      return `${pods} of namespaces ${printSelector(namespace.selector)}`;
    }
  }
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
