// Which workload a pod belongs to, and which templates must stand in for pods that the input does not have.
import { at, type Origin } from '../model/origin.ts';
import { dig, get, integerOf, isObject, listOf, textOf } from '../objects/read.ts';

export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/** Kinds that make pods, with the path to the template. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Deployment: ['spec', 'template'],
  Job: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
};

export function isWorkloadKind(kind: string): boolean {
  return Object.hasOwn(TEMPLATES, kind);
}

/** The PodTemplateSpec of a workload object, with its place. undefined when it has none. */
export function templateOf(kind: string, value: unknown, origin: Origin): { readonly value: unknown; readonly origin: Origin } | undefined {
  const path = TEMPLATES[kind] ?? [];
  const template = dig(value, ...path);
  return isObject(template) ? { value: template, origin: at(origin, ...path) } : undefined;
}

export function replicasOf(value: unknown): number | undefined {
  return integerOf(dig(value, 'spec', 'replicas'));
}

/**
 * The controlling owner, else the first. A static pod's owner is its Node, which is no workload.
 * One without a kind, which the API server refuses, still tells which pods belong together: it counts as kind `Pod`.
 */
export function ownerOf(value: unknown): Owner | undefined {
  const owners = listOf(get(get(value, 'metadata'), 'ownerReferences'));
  const [first] = owners;
  const owner = get(first, 'controller') === true ? first : (owners.find((item) => get(item, 'controller') === true) ?? first);
  const kind = textOf(get(owner, 'kind')) ?? 'Pod';
  const name = textOf(get(owner, 'name'));
  return name === undefined || kind === 'Node' ? undefined : { kind, name };
}

/** `shop/cart[Deployment]`. */
export function workloadRef(namespace: string, { kind, name }: Owner): string {
  return `${namespace}/${name}[${kind}]`;
}

/**
 * From the direct owner up to the workload that a person named: ReplicaSet → Deployment, Job → CronJob.
 * `ownerOfObject` knows the objects of the input; without the ReplicaSet object, its name tells: `cart-6d4cf56db6` belongs to
 * Deployment `cart` when that is in the input and the pod's pod-template-hash is `6d4cf56db6`.
 */
export function topOwner(
  direct: Owner,
  podTemplateHash: string | undefined,
  isWritten: (owner: Owner) => boolean,
  ownerOfObject: (owner: Owner) => Owner | undefined,
): Owner {
  let owner = direct;
  // Two steps are the most that Kubernetes' own controllers make; a loop of references must not hold us.
  for (let step = 0; step < 4; step++) {
    const above = ownerOfObject(owner);
    if (above === undefined) break;
    owner = above;
  }
  if (owner.kind === 'ReplicaSet' && podTemplateHash !== undefined && owner.name.endsWith(`-${podTemplateHash}`)) {
    const deployment = { kind: 'Deployment', name: owner.name.slice(0, -podTemplateHash.length - 1) };
    if (isWritten(deployment)) return deployment;
  }
  if (owner.kind === 'Job') {
    const cron = { kind: 'CronJob', name: owner.name.replace(/-[0-9]+$/, '') };
    if (cron.name !== owner.name && isWritten(cron)) return cron;
  }
  return owner;
}
