// Puts plain Kubernetes objects into the test cluster through its REST API, and plays the kubelet for them:
// no node runs here, so a pod gets its phase and its addresses only because the loader reports them.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

export interface ApiAccess {
  url: string;
  caFile: string;
  adminToken: string;
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string | undefined; [field: string]: unknown };
  status?: object | undefined;
  [field: string]: unknown;
}

export interface Rejection {
  object: KubeObject;
  status: number;
  /** What the server says is wrong, in its own words. */
  message: string;
}

export interface ApiResponse {
  status: number;
  /** Parsed JSON, or the text if the server did not answer with JSON. */
  body: unknown;
}

/** One request to the API server, as admin unless another token is given. Rejects only if there is no answer. */
export function call(
  server: ApiAccess,
  method: string,
  path: string,
  body?: unknown,
  options: { contentType?: string; token?: string; connections?: Agent } = {},
): Promise<ApiResponse> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(path, server.url),
      {
        method,
        ca: readFileSync(server.caFile),
        // By default a connection of its own: a kept one may be dead because a test has killed the server in between.
        agent: options.connections ?? false,
        timeout: 30_000,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${options.token ?? server.adminToken}`,
          ...(payload === undefined
            ? {}
            : { 'content-type': options.contentType ?? 'application/json', 'content-length': Buffer.byteLength(payload) }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString('utf8')) }));
      },
    );
    outgoing.once('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer within 30 s`)));
    outgoing.once('error', reject);
    outgoing.end(payload);
  });
}

/**
 * Creates the objects, namespaces first, and gives each one the status it has in the list.
 * Returns what the server rejected; an empty list means that everything is in the cluster.
 */
export async function load(server: ApiAccess, objects: readonly KubeObject[]): Promise<Rejection[]> {
  const rejections: Rejection[] = [];
  const loading: Loading = { server, connections: new Agent({ keepAlive: true }), resources: new Map() };
  const namespaces = objects.filter((object) => object.kind === 'Namespace');
  const others = objects.filter((object) => object.kind !== 'Namespace');
  try {
    for (const object of [...namespaces, ...others]) {
      const rejection = await create(loading, object);
      if (rejection !== undefined) rejections.push(rejection);
    }
  } finally {
    loading.connections.destroy();
  }
  return rejections;
}

/** Reports for an existing pod what a kubelet would. Returns the server's message if it rejects that. */
export async function reportPodRunning(
  server: ApiAccess,
  pod: { namespace: string; name: string; podIPs: readonly string[]; hostIP?: string },
): Promise<string | undefined> {
  const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}`;
  const status = runningStatus({ podIPs: pod.podIPs.map((ip) => ({ ip })), hostIP: pod.hostIP });
  return messageOf(await patch(server, `${path}/status`, { status }));
}

/** The server's message if the response is a failure. */
export function messageOf(response: ApiResponse): string | undefined {
  if (response.status < 400) return undefined;
  const { body } = response;
  if (typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string') return body.message;
  return typeof body === 'string' ? body : JSON.stringify(body);
}

interface Resource {
  name: string;
  kind: string;
  namespaced: boolean;
}

/** One run of load(). What the server serves is asked again in each run: a test may have added a kind. */
interface Loading {
  server: ApiAccess;
  connections: Agent;
  resources: Map<string, Resource[]>;
}

async function create({ server, connections, resources }: Loading, object: KubeObject): Promise<Rejection | undefined> {
  const root = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
  const served = resources.get(root) ?? (await discover(server, root));
  resources.set(root, served);
  const resource = served.find(({ name, kind }) => kind === object.kind && !name.includes('/'));
  if (resource === undefined) {
    return { object, status: 404, message: `the server does not serve ${object.kind} of ${object.apiVersion}` };
  }

  const collection = resource.namespaced
    ? `${root}/namespaces/${object.metadata.namespace ?? 'default'}/${resource.name}`
    : `${root}/${resource.name}`;
  const path = `${collection}/${object.metadata.name}`;
  let response = await call(server, 'POST', collection, creatable(object), { connections });
  if (response.status === 409 && object.kind === 'Namespace') {
    // default and the kube- namespaces are there from the start; what a fixture adds to them are labels.
    const { labels, annotations } = object.metadata;
    response = await patch(server, path, { metadata: { labels, annotations } }, connections);
  }
  if (response.status < 400 && served.some(({ name }) => name === `${resource.name}/status`)) {
    // The server drops the status on creation: it belongs to whoever runs the object.
    const status = object.kind === 'Pod' ? runningStatus((object.status ?? {}) as PodStatus) : object.status;
    if (status !== undefined) response = await patch(server, `${path}/status`, { status }, connections);
  }
  const message = messageOf(response);
  return message === undefined ? undefined : { object, status: response.status, message };
}

async function discover(server: ApiAccess, root: string): Promise<Resource[]> {
  const { status, body } = await call(server, 'GET', root);
  return status === 200 ? (body as { resources: Resource[] }).resources : [];
}

/** The object without the fields that only a server may set; exported manifests have them. */
function creatable(object: KubeObject): KubeObject {
  const { resourceVersion: _1, uid: _2, creationTimestamp: _3, managedFields: _4, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as KubeObject['metadata'] };
}

interface PodStatus {
  podIP?: string | undefined;
  podIPs?: readonly { ip: string }[] | undefined;
  hostIP?: string | undefined;
  [field: string]: unknown;
}

/** A pod's status as a kubelet reports it once the pod is up; what the given status says itself takes precedence. */
function runningStatus(given: PodStatus): PodStatus {
  const podIPs = given.podIPs ?? (given.podIP === undefined ? [] : [{ ip: given.podIP }]);
  const since = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    phase: 'Running',
    startTime: since,
    conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
      type,
      status: 'True',
      lastTransitionTime: since,
    })),
    ...(given.hostIP === undefined ? {} : { hostIPs: [{ ip: given.hostIP }] }),
    ...(podIPs[0] === undefined ? {} : { podIP: podIPs[0].ip, podIPs }),
    ...given,
  };
}

function patch(server: ApiAccess, path: string, body: unknown, connections?: Agent): Promise<ApiResponse> {
  return call(server, 'PATCH', path, body, { contentType: 'application/merge-patch+json', ...(connections && { connections }) });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
