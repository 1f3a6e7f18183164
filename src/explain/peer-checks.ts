// One peer of a rule held against the peer of a connection: namespace, labels, blocks.
import { type Cluster, labelsOrigin, type Pod } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { BlockPeer, Peer, PodPeer } from '../model/policy.ts';
import { type Labels, printSelector, type Selector, satisfies } from '../model/selector.ts';
import { cidrHas, printCidr } from '../net/cidr.ts';
import { type Family, type Ip, printIp } from '../net/ip.ts';
import { holdsEveryEnd, holdsNoEnd } from '../net/ip-set.ts';
import { meansName, namesIn } from '../policy/dns-names.ts';
import { addressesOf, type Connection, type End } from '../policy/end.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Check, Difference } from './difference.ts';

/** What the peer of a rule asks for, a line for each part of it; a line without differences fits. */
export function peerChecks(cluster: Cluster, semantics: Semantics, wanted: Peer, peer: End, connection: Connection): Check[] {
  switch (wanted.kind) {
    case 'nothing':
      return [{ part: 'peer', wants: '{}', wantsAt: wanted.origin, differences: [{ code: 'empty-peer', wantedAt: wanted.origin }] }];
    case 'block':
      return [blockCheck(cluster, semantics, wanted, peer, connection)];
    case 'pods':
      return podChecks(cluster, wanted, peer);
    case 'all-of':
    case 'dns-names':
      return [nameCheck(wanted, peer) ?? otherPeer(wanted)];
    case 'nodes':
    case 'unread':
    case 'not':
    case 'unclear':
      return [otherPeer(wanted)];
  }
}

function otherPeer(wanted: Peer): Check {
  return { part: 'peer', wants: wanted, wantsAt: wanted.origin, differences: [{ code: 'other-peer', wantedAt: wanted.origin }] };
}

/** undefined: the peer means no names, or the end was asked for by none. A rule for names of the outside says that with a peer of two parts. */
function nameCheck(wanted: Peer, peer: End): Check | undefined {
  const names = namesIn({ peers: [wanted] });
  if (names.length === 0 || peer.kind !== 'outside' || peer.name === undefined) return undefined;
  const { name } = peer;
  const differs: Difference = { code: 'other-name', name, wantedAt: wanted.origin };
  return {
    part: 'peer',
    wants: names.join(', '),
    wantsAt: wanted.origin,
    differences: meansName({ peers: [wanted] }, name) ? [] : [differs],
  };
}

function podChecks(cluster: Cluster, wanted: PodPeer, peer: End): Check[] {
  const pod = peer.kind === 'pod' ? peer.pod : peer.kind === 'node' ? peer.pod : undefined;
  if (pod === undefined) {
    const differences: Difference[] = [{ code: 'not-a-pod', wantedAt: wanted.origin }];
    const { namespace, pods } = wanted;
    const whole: Check[] =
      namespace.by === 'labels'
        ? [{ part: 'namespaceSelector', wants: printSelector(namespace.selector), wantsAt: namespace.selector.origin, differences }]
        : [];
    if (pods !== undefined) whole.push({ part: 'podSelector', wants: printSelector(pods), wantsAt: pods.origin, differences });
    return whole.length > 0 ? whole : [{ part: 'peer', wants: 'pods', wantsAt: wanted.origin, differences }];
  }
  const checks: Check[] = [namespaceCheck(cluster, wanted, pod)];
  if (wanted.pods !== undefined) {
    checks.push({
      part: 'podSelector',
      wants: printSelector(wanted.pods),
      wantsAt: wanted.pods.origin,
      differences: labelDifferences(wanted.pods, pod.labels, 'pod', pod.ref, labelsOrigin(pod)),
    });
  }
  if (peer.kind !== 'node') return checks;
  // A pod in its node's network has no identity of its own: its labels may fit and it still does not count.
  const wouldMatch = checks.every((check) => check.differences.length === 0);
  const difference: Difference = { code: 'host-network', pod: pod.ref, wouldMatch, wantedAt: wanted.origin, hasAt: pod.origin };
  return checks.map((check, i) => (i === checks.length - 1 ? { ...check, differences: [...check.differences, difference] } : check));
}

function namespaceCheck(cluster: Cluster, wanted: PodPeer, pod: Pod): Check {
  if (wanted.namespace.by === 'labels') {
    const { selector } = wanted.namespace;
    const namespace = cluster.namespaces.get(pod.namespace);
    return {
      part: 'namespaceSelector',
      wants: printSelector(selector),
      wantsAt: selector.origin,
      differences: labelDifferences(selector, namespace?.labels ?? new Map(), 'namespace', pod.namespace, namespace?.origin),
    };
  }
  const own = wanted.namespace.by === 'name' ? wanted.namespace.name : pod.namespace;
  return {
    part: 'namespace',
    wants: own,
    wantsAt: wanted.origin,
    differences:
      own === pod.namespace
        ? []
        : [
            {
              code: 'other-namespace',
              wanted: own,
              has: pod.namespace,
              isWhole: wanted.pods === undefined || wanted.pods.requirements.length === 0,
              wantedAt: wanted.origin,
            },
          ],
  };
}

function labelDifferences(
  selector: Selector,
  labels: Labels,
  of: 'pod' | 'namespace',
  name: string,
  hasAt: Origin | undefined,
): Difference[] {
  return selector.requirements
    .filter((requirement) => !satisfies(requirement, labels))
    .map((requirement) => ({
      code: 'label-differs',
      of,
      name,
      requirement,
      has: labels.get(requirement.key),
      wantedAt: requirement.origin,
      hasAt: hasAt === undefined ? undefined : labelPlace(hasAt, of, requirement.key, labels),
    }));
}

/** The label itself when it is written, else the label map, else the object. */
function labelPlace(origin: Origin, of: 'pod' | 'namespace', key: string, labels: Labels): Origin {
  const map = of === 'pod' ? origin.path : [...origin.path, 'metadata', 'labels'];
  return { document: origin.document, path: labels.has(key) ? [...map, key] : map };
}

function blockCheck(cluster: Cluster, semantics: Semantics, wanted: BlockPeer, peer: End, { family }: Connection): Check {
  const cidr = printCidr(wanted.cidr);
  const except = wanted.except.map(printCidr);
  const check = (...differences: Difference[]): Check => ({
    part: 'ipBlock',
    wants: except.length === 0 ? cidr : `${cidr} except ${except.join(', ')}`,
    wantsAt: wanted.origin,
    differences,
  });
  const addresses = addressesOf(peer).filter((ip) => family === undefined || ip.family === family);
  const inCidr = addresses.find((ip) => cidrHas(wanted.cidr, ip));
  if (peer.kind !== 'outside' && wanted.ofService === true && addresses.length === 0) {
    return check({ code: 'outside-block', cidr, address: { by: 'service-address', of: peer.kind }, wantedAt: wanted.origin });
  }
  if (peer.kind !== 'outside' && addresses.length === 0 && holdsNoEnd(wanted.addresses)) {
    return check({ code: 'outside-block', cidr, address: { by: 'any-address', of: peer.kind }, wantedAt: wanted.origin });
  }
  if (peer.kind !== 'outside') {
    const cell = peer.kind === 'pod' ? semantics.ipBlockMatchesPod : semantics.ipBlockMatchesNode;
    if (cell !== 'yes' && (inCidr !== undefined || addresses.length === 0)) {
      return check({ code: 'block-ignores-cluster', cidr, of: peer.kind, isOpen: cell === 'open', wantedAt: wanted.origin });
    }
    const usual = family ?? cluster.family;
    if (addresses.length === 0 && usual !== undefined && holdsEveryEnd(wanted.addresses, usual)) return check();
    if (addresses.length === 0) return check({ code: 'address-unknown', cidr, wantedAt: wanted.origin });
  }
  const address = inCidr ?? addresses[0];
  const own = family ?? onlyFamily(addresses);
  if (own !== undefined && wanted.cidr.first.family !== own) {
    const isTwin = wanted.cidr.prefixBits === 0 || addressesOf(peer).some((ip) => cidrHas(wanted.cidr, ip));
    return check({ code: 'other-family', cidr, family: own, isTwin, wantedAt: wanted.origin });
  }
  if (inCidr === undefined)
    return check({ code: 'outside-block', cidr, address: { by: 'address', ip: address && printIp(address) }, wantedAt: wanted.origin });
  const hole = wanted.except.find((inner) => cidrHas(inner, inCidr));
  return hole === undefined
    ? check()
    : check({ code: 'in-except', cidr, except: printCidr(hole), address: printIp(inCidr), wantedAt: wanted.origin });
}

function onlyFamily(addresses: readonly Ip[]): Family | undefined {
  const [first, ...others] = addresses;
  return others.every(({ family }) => family === first?.family) ? first?.family : undefined;
}
