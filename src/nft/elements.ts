// Peers × ports → set elements. All that must never overlap inside one set is made disjoint here.
import type { Pod } from '../model/cluster.ts';
import type { Direction } from '../model/policy.ts';
import type { Family } from '../net/ip.ts';
import { type IpSet, ipSetHas } from '../net/ip-set.ts';
import { type PortSet, PROTOCOLS } from '../net/port-set.ts';
import { type Element, elementKey, type Field, type Part, PROTOCOL_NUMBER } from './ruleset.ts';

/** The end that the policies select: whose isolation is asked. */
export const SUBJECT: Readonly<Record<Direction, Readonly<Record<Family, Field>>>> = {
  ingress: { 4: 'ip daddr', 6: 'ip6 daddr' },
  egress: { 4: 'ip saddr', 6: 'ip6 saddr' },
};

/** The other end. */
export const PEER: Readonly<Record<Direction, Readonly<Record<Family, Field>>>> = { ingress: SUBJECT.egress, egress: SUBJECT.ingress };

/** The port that counts is always the one of the destination. */
export const PORT_FIELDS: readonly Field[] = ['meta l4proto', 'th dport'];

/** `TCP 80,8000-8010` → `[[6, 80], [6, { from: 8000, to: 8010 }]]`. Disjoint, because a PortSet is. */
export function portElements(ports: PortSet): Element[] {
  return PROTOCOLS.flatMap((protocol) =>
    ports[protocol].map(({ from, to }): Element => [PROTOCOL_NUMBER[protocol], from === to ? from : { from, to }]),
  );
}

/** The addresses of one family, each alone, also where two are neighbours: a pod that goes takes one element with it. */
export function podElements(pods: readonly Pod[], family: Family, within?: IpSet): Element[] {
  const values = new Set<number | bigint>();
  for (const { addresses } of pods) {
    for (const ip of addresses) if (ip.family === family && (within === undefined || ipSetHas(within, ip))) values.add(ip.value);
  }
  return [...values].map((value) => [value]);
}

/** `except` is gone by now: an IpSet is plain sorted ranges, disjoint and not touching. */
export function blockElements(addresses: IpSet, family: Family): Element[] {
  const spans: readonly (Part & object)[] = family === 4 ? addresses.v4 : addresses.v6;
  return spans.map((span) => [span.from === span.to ? span.from : span]);
}

/** Every left with every right: disjoint as long as both sides are. */
export function cross(left: readonly Element[], right: readonly Element[]): Element[] {
  return left.flatMap((a) => right.map((b) => [...a, ...b]));
}

/** The same elements once each. */
export function distinct(elements: readonly Element[]): Element[] {
  return [...new Map(elements.map((element) => [elementKey(element), element])).values()];
}
