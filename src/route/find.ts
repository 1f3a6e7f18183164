// What a parsed name means in this cluster: a workload, a pod, a Service, a node, an address, a range; or why it means nothing,
// with the names that are near.
import type { Cluster, Pod, Service, Workload } from '../model/cluster.ts';
import type { Ip } from '../net/ip.ts';
import { nearest } from '../profile/nearest.ts';
import { serviceAt } from './assumed.ts';
import { nearestKinds, type ObjectName } from './name.ts';
import { type EndError, endError } from './obstacle.ts';

export type Found =
  | { readonly kind: 'workload'; readonly workload: Workload }
  | { readonly kind: 'pod'; readonly pod: Pod }
  | { readonly kind: 'service'; readonly service: Service };

/**
 * `payments/api` → a workload of that name, else a pod, else a Service; with a kind only that. Two workloads of one name (a Deployment and
 * a StatefulSet), or a workload and a pod that is not its own, are an error that lists both.
 */
export function findObject(cluster: Cluster, name: ObjectName): Found | EndError {
  const { objectKind } = name;
  if (objectKind === 'Service') return service(cluster, name) ?? unknown(cluster, name);
  if (objectKind === 'Pod') return pod(cluster, name) ?? unknown(cluster, name);
  const workloads = workloadsCalled(cluster, name);
  const [first, second] = workloads;
  if (second !== undefined)
    return endError('ambiguous-name', { name: `${name.namespace}/${name.name}`, candidates: workloads.map(({ ref }) => ref) });
  if (first !== undefined) {
    const other = objectKind === undefined ? cluster.podByRef.get(`${name.namespace}/${name.name}`) : undefined;
    if (other === undefined || other.workload === first.ref) return { kind: 'workload', workload: first };
    const candidates = [first.ref, `${other.namespace}/pod/${other.name}`];
    return endError('ambiguous-name', { name: `${name.namespace}/${name.name}`, candidates });
  }
  const child = childWorkload(cluster, name);
  if (child !== undefined) return { kind: 'workload', workload: child };
  return (objectKind === undefined ? (pod(cluster, name) ?? service(cluster, name)) : undefined) ?? unknown(cluster, name);
}

function service(cluster: Cluster, { namespace, name }: ObjectName): Found | undefined {
  const found = serviceAt(cluster, namespace, name);
  return found && { kind: 'service', service: found };
}

function pod(cluster: Cluster, { namespace, name }: ObjectName): Found | undefined {
  const found = cluster.podByRef.get(`${namespace}/${name}`);
  return found && { kind: 'pod', pod: found };
}

/** A pod without owner is a workload of kind Pod in the model; as a name it is a pod. */
function workloadsCalled(cluster: Cluster, { namespace, name, objectKind }: ObjectName): readonly Workload[] {
  return [...cluster.workloads.values()].filter(
    (workload) =>
      workload.name === name &&
      workload.namespace === namespace &&
      workload.kind !== 'Pod' &&
      (objectKind === undefined || workload.kind === objectKind),
  );
}

/** `rs/cart-6d4cf56db6` and `job/report-28912` are parts of a Deployment and a CronJob: their pods begin with that name. */
function childWorkload(cluster: Cluster, { namespace, name, objectKind }: ObjectName): Workload | undefined {
  if (objectKind !== 'ReplicaSet' && objectKind !== 'Job') return undefined;
  const parent = objectKind === 'ReplicaSet' ? 'Deployment' : 'CronJob';
  for (const workload of cluster.workloads.values()) {
    if (workload.namespace !== namespace || workload.kind !== parent || !name.startsWith(`${workload.name}-`)) continue;
    const pods = workload.pods.filter((other) => !other.template && other.name.startsWith(`${name}-`));
    if (pods.length > 0) return { ...workload, kind: objectKind, name, ref: `${namespace}/${name}[${objectKind}]`, pods };
  }
  return undefined;
}

interface Known {
  readonly namespace: string;
  readonly name: string;
  readonly ref: string;
}

/** Everything that a name of this kind could have meant. */
function known(cluster: Cluster, { objectKind }: ObjectName): readonly Known[] {
  const workloads = [...cluster.workloads.values()].filter(({ kind }) => (objectKind === undefined ? true : kind === objectKind));
  const pods =
    objectKind === undefined || objectKind === 'Pod' ? cluster.pods.filter(({ template, replica }) => !template || replica === true) : [];
  const services = objectKind === undefined || objectKind === 'Service' ? [...cluster.services.values()] : [];
  return [
    ...workloads.map(({ namespace, name, ref }) => ({ namespace, name, ref })),
    ...pods.map(({ namespace, name, ref }) => ({ namespace, name, ref })),
    ...services.map(({ namespace, name }) => ({ namespace, name, ref: `${namespace}/svc/${name}` })),
  ];
}

const MOST = 5;

function unknown(cluster: Cluster, name: ObjectName): EndError {
  const { namespace, objectKind } = name;
  const all = known(cluster, name);
  const elsewhere = [
    ...new Set(all.filter((other) => other.name === name.name && other.namespace !== namespace).map(({ ref }) => ref)),
  ].slice(0, MOST);
  if (!cluster.namespaces.has(namespace) && name.namespaceWritten) {
    const near = nearest(namespace, [...cluster.namespaces.keys()]);
    return endError('unknown-namespace', { namespace, name: name.name, nearest: near, elsewhere, nearestKind: nearestKinds(namespace) });
  }
  const here = all.filter((other) => other.namespace === namespace);
  // The same name under another kind explains more than any spelling.
  const otherKinds =
    objectKind === undefined
      ? []
      : known(cluster, { ...name, objectKind: undefined }).filter((other) => other.namespace === namespace && other.name === name.name);
  const near = nearest(name.name, [...new Set(here.map((other) => other.name))]);
  return endError('unknown-name', {
    namespace,
    name: name.name,
    ...(objectKind !== undefined && { kind: objectKind }),
    nearest: [
      ...new Set([...otherKinds.map(({ ref }) => ref), ...near.map((other) => here.find((item) => item.name === other)?.ref ?? other)]),
    ],
    elsewhere,
  });
}

export interface FoundNode {
  readonly name: string;
  readonly addresses: readonly Ip[];
}

/** A node of the input, or one that only its pods mention. */
export function findNode(cluster: Cluster, name: string): FoundNode | EndError {
  const written = cluster.nodes.get(name);
  if (written !== undefined) return { name, addresses: written.addresses };
  const mentions = cluster.pods.filter(({ node }) => node === name);
  const [first] = mentions;
  if (first !== undefined) return { name, addresses: mentions.find(({ hostAddresses }) => hostAddresses.length > 0)?.hostAddresses ?? [] };
  const names = [...new Set([...cluster.nodes.keys(), ...cluster.pods.flatMap(({ node }) => node ?? [])])];
  return endError('unknown-node', { name, nearest: nearest(name, names) });
}
