// Objects → Cluster: put together, names resolved, defaults applied, problems collected. What is not understood is named, never dropped.

import { hostEndpointsOf } from '../kinds/calico/host-endpoints.ts';
import type { Surroundings } from '../kinds/kind.ts';
import {
  type Cluster,
  type Endpoint,
  GATEWAY_ROUTE_KINDS,
  type Ingress,
  type Namespace,
  type Node,
  type Pod,
  type RawObject,
  type Service,
  type Workload,
} from '../model/cluster.ts';
import { at } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import type { Family } from '../net/ip.ts';
import { dig, get, labelsOf, textOf } from '../objects/read.ts';
import { BROKEN_POLICY } from './broken-documents.ts';
import { gatewayRoutes } from './gateway-routes.ts';
import { isUnserved, nameOfKind, readKinds } from './kind-names.ts';
import { extraKinds } from './kinds.ts';
import { nodeOf, podOf, templatePodOf } from './normalise-pod.ts';
import { endpointsOfObject, endpointsOfSlice, ingressOf, serviceOf } from './normalise-service.ts';
import type { KubeObject } from './objects.ts';

import { ownerLabelProblems } from './owner-labels.ts';
import { policingKind } from './policing-kinds.ts';
import { policiesOf } from './policy-objects.ts';
import { isReadLimit, limitsOf, READ_LIMIT, withNamespaceLimits } from './read-limits.ts';
import { withServiceBlocks } from './service-blocks.ts';
import { configuredTemplates, isOperated, shapedTemplates } from './shaped-workloads.ts';
import { controllerPods } from './template-pods.ts';
import { validateLabels, validateMetadata, validatePodSpec, validateService } from './validate-objects.ts';
import { isWorkloadKind, type Owner, ownerOf, replicasOf, templateOf, topOwner, workloadRef } from './workloads.ts';

/** What the kinds of policies looked at beside their own objects, with the kinds that they have asked for so far. */
export interface KnownSurroundings extends Surroundings {
  readonly asked: ReadonlySet<string>;
}

/** A cluster with what its policies were read beside. */
export interface ClusterParts {
  readonly cluster: Cluster;
  readonly surroundings: KnownSurroundings;
}

/** Objects of cluster-scoped kinds have no namespace; all others without one are in `defaultNamespace`. */
export function toCluster(objects: readonly KubeObject[], readingProblems: readonly Problem[], defaultNamespace: string): Cluster {
  return clusterParts(objects, readingProblems, defaultNamespace).cluster;
}

/** The same for whoever means to put other objects into it later. */
export function clusterParts(objects: readonly KubeObject[], readingProblems: readonly Problem[], defaultNamespace: string): ClusterParts {
  const problems: Problem[] = [...readingProblems];
  const kinds = byKind(objects);
  const of = (kind: string) => kinds.get(kind) ?? [];
  const namespaceOf = (object: KubeObject) => object.namespace ?? defaultNamespace;

  const { pods, workloads } = podsAndWorkloads(kinds, namespaceOf, problems);
  const limits = limitsOf(of(READ_LIMIT.kind).filter(isReadLimit));
  problems.push(...limits.problems);
  const nodes = new Map(of('Node').map((object): [string, Node] => [object.name, nodeOf(object.name, object.value, object.origin)]));
  const asked = new Set<string>();
  const surroundings: KnownSurroundings = {
    nodes,
    asked,
    objectsOf(kind) {
      asked.add(kind);
      return of(kind).map((object) => ({ ...object, namespace: namespaceOf(object) }));
    },
  };
  const written = [...policiesOf(kinds, surroundings, defaultNamespace, problems), ...limits.unread];
  const hostEndpoints = hostEndpointsOf(surroundings);
  const services = servicesOf(kinds, namespaceOf, problems);
  const mentions = [...pods, ...written, ...services.values(), ...ROUTED.flatMap(of).map((object) => ({ namespace: namespaceOf(object) }))];
  const namespaces = namespacesOf(of('Namespace'), problems, mentions);
  const ingresses = [
    ...of('Ingress').map((object): Ingress => ingressOf(object.name, namespaceOf(object), object.value, object.origin)),
    ...gatewayRoutes({ objectsOf: of, namespaceOf, namespaces }),
  ];
  const policies = withServiceBlocks(withNamespaceLimits(written, limits.problems, namespaces.values()), services.values());
  for (const problem of ownerLabelProblems(workloads, policies, namespaces)) problems.push(problem);

  const operated = [...unknownObjects(kinds)]
    .filter(isOperated)
    .map((object) => ({ ...pick(object), kind: object.kind, namespace: namespaceOf(object) }))
    .filter(({ kind, name, namespace }) => !workloads.has(workloadRef(namespace, { kind, name })));

  const podByRef = new Map<string, Pod>();
  for (const pod of pods) podByRef.set(pod.ref, pod);
  const extras = new Map<string, readonly RawObject[]>();
  const otherKinds = new Map<string, number>();
  for (const [kind, list] of kinds) {
    if (extraKinds.has(kind))
      extras.set(
        kind,
        list.map((object) => ({ ...pick(object), namespace: namespaceOf(object) })),
      );
    if (!readKinds.has(kind) && policingKind(kind) === undefined && !isUnserved(kind) && !OWN_KINDS.has(kind))
      otherKinds.set(kind, list.length);
  }
  const cluster: Cluster = {
    namespaces,
    pods,
    podByRef,
    workloads,
    services,
    ingresses,
    nodes,
    ...familyOf(pods, services.values(), nodes.values()),
    policies,
    problems,
    otherKinds,
    // What could not be parsed is known to be missing, and is no object that was read.
    objectCount: objects.length - (kinds.get(BROKEN_POLICY.kind)?.length ?? 0),
    extras,
    ...(operated.length === 0 ? {} : { operated }),
    ...(hostEndpoints.length === 0 ? {} : { hostEndpoints }),
  };
  return { cluster, surroundings };
}

/** The one address family that the input shows; pods whose addresses are not known have it too. */
function familyOf(pods: readonly Pod[], services: Iterable<Service>, nodes: Iterable<Node>): Pick<Cluster, 'family'> {
  const found = new Set<Family>();
  const add = (list: readonly { readonly family: Family }[]) => {
    for (const { family } of list) found.add(family);
  };
  for (const { addresses } of pods) add(addresses);
  for (const { clusterIps, ipFamilies = [] } of services) {
    add(clusterIps);
    for (const family of ipFamilies) found.add(family);
  }
  for (const { addresses, podCidrs } of nodes) add([...addresses, ...podCidrs.map(({ first }) => first)]);
  const [family, ...others] = found;
  return family === undefined || others.length > 0 ? {} : { family };
}

/** Kinds whose namespaces exist, though no pod of them is in the input. */
const ROUTED = ['Ingress', ...GATEWAY_ROUTE_KINDS] as const;

function pick({ name, value, origin }: KubeObject) {
  return { name, value, origin };
}

/** By kind; a kind of a foreign group that shares its name (Calico's NetworkPolicy) is kept apart as `NetworkPolicy.projectcalico.org`. */
function byKind(objects: readonly KubeObject[]): Map<string, KubeObject[]> {
  const kinds = new Map<string, KubeObject[]>();
  for (const object of objects) {
    const kind = nameOfKind(object);
    const list = kinds.get(kind);
    if (list === undefined) kinds.set(kind, [object]);
    else list.push(object);
  }
  return kinds;
}

function* unknownObjects(kinds: Kinds): Generator<KubeObject> {
  for (const [kind, list] of kinds) {
    const isKnown = readKinds.has(kind) || extraKinds.has(kind) || policingKind(kind) !== undefined || OWN_KINDS.has(kind);
    if (!isKnown && !isUnserved(kind)) yield* list;
  }
}

const OWN_KINDS: ReadonlySet<string> = new Set([READ_LIMIT.kind, BROKEN_POLICY.kind]);

type Kinds = ReadonlyMap<string, readonly KubeObject[]>;
type NamespaceOf = (object: KubeObject) => string;

function podsAndWorkloads(kinds: Kinds, namespaceOf: NamespaceOf, problems: Problem[]) {
  const written = new Map<string, KubeObject>();
  for (const [kind, list] of kinds) {
    if (!isWorkloadKind(kind)) continue;
    for (const object of list) written.set(workloadRef(namespaceOf(object), object), object);
  }
  const top = (namespace: string, owner: Owner, hash: string | undefined): Owner =>
    topOwner(
      owner,
      hash,
      (other) => written.has(workloadRef(namespace, other)),
      (other) => ownerOf(written.get(workloadRef(namespace, other))?.value),
    );

  const pods: Pod[] = [];
  const members = new Map<string, { owner: Owner; namespace: string; pods: Pod[] }>();
  const enrol = (pod: Pod, owner: Owner) => {
    pods.push(pod);
    const group = members.get(pod.workload);
    if (group === undefined) members.set(pod.workload, { owner, namespace: pod.namespace, pods: [pod] });
    else group.pods.push(pod);
  };

  for (const object of kinds.get('Pod') ?? []) {
    const namespace = namespaceOf(object);
    addAll(problems, validateMetadata(object.value, object.origin));
    addAll(problems, validatePodSpec(get(object.value, 'spec'), object.origin, object, 'spec'));
    const direct = ownerOf(object.value) ?? { kind: 'Pod', name: object.name };
    const hash = textOf(get(get(get(object.value, 'metadata'), 'labels'), 'pod-template-hash'));
    const owner = top(namespace, direct, hash);
    const naming = { name: object.name, namespace, workload: workloadRef(namespace, owner) };
    enrol(podOf(object.value, naming, object.origin, pods.at(-1)), owner);
  }

  let refs: Set<string> | undefined;
  /** Made when the first template asks: a live cluster's dump has none that stands for pods. */
  const taken = () => {
    refs ??= new Set(pods.map((pod) => pod.ref));
    return refs;
  };
  for (const [ref, object] of written) {
    const namespace = namespaceOf(object);
    const template = templateOf(object.kind, object.value, object.origin);
    if (template !== undefined) {
      problems.push(
        ...validateMetadata(object.value, object.origin),
        ...validateLabels(dig(template.value, 'metadata', 'labels'), at(template.origin, 'metadata', 'labels'), object),
        ...validatePodSpec(dig(template.value, 'spec'), at(template.origin, 'spec'), object),
      );
    }
    const owner = top(namespace, object, undefined);
    const isChild = workloadRef(namespace, owner) !== ref; // a ReplicaSet of a Deployment speaks through its pods
    const isRetired = object.kind === 'ReplicaSet' && replicasOf(object.value) === 0 && ownerOf(object.value) !== undefined;
    if (template === undefined || isChild || isRetired || members.has(ref)) continue;
    const pod = templatePodOf(template.value, { name: object.name, namespace, workload: ref }, template.origin);
    for (const each of controllerPods(object, pod)) {
      const name = taken().has(each.ref) ? `${each.name}-${object.kind.toLowerCase()}` : each.name;
      taken().add(`${namespace}/${name}`);
      enrol(name === each.name ? each : { ...each, name, ref: `${namespace}/${name}` }, object);
    }
  }

  const configured = configuredTemplates(kinds.get('Config') ?? []);
  for (const object of unknownObjects(kinds)) {
    const namespace = namespaceOf(object);
    const ref = workloadRef(namespace, object);
    const templates = members.has(ref) ? [] : shapedTemplates(object, configured);
    if (templates.length > 0) written.set(ref, object);
    for (const { name, value, origin, labels } of templates) {
      const free = taken().has(`${namespace}/${name}`) ? `${name}-${object.kind.toLowerCase()}` : name;
      taken().add(`${namespace}/${free}`);
      const pod = templatePodOf(value, { name: free, namespace, workload: ref }, origin);
      enrol({ ...pod, labels: new Map([...labels, ...pod.labels]) }, object);
    }
  }

  const workloads = new Map<string, Workload>();
  for (const [ref, group] of members) {
    const object = written.get(ref);
    const first = group.pods[0] as Pod;
    workloads.set(ref, {
      ref,
      kind: group.owner.kind,
      name: group.owner.name,
      namespace: group.namespace,
      replicas: object === undefined ? undefined : replicasOf(object.value),
      pods: group.pods,
      labels: labelsOf(dig(object?.value, 'metadata', 'labels')),
      origin: object?.origin ?? first.origin,
      written: object !== undefined || group.owner.kind === 'Pod',
      value: object?.value,
    });
  }
  return { pods, workloads };
}

/** In a loop by index: nearly all of these lists are empty, and there are two for each pod. */
function addAll(problems: Problem[], found: readonly Problem[]): void {
  for (let i = 0; i < found.length; i++) problems.push(found[i] as Problem);
}

function servicesOf(kinds: Kinds, namespaceOf: NamespaceOf, problems: Problem[]): Map<string, Service> {
  const endpoints = new Map<string, Endpoint[]>();
  const add = (ref: string, found: readonly Endpoint[]) => endpoints.set(ref, [...(endpoints.get(ref) ?? []), ...found]);
  for (const object of kinds.get('EndpointSlice') ?? []) {
    const service = textOf(dig(object.value, 'metadata', 'labels', 'kubernetes.io/service-name'));
    if (service !== undefined) add(`${namespaceOf(object)}/${service}`, endpointsOfSlice(object.value, object.origin));
  }
  for (const object of kinds.get('Endpoints') ?? []) {
    const ref = `${namespaceOf(object)}/${object.name}`;
    // The EndpointSlice controller mirrors Endpoints, so slices say the same and more.
    if (!endpoints.has(ref)) add(ref, endpointsOfObject(object.value, object.origin));
  }
  const services = new Map<string, Service>();
  for (const object of kinds.get('Service') ?? []) {
    problems.push(...validateService(object.value, object.origin));
    const ref = `${namespaceOf(object)}/${object.name}`;
    services.set(ref, serviceOf(object.name, namespaceOf(object), object.value, object.origin, endpoints.get(ref)));
  }
  return services;
}

/** Kubernetes sets this label on every namespace (1.21 and newer) and puts it back when somebody removes it. */
export const NAME_LABEL = 'kubernetes.io/metadata.name';

function namespacesOf(
  objects: readonly KubeObject[],
  problems: Problem[],
  mentions: readonly { readonly namespace: string | undefined }[],
): Map<string, Namespace> {
  const namespaces = new Map<string, Namespace>();
  for (const object of objects) {
    problems.push(...validateMetadata(object.value, object.origin));
    const labels = new Map(labelsOf(dig(object.value, 'metadata', 'labels'))).set(NAME_LABEL, object.name);
    namespaces.set(object.name, { name: object.name, labels, implied: false, origin: object.origin, value: object.value });
  }
  for (const { namespace } of mentions) {
    if (namespace === undefined || namespaces.has(namespace)) continue;
    namespaces.set(namespace, { name: namespace, labels: new Map([[NAME_LABEL, namespace]]), implied: true, origin: undefined });
  }
  return namespaces;
}
