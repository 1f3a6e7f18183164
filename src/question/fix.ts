// `fix`: the smallest edits that make a connection allowed. Each is applied to a copy of the cluster and the whole question is asked of it
// again: what is not `allowed` then is never shown.
import type { Cluster } from '../model/cluster.ts';
import type { Semantics } from '../profile/profile.ts';
import { changedCluster } from '../repair/apply.ts';
import { type Fix, suggestions } from '../repair/suggest.ts';
import type { NamedEnd } from '../route/named-end.ts';
import type { EndError } from '../route/obstacle.ts';
import { type ConnectionAnswer, type WhyAnswer, type WhyQuestion, why } from './why.ts';

export interface ConnectionFixes {
  readonly connection: ConnectionAnswer;
  /** Best first; each verified. */
  readonly fixes: readonly Fix[];
  /** True: the way is what was mended, and names still do not resolve. */
  readonly dnsStaysDenied: boolean;
}

export type FixAnswer =
  | { readonly kind: 'error'; readonly errors: readonly EndError[] }
  | { readonly kind: 'answer'; readonly from: NamedEnd; readonly to: NamedEnd; readonly connections: readonly ConnectionFixes[] };

export interface FixOptions {
  /** Of each connection. */
  readonly most: number;
}

/** `fix(cluster, semantics, { from: 'web/frontend', to: 'payments/svc/api:8080', namespace: 'default' }, { most: 5 })`. Never throws. */
export function fix(cluster: Cluster, semantics: Semantics, question: WhyQuestion, options: FixOptions): FixAnswer {
  const answer = why(cluster, semantics, question);
  if (answer.kind === 'error') return answer;
  const { from, to } = answer;
  return { kind: 'answer', from, to, connections: fixesFor(cluster, semantics, question, answer, options) };
}

/** The same beside an answer of `why` that is there already: one entry for each of its connections. */
export function fixesFor(
  cluster: Cluster,
  semantics: Semantics,
  question: WhyQuestion,
  answer: Extract<WhyAnswer, { kind: 'answer' }>,
  { most }: FixOptions,
): readonly ConnectionFixes[] {
  return answer.connections.map((connection): ConnectionFixes => {
    const isMended = mendedWhen(connection);
    if (isMended === undefined) return { connection, fixes: [], dnsStaysDenied: false };
    const { withDns, holds } = isMended;
    const fixes: Fix[] = [];
    for (const each of suggestions(cluster, semantics, connection.route, withDns)) {
      if (fixes.length >= most) break;
      const after = why(changedCluster(cluster, each.changes), semantics, question);
      const same = after.kind === 'answer' ? after.connections.find((other) => isSame(other, connection)) : undefined;
      if (same !== undefined && holds(same)) fixes.push(each);
    }
    const { dns } = connection;
    return { connection, fixes, dnsStaysDenied: !withDns && dns !== undefined && dns.outcome === 'denied' };
  });
}

/** What has to be reached; undefined where nothing is to be done, or no policy is what stands in the way. */
function mendedWhen({
  outcome,
  dns,
  obstacles,
}: ConnectionAnswer): { readonly withDns: boolean; readonly holds: (after: ConnectionAnswer) => boolean } | undefined {
  const isAllowed = (after: ConnectionAnswer) => after.outcome === 'allowed';
  if (outcome === 'allowed') {
    // The way is open, and programs look the Service up by its name.
    const isDenied = dns !== undefined && (dns.outcome === 'denied' || dns.udpOnly);
    return isDenied ? { withDns: true, holds: (after) => isAllowed(after) && after.dns?.outcome === 'allowed' } : undefined;
  }
  if (obstacles.some(({ severity }) => severity === 'broken')) return undefined;
  return { withDns: dns?.asked === true && dns.outcome !== 'allowed', holds: isAllowed };
}

function isSame(a: ConnectionAnswer, b: ConnectionAnswer): boolean {
  return a.route.to === b.route.to && a.route.protocol === b.route.protocol && a.route.port === b.route.port;
}
