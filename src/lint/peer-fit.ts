// Which pods a peer matches, and if none, why: a label, a namespace, AND where OR was meant, or an input that does not show it.
// Several rules speak about one peer; each speaks about its own kind of misfit, so that one mistake is one finding.
import { type Namespace, operatedIn, type Pod } from '../model/cluster.ts';
import type { Peer, PodPeer } from '../model/policy.ts';
import { matches, printSelector, type Selector } from '../model/selector.ts';
import { type LintContext, perRun } from './context.ts';
import { type LabelMiss, labelledPods, nearestLabel } from './label-misses.ts';
import { peerClasses } from './reached.ts';
import { isWholeCluster, livePodsByNamespace, livePodsIn, writtenNamespaces } from './seen.ts';
import { type PeerSpot, peersInForce } from './walk.ts';

export type PeerFit =
  | { readonly kind: 'fits' }
  /** The namespaces that it means have no pods in the input, or no such namespace is in it: nothing can be said. */
  | { readonly kind: 'unseen' }
  /** Pods match, and all of them are in their node's network, where selectors do not see them. */
  | { readonly kind: 'host-network'; readonly pods: readonly Pod[] }
  /** No namespace has the labels. `called`: one has the wanted value as its name. */
  | {
      readonly kind: 'no-namespace';
      readonly certain: boolean;
      readonly called: Namespace | undefined;
      readonly miss: LabelMiss | undefined;
    }
  /** A bare podSelector means the policy's own namespace; pods with these labels are in others. */
  | { readonly kind: 'other-namespace'; readonly namespaces: readonly string[] }
  /** The peer beside it names the namespaces in which such pods are: both at once were meant. */
  | { readonly kind: 'either-for-both'; readonly partner: number; readonly namespaces: readonly string[] }
  /** Both selectors in one peer; alone, the podSelector would mean pods of the own namespace. */
  | { readonly kind: 'both-for-either'; readonly pods: readonly Pod[] }
  | { readonly kind: 'no-pod'; readonly certain: boolean; readonly miss: LabelMiss | undefined };

/** The fit of every peer of pods that is in force. */
export const peerFits: (context: LintContext) => ReadonlyMap<PodPeer, PeerFit> = perRun((context) => {
  const fits = new Map<PodPeer, PeerFit>();
  for (const spot of peersInForce(context)) if (spot.peer.kind === 'pods') fits.set(spot.peer, fitOf(context, spot, spot.peer));
  return fits;
});

/** Does another peer of the same rule admit anything, as far as the input shows? Then the rule is not dead, only this peer is. */
export function otherPeersAdmit(context: LintContext, { rule, peer }: PeerSpot): boolean {
  if (rule.peers === 'anyone') return true;
  const fits = peerFits(context);
  const isAlive = (other: Peer) => {
    if (other.kind !== 'pods') return other.kind === 'block';
    const fit = fits.get(other)?.kind;
    return fit === 'fits' || fit === 'unseen';
  };
  return rule.peers.some((other) => other !== peer && isAlive(other));
}

/** Peers of one kind of fit, with where they stand. */
export function peersThat<K extends PeerFit['kind']>(
  context: LintContext,
  kind: K,
): readonly { readonly spot: PeerSpot; readonly peer: PodPeer; readonly fit: Extract<PeerFit, { kind: K }> }[] {
  const fits = peerFits(context);
  return peersInForce(context).flatMap((spot) => {
    const fit = spot.peer.kind === 'pods' ? fits.get(spot.peer) : undefined;
    return fit?.kind === kind ? [{ spot, peer: spot.peer as PodPeer, fit: fit as Extract<PeerFit, { kind: K }> }] : [];
  });
}

function fitOf(context: LintContext, spot: PeerSpot, peer: PodPeer): PeerFit {
  if (peerClasses(context, peer).members.length > 0) return { kind: 'fits' };
  const namespaces = meantNamespaces(context, peer);
  if (namespaces.length === 0 && peer.namespace.by === 'labels') return missingNamespace(context, peer.namespace.selector);
  const { pods } = peer;
  if (pods === undefined || pods.requirements.length === 0) return { kind: 'unseen' };
  const here = namespaces.flatMap((namespace) => livePodsIn(context, namespace));
  const onNode = here.filter((pod) => pod.hostNetwork && matches(pods, pod.labels));
  if (onNode.length > 0) return { kind: 'host-network', pods: onNode };
  return peer.namespace.by === 'name' ? bareSelector(context, spot, pods, here) : bothSelectors(context, spot, namespaces, pods, here);
}

/** Names of the namespaces of the input that a peer means. */
export function meantNamespaces({ cluster }: LintContext, { namespace }: Pick<PodPeer, 'namespace'>): readonly string[] {
  switch (namespace.by) {
    case 'name':
      return [namespace.name];
    case 'any':
      return [...cluster.namespaces.keys()];
    case 'labels':
      return [...cluster.namespaces.values()].filter(({ labels }) => matches(namespace.selector, labels)).map(({ name }) => name);
  }
}

function missingNamespace(context: LintContext, selector: Selector): PeerFit {
  const { namespaces } = context.cluster;
  const wanted = selector.requirements.filter(({ operator }) => operator === 'In');
  const called = wanted.flatMap(({ values }) => values.flatMap((value) => namespaces.get(value) ?? []))[0];
  const miss = nearestLabel(
    selector,
    [...namespaces.values()].map(({ name, labels, origin }) => ({ name: `namespace ${name}`, labels, labelsOrigin: origin })),
  );
  const isAllWritten = writtenNamespaces(context).length === namespaces.size;
  // A namespace that only other objects mention may carry any label.
  const certain = called !== undefined ? !called.implied : miss?.isSlip === true || (isWholeCluster(context) && isAllWritten);
  if (!certain && called === undefined) return { kind: 'unseen' };
  return { kind: 'no-namespace', certain, called, miss };
}

function bareSelector(context: LintContext, spot: PeerSpot, pods: Selector, here: readonly Pod[]): PeerFit {
  const partner = namespacePartner(spot);
  const partnerNamespaces = partner === undefined ? [] : meantNamespaces(context, partner.peer);
  const inPartner = partnerNamespaces.filter((namespace) => livePodsIn(context, namespace).some((pod) => matches(pods, pod.labels)));
  if (partner !== undefined && inPartner.length > 0) return { kind: 'either-for-both', partner: partner.index, namespaces: inPartner };
  if (here.length === 0) return { kind: 'unseen' };
  const elsewhere = namespacesWith(context, pods);
  // That some namespace has an `app=web` says little when every namespace has one.
  if (elsewhere.length > 0 && elsewhere.length <= 3) return { kind: 'other-namespace', namespaces: elsewhere };
  return noPod(context, pods, here);
}

/** The peer next to this one that has a namespaceSelector alone. */
export function namespacePartner({ rule, index }: PeerSpot): { readonly peer: PodPeer; readonly index: number } | undefined {
  for (const next of [index + 1, index - 1]) {
    const peer = rule.peers === 'anyone' ? undefined : rule.peers[next];
    if (peer?.kind === 'pods' && peer.namespace.by === 'labels' && peer.pods === undefined) return { peer, index: next };
  }
  return undefined;
}

function bothSelectors(context: LintContext, spot: PeerSpot, namespaces: readonly string[], pods: Selector, here: readonly Pod[]): PeerFit {
  if (here.length === 0) return { kind: 'unseen' };
  const own = spot.policy.namespace;
  const isNarrowed =
    spot.peer.kind === 'pods' && spot.peer.namespace.by === 'labels' && spot.peer.namespace.selector.requirements.length > 0;
  if (own !== undefined && isNarrowed && !namespaces.includes(own)) {
    const ownPods = livePodsIn(context, own).filter((pod) => matches(pods, pod.labels));
    if (ownPods.length > 0) return { kind: 'both-for-either', pods: ownPods };
  }
  return noPod(context, pods, here);
}

function noPod(context: LintContext, pods: Selector, here: readonly Pod[]): PeerFit {
  const miss = nearestLabel(pods, labelledPods(here));
  // What an operator makes later is in no manifest, also where all of a cluster's manifests are.
  const isAllSeen = isWholeCluster(context) && !here.some(({ namespace }) => operatedIn(context.cluster, namespace) !== undefined);
  return { kind: 'no-pod', miss, certain: isAllSeen || miss?.isSlip === true };
}

const foundNamespaces = perRun((_context) => new Map<string, readonly string[]>());

function namespacesWith(context: LintContext, selector: Selector): readonly string[] {
  const known = foundNamespaces(context);
  const key = printSelector(selector);
  let found = known.get(key);
  if (found === undefined) {
    found = [...livePodsByNamespace(context)].filter(([, pods]) => pods.some((pod) => matches(selector, pod.labels))).map(([name]) => name);
    known.set(key, found);
  }
  return found;
}
