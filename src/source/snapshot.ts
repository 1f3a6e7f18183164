// What was read, as one file to be mailed to a colleague. Built from what may be kept, never by taking away what may not:
// a field that nobody thought of is not in it. Secrets are never read in the first place, and dropped here if a file has them.

import { argumentOf } from '../cni/evidence.ts';
import { KEPT_NODE_FLAGS, keptFields, keptFlags, keptKeys, keptVariables } from '../cni/kept.ts';
import { GATEWAY_GROUP } from '../manifest/gateway-routes.ts';
import { apiGroup } from '../manifest/kinds.ts';
import type { KubeObject } from '../manifest/objects.ts';
import { policingKind } from '../manifest/policing-kinds.ts';
import { isReadLimit } from '../manifest/read-limits.ts';
import { isObject, type Json, listOf, textOf } from '../objects/read.ts';
import { CLUSTER_KINDS } from './cluster-kinds.ts';
import type { Keep } from './keep.ts';
import { GATEWAY_FIELDS } from './snapshot-gateway.ts';

/** Annotations that say how traffic flows. Values of others may hold anything. */
const ANNOTATIONS = /^(kubernetes\.io\/ingress\.class|prometheus\.io\/(scrape|port|path|scheme))$/;

const METADATA: Keep = {
  name: true,
  generateName: true,
  namespace: true,
  labels: true,
  annotations: (value) => keptAnnotations(value),
  ownerReferences: { apiVersion: true, kind: true, name: true, controller: true },
  deletionTimestamp: true,
};

/** Of a probe only where it knocks: headers and commands are none of a reader's business. */
const PROBE: Keep = { httpGet: { port: true, scheme: true }, tcpSocket: { port: true }, grpc: { port: true } };

const CONTAINER: Keep = {
  name: true,
  image: true,
  restartPolicy: true,
  ports: { name: true, containerPort: true, hostPort: true, protocol: true },
  livenessProbe: PROBE,
  readinessProbe: PROBE,
  startupProbe: PROBE,
};

const POD_SPEC: Keep = {
  containers: CONTAINER,
  initContainers: CONTAINER,
  dnsConfig: { nameservers: true, searches: true, options: { name: true, value: true } },
  dnsPolicy: true,
  hostNetwork: true,
  hostname: true,
  nodeName: true,
  nodeSelector: true,
  restartPolicy: true,
  serviceAccountName: true,
  subdomain: true,
};

const TEMPLATE: Keep = { metadata: METADATA, spec: POD_SPEC };
const CONDITIONS: Keep = { type: true, status: true, reason: true };
const BACKEND: Keep = { service: { name: true, port: { name: true, number: true } }, serviceName: true, servicePort: true };
const ENDPOINT_PORTS: Keep = { name: true, port: true, protocol: true, appProtocol: true };
const TARGET: Keep = { kind: true, namespace: true, name: true };

const workload = (more: { readonly [field: string]: Keep } = {}): Keep => ({
  metadata: METADATA,
  spec: { replicas: true, selector: true, template: TEMPLATE, serviceName: true, ...more },
  status: {
    replicas: true,
    readyReplicas: true,
    updatedReplicas: true,
    availableReplicas: true,
    desiredNumberScheduled: true,
    currentNumberScheduled: true,
    updatedNumberScheduled: true,
    numberReady: true,
    observedGeneration: true,
  },
});

/** By kind, of the groups that Kubernetes itself has them in. What is not here is left out of the file. */
const KINDS: Readonly<Record<string, Keep>> = {
  APIGroupList: { groups: { name: true, versions: true } },
  ConfigMap: { metadata: METADATA, data: (value, { name }) => only(value, keptKeys(name)) },
  CronJob: { metadata: METADATA, spec: { suspend: true, jobTemplate: { metadata: METADATA, spec: { template: TEMPLATE } } } },
  DaemonSet: workload({ template: (value, object) => agentTemplate(value, object) }),
  Deployment: workload(),
  Endpoints: {
    metadata: METADATA,
    subsets: {
      addresses: { ip: true, nodeName: true, targetRef: TARGET },
      notReadyAddresses: { ip: true, nodeName: true, targetRef: TARGET },
      ports: ENDPOINT_PORTS,
    },
  },
  EndpointSlice: {
    metadata: METADATA,
    addressType: true,
    endpoints: { addresses: true, conditions: true, nodeName: true, targetRef: TARGET, zone: true },
    ports: ENDPOINT_PORTS,
  },
  FelixConfiguration: (value, { kind, name, apiVersion }) => ({
    apiVersion,
    kind,
    metadata: { name },
    ...fieldsOf(value, keptFields('FelixConfiguration')),
  }),
  Ingress: {
    metadata: METADATA,
    spec: {
      ingressClassName: true,
      backend: BACKEND,
      defaultBackend: BACKEND,
      rules: { host: true, http: { paths: { path: true, pathType: true, backend: BACKEND } } },
    },
  },
  Job: workload(),
  Namespace: { metadata: METADATA },
  NetworkPolicy: { metadata: METADATA, spec: true },
  Node: {
    metadata: METADATA,
    spec: { podCIDR: true, podCIDRs: true, taints: { key: true, value: true, effect: true }, unschedulable: true },
    status: { addresses: true, conditions: CONDITIONS, nodeInfo: { kubeletVersion: true, operatingSystem: true, kernelVersion: true } },
  },
  Pod: {
    metadata: METADATA,
    spec: POD_SPEC,
    status: {
      phase: true,
      podIP: true,
      podIPs: true,
      hostIP: true,
      hostIPs: true,
      conditions: CONDITIONS,
      containerStatuses: {
        name: true,
        ready: true,
        restartCount: true,
        state: { waiting: { reason: true }, running: {} },
        lastState: { terminated: { reason: true, finishedAt: true } },
      },
    },
  },
  ReplicaSet: workload(),
  ReplicationController: workload(),
  Service: {
    metadata: METADATA,
    spec: {
      clusterIP: true,
      clusterIPs: true,
      externalIPs: true,
      externalName: true,
      externalTrafficPolicy: true,
      internalTrafficPolicy: true,
      loadBalancerIP: true,
      ports: true,
      publishNotReadyAddresses: true,
      selector: true,
      type: true,
    },
    status: { loadBalancer: { ingress: { ip: true, hostname: true } } },
  },
  StatefulSet: workload(),
};

const HOME_GROUPS: ReadonlySet<string> = new Set(['', 'apps', 'batch', 'extensions', 'networking.k8s.io', 'discovery.k8s.io']);

/** Policies of other groups are kept whole but for their annotations: what they say is what the file is for. */
const POLICY: Keep = { metadata: METADATA, spec: true, specs: true };

/** The object as it may leave the house; undefined for a kind that is not kept, a Secret before all. */
export function sanitized(object: KubeObject): Json | undefined {
  const { apiVersion, kind, value } = object;
  const keep = rulesFor(object);
  const kept = keep === undefined ? undefined : keeping(value, keep, object);
  return isObject(kept) ? { apiVersion, kind, ...kept } : undefined;
}

function rulesFor(object: KubeObject): Keep | undefined {
  const group = apiGroup(object.apiVersion);
  if (isReadLimit(object))
    return { metadata: { name: true }, spec: { kind: true, group: true, resource: true, reason: true, readIn: true, weight: true } };
  if (policingKind(`${object.kind}.${group}`) !== undefined || isLookedUp(object.kind, group)) return POLICY;
  if (group === GATEWAY_GROUP && Object.hasOwn(GATEWAY_FIELDS, object.kind)) return { metadata: METADATA, ...GATEWAY_FIELDS[object.kind] };
  const isOurs = HOME_GROUPS.has(group) || object.kind === 'FelixConfiguration';
  return isOurs && Object.hasOwn(KINDS, object.kind) ? KINDS[object.kind] : undefined;
}

/** Tiers, groups of addresses, host endpoints: without them a policy in the file means something else. */
function isLookedUp(kind: string, group: string): boolean {
  return !HOME_GROUPS.has(group) && CLUSTER_KINDS.some((one) => one.role === 'policy' && one.kind === kind && one.group === group);
}

function keeping(value: unknown, keep: Keep, object: KubeObject): unknown {
  if (value === undefined || value === null) return undefined;
  if (keep === true) return value;
  if (typeof keep === 'function') return keep(value, object);
  if (Array.isArray(value)) return value.map((item) => keeping(item, keep, object));
  if (!isObject(value)) return undefined;
  const kept: Record<string, unknown> = {};
  for (const field of Object.keys(keep)) {
    const found = Object.hasOwn(value, field) ? keeping(value[field], keep[field] as Keep, object) : undefined;
    if (found !== undefined) kept[field] = found;
  }
  return kept;
}

function keptAnnotations(value: unknown): Json | undefined {
  const kept: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(isObject(value) ? value : {})) {
    const flags = KEPT_NODE_FLAGS.get(key);
    if (flags !== undefined) kept[key] = JSON.stringify(wordsOf(text).filter((word) => flags.includes(word.split('=')[0] ?? '')));
    else if (ANNOTATIONS.test(key)) kept[key] = text;
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

function wordsOf(text: unknown): readonly string[] {
  try {
    const words: unknown = JSON.parse(textOf(text) ?? '');
    return listOf(words).filter((word) => typeof word === 'string');
  } catch {
    return [];
  }
}

/** A DaemonSet's template, with the few arguments and variables that tell one network plugin's mode from another. */
function agentTemplate(value: unknown, object: KubeObject): unknown {
  const kept = keeping(value, TEMPLATE, object);
  const spec = isObject(kept) ? kept.spec : undefined;
  const given = isObject(value) && isObject(value.spec) ? value.spec : {};
  if (!isObject(kept) || !isObject(spec)) return kept;
  const withSigns = (list: string) =>
    listOf(given[list]).map((container, i) => ({ ...asObject(listOf(spec[list])[i]), ...signsIn(container, object.name) }));
  return {
    ...kept,
    spec: {
      ...spec,
      ...Object.fromEntries(['containers', 'initContainers'].filter((list) => list in spec).map((list) => [list, withSigns(list)])),
    },
  };
}

function signsIn(container: unknown, daemonSet: string): Json {
  if (!isObject(container)) return {};
  const name = textOf(container.name) ?? '';
  const args = keptFlags(daemonSet, name).flatMap((flag) => {
    const given = argumentOf(container, flag);
    return given === undefined ? [] : [`${flag}=${given}`];
  });
  const variables = keptVariables(daemonSet, name);
  const env = listOf(container.env)
    .filter(isObject)
    .filter((item) => variables.includes(String(item.name)))
    .map((item) => only(item, ['name', 'value']));
  return { ...(args.length === 0 ? {} : { args }), ...(env.length === 0 ? {} : { env }) };
}

function asObject(value: unknown): Json {
  return isObject(value) ? value : {};
}

function only(value: unknown, keys: readonly string[]): Json | undefined {
  if (!isObject(value)) return undefined;
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(value, key)).map((key) => [key, value[key]]));
}

/** `['spec.bpfEnabled']` → `{ spec: { bpfEnabled: true } }`; all of them have two steps. */
function fieldsOf(value: unknown, paths: readonly string[]): Json {
  const spec = isObject(value) && isObject(value.spec) ? value.spec : {};
  return {
    spec: only(
      spec,
      paths.map((path) => path.slice(path.indexOf('.') + 1)),
    ),
  };
}

/** The text of the file, piece by piece: a `List` with one object a line, as `kubectl get -f` and every command here take it. */
export function* snapshotText(objects: Iterable<KubeObject>): Generator<string> {
  yield '{"apiVersion":"v1","kind":"List","metadata":{},"items":[';
  let separator = '\n';
  for (const object of objects) {
    const kept = sanitized(object);
    if (kept === undefined) continue;
    yield separator + JSON.stringify(kept);
    separator = ',\n';
  }
  yield '\n]}\n';
}
