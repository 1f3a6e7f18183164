// Policies whose content is not known: of kinds that are not evaluated, of versions that no server takes, and documents that do not parse
// but say that they are policies. Each stands as an unreadable policy over the widest it could touch, so that its verdicts are undecided.
import { networkPolicyOf } from '../kinds/network-policy/lower.ts';
import { validatePolicy } from '../kinds/network-policy/validate.ts';
import { at, type Origin } from '../model/origin.ts';
import { DIRECTIONS, type Direction, type Policy, type Rules, type Subject } from '../model/policy.ts';
import type { Problem } from '../model/problem.ts';
import type { Selector } from '../model/selector.ts';
import { everything, selectorOf } from '../objects/normalise-selector.ts';
import { dig, get, isObject, listOf } from '../objects/read.ts';
import type { KubeObject } from './objects.ts';
import type { PolicingKind } from './policing-kinds.ts';

/** A policy of a known kind without an evaluator. undefined where the object says nothing about who may talk to whom. */
export function unevaluatedPolicy(object: KubeObject, row: PolicingKind, defaultNamespace: string): Policy | undefined {
  const { value, origin, name, kind, apiVersion } = object;
  if (row.onlyWith !== undefined && !row.onlyWith.some((path) => isSet(dig(value, ...path)))) return undefined;
  const namespace = row.scope === 'namespaced' ? (object.namespace ?? defaultNamespace) : undefined;
  const isRoot = namespace !== undefined && namespace === row.rootNamespace;
  const ref = namespace === undefined ? name : `${namespace}/${name}`;
  const facts = { kind, apiVersion, name: ref, decides: row.decides, layer: row.layer };
  return standIn({
    kind,
    tier: row.weight === 'overrules' ? 'admin' : row.weight === 'adds' ? 'namespaced' : 'further',
    name,
    namespace,
    ref,
    subject: {
      namespace: namespace === undefined || isRoot ? { by: 'any' } : { by: 'name', name: namespace },
      pods: podsOf(object, row),
    },
    directions: directionsOf(object, row),
    beyondPods: row.beyondPods === true,
    faults: [{ code: 'unsupported-policy', severity: 'error', facts, origin }],
    origin,
    value,
  });
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

/** A selector that cannot be read may be meant for every pod. */
function podsOf({ value, origin }: KubeObject, { pods }: PolicingKind): Selector {
  const written = pods === undefined ? undefined : dig(value, ...pods.at);
  if (pods === undefined || !isObject(written)) return everything(origin);
  const place = at(origin, ...pods.at);
  const selector = selectorOf(pods.as === 'labels' ? { matchLabels: written } : written, place);
  const asked = pods.as === 'labels' ? Object.keys(written).length : countOf(written);
  return selector.requirements.length === asked ? selector : everything(origin);
}

function countOf(selector: unknown): number {
  const labels = get(selector, 'matchLabels');
  return (isObject(labels) ? Object.keys(labels).length : 0) + listOf(get(selector, 'matchExpressions')).length;
}

function directionsOf({ value }: KubeObject, { directions, types }: PolicingKind): readonly Direction[] {
  const written = types === undefined ? [] : listOf(dig(value, ...types)).map((type) => String(type).toLowerCase());
  const named = directions.filter((direction) => written.includes(direction));
  return named.length === 0 ? directions : named;
}

const SERVED = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' } as const;

/** Is this the one NetworkPolicy that the API serves? */
export function isServedPolicy({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return kind === SERVED.kind && (apiVersion === SERVED.apiVersion || apiVersion === 'extensions/v1beta1');
}

/** A NetworkPolicy that no server takes as it is written: it protects nothing, and what its author believes in force is not. */
export function unservedPolicy(object: KubeObject, namespace: string): Policy {
  const { kind, apiVersion, name, value, origin } = object;
  const isKind = kind === SERVED.kind;
  const facts = { kind, apiVersion, name: `${namespace}/${name}`, use: SERVED.apiVersion, useKind: SERVED.kind };
  const fault: Problem = { code: 'not-served', severity: 'error', facts, origin: at(origin, isKind ? 'apiVersion' : 'kind') };
  const others = validatePolicy({ ...value, ...SERVED }, origin).errors;
  return { ...networkPolicyOf(name, namespace, value, origin, [fault, ...others]), kind: kind === '' ? SERVED.kind : kind };
}

/** The place and the words of a document that was not read. */
export interface BrokenPolicy {
  readonly kind: string;
  readonly name: string | undefined;
  /** undefined: it cannot be told, so any. */
  readonly namespace: string | undefined;
  readonly problem: Problem;
  readonly origin: Origin;
}

/** What cannot be parsed may select any pod of its namespace, in both directions. */
export function brokenPolicy({ kind, name = '(unnamed)', namespace, problem, origin }: BrokenPolicy): Policy {
  return standIn({
    kind,
    tier: kind === SERVED.kind ? 'namespaced' : 'admin',
    name,
    namespace,
    ref: namespace === undefined ? name : `${namespace}/${name}`,
    subject: { namespace: namespace === undefined ? { by: 'any' } : { by: 'name', name: namespace }, pods: everything(origin) },
    directions: DIRECTIONS,
    faults: [problem],
    origin,
    value: undefined,
  });
}

interface StandIn extends Pick<Policy, 'kind' | 'tier' | 'name' | 'namespace' | 'ref' | 'faults' | 'origin' | 'value'> {
  readonly subject: Subject;
  readonly directions: readonly Direction[];
  readonly beyondPods?: boolean;
}

function standIn({ directions, beyondPods = false, ...known }: StandIn): Policy {
  const { origin } = known;
  const unread: Rules = beyondPods ? [{ index: 0, action: 'deny', peers: [{ kind: 'unread', origin }], ports: 'every-port', origin }] : [];
  const rules = (direction: Direction): Rules => (directions.includes(direction) ? unread : 'not-governed');
  return {
    ...known,
    ...(beyondPods && { knownEnds: true }),
    order: -Infinity,
    ingress: rules('ingress'),
    egress: rules('egress'),
    types: { written: false, directions, origin: known.origin },
    ignored: {},
  };
}
