// Labels put on pods or namespaces, or taken away, so that a selector means them. What cannot be changed in place is not offered:
// a workload's selector is fixed (apps/v1 validation: "field is immutable"). A Job's template is, too, and a Job can be made anew.
import { templateOf } from '../../manifest/workloads.ts';
import type { Cluster, Namespace, Pod, Workload } from '../../model/cluster.ts';
import { at, type Origin } from '../../model/origin.ts';
import { type Labels, matches } from '../../model/selector.ts';
import { selectorOf } from '../../objects/normalise-selector.ts';
import { get, isObject, labelsOf } from '../../objects/read.ts';
import type { PlacedEdit } from '../edited-value.ts';
import type { Draft, Lever } from '../lever.ts';
import type { Step } from '../step.ts';

/** `undefined`: the label goes. */
export interface LabelChange {
  readonly key: string;
  readonly value: string | undefined;
}

/** On the pod template of the pod's workload, or on the pod where nothing else makes it. [] where it cannot be done. */
export function labelPods(cluster: Cluster, pod: Pod, change: LabelChange): readonly Draft[] {
  const workload = cluster.workloads.get(pod.workload);
  if (workload === undefined || !workload.written || !isLabel(change)) return [];
  const has = pod.labels.get(change.key);
  const facts = {
    workload: `${workload.namespace}/${workload.name}`,
    kind: workload.kind,
    ...factsOf(change),
    ...(has === undefined ? {} : { has }),
  };
  const code = change.value === undefined ? 'unlabel-pod' : 'label-pod';
  if (workload.kind === 'Pod') {
    const edits = labelEdits({ metadata: pod.metadata ?? {} }, pod.origin, change);
    const lever: Lever = { code, facts, at: placeOf(at(pod.origin, 'metadata', 'labels'), pod.labels, change.key) };
    return edits === undefined ? [] : [{ levers: [lever], steps: [{ kind: 'edit', object: { kind: 'pod', pod }, edits }] }];
  }
  const template = templateOf(workload.kind, workload.value, workload.origin);
  if (template === undefined) return [];
  const labels = labelsOf(get(get(template.value, 'metadata'), 'labels'));
  if (!mayCarry(workload, labels, change)) return [];
  const edits = labelEdits(template.value, template.origin, change);
  if (edits === undefined) return [];
  const steps: Step[] = [{ kind: 'edit', object: { kind: 'workload', workload }, edits }, ...podSteps(workload, change)];
  return [{ levers: [{ code, facts, at: placeOf(at(template.origin, 'metadata', 'labels'), labels, change.key) }], steps }];
}

/** The pods of the input that the rollout will replace: a dump that is edited must say the same of them. */
function podSteps(workload: Workload, change: LabelChange): Step[] {
  return workload.pods.flatMap((pod): Step[] => {
    const edits = pod.template ? undefined : labelEdits({ metadata: pod.metadata ?? {} }, pod.origin, change);
    return edits === undefined ? [] : [{ kind: 'edit', object: { kind: 'pod', pod }, edits, byController: true }];
  });
}

/** `NotIn` wants the key to be absent or other; the API wants keys and values that fit (labels: at most 63 letters). */
function isLabel({ value }: LabelChange): boolean {
  return value === undefined || /^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/.test(value);
}

function mayCarry(workload: Workload, labels: Labels, { key, value }: LabelChange): boolean {
  const after = new Map(labels);
  if (value === undefined) after.delete(key);
  else after.set(key, value);
  const selector = get(get(workload.value, 'spec'), 'selector');
  if (selector === undefined) return true;
  // A ReplicationController's selector is a plain map.
  const plain = workload.kind === 'ReplicationController' ? { matchLabels: selector } : selector;
  return matches(selectorOf(plain, workload.origin), after);
}

/** Only of a namespace whose object is in the input: of others the labels are not known. */
export function labelNamespace(namespace: Namespace | undefined, change: LabelChange): readonly Draft[] {
  if (namespace?.origin === undefined || namespace.implied || !isLabel(change) || change.key === 'kubernetes.io/metadata.name') return [];
  const edits = labelEdits(namespace.value, namespace.origin, change);
  if (edits === undefined) return [];
  const has = namespace.labels.get(change.key);
  const lever: Lever = {
    code: change.value === undefined ? 'unlabel-namespace' : 'label-namespace',
    facts: { namespace: namespace.name, ...factsOf(change), ...(has === undefined ? {} : { has }) },
    at: placeOf(at(namespace.origin, 'metadata', 'labels'), namespace.labels, change.key),
  };
  return [{ levers: [lever], steps: [{ kind: 'edit', object: { kind: 'namespace', namespace }, edits }] }];
}

function factsOf({ key, value }: LabelChange) {
  return { key, ...(value === undefined ? {} : { value }) };
}

function placeOf(map: Origin, labels: Labels, key: string): Origin {
  return labels.has(key) ? at(map, key) : map;
}

/** Edits of `metadata.labels` of the object at `origin`, which may have neither; undefined when there is nothing to take away. */
function labelEdits(value: unknown, origin: Origin, { key, value: label }: LabelChange): readonly PlacedEdit[] | undefined {
  const metadata = get(value, 'metadata');
  const labels = get(metadata, 'labels');
  const place = at(origin, 'metadata', 'labels');
  const isThere = isObject(labels) && Object.hasOwn(labels, key);
  if (label === undefined) return isThere ? [{ kind: 'remove', at: at(place, key) }] : undefined;
  if (isThere) return [{ kind: 'set-value', at: at(place, key), value: label }];
  if (isObject(labels)) return [{ kind: 'add-entry', at: place, key, value: label }];
  if (isObject(metadata)) return [addOrSet(metadata, at(origin, 'metadata'), 'labels', { [key]: label })];
  return isObject(value) ? [addOrSet(value, origin, 'metadata', { labels: { [key]: label } })] : undefined;
}

/** `labels:` with nothing behind it is there and says nothing. */
function addOrSet(
  parent: object,
  place: Origin,
  key: string,
  value: { readonly [key: string]: string | { readonly [key: string]: string } },
): PlacedEdit {
  return Object.hasOwn(parent, key) ? { kind: 'set-value', at: at(place, key), value } : { kind: 'add-entry', at: place, key, value };
}
