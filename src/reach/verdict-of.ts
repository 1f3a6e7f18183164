// One connection, asked of the fast evaluator: the same whole answer as policy/decide.ts, which stays the meaning.
import type { Pod } from '../model/cluster.ts';
import type { Family } from '../net/ip.ts';
import { PROTOCOLS, type Protocol } from '../net/port-set.ts';
import { decide, decideDirection, policiesOnNode, runsOn } from '../policy/decide.ts';
import { type Connection, type End, isSamePod, tunnelsOf } from '../policy/end.ts';
import { hostEndpointDoubts } from '../policy/host-endpoints.ts';
import { endName } from '../policy/peer-matches.ts';
import {
  bothFamilies,
  type DirectionVerdict,
  type Doubt,
  type Exemption,
  type FamilyVerdict,
  forOwnNode,
  isNonEmpty,
  join,
  NO_COMMON_FAMILY,
  softened,
  type Verdict,
} from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';
import type { FamilyContext } from './addresses.ts';
import { askStack } from './ask-stack.ts';
import type { Classes } from './classes.ts';
import { protocolNumber } from './port-tests.ts';
import type { Reach } from './reach.ts';
import type { Stack } from './stacks.ts';

const EXEMPT = Object.fromEntries(
  (['own-node', 'loopback', 'no-pod', 'host-network', 'completed', 'no-common-family', 'icmp-passes', 'cni-does-not-enforce'] as const).map(
    (because) => [because, { outcome: 'exempt', because }],
  ),
) as Readonly<Record<Exemption, DirectionVerdict>>;

/**
 * `fastVerdict(reach, { source, destination, protocol: 'TCP', port: 7070 })` equals `decide(cluster, semantics, …)`: outcomes, rules
 * and policies in the same order, exemptions, doubts. Ends that this reach does not know (a pod of another cluster value, a node
 * with other addresses) and pings are answered by `decide` itself. Directions that are answered alike are often the same value. Never throws.
 */
export function fastVerdict(reach: Reach, connection: Connection): Verdict {
  const { source, destination, protocol, port, family } = connection;
  if (isSamePod(source, destination)) return LOOPBACK;
  const from = classOf(reach, source);
  const to = classOf(reach, destination);
  // Ports that no packet can carry are left to the one that compares plain numbers.
  const isOrdinary = Number.isInteger(port) && port >= 1 && port <= 65535;
  if (from === undefined || to === undefined || !isOrdinary || protocol === 'ICMP')
    return decide(reach.cluster, reach.semantics, connection);
  return verdictBetween(reach, source, destination, from, to, protocolNumber(protocol), port, family);
}

/** The same where the classes are known (`classOf`), the ends differ and the port is 1-65535: for callers that ask a lot. */
export function verdictBetween(
  reach: Reach,
  source: End,
  destination: End,
  from: number,
  to: number,
  protocol: number,
  port: number,
  family?: Family,
): Verdict {
  if (isSeenAsPod(reach.semantics, source) || isSeenAsPod(reach.semantics, destination)) {
    const asked = { source, destination, protocol: PROTOCOLS[protocol] as Protocol, port, ...(family !== undefined && { family }) };
    return decide(reach.cluster, reach.semantics, asked);
  }
  const { classes } = reach;
  const portList = classes.portsOf[to] as number;
  const isOutside = source.kind === 'outside' || destination.kind === 'outside';
  const families =
    family === undefined || isOutside
      ? familiesBetween(classes, from, to)
      : commonFamilies(knownFamilies(classes, from, to), familyBit(family));
  if (families === NO_FAMILY) return NO_COMMON_FAMILY;
  if (reach.semantics.enforces === 'no') return NOT_ENFORCED;
  return join(
    direction(reach, true, source, destination, from, to, families, portList, protocol, port, family),
    direction(reach, false, destination, source, to, from, families, portList, protocol, port, family),
  );
}

/** Classes take a host-network pod for its node; where a profile tells the two apart, the plain evaluator answers. */
function isSeenAsPod({ policesHostNetworkSubject, selectorsMatchHostNetwork }: Semantics, end: End): boolean {
  return end.kind === 'node' && end.pod !== undefined && (policesHostNetworkSubject !== 'no' || selectorsMatchHostNetwork !== 'no');
}

const NOT_ENFORCED = join(EXEMPT['cni-does-not-enforce'], EXEMPT['cni-does-not-enforce']);
const LOOPBACK = join(EXEMPT.loopback, EXEMPT.loopback);

/** The class of an end; undefined when this reach has none for it. */
export function classOf({ classes, cluster }: Reach, end: End): number | undefined {
  switch (end.kind) {
    case 'pod': {
      const index = end.pod.hostNetwork ? undefined : classes.indexOf.get(end.pod);
      return index === undefined ? undefined : classes.classOfPod[index];
    }
    case 'node':
      return classes.classOfNode(end.addresses, tunnelsOf(cluster, end));
    case 'outside':
      return classes.classOfOutside(end.address);
  }
}

/** What `familiesBetween` answers when one end is IPv4 only and the other IPv6 only, so that nothing connects them. */
export const NO_FAMILY = 4;

/** IPv4 → 1, IPv6 → 2. */
export function familyBit(family: Family): number {
  return family === 4 ? 1 : 2;
}

/**
 * Families of the connections between two classes: bit 1 for IPv4, bit 2 for IPv6; 0 where nothing is known. An outside address
 * has one family, and what policies say of it does not depend on the addresses that the pod has.
 */
export function familiesBetween(classes: Classes, a: number, b: number): number {
  const known = knownFamilies(classes, a, b);
  return known === 0 ? classes.usualFamily : known;
}

function knownFamilies({ familiesOf, podClasses, nodeClasses }: Classes, a: number, b: number): number {
  const inside = podClasses + nodeClasses;
  const own = familiesOf[a] as number;
  const other = familiesOf[b] as number;
  return a >= inside ? own : b >= inside ? other : commonFamilies(own, other);
}

function commonFamilies(a: number, b: number): number {
  if (a === 0) return b;
  if (b === 0) return a;
  const common = a & b;
  return common === 0 ? NO_FAMILY : common;
}

function direction(
  reach: Reach,
  isEgress: boolean,
  subject: End,
  peer: End,
  subjectClass: number,
  peerClass: number,
  families: number,
  portList: number,
  protocol: number,
  port: number,
  only: Family | undefined,
): DirectionVerdict {
  const ofHost = hostEndpointDoubts(reach.cluster, reach.semantics, isEgress ? 'egress' : 'ingress', subject, peer);
  if (isNonEmpty(ofHost)) return { outcome: 'undecided', because: ofHost };
  if (subject.kind === 'outside') return EXEMPT['no-pod'];
  if (subject.kind === 'node' && policiesOnNode(reach.cluster, reach.semantics, subject).length > 0) {
    const ports = { protocol: PROTOCOLS[protocol] as Protocol, port, ...(only === undefined ? {} : { family: only }) };
    const connection = isEgress ? { source: subject, destination: peer, ...ports } : { source: peer, destination: subject, ...ports };
    return decideDirection(reach.cluster, reach.semantics, isEgress ? 'egress' : 'ingress', subject, peer, connection);
  }
  if (subject.kind === 'node') return EXEMPT[subject.pod === undefined ? 'no-pod' : 'host-network'];
  if (!reach.classes.isLive[subjectClass]) return EXEMPT.completed;
  const ownNode = peer.kind === 'node' && peer.forwards !== true ? relationToNode(subject.pod, peer.name) : 'other';
  const ownNodeRule = isEgress ? reach.semantics.podToOwnNode : reach.semantics.localNodeToPod;
  if (ownNode === 'own' && ownNodeRule === 'always') return EXEMPT['own-node'];

  const { stacks } = reach;
  const stack = stacks.all[(isEgress ? stacks.egress : stacks.ingress)[subjectClass] as number] as Stack;
  const destination = isEgress ? peer : subject;
  // On one node nothing is tunnelled.
  const seen = peer.kind === 'node' && runsOn(subject.pod, peer.name) ? plainNode(reach.classes, peerClass) : peerClass;
  const ask = (family: FamilyContext) => askStack(reach.tests, stack, family, seen, portList, protocol, port, peer, destination);
  const verdict = stack.familiesMatter ? inFamilies(families, ask) : ask(0);
  if (ownNode === 'own' && ownNodeRule === 'unless-denied') {
    const passed = forOwnNode(verdict);
    return passed.outcome === 'exempt' ? EXEMPT['own-node'] : softened(passed, generalDoubts(reach, protocol));
  }
  if (verdict.outcome !== 'denied' && verdict.outcome !== 'partial') return verdict;
  const general = generalDoubts(reach, protocol);
  if (peer.kind !== 'node') return softened(verdict, general);
  const doubts = [...nodeDoubts(ownNode, ownNodeRule, isEgress, endName(subject)), ...general];
  return softened(verdict, doubts, ownNodeRule === 'open' || ownNodeRule === 'unless-denied' ? general : doubts);
}

/** The class of such a node without its tunnels; the class itself where it has none. */
export function plainNode({ tunnelled }: Classes, nodeClass: number): number {
  return tunnelled.get(nodeClass)?.own ?? nodeClass;
}

function generalDoubts({ doubtsOnDenial }: Reach, protocol: number): readonly Doubt[] {
  return protocol === 2 ? doubtsOnDenial.sctp : doubtsOnDenial.any;
}

/** `families` as bits. */
function inFamilies(families: number, ask: (family: FamilyContext) => FamilyVerdict): DirectionVerdict {
  return families === 3 ? bothFamilies(ask(4), ask(6)) : ask(families === 0 ? 0 : families === 1 ? 4 : 6);
}

/** Does the pod run on that node? A pod that no node has been chosen for may land on it. */
function relationToNode(pod: Pod, node: string | undefined): 'own' | 'other' | 'unknown' {
  if (pod.node === undefined || node === undefined) return 'unknown';
  return pod.node === node ? 'own' : 'other';
}

/** What stays open about a denial between a pod and a node because of where the pod runs. */
export function nodeDoubts(
  relation: 'own' | 'other' | 'unknown',
  rule: Semantics['localNodeToPod'],
  isEgress: boolean,
  subject: string,
): readonly Doubt[] {
  if (relation === 'unknown' && rule !== 'policed') return [{ code: 'node-unknown', end: subject }];
  if (relation === 'own' && rule === 'open') return [{ code: 'profile-differs', cell: isEgress ? 'podToOwnNode' : 'localNodeToPod' }];
  return [];
}
