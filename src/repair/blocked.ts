// What stands between a question and `allowed`: one item for each leg and direction that is denied or open, with why.
import { type DirectionExplanation, explain } from '../explain/cause.ts';
import type { Cause } from '../explain/causes.ts';
import { type NearMiss, nearMisses } from '../explain/near-miss.ts';
import { isPolicyApiKind } from '../kinds/policy-api/kinds.ts';
import type { Cluster, Pod } from '../model/cluster.ts';
import type { Direction, Policy, RuleRef } from '../model/policy.ts';
import { type IpSet, ipSetOfIps } from '../net/ip-set.ts';
import { policiesOn } from '../policy/decide.ts';
import type { Connection, End } from '../policy/end.ts';
import type { DialledService } from '../policy/service-address.ts';
import type { DirectionVerdict } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';
import { verdictsOf } from '../route/cases.ts';
import { connectionOf, type Leg } from '../route/party.ts';
import type { Route } from '../route/route.ts';
import type { Asked } from './effect.ts';

export interface Blocked {
  readonly part: 'way' | 'entry' | 'dns';
  readonly direction: Direction;
  readonly leg: Leg;
  readonly connection: Connection;
  /** The end whose policies deny, and the other one. */
  readonly subject: Pod;
  readonly peer: End;
  /** The Service that is dialled, where egress rules are checked against its address: only its own labels and port open that. */
  readonly dialled?: DialledService;
  /** NetworkPolicies on the subject that look this way and can be read. */
  readonly policies: readonly Policy[];
  /** Policies on the subject that cannot be read, where they leave the direction open. */
  readonly unreadable: readonly Policy[];
  /** The rule of a cluster-wide policy that denies it: no NetworkPolicy opens this, unless the tier is asked after them. */
  readonly denying?: RuleRef;
  /** Rules that come before that one and let through or pass on, nearest first; [] without one. */
  readonly missesAbove: readonly NearMiss[];
  /** Nearest first. */
  readonly misses: readonly NearMiss[];
  readonly causes: readonly Cause[];
}

/** The legs that must be open. `withDns`: those to the DNS servers, too. */
export function legsOf(found: Route, withDns: boolean): readonly { readonly part: Blocked['part']; readonly leg: Leg }[] {
  const way = found.legs.map((leg) => ({ part: leg.part, leg }));
  if (!withDns || found.dns === undefined) return way;
  const dns = found.dns.checks.flatMap(({ resolver, others }) =>
    [resolver, ...others].flatMap(({ udp, tcp }) => [...udp.legs, ...tcp.legs]),
  );
  return [...way, ...dns.map(({ leg }) => ({ part: 'dns' as const, leg }))];
}

/** Egress before ingress, in the order of the legs. Ends that are no pods have no policies, and are never the subject. */
export function blockedOf(cluster: Cluster, semantics: Semantics, found: Route, withDns: boolean): readonly Blocked[] {
  const service =
    found.service?.servicePort === undefined ? {} : { service: { service: found.service.service, port: found.service.servicePort } };
  const ofFamilies = legsOf(found, withDns).flatMap(({ part, leg }) =>
    verdictsOf(cluster, semantics, leg).map((each) => ({ part, leg: each.leg, verdict: each.careful.verdict })),
  );
  return ofFamilies.flatMap(({ part, leg, verdict }): Blocked[] => {
    const { source, destination } = leg;
    const connection = connectionOf(leg);
    const explanation = explain(cluster, semantics, connection, verdict, part === 'way' ? service : {});
    return (['egress', 'ingress'] as const).flatMap((direction): Blocked[] => {
      const [subject, peer] = direction === 'egress' ? [source, destination] : [destination, source];
      if (!isStopped(explanation[direction]) || subject.kind !== 'pod') return [];
      const policies = policiesOn(cluster, direction, subject.pod).filter(
        ({ tier, faults }) => tier === 'namespaced' && faults.length === 0,
      );
      const misses = nearMisses(cluster, semantics, policies, direction, {
        connection,
        dialled: part === 'way' ? found.service?.servicePort : undefined,
      });
      const { causes, misses: missesAbove } = explanation[direction];
      const denying = denyingRule(verdict[direction]);
      const unreadable = unreadableIn(verdict[direction]);
      const isChecked = direction === 'egress' && semantics.ipBlockMatchesServiceAddress === 'yes';
      const own = isChecked && leg.dialled !== undefined ? { dialled: leg.dialled } : {};
      return [
        {
          part,
          direction,
          leg,
          connection,
          subject: subject.pod,
          peer,
          ...own,
          policies,
          unreadable,
          ...(denying === undefined ? { missesAbove: [] } : { denying, missesAbove }),
          misses,
          causes,
        },
      ];
    });
  });
}

function denyingRule(verdict: DirectionVerdict): RuleRef | undefined {
  return verdict.outcome === 'denied' && verdict.rule !== undefined && isPolicyApiKind(verdict.rule.policy.kind) ? verdict.rule : undefined;
}

function isStopped({ verdict }: DirectionExplanation): boolean {
  return !isOpen(verdict);
}

/** For every family that both ends have. */
export function isOpen({ outcome }: DirectionVerdict): boolean {
  return outcome !== 'denied' && outcome !== 'undecided' && outcome !== 'partial';
}

/** Policies that leave a direction open because they cannot be read. */
export function unreadableIn(verdict: DirectionVerdict): readonly Policy[] {
  if (verdict.outcome === 'partial') return [...new Set(Object.values(verdict.families).flatMap(unreadableIn))];
  if (verdict.outcome !== 'undecided') return [];
  return verdict.because.flatMap((doubt) => (doubt.code === 'policy-unreadable' ? [doubt.policy] : []));
}

/** The legs as a comparison knows them: what they open is what was asked for. */
export function askedOf(found: Route, withDns: boolean): readonly Asked[] {
  return legsOf(found, withDns).flatMap(({ leg }) => {
    const { protocol, port } = leg;
    // A ping opens no port that a comparison would know.
    if (protocol === 'ICMP') return [];
    // One address of a range, and nobody knows which: a fix that opens the whole range opens all the others besides.
    const [fromRange, toRange] = found.alternatives ? [undefined, undefined] : [leg.sourceRange, leg.destinationRange];
    const [from, to] = [
      leg.sourceRange === undefined ? addressOf(leg.source) : fromRange,
      leg.destinationRange === undefined ? addressOf(leg.destination) : toRange,
    ];
    return {
      sources: new Set(leg.sources),
      destinations: new Set(leg.destinations),
      ...(from && { sourceRange: from }),
      ...(to && { destinationRange: to }),
      protocol,
      port,
    };
  });
}

/** A pod in its node's network has an address that other programs of the node have, too: it is not what was asked for alone. */
function addressOf(end: End): IpSet | undefined {
  if (end.kind === 'outside') return ipSetOfIps([end.address]);
  return end.kind === 'node' && end.pod === undefined && end.addresses.length > 0 ? ipSetOfIps(end.addresses) : undefined;
}
