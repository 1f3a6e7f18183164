// What is let go of an object as it arrives: bookkeeping and bulk that no question looks into, and that is most of the memory.
// Not the same as snapshot.ts, which removes what must not leave the house; environment and arguments stay here.
import { isObject, type Json } from '../objects/read.ts';

type Mutable = Record<string, unknown>;

/** Annotations that hold copies of whole objects, or that change all the time. */
const BULKY_ANNOTATIONS: readonly string[] = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'control-plane.alpha.kubernetes.io/leader',
  'cni.projectcalico.org/containerID',
  'k8s.v1.cni.cncf.io/network-status',
];

/** Of a pod's spec, and of a template's: nothing that says where, as whom and with which files it runs. */
const POD_SPEC_BULK: readonly string[] = [
  'affinity',
  'imagePullSecrets',
  'priorityClassName',
  'schedulerName',
  'tolerations',
  'topologySpreadConstraints',
  'volumes',
];
const CONTAINER_BULK: readonly string[] = [
  'imagePullPolicy',
  'lifecycle',
  'resources',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'volumeMounts',
];
const POD_STATUS_BULK: readonly string[] = ['initContainerStatuses', 'qosClass', 'startTime', 'resourceClaimStatuses'];
const NODE_STATUS_BULK: readonly string[] = [
  'allocatable',
  'capacity',
  'config',
  'images',
  'runtimeHandlers',
  'volumesAttached',
  'volumesInUse',
];

/** The same object, changed in place: it was parsed a moment ago and belongs to nobody else. Items of a list say no kind; it is put in. */
export function pruned(item: unknown, apiVersion: string, kind: string): Json | undefined {
  if (!isObject(item)) return undefined;
  const object = { apiVersion, kind, ...item } as Mutable;
  const metadata = object.metadata;
  if (isObject(metadata)) pruneMetadata(metadata as Mutable);
  const spec = object.spec;
  const status = object.status;
  switch (kind) {
    case 'Pod':
      prunePodSpec(spec);
      drop(status, POD_STATUS_BULK);
      if (isObject(status)) keepReadiness(status as Mutable);
      break;
    case 'Node':
      drop(status, NODE_STATUS_BULK);
      break;
    case 'CronJob':
      prunePodSpec(dig(spec, ['jobTemplate', 'spec', 'template', 'spec']));
      break;
    default:
      prunePodSpec(dig(spec, ['template', 'spec']));
  }
  return object;
}

function pruneMetadata(metadata: Mutable): void {
  delete metadata.managedFields;
  delete metadata.selfLink;
  drop(metadata.annotations, BULKY_ANNOTATIONS);
}

function prunePodSpec(spec: unknown): void {
  if (!isObject(spec)) return;
  drop(spec, POD_SPEC_BULK);
  for (const list of ['containers', 'initContainers', 'ephemeralContainers']) {
    const containers = spec[list];
    if (Array.isArray(containers)) for (const container of containers) drop(container, CONTAINER_BULK);
  }
}

/** Of a pod's conditions only Ready is asked for; of its containers' states, whether they run and how they ended last. */
function keepReadiness(status: Mutable): void {
  const { conditions, containerStatuses } = status;
  if (Array.isArray(conditions)) status.conditions = conditions.filter((each) => isObject(each) && each.type === 'Ready');
  if (Array.isArray(containerStatuses)) {
    status.containerStatuses = containerStatuses
      .filter(isObject)
      .map(({ name, ready, restartCount, state, lastState }) => ({ name, ready, restartCount, state, lastState }));
  }
}

function drop(value: unknown, keys: readonly string[]): void {
  if (!isObject(value)) return;
  for (const key of keys) if (key in value) delete (value as Mutable)[key];
}

function dig(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce((found, key) => (isObject(found) ? found[key] : undefined), value);
}
