// Can this pod look up names at all? Its resolver's real pods and ports, and what policies say of UDP and TCP to them.
// DNS is the first hop of nearly every connection, and the first that a default deny cuts (semantics A.6).
import type { Cluster, Pod } from '../model/cluster.ts';
import type { Labels } from '../model/selector.ts';
import type { Ip } from '../net/ip.ts';
import { podEnd } from '../policy/end.ts';
import type { Semantics } from '../profile/profile.ts';
import { ASSUMED_DNS_POD, type CarefulVerdict, decideCarefully } from './assumed.ts';
import { inFamilies } from './cases.ts';
import { type Leg, legsBetween } from './party.ts';
import { type Resolver, resolversOf, withHome } from './resolver.ts';

/** `partial`: some questions get an answer: by UDP and not by TCP, from one DNS pod and not from another. `broken`: nobody answers. */
export type DnsOutcome = 'allowed' | 'denied' | 'partial' | 'undecided' | 'broken';

export interface DnsAttempt {
  readonly protocol: 'UDP' | 'TCP';
  readonly outcome: DnsOutcome;
  readonly legs: readonly { readonly leg: Leg; readonly answer: CarefulVerdict }[];
}

/** What a pod gets from one of its nameservers. */
export interface DnsServer {
  readonly kind: Resolver['kind'];
  readonly ref: string;
  readonly assumed: boolean;
  readonly addresses: readonly Ip[];
  readonly knowsCluster: Resolver['knowsCluster'];
  readonly pods: readonly string[];
  /** Ports of the pods, behind the Service: `[{ protocol: 'UDP', port: 5353 }]` on OpenShift. */
  readonly ports: readonly { readonly protocol: 'UDP' | 'TCP'; readonly port: number }[];
  readonly udp: DnsAttempt;
  readonly tcp: DnsAttempt;
  readonly outcome: DnsOutcome;
}

export type DnsNote =
  | 'dns-udp-only' // long answers need TCP: they are cut off and the second question fails
  | 'dns-tcp-only' // resolvers ask by UDP first
  | 'dns-some-pods' // some DNS pods can be reached and others not, so it fails now and then
  | 'dns-some-nameservers' // the first answer that is waited for in vain delays every lookup
  | 'dns-assumed'; // the input has no DNS pods

export interface DnsCheck {
  /** The pods of which this holds. */
  readonly sources: readonly string[];
  /** The first nameserver; `others` follow in the order the pod asks them. */
  readonly resolver: DnsServer;
  readonly others: readonly DnsServer[];
  readonly outcome: DnsOutcome;
  /** What a program sees when nothing gets through: the lookup fails ("Temporary failure in name resolution"), never a refused connection. */
  readonly sees: 'resolver-timeout' | 'resolver-fails-at-once' | undefined;
  readonly notes: readonly DnsNote[];
}

/**
 * `dnsOf(cluster, semantics, frontend)` → `{ resolver: { kind: 'cluster', ref: 'kube-system/svc/kube-dns', … }, outcome: 'denied',
 * sees: 'resolver-timeout' }`. Without DNS pods in the input the usual ones are assumed, and a denial is then certain only when no rule
 * for their port may mean them. Never throws.
 */
export function dnsOf(cluster: Cluster, semantics: Semantics, pod: Pod): DnsCheck {
  const servers = resolversOf(cluster, pod).map((resolver) => serverOf(cluster, semantics, pod, resolver));
  const [first = NO_SERVER, ...others] = servers;
  const outcome = together([first, ...others].map((server) => server.outcome));
  const notes = servers.flatMap(({ udp, tcp, assumed }): DnsNote[] => [
    ...(udp.outcome === 'allowed' && (tcp.outcome === 'denied' || tcp.outcome === 'broken') ? ['dns-udp-only' as const] : []),
    ...(tcp.outcome === 'allowed' && udp.outcome === 'denied' ? ['dns-tcp-only' as const] : []),
    ...(udp.outcome === 'partial' || tcp.outcome === 'partial' ? ['dns-some-pods' as const] : []),
    ...(assumed ? ['dns-assumed' as const] : []),
  ]);
  const isMixed = new Set(servers.map((server) => server.outcome)).size > 1;
  return {
    sources: [pod.ref],
    resolver: first,
    others,
    outcome,
    sees:
      outcome !== 'denied' && outcome !== 'broken'
        ? undefined
        : outcome === 'denied' && semantics.denyResponse === 'reject'
          ? 'resolver-fails-at-once'
          : 'resolver-timeout',
    notes: [...new Set([...notes, ...(isMixed ? ['dns-some-nameservers' as const] : [])])],
  };
}

const nothing = (protocol: 'UDP' | 'TCP'): DnsAttempt => ({ protocol, outcome: 'broken', legs: [] });
/** `dnsPolicy: None` without nameservers, which the API server refuses. */
const NO_SERVER: DnsServer = {
  kind: 'named',
  ref: 'none',
  assumed: false,
  addresses: [],
  knowsCluster: 'no',
  pods: [],
  ports: [],
  udp: nothing('UDP'),
  tcp: nothing('TCP'),
  outcome: 'broken',
};

function serverOf(cluster: Cluster, semantics: Semantics, pod: Pod, resolver: Resolver): DnsServer {
  const { kind, ref, assumed, addresses, knowsCluster } = resolver;
  const udp = attempt(cluster, semantics, pod, resolver, 'UDP');
  const tcp = attempt(cluster, semantics, pod, resolver, 'TCP');
  const protocols = ['UDP', 'TCP'] as const;
  const ports = protocols.flatMap((protocol) =>
    [...new Set(resolver.servers[protocol].flatMap(({ port }) => port ?? []))].map((port) => ({ protocol, port })),
  );
  const pods = resolver.servers.UDP.flatMap((server) => (server.end.kind === 'pod' ? [server.ref] : []));
  return { kind, ref, assumed, addresses, knowsCluster, pods, ports, udp, tcp, outcome: ofBoth(udp.outcome, tcp.outcome) };
}

function attempt(cluster: Cluster, semantics: Semantics, asking: Pod, resolver: Resolver, protocol: 'UDP' | 'TCP'): DnsAttempt {
  const pod = withHome(asking, resolver);
  const found = legsBetween(cluster, [{ end: podEnd(pod), ref: pod.ref }], resolver.servers[protocol], protocol);
  const dialled = { addresses: resolver.addresses, port: 53, selector: selectorOfService(cluster, resolver) };
  const asked = inFamilies(found, { source: undefined, destination: onlyFamilyOf(resolver.addresses), service: undefined });
  const legs = asked.legs.map((leg) => ({ ...leg, dialled })).map((leg) => ({ leg, answer: decideCarefully(cluster, semantics, leg) }));
  const outcomes = legs.map(({ answer }) => answer.outcome);
  const outcome = together(outcomes);
  return { protocol, outcome: outcome === 'partial' && resolver.alternatives ? 'undecided' : outcome, legs };
}

/** A resolver with addresses of one family is asked over that family. */
function onlyFamilyOf(addresses: readonly Ip[]): Ip | undefined {
  const [first, ...others] = addresses;
  return others.every(({ family }) => family === first?.family) ? first : undefined;
}

/** Labels that the DNS Service asks of its pods; of the usual one where it is not in the input. */
function selectorOfService(cluster: Cluster, resolver: Resolver): Labels | undefined {
  if (resolver.kind !== 'cluster') return undefined;
  return cluster.services.get(resolver.ref.replace('/svc/', '/'))?.selector ?? ASSUMED_DNS_POD.labels;
}

/** All of several that are there at once. */
function together(outcomes: readonly DnsOutcome[]): DnsOutcome {
  const kinds = new Set(outcomes);
  const [only] = kinds;
  if (only === undefined) return 'broken';
  if (kinds.size === 1) return only;
  if (kinds.has('undecided')) return 'undecided';
  return kinds.has('allowed') || kinds.has('partial') ? 'partial' : 'denied';
}

/** Resolvers ask by UDP, and by TCP when an answer was too long (RFC 7766): without UDP there is no lookup, without TCP some fail. */
function ofBoth(udp: DnsOutcome, tcp: DnsOutcome): DnsOutcome {
  if (udp !== 'allowed') return udp;
  return tcp === 'denied' || tcp === 'broken' || tcp === 'partial' ? 'partial' : tcp;
}
