// Objects that take the place of others of the same names in a cluster that is made already: a pod with other labels, a policy with other rules.
// Only where nothing but their own parts changes with them. For all else the cluster is put together anew, and says the same.

import { nameOfKind } from '../manifest/kind-names.ts';
import { podOf } from '../manifest/normalise-pod.ts';
import type { KubeObject } from '../manifest/objects.ts';
import { ownerLabelProblems } from '../manifest/owner-labels.ts';
import { policiesOfObject } from '../manifest/policy-objects.ts';
import { withServiceBlocks } from '../manifest/service-blocks.ts';
import { type ClusterParts, NAME_LABEL } from '../manifest/to-cluster.ts';
import { validateMetadata, validatePodSpec } from '../manifest/validate-objects.ts';
import { ownerOf } from '../manifest/workloads.ts';
import type { Cluster, Namespace, Pod, Workload } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { Policy } from '../model/policy.ts';
import { dig, get, labelsOf, textOf } from '../objects/read.ts';
import { withEntries } from './overlay.ts';

export interface Replacement {
  readonly before: KubeObject;
  readonly after: KubeObject;
}

/** A cluster, what its policies were read beside, and the kinds of which that shows objects as they no longer are. */
export interface PatchableParts extends ClusterParts {
  readonly stale: ReadonlySet<string>;
}

/**
 * `patched(parts, [{ before, after }], 'default')` → the parts with `after` in the place of each `before`, which has the same kind,
 * namespace and name. undefined where more than that would change: problems, owners, address families, what other policies are read beside.
 */
export function patched(parts: PatchableParts, replacements: readonly Replacement[], defaultNamespace: string): PatchableParts | undefined {
  let now = parts;
  for (const replacement of replacements) {
    const next = patchedOnce(now, replacement, defaultNamespace);
    if (next === undefined) return undefined;
    now = next;
  }
  const { cluster } = now;
  const others = cluster.problems.filter(({ code }) => code !== OWNER_LABELS);
  const found = ownerLabelProblems(cluster.workloads, cluster.policies, cluster.namespaces);
  if (found.length === 0 && others.length === cluster.problems.length) return now;
  return { ...now, cluster: { ...cluster, problems: [...others, ...found] } };
}

/** The one problem that is about several objects at once; it stands last and is looked for anew. */
const OWNER_LABELS = 'owner-labels-differ';

function patchedOnce(parts: PatchableParts, { before, after }: Replacement, defaultNamespace: string): PatchableParts | undefined {
  const { cluster, surroundings } = parts;
  const kindName = nameOfKind(after);
  if (kindName !== nameOfKind(before)) return undefined;
  // A kind that policies are read beside may change all of them. Of pods they look at nothing but the families of addresses.
  if (kindName !== 'Pod' && surroundings.asked.has(kindName)) return undefined;
  if (cluster.problems.some(({ code, origin }) => code !== OWNER_LABELS && isWithin(origin, before.origin))) return undefined;
  const changed =
    kindName === 'Pod'
      ? withPod(cluster, { before, after }, defaultNamespace)
      : kindName === 'Namespace'
        ? withNamespace(cluster, after)
        : withPolicies(parts, { before, after }, kindName, defaultNamespace);
  if (changed === undefined) return undefined;
  return { surroundings, cluster: changed, stale: kindName === 'Pod' ? parts.stale : new Set([...parts.stale, kindName]) };
}

function isWithin(origin: Origin | undefined, object: Origin): boolean {
  return origin?.document === object.document && object.path.every((step, i) => origin.path[i] === step);
}

function withPod(cluster: Cluster, { before, after }: Replacement, defaultNamespace: string): Cluster | undefined {
  const namespace = after.namespace ?? defaultNamespace;
  const old = cluster.podByRef.get(`${namespace}/${after.name}`);
  if (old === undefined || old.template || !isWithin(old.origin, before.origin) || hasOtherOwner(before, after)) return undefined;
  if (validateMetadata(after.value, after.origin).length > 0) return undefined;
  if (validatePodSpec(get(after.value, 'spec'), after.origin, after, 'spec').length > 0) return undefined;
  const pod = podOf(after.value, { name: after.name, namespace, workload: old.workload }, after.origin, old);
  const at = cluster.pods.indexOf(old);
  const workload = cluster.workloads.get(old.workload);
  if (at < 0 || workload === undefined || familiesOf(old) !== familiesOf(pod)) return undefined;
  return {
    ...cluster,
    pods: cluster.pods.with(at, pod),
    podByRef: withEntries(cluster.podByRef, [[pod.ref, pod]]),
    workloads: withEntries(cluster.workloads, [[workload.ref, withMember(workload, old, pod)]]),
  };
}

/** A workload that no object describes stands where its first pod does. */
function withMember(workload: Workload, old: Pod, pod: Pod): Workload {
  const origin = workload.value === undefined && workload.pods[0] === old ? pod.origin : workload.origin;
  return { ...workload, origin, pods: workload.pods.map((one) => (one === old ? pod : one)) };
}

/** The pod may belong to another workload then: by its owner, or by the hash that says of which rollout it is. */
function hasOtherOwner({ value: before }: KubeObject, { value: after }: KubeObject): boolean {
  const [old, now] = [ownerOf(before), ownerOf(after)];
  const hash = (value: unknown) => textOf(dig(value, 'metadata', 'labels', 'pod-template-hash'));
  return old?.kind !== now?.kind || old?.name !== now?.name || hash(before) !== hash(after);
}

function familiesOf({ addresses }: Pod): string {
  return [...new Set(addresses.map(({ family }) => family))].sort().join();
}

function withNamespace(cluster: Cluster, after: KubeObject): Cluster | undefined {
  // A Gateway takes routes of namespaces by their labels.
  if (cluster.ingresses.some(({ kind }) => kind !== 'Ingress')) return undefined;
  if (validateMetadata(after.value, after.origin).length > 0) return undefined;
  const labels = new Map(labelsOf(dig(after.value, 'metadata', 'labels'))).set(NAME_LABEL, after.name);
  const namespace: Namespace = { name: after.name, labels, implied: false, origin: after.origin, value: after.value };
  return { ...cluster, namespaces: withEntries(cluster.namespaces, [[after.name, namespace]]) };
}

function withPolicies(parts: PatchableParts, { before, after }: Replacement, kindName: string, defaultNamespace: string) {
  const { cluster, surroundings, stale } = parts;
  const { policies, namespaces, problems } = cluster;
  const first = policies.findIndex(({ origin }) => isWithin(origin, before.origin));
  if (first < 0) return undefined;
  let end = first + 1;
  while (isWithin(policies[end]?.origin, before.origin)) end++;
  const lowered = policiesOfObject(after, kindName, surroundings, defaultNamespace);
  if (lowered.policies.length === 0 || lowered.problems.length > 0) return undefined;
  // Lowering it may have asked for more than all the others did.
  if ([...surroundings.asked].some((kind) => stale.has(kind))) return undefined;
  const isPlaced = (policy: Policy) => policy.faults.length === 0 && (policy.namespace === undefined || namespaces.has(policy.namespace));
  if (!lowered.policies.every(isPlaced) || problems.some(({ code, facts }) => code === 'limit' && facts.kind === 'Namespace'))
    return undefined;
  const own = withServiceBlocks(lowered.policies, cluster.services.values());
  return { ...cluster, policies: [...policies.slice(0, first), ...own, ...policies.slice(end)] };
}
