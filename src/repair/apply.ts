// Steps → the cluster as it would be. Only what is touched is read anew: a policy, the pods of a workload, a namespace's labels.

import { asCiliumReads } from '../kinds/cilium/network-policy.ts';
import type { KindObject } from '../kinds/kind.ts';
import { networkPolicyOf } from '../kinds/network-policy/lower.ts';
import { validatePolicy } from '../kinds/network-policy/validate.ts';
import { isPolicyApiKind, policyApiKind } from '../kinds/policy-api/kinds.ts';
import { podOf, templatePodOf } from '../manifest/normalise-pod.ts';
import { serviceOf } from '../manifest/normalise-service.ts';
import { validateService } from '../manifest/validate-objects.ts';
import { templateOf } from '../manifest/workloads.ts';
import type { Cluster, Namespace, Pod, Service, Workload } from '../model/cluster.ts';
import { DIRECTIONS, type Policy, type Rules } from '../model/policy.ts';
import type { Labels } from '../model/selector.ts';
import { dig, isObject, labelsOf, listOf } from '../objects/read.ts';
import { ciliumSettingsIn } from '../program/cilium-settings.ts';
import { editedValue } from './edited-value.ts';
import type { EditedObject, Step } from './step.ts';

export interface Changes {
  readonly policies: ReadonlyMap<Policy, Policy>;
  readonly added: readonly Policy[];
  readonly pods: ReadonlyMap<Pod, Pod>;
  readonly workloads: ReadonlyMap<string, unknown>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly services: ReadonlyMap<string, Service>;
}

/**
 * What the steps change; undefined when an edit has no place, or the API server would refuse what comes out. Rules of a policy that no
 * edit touches stay the same values as before. `nodes`: those of the cluster, which rules of cluster-wide policies may mean.
 */
export function changesOf(steps: readonly Step[], { nodes }: Pick<Cluster, 'nodes'>): Changes | undefined {
  const policies = new Map<Policy, Policy>();
  const added: Policy[] = [];
  const pods = new Map<Pod, Pod>();
  const workloads = new Map<string, unknown>();
  const namespaces = new Map<string, Namespace>();
  const services = new Map<string, Service>();
  for (const step of steps) {
    if (step.kind === 'create') {
      if (validatePolicy(step.value, step.beside).errors.length > 0) return undefined;
      added.push(networkPolicyOf(step.name, step.namespace, step.value, step.beside, []));
      continue;
    }
    if (step.byController === true) continue;
    const { object } = step;
    const edited = editedValue(objectValue(object), objectOrigin(object).path, step.edits);
    if (edited === undefined || !isObject(edited.value)) return undefined;
    switch (object.kind) {
      case 'policy': {
        const after = policyAfter(object.policy, edited.value, nodes);
        if (after === undefined) return undefined;
        policies.set(object.policy, after);
        break;
      }
      case 'workload':
        workloads.set(object.workload.ref, edited.value);
        for (const [before, after] of podsAfter(object.workload, edited.value)) pods.set(before, after);
        break;
      case 'pod': {
        const { name, namespace, workload, origin } = object.pod;
        const { labels, ports, metadata, spec } = podOf(edited.value, { name, namespace, workload }, origin);
        pods.set(object.pod, { ...object.pod, labels, ports, metadata, spec });
        break;
      }
      case 'namespace': {
        const { namespace } = object;
        const labels = new Map(labelsOf(dig(edited.value, 'metadata', 'labels'))).set(NAME_LABEL, namespace.name);
        namespaces.set(namespace.name, { ...namespace, labels, value: edited.value });
        break;
      }
      case 'service': {
        const { name, namespace, ref, origin } = object.service;
        if (validateService(edited.value, origin).some(({ severity }) => severity === 'error')) return undefined;
        // The controller makes its endpoints anew: they are found by the selector then.
        // Endpoints of a selector are made anew by the cluster; those written by hand stay as they are.
        const after = serviceOf(name, namespace, edited.value, origin, undefined);
        services.set(ref, after.selector === undefined ? { ...after, endpoints: object.service.endpoints } : after);
        break;
      }
    }
  }
  return { policies, added, pods, workloads, namespaces, services };
}

/** The API server sets it on every namespace, whatever the manifest says (1.21 and newer). */
export const NAME_LABEL = 'kubernetes.io/metadata.name';

/** The object as parsed. Of a pod the parts that matter here. */
export function objectValue(object: EditedObject): unknown {
  switch (object.kind) {
    case 'policy':
      return object.policy.value;
    case 'workload':
      return object.workload.value;
    case 'pod':
      return { metadata: object.pod.metadata ?? {}, spec: object.pod.spec ?? {} };
    case 'namespace':
      return object.namespace.value;
    case 'service':
      return object.service.value;
  }
}

export function objectOrigin(object: EditedObject) {
  switch (object.kind) {
    case 'policy':
      return object.policy.origin;
    case 'workload':
      return object.workload.origin;
    case 'pod':
      return object.pod.origin;
    case 'namespace':
      return object.namespace.origin ?? { document: NO_DOCUMENT, path: [] };
    case 'service':
      return object.service.origin;
  }
}

const NO_DOCUMENT = { file: '', text: undefined, start: 0, end: 0, line: 0, format: 'yaml' } as const;

function policyAfter(before: Policy, value: Readonly<Record<string, unknown>>, nodes: Cluster['nodes']): Policy | undefined {
  const after = isPolicyApiKind(before.kind) ? clusterWideAfter(before, value, nodes) : networkPolicyAfter(before, value);
  if (after === undefined) return undefined;
  const rules = Object.fromEntries(DIRECTIONS.map((direction) => [direction, keepingRules(before, after, direction)]));
  return inFormOf(before, { ...after, ...rules });
}

/** Its limits are in the schema of its CRD: a 26th rule of a ClusterNetworkPolicy is refused. */
function clusterWideAfter(before: Policy, value: Readonly<Record<string, unknown>>, nodes: Cluster['nodes']): Policy | undefined {
  const { kind, name, origin } = before;
  const object: KindObject = { apiVersion: String(value.apiVersion), kind, name, namespace: undefined, value, origin };
  const [after] = policyApiKind(kind)?.lower(object, { nodes, objectsOf: () => [] }).policies ?? [];
  return after === undefined || after.faults.length > 0 ? undefined : after;
}

function networkPolicyAfter(before: Policy, value: Readonly<Record<string, unknown>>): Policy | undefined {
  const { origin, name, namespace = '' } = before;
  // A complaint about the name was there before and does not keep the policy from being in force (to-cluster.ts).
  const faults = validatePolicy(value, origin).errors.filter((fault) => fault.origin?.path[origin.path.length] !== 'metadata');
  if (faults.length > 0) return undefined;
  return networkPolicyOf(name, namespace, value, origin, []);
}

/** The form of the policy that stood there: as its API means it, or as Cilium compiles it. */
function inFormOf({ needs }: Policy, policy: Policy): Policy {
  if (needs === 'cilium') return asCiliumReads(policy, ciliumSettingsIn({})) ?? policy;
  return needs === undefined ? policy : { ...policy, needs };
}

/** Rules whose text is untouched keep their identity, so that a comparison need not look at them. */
function keepingRules(before: Policy, after: Policy, direction: 'ingress' | 'egress'): Rules {
  const [old, own] = [before[direction], after[direction]];
  if (old === 'not-governed' || own === 'not-governed') return own;
  const oldValues = listOf(dig(before.value, 'spec', direction));
  const values = listOf(dig(after.value, 'spec', direction));
  return own.map((rule, i) => {
    const known = old[oldValues.indexOf(values[i])];
    return known === undefined ? rule : known.index === i ? known : { ...known, index: i, origin: rule.origin };
  });
}

/** Pods that the input has take the labels that a rollout would give them; a template's pod is read anew. */
function podsAfter(workload: Workload, value: unknown): readonly (readonly [Pod, Pod])[] {
  const naming = { name: '', namespace: '', workload: '' };
  const oldTemplate = templateOf(workload.kind, workload.value, workload.origin);
  const template = templateOf(workload.kind, value, workload.origin);
  if (oldTemplate === undefined || template === undefined) return [];
  const old = templatePodOf(oldTemplate.value, naming, oldTemplate.origin);
  const own = templatePodOf(template.value, naming, template.origin);
  const samePorts = JSON.stringify(old.ports.map(portKey)) === JSON.stringify(own.ports.map(portKey));
  return workload.pods.map((pod) => {
    // What the controller adds to a pod (job-name, pod-index) stays.
    const labels = patched(pod.labels, old.labels, own.labels);
    if (pod.template) return [pod, { ...pod, labels, ports: own.ports, spec: own.spec, metadata: own.metadata }];
    return [pod, { ...pod, labels, ports: samePorts ? pod.ports : own.ports }];
  });
}

function portKey({ name, port, protocol, container }: Pod['ports'][number]): unknown {
  return [name, port, protocol, container];
}

function patched(labels: Labels, old: Labels, own: Labels): Labels {
  const out = new Map(labels);
  for (const key of old.keys()) if (!own.has(key)) out.delete(key);
  for (const [key, value] of own) if (old.get(key) !== value) out.set(key, value);
  return out;
}

/** The cluster with the changes in it. Nothing that is not touched is copied deeper than its list. */
export function changedCluster(cluster: Cluster, { policies, added, pods, workloads, namespaces, services }: Changes): Cluster {
  const withServices = services.size === 0 ? cluster : { ...cluster, services: new Map([...cluster.services, ...services]) };
  const after = { ...withServices, policies: [...cluster.policies.map((policy) => policies.get(policy) ?? policy), ...added] };
  const withNamespaces = namespaces.size === 0 ? after : { ...after, namespaces: new Map([...cluster.namespaces, ...namespaces]) };
  if (pods.size === 0) return withNamespaces;
  const changed = new Map<string, Workload>();
  for (const pod of pods.keys()) {
    const workload = cluster.workloads.get(pod.workload);
    if (workload === undefined || changed.has(workload.ref)) continue;
    const value = workloads.has(workload.ref) ? workloads.get(workload.ref) : workload.value;
    changed.set(workload.ref, { ...workload, value, pods: workload.pods.map((each) => pods.get(each) ?? each) });
  }
  const all = cluster.pods.map((pod) => pods.get(pod) ?? pod);
  return {
    ...withNamespaces,
    pods: all,
    podByRef: new Map(all.map((pod) => [pod.ref, pod])),
    workloads: new Map([...cluster.workloads].map(([ref, workload]) => [ref, changed.get(ref) ?? workload])),
  };
}
