// Which objects differ between two states, and where in them: what a person would find in the review. Only differences that the
// evaluator can see; an image or a comment is none.

import type { Diff } from '../compare/compare.ts';
import { policyIdentity, sameLabels, sameMeaning, samePod, samePolicy } from '../compare/states.ts';
import { type Cluster, GATEWAY_ROUTE_KINDS, type Ingress, labelsOrigin, type Pod, portOrigin, type Service } from '../model/cluster.ts';
import { at, type Origin, type Path } from '../model/origin.ts';
import type { Policy } from '../model/policy.ts';
import { get } from '../objects/read.ts';
import { valueChanges } from './value-changes.ts';

export type EditedThing =
  | { readonly is: 'policy'; readonly key: string }
  /** `shop/cart[Deployment]`. */
  | { readonly is: 'workload'; readonly workload: string }
  | { readonly is: 'namespace'; readonly name: string }
  /** Services and Ingresses matter to what an ingress controller sends on, and to nothing else here. */
  | { readonly is: 'entry' };

/** A place that is in one of the states, or in both with another value. */
export interface EditedPlace {
  readonly before: Origin | undefined;
  readonly after: Origin | undefined;
  /** `app=cart`, `port: 8080`: where a single value came, went or became another. */
  readonly was?: string;
  readonly now?: string;
}

export interface ObjectEdit {
  readonly thing: EditedThing;
  /** `NetworkPolicy`, `Deployment`. */
  readonly kind: string;
  /** `shop/cart-ingress`. */
  readonly ref: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** The object in that state. */
  readonly before: Origin | undefined;
  readonly after: Origin | undefined;
  /** Empty for an object that came or went, and for a live cluster that tells no values. */
  readonly places: readonly EditedPlace[];
}

/** Policies, then workloads, namespaces, Services and Ingresses; each kind by name. [] for two equal states. */
export function objectEdits(diff: Diff): readonly ObjectEdit[] {
  const { before, after } = diff.field.states;
  return [
    ...policyEdits(diff.field),
    ...workloadEdits(diff),
    ...namespaceEdits(before, after, diff.field.joint.relabelled),
    ...entryEdits('Service', before.services, after.services),
    ...INGRESS_KINDS.flatMap((kind) => entryEdits(kind, byRef(before.ingresses, kind), byRef(after.ingresses, kind))),
  ];
}

function policyEdits({ joint, states }: Diff['field']): ObjectEdit[] {
  // A policy of a namespace with other labels stands twice in the joint list, and may be the same policy.
  const isPlain = joint.relabelled.size === 0;
  const differing = joint.policies.filter(({ before, after }) => before !== after);
  const byKey = (policies: readonly Policy[]) => new Map(policies.map((policy) => [policyIdentity(policy), policy]));
  const earlier = byKey(isPlain ? differing.filter(({ before }) => before).map(({ policy }) => policy) : states.before.policies);
  const later = byKey(isPlain ? differing.filter(({ after }) => after).map(({ policy }) => policy) : states.after.policies);
  const edit = (key: string, old: Policy | undefined, now: Policy | undefined): ObjectEdit => ({
    thing: { is: 'policy', key },
    kind: (now ?? old)?.kind ?? '',
    ref: (now ?? old)?.ref ?? '',
    change: old === undefined ? 'added' : now === undefined ? 'removed' : 'changed',
    before: old?.origin,
    after: now?.origin,
    places: old === undefined || now === undefined ? [] : placesIn(old, now),
  });
  const found: ObjectEdit[] = [];
  for (const [key, now] of later) {
    const old = earlier.get(key);
    if (old === undefined || !samePolicy(old, now)) found.push(edit(key, old, now));
  }
  for (const [key, old] of earlier) if (!later.has(key)) found.push(edit(key, old, undefined));
  return found.sort(byName);
}

/** Names and annotations say nothing to the evaluator. */
function placesIn(old: Policy, now: Policy): readonly EditedPlace[] {
  return valueChanges(old.value, now.value)
    .filter(({ before, after }) => (after ?? before)?.[0] === 'spec')
    .map((change): EditedPlace => {
      const [was, is] = [scalarAt(old.value, change.before), scalarAt(now.value, change.after)];
      return {
        before: change.before && at(old.origin, ...change.before),
        after: change.after && at(now.origin, ...change.after),
        ...(was === undefined ? {} : { was }),
        ...(is === undefined ? {} : { now: is }),
      };
    });
}

/** `app=cart` for an entry of matchLabels, `port: 8080` for another one; undefined for what is no single value. */
function scalarAt(value: unknown, path: Path | undefined): string | undefined {
  const key = path?.at(-1);
  if (path === undefined || key === undefined) return undefined;
  const found = path.reduce<unknown>((inner, step) => (Array.isArray(inner) ? inner[Number(step)] : get(inner, String(step))), value);
  if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') return undefined;
  if (path.at(-2) === 'matchLabels') return `${key}=${found}`;
  return typeof key === 'number' ? `${found}` : `${key}: ${found}`;
}

/** Workloads of which some pods are other pods to the policies. One pod of each state speaks for its like. */
function workloadEdits({ field, ends }: Diff): ObjectEdit[] {
  const seen = labelKeys(field);
  const { before, after } = field.states;
  const edits = new Map<string, ObjectEdit>();
  for (const end of ends) {
    if (!(end.isMoved || end.isOnOtherNodes) || edits.has(end.workload)) continue;
    const [old, now] = [before.workloads.get(end.workload), after.workloads.get(end.workload)];
    const [pod, later] = spokesmen(end.before?.pods ?? [], end.after?.pods ?? []);
    const isRelabelled = pod !== undefined && field.joint.relabelled.has(pod.namespace);
    if (isRelabelled && later !== undefined && samePod(pod, later)) continue;
    const places = pod === undefined || later === undefined ? [] : podPlaces(pod, later, seen);
    const workload = now ?? old;
    edits.set(end.workload, {
      thing: { is: 'workload', workload: end.workload },
      kind: workload?.kind ?? 'Pod',
      ref: workload === undefined ? end.workload : `${workload.namespace}/${workload.name}`,
      change: old === undefined ? 'added' : now === undefined ? 'removed' : 'changed',
      before: old?.origin,
      after: now?.origin,
      places,
    });
  }
  return [...edits.values()].sort(byName);
}

/** A pod that differs from what it was, else the first of each state. */
function spokesmen(then: readonly Pod[], now: readonly Pod[]): readonly [Pod | undefined, Pod | undefined] {
  const later = new Map(now.map((pod) => [pod.ref, pod]));
  for (const pod of then) {
    const same = later.get(pod.ref);
    if (same !== undefined && !samePod(pod, same)) return [pod, same];
  }
  return [then[0], now[0]];
}

/** Keys that some selector looks at. */
function labelKeys({ reaches }: Diff['field']): ReadonlySet<string> {
  return new Set(reaches.after.selections.pods.flatMap(({ selector }) => (selector?.requirements ?? []).map(({ key }) => key)));
}

function podPlaces(pod: Pod, later: Pod, seen: ReadonlySet<string>): EditedPlace[] {
  const keys = [...new Set([...pod.labels.keys(), ...later.labels.keys()])].filter((key) => seen.has(key));
  const labels = keys
    .filter((key) => pod.labels.get(key) !== later.labels.get(key))
    .map((key) => labelPlace(key, pod.labels, labelsOrigin(pod), later.labels, labelsOrigin(later)));
  const portKey = ({ name, port, protocol }: Pod['ports'][number]) => `${name} ${port} ${protocol}`;
  const [old, now] = [new Set(pod.ports.map(portKey)), new Set(later.ports.map(portKey))];
  const ports = [
    ...later.ports.filter((port) => !old.has(portKey(port))).map((port) => ({ before: undefined, after: portOrigin(later, port) })),
    ...pod.ports.filter((port) => !now.has(portKey(port))).map((port) => ({ before: portOrigin(pod, port), after: undefined })),
  ];
  const network =
    pod.hostNetwork === later.hostNetwork
      ? []
      : [{ before: at(pod.origin, 'spec', 'hostNetwork'), after: at(later.origin, 'spec', 'hostNetwork') }];
  const node = pod.node === later.node ? [] : [{ before: at(pod.origin, 'spec', 'nodeName'), after: at(later.origin, 'spec', 'nodeName') }];
  return [...labels, ...ports, ...network, ...node];
}

function labelPlace(key: string, old: Pod['labels'], oldAt: Origin, now: Pod['labels'], nowAt: Origin): EditedPlace {
  const [was, is] = [old.get(key), now.get(key)];
  return {
    before: was === undefined ? undefined : at(oldAt, key),
    after: is === undefined ? undefined : at(nowAt, key),
    ...(was === undefined ? {} : { was: `${key}=${was}` }),
    ...(is === undefined ? {} : { now: `${key}=${is}` }),
  };
}

function namespaceEdits(before: Cluster, after: Cluster, relabelled: ReadonlySet<string>): ObjectEdit[] {
  return [...relabelled].sort().flatMap((name): ObjectEdit[] => {
    const [old, now] = [before.namespaces.get(name), after.namespaces.get(name)];
    if (old === undefined || now === undefined || sameLabels(old.labels, now.labels)) return [];
    const keys = [...new Set([...old.labels.keys(), ...now.labels.keys()])].filter((key) => old.labels.get(key) !== now.labels.get(key));
    const labelsAt = (origin: Origin | undefined) => origin && at(origin, 'metadata', 'labels');
    return [
      {
        thing: { is: 'namespace', name },
        kind: 'Namespace',
        ref: name,
        change: old.origin === undefined ? 'added' : now.origin === undefined ? 'removed' : 'changed',
        before: old.origin,
        after: now.origin,
        places: keys.flatMap((key): EditedPlace[] => {
          const [from, to] = [labelsAt(old.origin), labelsAt(now.origin)];
          if (from === undefined || to === undefined) return [];
          return [labelPlace(key, old.labels, from, now.labels, to)];
        }),
      },
    ];
  });
}

const INGRESS_KINDS: readonly Ingress['kind'][] = ['Ingress', ...GATEWAY_ROUTE_KINDS];

function byRef(ingresses: readonly Ingress[], kind: Ingress['kind']): ReadonlyMap<string, Ingress> {
  return new Map(ingresses.filter((ingress) => ingress.kind === kind).map((ingress) => [ingress.ref, ingress]));
}

function entryEdits(
  kind: string,
  before: ReadonlyMap<string, Service | Ingress>,
  after: ReadonlyMap<string, Service | Ingress>,
): ObjectEdit[] {
  const edit = (ref: string, old: Service | Ingress | undefined, now: Service | Ingress | undefined): ObjectEdit => ({
    thing: { is: 'entry' },
    kind,
    ref,
    change: old === undefined ? 'added' : now === undefined ? 'removed' : 'changed',
    before: old?.origin,
    after: now?.origin,
    places: [],
  });
  const found: ObjectEdit[] = [];
  for (const [ref, now] of after) {
    const old = before.get(ref);
    if (old === undefined || !sameEntry(old, now)) found.push(edit(ref, old, now));
  }
  for (const [ref, old] of before) if (!after.has(ref)) found.push(edit(ref, old, undefined));
  return found.sort(byName);
}

function sameEntry(a: Service | Ingress, b: Service | Ingress): boolean {
  if ('rules' in a || 'rules' in b) return 'rules' in a && 'rules' in b && sameMeaning(a.rules, b.rules);
  const hasLabels = a.selector !== undefined && b.selector !== undefined;
  return (
    (hasLabels ? sameLabels(a.selector, b.selector) : a.selector === b.selector) &&
    sameMeaning(a.ports, b.ports) &&
    sameMeaning(a.endpoints, b.endpoints)
  );
}

function byName(a: ObjectEdit, b: ObjectEdit): number {
  return a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0;
}
