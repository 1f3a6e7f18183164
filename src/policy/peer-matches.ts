// Does a rule's peer mean this end? Reads like NetworkPolicyPeer in the API; three answers, because an ipBlock against
// a pod or node address is left to the CNI, and an address may not be known.
import type { Cluster, Pod } from '../model/cluster.ts';
import { isLive, namespaceLabels } from '../model/cluster.ts';
import type { BlockPeer, DnsNamesPeer, NamespaceMatch, NodesPeer, Peer, PodPeer, RuleRef, Subject } from '../model/policy.ts';
import { matches } from '../model/selector.ts';
import type { Family, Ip } from '../net/ip.ts';
import { holdsEveryEnd, holdsNoEnd, type IpSet, ipSetHas } from '../net/ip-set.ts';
import type { Semantics } from '../profile/profile.ts';
import { labelsSeenBy } from '../program/endpoint-labels.ts';
import { nameMatches } from './dns-names.ts';
import type { End } from './end.ts';
import type { Doubt } from './verdict.ts';

/** `no`, `yes`, or the doubt that keeps it open. */
export type Match = 'yes' | 'no' | Doubt;

/** Any of several: one yes settles it; else a doubt stays. */
export function anyMatch(found: readonly Match[]): Match {
  if (found.includes('yes')) return 'yes';
  return found.find((match) => match !== 'no') ?? 'no';
}

/** All of several: one no settles it; else a doubt stays. */
export function bothMatch(a: Match, b: Match): Match {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' ? b : a;
}

/** The contrary; a doubt stays one. */
export function notMatch(match: Match): Match {
  return match === 'yes' ? 'no' : match === 'no' ? 'yes' : match;
}

/**
 * `end.tunnels`, where there are any: the end may show one of them instead, and a rule that tells the two apart is open.
 * `family`: the address family of this connection; a pod with two addresses is asked about once for each.
 */
export function peersMatch(cluster: Cluster, semantics: Semantics, ref: RuleRef, end: End, family: Family | undefined): Match {
  const { peers } = ref.rule;
  // "If this field is empty or missing, this rule matches all sources/destinations": networking/v1 types.go, From and To.
  if (peers === 'anyone') return 'yes';
  const matchOf = (seen: End) => anyMatch(peers.map((peer) => peerMatches(cluster, semantics, ref, peer, seen, family)));
  const own = matchOf(end);
  const tunnels = end.kind === 'node' ? (end.tunnels ?? []).filter((ip) => family === undefined || ip.family === family) : [];
  if (end.kind !== 'node' || tunnels.length === 0 || (own !== 'yes' && own !== 'no')) return own;
  const tunnelled = matchOf({ ...end, addresses: tunnels });
  const isDecided = tunnelled === 'yes' || tunnelled === 'no';
  return isDecided && tunnelled !== own ? { code: 'tunnel-source', end: endName(end), rule: ref } : tunnelled;
}

function peerMatches(cluster: Cluster, semantics: Semantics, ref: RuleRef, peer: Peer, end: End, family: Family | undefined): Match {
  switch (peer.kind) {
    case 'pods':
      return selectorMatches(cluster, semantics, ref, peer, end);
    case 'block':
      return blockMatches(semantics, ref, peer, end, family);
    case 'nodes':
      return nodesMatch(ref, peer, end, family);
    case 'dns-names':
      return namesMatch(ref, peer, end);
    case 'unread':
      return end.kind === 'pod' ? 'no' : { code: 'policy-unreadable', policy: ref.policy };
    case 'all-of':
      return peer.of.map((one) => peerMatches(cluster, semantics, ref, one, end, family)).reduce(bothMatch);
    case 'not':
      return notMatch(peerMatches(cluster, semantics, ref, peer.of, end, family));
    case 'unclear':
      return { code: 'rule-unclear', because: peer.because, rule: ref };
    case 'nothing':
      return 'no';
  }
}

/** A host-network pod is its node to most plugins; one that can tell the two apart may let selectors match it (semantics A.8). */
function selectorMatches(cluster: Cluster, semantics: Semantics, ref: RuleRef, peer: PodPeer, end: End): Match {
  if (end.kind !== 'node' || end.pod === undefined || semantics.selectorsMatchHostNetwork === 'no')
    return podPeerMatches(cluster, peer, end) ? 'yes' : 'no';
  if (!podPeerMatches(cluster, peer, { kind: 'pod', pod: end.pod })) return 'no';
  return semantics.selectorsMatchHostNetwork === 'yes' ? 'yes' : { code: 'profile-differs', cell: 'selectorsMatchHostNetwork', rule: ref };
}

/** Selectors know live pods of the cluster; never outside addresses, nodes, or pods in their node's network (semantics A.2, A.8). */
export function podPeerMatches(cluster: Cluster, peer: PodPeer, end: End): boolean {
  if (end.kind !== 'pod' || !isLive(end.pod)) return false;
  return (
    namespaceMatches(cluster, peer.namespace, end.pod.namespace) &&
    (peer.pods === undefined || matches(peer.pods, labelsSeenBy(cluster, peer.pods, end.pod)))
  );
}

/** Which namespaces a selector means. A namespace that nothing in the input mentions has no labels. */
export function namespaceMatches(cluster: Cluster, wanted: NamespaceMatch, namespace: string): boolean {
  switch (wanted.by) {
    case 'any':
      return true;
    case 'name':
      return wanted.name === namespace;
    case 'labels':
      return matches(wanted.selector, namespaceLabels(cluster, namespace));
  }
}

/** Is this pod one that a policy may select? Completed pods and pods in their node's network are not (semantics A.8, A.9). */
export function subjectMatches(cluster: Cluster, subject: Subject, pod: Pod): boolean {
  return (
    !pod.hostNetwork &&
    isLive(pod) &&
    namespaceMatches(cluster, subject.namespace, pod.namespace) &&
    matches(subject.pods, labelsSeenBy(cluster, subject.pods, pod))
  );
}

function blockMatches(semantics: Semantics, ref: RuleRef, peer: BlockPeer, end: End, family: Family | undefined): Match {
  if (end.kind === 'outside') return ipSetHas(peer.addresses, end.address) ? 'yes' : 'no';
  if (peer.includesCluster === false) return 'no';
  const cell = end.kind === 'pod' ? 'ipBlockMatchesPod' : 'ipBlockMatchesNode';
  if (semantics[cell] === 'no') return 'no';
  // A block of the other family cannot mean this connection (semantics A.4), whatever the address turns out to be.
  if (family !== undefined && peer.cidr.first.family !== family) return 'no';
  const addresses = end.kind === 'pod' ? end.pod.addresses : end.addresses;
  if (peer.ofService === true && !addresses.some((ip) => ipSetHas(peer.addresses, ip))) return 'no';
  const isKnown = addresses.some((ip) => family === undefined || ip.family === family);
  if (!isKnown && holdsNoEnd(peer.addresses)) return 'no';
  const byAddress = addressesMatch(ref, peer.addresses, end, addresses, family);
  if (byAddress === 'no' || semantics[cell] === 'yes' || peer.includesCluster === true) return byAddress;
  return { code: 'profile-differs', cell, rule: ref };
}

/** By address, as the API says: whoever has an address of a selected node is that node to the rule. */
function nodesMatch(ref: RuleRef, { addresses }: NodesPeer, end: End, family: Family | undefined): Match {
  if (end.kind === 'pod') return 'no';
  if (addresses === undefined) return { code: 'nodes-unknown', end: endName(end), rule: ref };
  if (end.kind === 'outside') return ipSetHas(addresses, end.address) ? 'yes' : 'no';
  return addressesMatch(ref, addresses, end, end.addresses, family);
}

/** A name may stand for any address outside; for a pod only a name inside the cluster does, and such names end in `local` or are short. */
function namesMatch(ref: RuleRef, { names, wildcard }: DnsNamesPeer, end: End): Match {
  if (end.kind === 'outside' && end.name !== undefined && wildcard !== undefined) {
    const { name } = end;
    return names.some((pattern) => nameMatches(pattern, name, wildcard)) ? 'yes' : 'no';
  }
  if (end.kind === 'pod' && !names.some(mayBeInCluster)) return 'no';
  return { code: 'name-unresolved', end: endName(end), rule: ref };
}

/** Could a pod's address come back for such a name? `*.svc.cluster.local`, `db.shop.svc`, but not `example.com`. */
export function mayBeInCluster(name: string): boolean {
  const plain = name.toLowerCase().replace(/\.$/, '');
  return plain.endsWith('.local') || plain.endsWith('.svc') || plain.includes('.svc.');
}

function addressesMatch(ref: RuleRef, set: IpSet, end: End, addresses: readonly Ip[], family: Family | undefined): Match {
  const known = addresses.filter((ip) => family === undefined || ip.family === family);
  if (known.length === 0) {
    if (family !== undefined && holdsEveryEnd(set, family)) return 'yes';
    return { code: 'address-unknown', end: endName(end), rule: ref };
  }
  return known.some((ip) => ipSetHas(set, ip)) ? 'yes' : 'no';
}

export function endName(end: End): string {
  if (end.kind === 'outside') return 'outside';
  if (end.kind === 'pod') return end.pod.ref;
  return end.pod?.ref ?? `node/${end.name ?? 'unknown'}`;
}
