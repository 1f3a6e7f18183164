// `why`: one connection, from the names that were pasted to the reasons. Route, verdict and explanation joined; nothing is decided here
// that route/, policy/ and explain/ have not said.
import { type Advice, adviceFor } from '../explain/advice.ts';
import { type DirectionExplanation, type Explanation, explain } from '../explain/cause.ts';
import type { Cause } from '../explain/causes.ts';
import { type HttpRequest, lookupObstacles, requestOf, requestsSeen } from '../explain/requests.ts';
import { SYMPTOMS, type Symptom, type SymptomAnswer, symptomAnswer } from '../explain/symptom.ts';
import type { Cluster, Pod } from '../model/cluster.ts';
import type { Problem } from '../model/problem.ts';
import { type Family, printIp } from '../net/ip.ts';
import { addressesOf } from '../policy/end.ts';
import type { Verdict } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';
import { verdictsOf } from '../route/cases.ts';
import type { DnsOutcome } from '../route/dns.ts';
import { withHypothetical } from '../route/hypothetical.ts';
import { seenIn } from '../route/log-line.ts';
import { meshObstacles } from '../route/mesh.ts';
import { isError, parseName } from '../route/name.ts';
import type { NamedEnd } from '../route/named-end.ts';
import type { EndError, Note, Obstacle } from '../route/obstacle.ts';
import { connectionOf, type Leg } from '../route/party.ts';
import { type Route, route } from '../route/route.ts';

export type Outcome = 'allowed' | 'denied' | 'partial' | 'broken' | 'undecided';

export interface WhyQuestion {
  readonly from: string;
  readonly to: string;
  /** Where names without a namespace are looked for. */
  readonly namespace: string;
  readonly symptom?: Symptom;
}

/** Pods that fare alike, explained once. */
export interface LegAnswer {
  readonly leg: Leg;
  readonly outcome: 'allowed' | 'denied' | 'undecided';
  readonly explanation: Explanation;
}

/** Whether the source can look names up. The worst of its pods, where they differ. */
export interface DnsAnswer {
  readonly outcome: DnsOutcome;
  /** `kube-system/svc/kube-dns`; 'no nameserver' where the pod has none. */
  readonly resolver: string;
  /** True when the input has no DNS and the usual one is believed to be there. */
  readonly assumed: boolean;
  readonly source: string;
  /** `UDP 53, TCP 53`: the ports of the DNS pods. */
  readonly ports: string;
  /** A host name was pasted. False: a Service was named as an object; programs usually look those up, but the way exists without. */
  readonly asked: boolean;
  /** True when the name that was pasted cannot be resolved at all, which comes before everything else. */
  readonly stops: boolean;
  readonly udpOnly: boolean;
}

/** One destination port. */
export interface ConnectionAnswer {
  readonly route: Route;
  readonly outcome: Outcome;
  /** Codes of what stops it, first blocker first: obstacles of the way and causes of policies. */
  readonly codes: readonly string[];
  readonly legs: readonly LegAnswer[];
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly Note[];
  readonly dns: DnsAnswer | undefined;
  /** Causes of the first leg that is not allowed, DNS first. */
  readonly causes: readonly Cause[];
  /** What opens it besides edits of NetworkPolicies, where those may not be enough. */
  readonly advice: readonly Advice[];
  readonly symptom: SymptomAnswer | undefined;
}

export type WhyAnswer =
  | { readonly kind: 'error'; readonly errors: readonly EndError[] }
  | {
      readonly kind: 'answer';
      readonly from: NamedEnd;
      readonly to: NamedEnd;
      readonly outcome: Outcome;
      readonly connections: readonly ConnectionAnswer[];
      /** What a live cluster did not show us, of all that answers are made from; a problem of code `limit` for each list. */
      readonly limits: readonly Problem[];
    };

/** Never throws. A name that means nothing comes back as `{ kind: 'error' }` with what was meant perhaps. */
export function why(given: Cluster, semantics: Semantics, question: WhyQuestion): WhyAnswer {
  const cluster = withHypothetical(given, [question.from, question.to], question.namespace);
  const found = route(cluster, semantics, question);
  if (found.errors !== undefined) return { kind: 'error', errors: found.errors };
  const symptom = question.symptom ?? symptomIn(question.to);
  const name = parseName(question.to, question);
  const request = isError(name) ? undefined : requestOf(name, question.to);
  const connections = found.routes.map((each) => answerRoute(cluster, semantics, each, { symptom, request }));
  return {
    kind: 'answer',
    from: found.from,
    to: found.to,
    outcome: joint(connections.map((connection) => connection.outcome)),
    connections,
    limits: cluster.problems.filter(({ code, facts }) => code === 'limit' && facts.weight !== undefined && facts.weight !== 'sign'),
  };
}

/** What was said beside the two ends. */
interface Asked {
  readonly symptom: Symptom | undefined;
  readonly request: HttpRequest | undefined;
}

/** A pasted log line shows what was seen, too. */
function symptomIn(text: string): Symptom | undefined {
  const seen = seenIn(text);
  return seen === 'lookup-failed' ? 'resolve' : SYMPTOMS.find((symptom) => symptom === seen);
}

function answerRoute(cluster: Cluster, semantics: Semantics, found: Route, { symptom, request }: Asked): ConnectionAnswer {
  const through = found.service;
  const context = through?.servicePort === undefined ? {} : { service: { service: through.service, port: through.servicePort } };
  const legs = found.legs
    .flatMap((leg) => verdictsOf(cluster, semantics, leg))
    .map(({ leg, careful: { outcome, verdict } }): LegAnswer => {
      return { leg, outcome: ofOneFamily(outcome), explanation: explain(cluster, semantics, connectionOf(leg), verdict, context) };
    });
  const verdicts = legs.map(({ leg, explanation: { egress, ingress } }) => ({ leg, egress: egress.verdict, ingress: ingress.verdict }));
  const seen = request === undefined ? undefined : requestsSeen(verdicts, request);
  const mesh = legs.filter((leg) => leg.outcome === 'allowed').flatMap(({ leg }) => meshObstacles(cluster, semantics, leg));
  const obstacles = [...found.obstacles, ...lookupObstacles(found, verdicts), ...mesh.slice(0, 1), ...(seen?.obstacles ?? [])];
  const broken = obstacles.filter((obstacle) => obstacle.severity === 'broken');
  const open = obstacles.filter((obstacle) => obstacle.severity === 'open');
  const dns = dnsAnswer(found.dns);
  const byPolicy = byLegs(legs, found.alternatives);
  const hasPartly = found.obstacles.some((obstacle) => obstacle.partly === true);
  const outcome = outcomeOf(dns, { broken, open, hasPartly }, byPolicy);
  const dnsCauses = causesOfDns(dns);
  const policyCauses = [
    ...causesOfFamilies(legs),
    ...((legs.find((leg) => leg.outcome !== 'allowed') ?? legs[0])?.explanation.causes ?? []),
    ...causesOfNodes(legs),
    ...causesOfTunnels(legs),
  ];
  const codes = [
    ...(dns?.stops === true ? dnsCauses.map((cause) => cause.code) : []),
    ...broken.map((obstacle) => obstacle.code),
    ...found.obstacles.filter((obstacle) => obstacle.partly === true).map((obstacle) => obstacle.code),
    ...(outcome === 'undecided' ? open.map((obstacle) => obstacle.code) : []),
    ...policyCauses.map((cause) => cause.code),
    ...dnsCauses.map((cause) => cause.code),
  ];
  return {
    route: found,
    outcome,
    codes: [...new Set(codes)],
    legs,
    obstacles,
    notes: [...found.notes, ...(seen?.notes ?? [])],
    dns,
    causes: dns?.stops === true ? [...dnsCauses, ...policyCauses] : [...policyCauses, ...dnsCauses],
    advice: adviceFor(
      semantics,
      legs.map(({ leg, explanation: { verdict } }) => ({ connection: connectionOf(leg), verdict })),
      through?.service.ref === 'default/kubernetes',
    ),
    symptom:
      symptom === undefined
        ? undefined
        : symptomAnswer(symptom, {
            outcome,
            cause: codes[0],
            lookup: dns && { outcome: dns.outcome, seconds: lookupSeconds(found) },
            localNodeToPod: semantics.localNodeToPod === 'unless-denied' ? 'always' : semantics.localNodeToPod,
            denyResponse: semantics.denyResponse,
            startup: semantics.startup,
            agentDown: semantics.agentDown,
            isIsolated: legs.some(({ explanation: { verdict } }) =>
              [verdict.egress, verdict.ingress].some((side) => side.outcome === 'allowed'),
            ),
            profile: semantics.name,
            isRefused: seen !== undefined && seen.obstacles.length > 0,
            ping: pingBeside(cluster, semantics, found, outcome),
          }),
  };
}

/** What policies say of a ping to where a port was asked about, whichever Service is before it. */
function pingBeside(cluster: Cluster, semantics: Semantics, { protocol, service, legs, alternatives }: Route, outcome: Outcome) {
  const isToService = service !== undefined && !service.service.headless;
  if (protocol === 'ICMP') return { outcome, isAsked: true, isToService };
  const pings = legs
    .filter(({ part }) => part === 'way')
    .map(({ dialled: _, ...leg }): Leg => ({ ...leg, protocol: 'ICMP', port: 8 }))
    .flatMap((leg) => verdictsOf(cluster, semantics, leg))
    .map(({ leg, careful }) => ({ leg, outcome: ofOneFamily(careful.outcome) }));
  return { outcome: byLegs(pings, alternatives) ?? 'undecided', isAsked: false, isToService };
}

/** What a lookup costs that no nameserver answers, or only a later one: resolv.conf(5), 2 attempts of 5 s for each unless dnsConfig says else. */
function lookupSeconds({ dns, legs }: Route): number {
  const [check] = dns?.checks ?? [];
  const servers = check === undefined ? [] : [check.resolver, ...check.others];
  const shut = servers.filter(({ outcome }) => outcome !== 'allowed').length;
  const [pod] = legs.flatMap(({ source }) => (source.kind === 'pod' ? [source.pod] : []));
  return resolverOption(pod, 'attempts', 2) * resolverOption(pod, 'timeout', 5) * Math.max(1, shut);
}

function resolverOption(pod: Pod | undefined, name: string, usual: number): number {
  const { dnsConfig } = (pod?.spec ?? {}) as { readonly dnsConfig?: { readonly options?: unknown } };
  const options: readonly unknown[] = Array.isArray(dnsConfig?.options) ? dnsConfig.options : [];
  const found = options.find((option) => (option as { readonly name?: unknown } | null)?.name === name);
  const value = Number((found as { readonly value?: unknown } | undefined)?.value);
  // glibc takes 1-5 attempts and 1-30 seconds, and the usual value for what is not a number.
  return Number.isInteger(value) && value >= 1 ? Math.min(value, name === 'attempts' ? 5 : 30) : usual;
}

/** INVARIANT: `verdictsOf` has told the families apart, and `route` has left out legs without a common one. */
function ofOneFamily(outcome: Verdict['outcome']): LegAnswer['outcome'] {
  if (outcome === 'partial' || outcome === 'broken') throw new Error(`a leg of one family cannot be ${outcome}`);
  return outcome;
}

/** A name that nobody can resolve comes first, whatever the way would be like (semantics A.6, E 22); then what is no policy at all. */
function outcomeOf(
  dns: DnsAnswer | undefined,
  { broken, open, hasPartly }: { readonly broken: readonly Obstacle[]; readonly open: readonly Obstacle[]; readonly hasPartly: boolean },
  byPolicy: Outcome | undefined,
): Outcome {
  if (dns?.stops === true) return dns.outcome === 'broken' ? 'broken' : 'denied';
  if (broken.length > 0) return 'broken';
  // What policies say of what was read is no verdict on what was not.
  if (open.some(({ code }) => code === 'not-read')) return 'undecided';
  if (byPolicy !== 'allowed') return byPolicy ?? 'undecided';
  if (hasPartly) return 'partial';
  return open.length > 0 || (dns?.asked === true && dns.outcome === 'undecided') ? 'undecided' : 'allowed';
}

/** `[node-unknown]`, with the answer of both cases: a pod on the node at the other end, and one on any other. */
function causesOfNodes(legs: readonly LegAnswer[]): Cause[] {
  const of = (shares: Leg['shares']) => legs.find(({ leg }) => leg.shares === shares);
  const [same, other] = [of('same'), of('other')];
  if (same === undefined || other === undefined) return [];
  const end = same.leg.source.kind === 'pod' ? same.leg.sourceRef : same.leg.destinationRef;
  return [{ code: 'node-unknown', facts: { end, same: same.outcome, other: other.outcome } }];
}

/** `[tunnel-source]`, with the answer to each address that pods may see of the node. */
function causesOfTunnels(legs: readonly LegAnswer[]): Cause[] {
  const of = (address: Leg['sourceAddress']) => legs.find(({ leg }) => leg.sourceAddress === address);
  const [node, tunnel] = [of('node'), of('tunnel')];
  if (node === undefined || tunnel === undefined) return [];
  const said = ({ leg }: LegAnswer) => addressesOf(leg.source).map(printIp);
  const facts = { end: node.leg.sourceRef, addresses: said(node), node: node.outcome, tunnels: said(tunnel), tunnel: tunnel.outcome };
  return [{ code: 'tunnel-source', facts }];
}

/** A pod cannot run on two nodes: where several ask for it, at least one of them is another. */
function areBothCases(legs: readonly Pick<LegAnswer, 'leg'>[]): boolean {
  const split = legs.filter(({ leg }) => leg.shares === 'other');
  return (
    new Set(
      split.map(({ leg: { source, destination } }) =>
        source.kind === 'node' ? source.name : destination.kind === 'node' ? destination.name : '',
      ),
    ).size > 1
  );
}

/** undefined without legs. `alternatives`: only one of the legs is real, so where they differ nothing is certain. */
function byLegs(legs: readonly Pick<LegAnswer, 'leg' | 'outcome'>[], alternatives: boolean): Outcome | undefined {
  if (legs.length === 0) return undefined;
  // One connection after the other: where an earlier one is stopped, the later ones do not matter.
  const parts = (['entry', 'way'] as const).map((part) => legs.filter(({ leg }) => leg.part === part).map(({ outcome }) => outcome));
  const outcomes = parts.filter((part) => part.length > 0).map(joint);
  const outcome = SEQUENCE.find((each) => outcomes.includes(each)) ?? 'undecided';
  const isOneReal =
    alternatives ||
    legs.some(({ leg }) => leg.sourceAddress !== undefined) ||
    (legs.some(({ leg }) => leg.shares !== undefined) && !areBothCases(legs));
  return outcome === 'partial' && isOneReal ? 'undecided' : outcome;
}

const SEQUENCE: readonly Outcome[] = ['denied', 'undecided', 'partial', 'allowed'];

const WORST: readonly DnsOutcome[] = ['broken', 'denied', 'undecided', 'partial', 'allowed'];

function dnsAnswer(dns: Route['dns']): DnsAnswer | undefined {
  if (dns === undefined) return undefined;
  const [check] = [...dns.checks].sort((a, b) => WORST.indexOf(a.outcome) - WORST.indexOf(b.outcome));
  if (check === undefined) return undefined;
  const { outcome, resolver, sources, notes } = check;
  const asked = dns.need === 'asked';
  return {
    outcome,
    resolver: resolver?.ref ?? 'no nameserver',
    assumed: resolver?.assumed === true,
    source: sources[0] ?? '',
    ports: (resolver?.ports ?? []).map(({ protocol, port }) => `${protocol} ${port}`).join(', '),
    asked,
    stops: asked && dns.checks.every((each) => each.outcome === 'denied' || each.outcome === 'broken'),
    udpOnly: notes.includes('dns-udp-only'),
  };
}

/** Several pods or ports: the common outcome, or `partial` when they differ. */
function joint(outcomes: readonly Outcome[]): Outcome {
  const [first, ...others] = outcomes;
  if (first === undefined) return 'undecided';
  return others.every((other) => other === first) ? first : 'partial';
}

function causesOfDns(dns: DnsAnswer | undefined): Cause[] {
  if (dns === undefined) return [];
  const facts = { source: dns.source, resolver: dns.resolver, assumed: dns.assumed, ports: dns.ports };
  if (dns.outcome === 'denied') return [{ code: 'no-dns-egress', direction: 'egress', facts }];
  return dns.udpOnly ? [{ code: 'dns-udp-only', direction: 'egress', facts }] : [];
}

/** `[families-differ]` where one pair of ends gets a verdict for each family, and they are not the same. */
function causesOfFamilies(legs: readonly LegAnswer[]): Cause[] {
  const of = (family: Family) => legs.filter(({ leg }) => leg.family === family);
  const twins = of(4).flatMap((four) =>
    of(6)
      .filter((six) => isTwin(four.leg, six.leg))
      .map((six) => [four.outcome, six.outcome] as const),
  );
  const [differing] = twins.filter(([IPv4, IPv6]) => IPv4 !== IPv6);
  return differing === undefined ? [] : [{ code: 'families-differ', facts: { IPv4: differing[0], IPv6: differing[1] } }];
}

function isTwin(a: Leg, b: Leg): boolean {
  return a.part === b.part && a.source === b.source && a.destination === b.destination && a.port === b.port;
}

/** The direction that stops a leg; undefined when none does. */
function _blocking({ explanation }: LegAnswer): DirectionExplanation | undefined {
  const { egress, ingress } = explanation;
  return (
    [egress, ingress].find(({ verdict }) => verdict.outcome === 'denied') ??
    [egress, ingress].find(({ verdict }) => verdict.outcome === 'undecided')
  );
}
