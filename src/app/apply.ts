// What becomes of a cluster when files are applied to it, as `kubectl apply` does: objects are made or changed, nothing is deleted. Of a
// workload whose pods would be others, the pods of before are gone.
import { apiGroup } from '../manifest/kinds.ts';
import type { KubeObject } from '../manifest/objects.ts';
import { isWorkloadKind, type Owner, ownerOf, templateOf, topOwner } from '../manifest/workloads.ts';
import { dig, get, isObject, type Json, listOf, textOf } from '../objects/read.ts';

/** The group, not the version, makes the identity: `networking.k8s.io NetworkPolicy shop/cart`. */
function identityOf({ apiVersion, kind, namespace, name }: KubeObject, defaultNamespace: string): string {
  return `${apiGroup(apiVersion)} ${kind} ${namespace ?? defaultNamespace}/${name}`;
}

/**
 * The objects of the cluster with those of the files in force. What comes from a file keeps its place there.
 * `namespace`: where objects of the files that say none go.
 */
export function applied(cluster: readonly KubeObject[], files: readonly KubeObject[], namespace: string): readonly KubeObject[] {
  const wanted = new Map(files.map((object) => [identityOf(object, namespace), object]));
  const live = new Map(cluster.map((object) => [identityOf(object, namespace), object]));
  const replaced = new Set<string>();
  for (const [key, object] of wanted) {
    const was = live.get(key);
    if (was !== undefined && makesOtherPods(was, object)) replaced.add(ownerKey(object.namespace ?? namespace, object));
  }
  const isGone = replaced.size === 0 ? () => false : goneWith(cluster, replaced, namespace);
  const kept = cluster.flatMap((object) => {
    const file = wanted.get(identityOf(object, namespace));
    if (file !== undefined) return [merged(object, file)];
    return isGone(object) ? [] : [object];
  });
  return [...kept, ...[...wanted].flatMap(([key, object]) => (live.has(key) ? [] : [object]))];
}

/** Parts that the API server or a controller fills in and a file leaves out; they stay when the file is applied. */
const FILLED_IN: Readonly<Record<string, readonly string[]>> = {
  Service: ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'healthCheckNodePort', 'sessionAffinity'],
  Pod: ['nodeName', 'serviceAccountName', 'serviceAccount', 'dnsPolicy', 'hostNetwork'],
};

/** The file's object, with what only the cluster knows: its status, who owns it, addresses, labels that controllers gave a namespace. */
function merged(live: KubeObject, file: KubeObject): KubeObject {
  const { metadata, spec, status, ...rest } = file.value;
  const was = live.value;
  const filledIn = Object.fromEntries((FILLED_IN[file.kind] ?? []).flatMap((key) => entryOf(was.spec, key)));
  const labels = file.kind === 'Namespace' ? { ...objectIn(was, 'metadata', 'labels'), ...objectIn(metadata, 'labels') } : undefined;
  const value: Json = {
    ...rest,
    metadata: { ...objectIn(was, 'metadata'), labels: undefined, ...objectIn(metadata), ...(labels && { labels }) },
    ...(spec === undefined ? {} : { spec: isObject(spec) ? { ...filledIn, ...spec } : spec }),
    ...(was.status === undefined ? (status === undefined ? {} : { status }) : { status: was.status }),
  };
  return { ...file, value };
}

function objectIn(value: unknown, ...path: readonly string[]): Json {
  const found = dig(value, ...path);
  return isObject(found) ? found : {};
}

function entryOf(value: unknown, key: string): readonly (readonly [string, unknown])[] {
  const found = get(value, key);
  return found === undefined ? [] : [[key, found]];
}

/** Would a rollout give pods that policies tell from those of now? An image alone does not. */
function makesOtherPods(live: KubeObject, file: KubeObject): boolean {
  if (!isWorkloadKind(file.kind)) return false;
  const [was, is] = [live, file].map(({ kind, value, origin }) => templateOf(kind, value, origin)?.value);
  // What has no template is a patch, and changes no pod.
  return was !== undefined && is !== undefined && podIdentity(was, is) !== podIdentity(is, is);
}

/** What the network sees of a template: labels, the network it is in, who it is, and the ports of those containers that `named` has. */
function podIdentity(template: unknown, named: unknown): string {
  const names = new Set(containersOf(named).map((container) => textOf(get(container, 'name'))));
  const labels = Object.entries(objectIn(template, 'metadata', 'labels')).sort(([a], [b]) => (a < b ? -1 : 1));
  const ports = containersOf(template)
    .filter((container) => names.has(textOf(get(container, 'name'))))
    .flatMap((container) => listOf(get(container, 'ports')))
    .map((port) => [get(port, 'name') ?? '', get(port, 'containerPort'), get(port, 'protocol') ?? 'TCP'].join(' '))
    .sort();
  const account = textOf(dig(template, 'spec', 'serviceAccountName')) ?? textOf(dig(template, 'spec', 'serviceAccount')) ?? 'default';
  return JSON.stringify([labels, ports, dig(template, 'spec', 'hostNetwork') === true, account]);
}

function containersOf(template: unknown): readonly unknown[] {
  return ['containers', 'initContainers'].flatMap((list) => listOf(dig(template, 'spec', list)));
}

function ownerKey(namespace: string, { kind, name }: Owner): string {
  return `${kind} ${namespace}/${name}`;
}

/** Pods, ReplicaSets and Jobs that a rollout of these workloads takes away. */
function goneWith(
  objects: readonly KubeObject[],
  workloads: ReadonlySet<string>,
  defaultNamespace: string,
): (object: KubeObject) => boolean {
  const byKey = new Map(
    objects.filter(({ kind }) => isWorkloadKind(kind)).map((object) => [ownerKey(object.namespace ?? defaultNamespace, object), object]),
  );
  return (object) => {
    if (object.kind !== 'Pod' && !isWorkloadKind(object.kind)) return false;
    const direct = ownerOf(object.value);
    if (direct === undefined) return false;
    const namespace = object.namespace ?? defaultNamespace;
    const top = topOwner(
      direct,
      textOf(dig(object.value, 'metadata', 'labels', 'pod-template-hash')),
      (owner) => byKey.has(ownerKey(namespace, owner)),
      (owner) => {
        const above = byKey.get(ownerKey(namespace, owner));
        return above === undefined ? undefined : ownerOf(above.value);
      },
    );
    return workloads.has(ownerKey(namespace, top));
  };
}
