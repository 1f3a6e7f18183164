// `fix`: the smallest edits that make a connection allowed, or denied. Each is applied to a copy of the cluster and the whole question is
// asked of it again: what does not come out as wanted is never shown.
import type { Cluster } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import type { Semantics } from '../profile/profile.ts';
import { changedCluster, changesOf } from '../repair/apply.ts';
import { legsOf, unreadableIn } from '../repair/blocked.ts';
import { denials } from '../repair/deny.ts';
import type { Draft } from '../repair/lever.ts';
import { serviceDrafts } from '../repair/levers/services.ts';
import { compareFixes } from '../repair/rank.ts';
import { combined, type Fix, suggestions } from '../repair/suggest.ts';
import { decideCarefully } from '../route/assumed.ts';
import { withHypothetical } from '../route/hypothetical.ts';
import type { NamedEnd } from '../route/named-end.ts';
import type { EndError } from '../route/obstacle.ts';
import type { Route } from '../route/route.ts';
import { repairedPolicies } from './repaired-policy.ts';
import { type ConnectionAnswer, type WhyAnswer, type WhyQuestion, why } from './why.ts';

/** `number`: its place among all fixes of the connection, whether all of them are listed or not. What `--write` and `--pick` take. */
export interface RankedFix extends Fix {
  readonly number: number;
}

export interface ConnectionFixes {
  readonly connection: ConnectionAnswer;
  /** Best first; each verified. The last of a list that is cut off may be a much smaller one from farther down. */
  readonly fixes: readonly RankedFix[];
  /** Policies on the way that cannot be read. They come first: beside them nothing can be said of what another edit closes. */
  readonly unreadable: readonly Policy[];
  /** The other end is known by this name and not by its address, and policies know addresses only: what opens it opens all others. */
  readonly addressUnknown?: string;
  /** Nothing is to be done: it is as wanted. */
  readonly isDone: boolean;
  /** True: the way is what was mended, and names still do not resolve. */
  readonly dnsStaysDenied: boolean;
}

export type FixAnswer =
  | { readonly kind: 'error'; readonly errors: readonly EndError[] }
  | { readonly kind: 'answer'; readonly from: NamedEnd; readonly to: NamedEnd; readonly connections: readonly ConnectionFixes[] };

export interface FixOptions {
  /** Of each connection. */
  readonly most: number;
  /** The list is not shown but picked from: no place in it is given to a smaller fix from farther down. */
  readonly exact?: boolean;
  /** The connection is to be closed instead. */
  readonly deny?: boolean;
}

/** `fix(cluster, semantics, { from: 'web/frontend', to: 'payments/svc/api:8080', namespace: 'default' }, { most: 5 })`. Never throws. */
export function fix(given: Cluster, semantics: Semantics, question: WhyQuestion, options: FixOptions): FixAnswer {
  // Once, so that it is one and the same pod in the answer and in what is tried.
  const cluster = withHypothetical(given, [question.from, question.to], question.namespace);
  const answer = why(cluster, semantics, question);
  if (answer.kind === 'error') return answer;
  const { from, to } = answer;
  return { kind: 'answer', from, to, connections: fixesFor(cluster, semantics, question, answer, options) };
}

/** The same beside an answer of `why` that is there already: one entry for each of its connections. */
export function fixesFor(
  given: Cluster,
  semantics: Semantics,
  question: WhyQuestion,
  answer: Extract<WhyAnswer, { kind: 'answer' }>,
  { most, exact = false, deny = false }: FixOptions,
): readonly ConnectionFixes[] {
  const cluster = withHypothetical(given, [question.from, question.to], question.namespace);
  return answer.connections.map((connection): ConnectionFixes => {
    const wish = deny ? wishToDeny(connection) : wishToAllow(connection);
    const none = { connection, fixes: [], unreadable: [], dnsStaysDenied: false };
    if (wish === 'done' || wish === 'no-policy') return { ...none, isDone: wish === 'done' };
    const { route, dns } = connection;
    // A rule without ports admits it, which no edit should be made for.
    if (route.protocol === 'ICMP') return { ...none, isDone: false };
    const isBroken = connection.outcome === 'broken';
    const unreadable = isBroken ? [] : unreadableOn(cluster, semantics, route, wish.withDns);
    const holds = (each: Fix) => holdsIn(changedCluster(cluster, each.changes), semantics, question, connection, wish);
    const candidates =
      unreadable.length > 0
        ? repairs(cluster, semantics, route, { unreadable, wish, deny })
        : deny
          ? denials(cluster, semantics, route)
          : [
              ...(isBroken ? [] : suggestions(cluster, semantics, route, wish.withDns)),
              ...throughService({ cluster, semantics, question, connection, withDns: wish.withDns }),
            ].sort(compareFixes);
    const fixes: RankedFix[] = [];
    let tried = 0;
    for (const each of candidates) {
      if (fixes.length >= most) break;
      tried++;
      if (holds(each)) fixes.push({ ...each, number: fixes.length + 1 });
    }
    const smallest = deny || exact || most < 2 || fixes.length < most ? undefined : smallestOf(candidates);
    const place = smallest === undefined ? -1 : candidates.indexOf(smallest);
    if (smallest !== undefined && place >= tried && isMuchSmaller(smallest, fixes) && holds(smallest)) {
      const between = candidates.slice(tried, place).filter(holds).length;
      fixes[fixes.length - 1] = { ...smallest, number: most + between + 1 };
    }
    const name = deny ? undefined : unknownAddressOf(route);
    return {
      connection,
      fixes,
      unreadable,
      ...(name === undefined ? {} : { addressUnknown: name }),
      isDone: false,
      dnsStaysDenied: !deny && !wish.withDns && dns?.outcome === 'denied',
    };
  });
}

/** Policies that leave a direction of the way open because they cannot be read. */
function unreadableOn(cluster: Cluster, semantics: Semantics, route: Route, withDns: boolean): readonly Policy[] {
  const verdicts = legsOf(route, withDns).map(({ leg }) => decideCarefully(cluster, semantics, leg).verdict);
  return [...new Set(verdicts.flatMap(({ egress, ingress }) => [...unreadableIn(egress), ...unreadableIn(ingress)]))];
}

interface Repairing {
  readonly unreadable: readonly Policy[];
  readonly wish: Wish;
  readonly deny: boolean;
}

/** The policies put right, alone and with what is needed besides once they are in force. [] where a person has to say what was meant. */
function repairs(cluster: Cluster, semantics: Semantics, route: Route, { unreadable, wish, deny }: Repairing): readonly Fix[] {
  const repaired = repairedPolicies(cluster, unreadable);
  const changes = repaired === undefined ? undefined : changesOf(repaired.steps, cluster);
  if (repaired === undefined || changes === undefined) return [];
  const after = changedCluster(cluster, changes);
  const own = new Set<Policy>(changes.policies.values());
  // What edits the same policy once more would speak of places as they are after the repair.
  const isElsewhere = ({ steps }: Fix) =>
    steps.every((step) => step.kind === 'create' || step.object.kind !== 'policy' || !own.has(step.object.policy));
  const more = deny ? denials(after, semantics, route) : suggestions(after, semantics, route, wish.withDns);
  return combined(cluster, semantics, route, wish.withDns, [
    repaired,
    ...more
      .filter(isElsewhere)
      .map(({ levers, steps }) => ({ levers: [...repaired.levers, ...levers], steps: [...repaired.steps, ...steps] })),
  ]);
}

interface Asking {
  readonly cluster: Cluster;
  readonly semantics: Semantics;
  readonly question: WhyQuestion;
  readonly connection: ConnectionAnswer;
  readonly withDns: boolean;
}

/** The Service put right, alone or, where policies deny what it leads to then, together with what opens that. In the order of `why`. */
function throughService({ cluster, semantics, question, connection, withDns }: Asking): readonly Fix[] {
  return serviceDrafts(cluster, connection.route).flatMap((draft): readonly Fix[] => {
    const changes = changesOf(draft.steps, cluster);
    if (changes === undefined) return [];
    const after = changedCluster(cluster, changes);
    const then = sameIn(why(after, semantics, question), connection);
    if (then === undefined || then.outcome === 'broken') return [];
    const more = then.outcome === 'allowed' ? [] : suggestions(after, semantics, then.route, withDns).slice(0, MOST_BEHIND_SERVICE);
    const behind = more.map(({ levers, steps }): Draft => ({ levers: [...draft.levers, ...levers], steps: [...draft.steps, ...steps] }));
    return combined(cluster, semantics, then.route, withDns, then.outcome === 'allowed' ? [draft] : behind);
  });
}

/** Ways to open what a Service leads to, tried with each way to put the Service right. */
const MOST_BEHIND_SERVICE = 4;

/** `api.example.com`, where the route leads to an address that the input does not have. */
function unknownAddressOf({ alternatives, legs, notes, service, to }: Route): string | undefined {
  if (!alternatives || !legs.some(({ destinationRange }) => destinationRange !== undefined)) return undefined;
  const named = notes.find(({ code }) => code === 'external-host' || code === 'external-name');
  return String(named?.facts.host ?? named?.facts.externalName ?? service?.service.ref ?? to);
}

/** The one with the fewest lines of those that take nothing away from anybody who is there. */
function smallestOf(candidates: readonly Fix[]): Fix | undefined {
  const kind = candidates.filter(
    ({ effect }) => effect.closed.every(({ isFuture }) => isFuture) && effect.services.every(({ change }) => change === 'gains'),
  );
  return kind.reduce<Fix | undefined>((best, each) => (best === undefined || each.size < best.size ? each : best), undefined);
}

/** A label of one line, say, that opens more than a rule of eight: people want to see both, so it stands last in a list that is cut off. */
function isMuchSmaller(smallest: Fix, fixes: readonly Fix[]): boolean {
  return fixes.every(({ size, levers }) => size > smallest.size && levers.length >= smallest.levers.length);
}

/** Is the connection as wanted in this other state of the cluster? */
export function isMendedIn(
  cluster: Cluster,
  semantics: Semantics,
  question: WhyQuestion,
  { connection }: Pick<ConnectionFixes, 'connection'>,
  deny: boolean,
): boolean {
  const wish = deny ? wishToDeny(connection) : wishToAllow(connection);
  return typeof wish === 'object' && holdsIn(cluster, semantics, question, connection, wish);
}

function holdsIn(cluster: Cluster, semantics: Semantics, question: WhyQuestion, connection: ConnectionAnswer, wish: Wish): boolean {
  const same = sameIn(why(cluster, semantics, question), connection);
  return same !== undefined && wish.holds(same);
}

function sameIn(after: WhyAnswer, connection: ConnectionAnswer): ConnectionAnswer | undefined {
  return after.kind === 'answer' ? after.connections.find((other) => isSame(other, connection)) : undefined;
}

function isSame(a: ConnectionAnswer, b: ConnectionAnswer): boolean {
  return a.route.to === b.route.to && a.route.protocol === b.route.protocol && a.route.port === b.route.port;
}

interface Wish {
  readonly withDns: boolean;
  readonly holds: (after: ConnectionAnswer) => boolean;
}

const OF_SERVICES: ReadonlySet<string> = new Set([
  'selector-matches-nothing',
  'target-port-missing',
  'endpoint-port-missing',
  'service-port-missing',
]);

/** 'no-policy': what stands in the way is broken, and neither a policy nor a Service can help. */
function wishToAllow({ outcome, dns, obstacles }: ConnectionAnswer): Wish | 'done' | 'no-policy' {
  const isAllowed = (after: ConnectionAnswer) => after.outcome === 'allowed';
  if (outcome === 'allowed') {
    // The way is open, and programs look the Service up by its name.
    const isDenied = dns !== undefined && (dns.outcome === 'denied' || dns.udpOnly);
    return isDenied ? { withDns: true, holds: (after) => isAllowed(after) && after.dns?.outcome === 'allowed' } : 'done';
  }
  if (dns?.stops === true && dns.outcome === 'broken') return 'no-policy';
  // What is broken may be a Service that an edit puts right; anything else no policy can help.
  if (obstacles.some(({ severity, code }) => severity === 'broken' && !OF_SERVICES.has(code))) return 'no-policy';
  return { withDns: dns?.asked === true && dns.outcome !== 'allowed', holds: isAllowed };
}

/** Every pod on the way must be stopped by a policy; a name that does not resolve stops nobody who knows the address. */
function wishToDeny({ legs }: ConnectionAnswer): Wish | 'done' | 'no-policy' {
  if (legs.length === 0) return 'no-policy';
  const areDenied = (each: ConnectionAnswer) => each.legs.length > 0 && each.legs.every((leg) => leg.outcome === 'denied');
  return legs.every(({ outcome }) => outcome === 'denied') ? 'done' : { withDns: false, holds: areDenied };
}
