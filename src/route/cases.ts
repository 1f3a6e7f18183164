// The cases of a way that a question leaves open and policies tell apart: address families, and whether a pod runs on the node at the
// other end. A Service with an IPv6 address alone is reached over IPv6, whatever its pods have besides, and
// a question that names an address means that address. Where policies answer IPv4 and IPv6 differently, a leg becomes one of each.
import type { Cluster, Service } from '../model/cluster.ts';
import type { Family, Ip } from '../net/ip.ts';
import { runsOn } from '../policy/decide.ts';
import { addressesOf, type End, tunnelsOf } from '../policy/end.ts';
import type { Semantics } from '../profile/profile.ts';
import { type CarefulVerdict, decideCarefully } from './assumed.ts';
import type { Obstacle } from './obstacle.ts';
import type { Leg } from './party.ts';

const FAMILIES: readonly Family[] = [4, 6];

/** `[6]` for a Service whose cluster IPs are IPv6; both where the Service does not say. */
function familiesOfService({ clusterIps, ipFamilies = [] }: Service): readonly Family[] {
  const said = clusterIps.length > 0 ? clusterIps.map(({ family }) => family) : ipFamilies;
  return said.length === 0 ? FAMILIES : FAMILIES.filter((family) => said.includes(family));
}

/** What the way was asked by: the address of an end, or the Service on it. undefined says nothing about the family. */
export interface FamilyHints {
  readonly source: Ip | undefined;
  readonly destination: Ip | undefined;
  readonly service: Service | undefined;
}

/**
 * The legs of the families that are left, and what is broken where none is: `{ legs, obstacles: [no-common-family] }`.
 * A leg of which nothing is known stays without a family.
 */
export function inFamilies(
  legs: readonly Leg[],
  { source, destination, service }: FamilyHints,
): { readonly legs: readonly Leg[]; readonly obstacles: readonly Obstacle[] } {
  const wanted = [
    ...(destination === undefined ? [] : [[destination.family]]),
    ...(service === undefined ? [] : [familiesOfService(service)]),
  ];
  const own = source === undefined ? FAMILIES : [source.family];
  const theirs = FAMILIES.filter((family) => wanted.every((list) => list.includes(family)));
  const tried = legs.map((leg) => {
    const [from, to] = [meet(own, leg.source), meet(theirs, leg.destination)];
    return { leg, from, to, common: from.filter((family) => to.includes(family)) };
  });
  const left = tried.flatMap(({ leg, common }) => {
    const [family, ...others] = common;
    return family === undefined ? [] : [others.length > 0 ? leg : { ...leg, family }];
  });
  const [lost] = tried.filter(({ common }) => common.length === 0);
  if (lost === undefined) return { legs: left, obstacles: [] };
  const facts = {
    source: lost.leg.sourceRef,
    destination: service?.ref === undefined ? lost.leg.destinationRef : `Service ${service.ref}`,
    sourceFamilies: lost.from.map(nameOf),
    destinationFamilies: lost.to.map(nameOf),
  };
  return { legs: left, obstacles: [{ code: 'no-common-family', severity: left.length === 0 ? 'broken' : 'warning', facts }] };
}

/** Of these families, those that the end has; all of them where its addresses are not known. */
function meet(families: readonly Family[], end: End): readonly Family[] {
  const addresses = addressesOf(end);
  return addresses.length === 0 ? families : families.filter((family) => addresses.some((ip) => ip.family === family));
}

function nameOf(family: Family): string {
  return `IPv${family}`;
}

/** A leg with its verdict, which is of one address family where policies tell the families apart. */
export interface LegVerdict {
  readonly leg: Leg;
  readonly careful: CarefulVerdict;
}

/**
 * The verdict of a leg; one for each case that policies tell apart and the question does not: IPv4 and IPv6, and where the input does not
 * say whether a pod runs on the node at the other end, on that node and on any other; from a node, by its own address and by that of its
 * tunnel.
 */
export function verdictsOf(cluster: Cluster, semantics: Semantics, leg: Leg): readonly LegVerdict[] {
  const ask = (one: Leg): LegVerdict => ({ leg: one, careful: decideCarefully(cluster, semantics, one) });
  const whole = ask(leg);
  const families = whole.careful.verdict.families === undefined ? [whole] : FAMILIES.map((family) => ask({ ...leg, family }));
  const onNodes = families.flatMap((one) => {
    const cases = hangsOnNode(one) ? [ask(onSameNode(one.leg)), ask(onOtherNode(one.leg))] : [];
    const [same, other] = cases;
    return same !== undefined && same.careful.outcome !== other?.careful.outcome ? cases : [one];
  });
  return onNodes.flatMap((one) => {
    const through = throughTunnel(cluster, one.leg);
    if (through === undefined) return [one];
    const [own, tunnelled] = [ask({ ...one.leg, source: byOwnAddress(one.leg.source) }), ask(through)];
    if (tunnelled.careful.outcome === own.careful.outcome) return [own];
    return [{ ...own, leg: { ...own.leg, sourceAddress: 'node' as const } }, tunnelled];
  });
}

function byOwnAddress(end: End): End {
  return end.kind === 'node' ? { ...end, tunnels: [] } : end;
}

/** The leg as it is when the node sends by a tunnel. undefined on one node, and where no tunnel is known. */
function throughTunnel(cluster: Cluster, leg: Leg): Leg | undefined {
  const { source, destination, family, shares } = leg;
  if (source.kind !== 'node' || destination.kind !== 'pod') return undefined;
  if (shares === 'same' || runsOn(destination.pod, source.name)) return undefined;
  const addresses = tunnelsOf(cluster, source).filter((ip) => family === undefined || ip.family === family);
  return addresses.length === 0 ? undefined : { ...leg, sourceAddress: 'tunnel', source: { ...source, addresses, tunnels: [] } };
}

function hangsOnNode({ careful: { verdict }, leg: { destination } }: LegVerdict): boolean {
  // A doubt about the tunnel hangs on it where the pod may run on the node itself.
  const isOpen = destination.kind === 'pod' && destination.pod.node === undefined;
  return [verdict.egress, verdict.ingress].some(
    (side) =>
      side.outcome === 'undecided' && side.because.some(({ code }) => code === 'node-unknown' || (isOpen && code === 'tunnel-source')),
  );
}

/** Names that no node has. */
const [ITS_NODE, ANOTHER_NODE] = ['(its node)', '(another node)'];

/** The leg as it is where the pod runs on the node at the other end. */
function onSameNode(leg: Leg): Leg {
  const named = [leg.source, leg.destination].map((end) =>
    end.kind === 'pod' ? end.pod.node : end.kind === 'node' ? end.name : undefined,
  );
  const node = named.find((name) => name !== undefined) ?? ITS_NODE;
  return { ...leg, shares: 'same', source: placed(leg.source, node, node), destination: placed(leg.destination, node, node) };
}

function onOtherNode(leg: Leg): Leg {
  const place = (end: End): End =>
    end.kind === 'pod' ? placed(end, end.pod.node ?? ITS_NODE, '') : end.kind === 'node' ? placed(end, '', end.name ?? ANOTHER_NODE) : end;
  return { ...leg, shares: 'other', source: place(leg.source), destination: place(leg.destination) };
}

function placed(end: End, podNode: string, nodeName: string): End {
  if (end.kind === 'pod') return { kind: 'pod', pod: { ...end.pod, node: podNode } };
  return end.kind === 'node' ? { ...end, name: nodeName } : end;
}
