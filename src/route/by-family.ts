// Which address families a way can be of. A Service with an IPv6 address alone is reached over IPv6, whatever its pods have besides, and
// a question that names an address means that address. Where policies answer IPv4 and IPv6 differently, a leg becomes one of each.
import type { Cluster, Service } from '../model/cluster.ts';
import type { Family, Ip } from '../net/ip.ts';
import { addressesOf, type End } from '../policy/end.ts';
import type { DialledService } from '../policy/service-address.ts';
import type { Semantics } from '../profile/profile.ts';
import { type CarefulVerdict, decideCarefully } from './assumed.ts';
import type { Obstacle } from './obstacle.ts';
import type { Leg } from './party.ts';

const FAMILIES: readonly Family[] = [4, 6];

/** `[6]` for a Service whose cluster IPs are IPv6; both where the Service does not say. */
export function familiesOfService({ clusterIps, ipFamilies = [] }: Service): readonly Family[] {
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

/** The verdict of a leg; two of them, IPv4 first, where the families get different ones. */
export function verdictsOf(cluster: Cluster, semantics: Semantics, leg: Leg, dialled?: DialledService): readonly LegVerdict[] {
  const ask = (one: Leg): LegVerdict => ({ leg: one, careful: decideCarefully(cluster, semantics, { ...one, dialled }) });
  const whole = ask(leg);
  if (whole.careful.verdict.families === undefined) return [whole];
  return FAMILIES.map((family) => ask({ ...leg, family }));
}
