// What the lists that we may not read leave open on a way. A Service that is "not there" may only not have been shown, an address may be a
// pod's: then the way is neither broken nor allowed, and the answer says which list would decide it. Offline input has no such limits.
import type { Cluster } from '../model/cluster.ts';
import type { Problem } from '../model/problem.ts';
import { ipSetHas } from '../net/ip-set.ts';
import type { End } from '../policy/end.ts';
import type { NamedEnd } from './named-end.ts';
import { type EndError, endError, type Note, type Obstacle, type ObstacleCode } from './obstacle.ts';
import { internet } from './outside.ts';
import type { Leg } from './party.ts';
import type { ServiceWay } from './service.ts';

/** The limits of these kinds that leave this namespace in the dark; any namespace when none is named. */
function unread(cluster: Cluster, kinds: readonly string[], namespace?: string): readonly Problem[] {
  return cluster.problems.filter(({ code, facts }) => {
    if (code !== 'limit' || !kinds.some((kind) => kind === facts.kind)) return false;
    const readIn = Array.isArray(facts.readIn) ? facts.readIn : [];
    return namespace === undefined || !readIn.includes(namespace);
  });
}

/** `pods, nodes`. */
function resources(limits: readonly Problem[]): string {
  return [...new Set(limits.map(({ facts }) => `${String(facts.kind).toLowerCase()}s`))].join(', ');
}

/** What a name without a kind may be. */
const NAMED = ['Pod', 'Service', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicaSet', 'ReplicationController'];

/** A name that means nothing in what was read: where more might have been there to read, that is what the error says. */
export function unreadError(cluster: Cluster, error: EndError): EndError {
  const { code, facts } = error;
  if (code === 'unknown-node') {
    const limits = unread(cluster, ['Node']);
    return limits.length === 0 ? error : endError('not-readable', { name: `node/${facts.name}`, resources: resources(limits) });
  }
  if (code !== 'unknown-name' && code !== 'unknown-namespace') return error;
  const kinds = facts.kind === undefined ? NAMED : [String(facts.kind)];
  const limits = unread(cluster, kinds, String(facts.namespace));
  if (limits.length === 0) return error;
  return endError('not-readable', { name: `${facts.namespace}/${facts.name}`, resources: resources(limits) });
}

/** Said because something was not found; which lists would have shown it. */
const DEPENDS_ON: Readonly<Partial<Record<ObstacleCode, readonly string[]>>> = {
  'name-not-in-dns': ['Service'],
  'selector-matches-nothing': ['Pod'],
  'no-ready-endpoint': ['Pod'],
  'ingress-backend-missing': ['Service'],
  'gateway-missing': ['Gateway'],
  'reference-grant-missing': ['ReferenceGrant'],
};

/** What is looked at of a Route. */
interface Way {
  readonly service: ServiceWay | undefined;
  readonly legs: readonly Leg[];
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly Note[];
}

/** `route` with what cannot be known of it: obstacles that may be none become `open`, and a `not-read` names the lists. */
export function withUnread<Route extends Way>(cluster: Cluster, route: Route, ends: readonly NamedEnd[]): Route {
  if (!cluster.problems.some(({ code }) => code === 'limit')) return route;
  const to = route.service?.service.namespace ?? ends[1]?.namespace;
  const limits = new Set<Problem>();
  const obstacles = route.obstacles.map((obstacle): Obstacle => {
    const missing = unread(cluster, DEPENDS_ON[obstacle.code] ?? [], obstacle.code === 'name-not-in-dns' ? undefined : to);
    if (missing.length === 0 || obstacle.severity !== 'broken') return obstacle;
    for (const limit of missing) limits.add(limit);
    return { ...obstacle, severity: 'open' };
  });
  // Endpoints name pods of which only the labels that the Service selects are known.
  if (route.notes.some(({ code }) => code === 'endpoint-pod-not-in-input'))
    for (const limit of unread(cluster, ['Pod'], to)) limits.add(limit);
  for (const limit of ofAddresses(cluster, route, ends)) limits.add(limit);
  if (limits.size === 0) return route;
  const notRead: Obstacle = { code: 'not-read', severity: 'open', facts: { resources: resources([...limits]) } };
  return { ...route, obstacles: [notRead, ...obstacles] };
}

/** An address of a private network that nobody in the input has may be that of a pod, a node or a Service, which policies treat otherwise. */
function ofAddresses(cluster: Cluster, { legs, service }: Way, ends: readonly NamedEnd[]): readonly Problem[] {
  const asked = ends.some(({ kind }) => kind === 'address' || kind === 'range');
  if (!asked && service === undefined) return [];
  const outside = internet(cluster);
  const isDark = (end: End) => end.kind === 'outside' && !ipSetHas(outside, end.address);
  const isAnyDark = legs.some(({ source, destination }) => (asked && isDark(source)) || isDark(destination));
  return isAnyDark ? unread(cluster, asked ? ['Pod', 'Node', 'Service'] : ['Pod'], asked ? undefined : service?.service.namespace) : [];
}
