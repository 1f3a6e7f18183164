// What a live cluster did not show us: kinds that we may not list, or that it serves in a version we do not know. It comes as objects
// of our own kind `ReadLimit` among the others, so that a snapshot carries it along, and becomes problems and unreadable policies here.
import type { Origin } from '../model/origin.ts';
import type { NamespaceMatch, Policy } from '../model/policy.ts';
import type { Problem } from '../model/problem.ts';
import { everything } from '../objects/normalise-selector.ts';
import { dig, listOf, textOf } from '../objects/read.ts';
import { apiGroup } from './kinds.ts';
import type { KubeObject } from './objects.ts';

export const READ_LIMIT = { apiVersion: 'netverdict.dev/v1', kind: 'ReadLimit' } as const;

/** `forbidden`: no right to list them. `unknown-version`: the cluster has them in no version we know. `unavailable`: it did not answer.
 * `not-collected`: the tool that collected a support bundle did not ask for them. */
export const LIMIT_REASONS = ['forbidden', 'unknown-version', 'unavailable', 'not-collected'] as const;
export type LimitReason = (typeof LIMIT_REASONS)[number];

export interface ReadLimit {
  /** `NetworkPolicy`; `*` when we could not see which kinds there are. */
  readonly kind: string;
  readonly group: string;
  /** `networkpolicies.networking.k8s.io`. */
  readonly resource: string;
  readonly reason: LimitReason;
  /** The namespaces in which it could be read all the same. */
  readonly readIn: readonly string[];
  /** What hangs on it: `policy` makes verdicts undecided, `object` leaves an answer incomplete, `sign` only hides which CNI this is. */
  readonly weight: 'policy' | 'object' | 'sign';
  /** The server's words. */
  readonly message: string;
}

/** The object that carries a limit from the reader of a cluster, or from a snapshot, to `limitsOf`. */
export function limitObject(limit: ReadLimit, file: string): KubeObject {
  const { resource, kind, ...spec } = limit;
  const name = resource.replaceAll('*', 'all');
  return {
    ...READ_LIMIT,
    name,
    namespace: undefined,
    value: { ...READ_LIMIT, metadata: { name }, spec: { kind, resource, ...spec } },
    origin: { document: { file, text: undefined, start: 0, end: 0, line: 0, format: 'json' }, path: [] },
  };
}

/** Our own kind only; somebody else's `ReadLimit` is an object like any other. */
export function isReadLimit({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return kind === READ_LIMIT.kind && apiGroup(apiVersion) === 'netverdict.dev';
}

/** Problems to tell, and policies that stand for those which were not read. Nothing when everything was. */
export function limitsOf(objects: readonly KubeObject[]): { readonly problems: readonly Problem[]; readonly unread: readonly Policy[] } {
  const found = objects.filter(isReadLimit).map((object) => ({ limit: limitOf(object), origin: object.origin }));
  const problems = found.map(({ limit, origin }) => problemOf(limit, origin));
  const unread = found.flatMap(({ limit, origin }, i) =>
    limit.weight === 'policy' ? [standIn(limit, problems[i] as Problem, origin)] : [],
  );
  return { problems, unread };
}

function limitOf({ value }: KubeObject): ReadLimit {
  const spec = dig(value, 'spec');
  const text = (key: string, otherwise: string) => textOf(dig(spec, key)) ?? otherwise;
  const reason = text('reason', 'unavailable');
  const weight = text('weight', 'policy');
  return {
    kind: text('kind', '*'),
    group: text('group', '*'),
    resource: text('resource', '*'),
    reason: LIMIT_REASONS.find((known) => known === reason) ?? 'unavailable',
    readIn: listOf(dig(spec, 'readIn')).filter((name) => typeof name === 'string'),
    weight: weight === 'object' || weight === 'sign' ? weight : 'policy',
    message: text('message', ''),
  };
}

function problemOf(limit: ReadLimit, origin: Origin): Problem {
  const { kind, group, resource, reason, readIn, message, weight } = limit;
  return {
    code: 'limit',
    severity: weight === 'sign' ? 'warning' : 'error',
    facts: {
      what: 'not-read',
      kind,
      resource,
      group,
      reason,
      weight,
      readIn,
      message,
    },
    origin,
  };
}

/** Whatever those policies say, they may say it of every pod in the namespaces that were not read. */
function standIn(limit: ReadLimit, problem: Problem, origin: Origin): Policy {
  const isNetworkPolicy = limit.kind === 'NetworkPolicy' && limit.group === 'networking.k8s.io';
  return {
    kind: limit.kind,
    // The other kinds may overrule NetworkPolicies, so they come first.
    tier: isNetworkPolicy ? 'namespaced' : 'admin',
    order: -Infinity,
    name: NOT_READABLE,
    namespace: undefined,
    ref: `(unread ${limit.resource})`,
    subject: { namespace: namespacesOutside(limit.readIn, origin), pods: everything(origin) },
    ingress: [],
    egress: [],
    types: { written: false, directions: ['ingress', 'egress'], origin },
    ignored: {},
    faults: [problem],
    origin,
  };
}

const NOT_READABLE = '(not read)';
const NAME_LABEL = 'kubernetes.io/metadata.name';

function namespacesOutside(readIn: readonly string[], origin: Origin): NamespaceMatch {
  if (readIn.length === 0) return { by: 'any' };
  return { by: 'labels', selector: { requirements: [{ key: NAME_LABEL, operator: 'NotIn', values: readIn, origin }], origin } };
}

/**
 * Where the labels of some namespaces could not be read, a policy that asks for namespace labels cannot be read either: it gets the
 * limit as its fault. Its own name every namespace carries, so a selector by name stays readable.
 */
export function withNamespaceLimits(
  policies: readonly Policy[],
  problems: readonly Problem[],
  namespaces: Iterable<{ readonly implied: boolean }>,
): readonly Policy[] {
  const limit = problems.find(({ code, facts }) => code === 'limit' && facts.kind === 'Namespace' && facts.group === '');
  if (limit === undefined || ![...namespaces].some(({ implied }) => implied)) return policies;
  return policies.map((policy) => {
    const origin = namespaceLabelIn(policy);
    return origin === undefined || policy.faults.length > 0 ? policy : { ...policy, faults: [{ ...limit, origin }] };
  });
}

/** The first place where a policy asks for a namespace label other than the name. */
function namespaceLabelIn(policy: Policy): Origin | undefined {
  const asked = (match: NamespaceMatch): Origin | undefined =>
    match.by === 'labels' ? match.selector.requirements.find(({ key }) => key !== NAME_LABEL)?.origin : undefined;
  const rules = [policy.ingress, policy.egress].flatMap((side) => (side === 'not-governed' ? [] : side));
  const peers = rules.flatMap(({ peers: each }) => (each === 'anyone' ? [] : each));
  return (
    asked(policy.subject.namespace) ?? peers.flatMap((peer) => (peer.kind === 'pods' ? (asked(peer.namespace) ?? []) : []))[0] ?? undefined
  );
}
