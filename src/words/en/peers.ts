// The peers of rules of every kind, in one line each.
import type { Peer } from '../../model/policy.ts';
import { printSelector } from '../../model/selector.ts';
import { printCidr } from '../../net/cidr.ts';

/** `pods app=cart of namespaces team=red`, `10.0.0.0/8 except 10.1.0.0/16`, `nodes zone=a`, `not (…)`. */
export function peerWords(peer: Peer): string {
  switch (peer.kind) {
    case 'nothing':
      return 'nothing';
    case 'unread':
      return 'addresses that netverdict does not read';
    case 'block':
      return `${printCidr(peer.cidr)}${peer.except.length === 0 ? '' : ` except ${peer.except.map(printCidr).join(', ')}`}`;
    case 'nodes':
      return peer.selector.requirements.length === 0 ? 'every node' : `nodes ${printSelector(peer.selector)}`;
    case 'dns-names':
      return peer.names.join(', ');
    case 'unclear':
      return 'a peer that is not known';
    case 'all-of':
      return peer.of.map(peerWords).join(' and ');
    case 'not':
      return `not (${peerWords(peer.of)})`;
    case 'pods': {
      const pods = peer.pods === undefined || peer.pods.requirements.length === 0 ? 'every pod' : `pods ${printSelector(peer.pods)}`;
      const { namespace } = peer;
      if (namespace.by === 'name') return `${pods} of namespace ${namespace.name}`;
      if (namespace.by === 'any' || namespace.selector.requirements.length === 0) return `${pods} of every namespace`;
      return `${pods} of namespaces ${printSelector(namespace.selector)}`;
    }
  }
}
