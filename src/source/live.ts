// Reads a live cluster into the same objects that a folder of manifests gives: only the kinds of cluster-kinds.ts, lists in pages and
// side by side. What may not be read comes back as a ReadLimit among the objects, so that nothing that depends on it is decided.

import { Failure } from '../failure.ts';
import type { KubeObject } from '../manifest/objects.ts';
import { limitObject, type ReadLimit } from '../manifest/read-limits.ts';
import type { ClusterAccess, ClusterContext } from './cluster-access.ts';
import { CLUSTER_KINDS, type ClusterKind, resourceName, SIGN_CONFIG_MAPS } from './cluster-kinds.ts';
import { CORE, discover, type Served } from './live-discovery.ts';
import { forbidden, saidIn } from './live-failure.ts';
import { type Listed, listAll, liveObject } from './live-list.ts';
import { type Api, messageOf, openApi } from './live-request.ts';

export interface ReadOptions extends ClusterAccess {
  /** Where to look when a kind may not be listed in the whole cluster: `-n`, and the namespaces of the question. */
  readonly namespaces?: readonly string[];
  /** Told how many objects of a kind have arrived, for a line of progress. */
  readonly onProgress?: (read: { readonly resource: string; readonly objects: number }) => void;
}

export interface LiveCluster {
  /** In the order of CLUSTER_KINDS whatever arrived first, so that the same state gives the same answer. */
  readonly objects: readonly KubeObject[];
  readonly context: ClusterContext;
  /** Where each kind's list stood, by `resourceName`: from there on a watch tells the changes. */
  readonly versions: ReadonlyMap<string, Position>;
}

/** `{ kind, version: 'v1', namespace: undefined, resourceVersion: '4711' }`: one list, and the state it showed. */
export interface Position {
  readonly served: Served;
  readonly namespace: string | undefined;
  readonly resourceVersion: string;
}

/**
 * `readCluster({ context: 'prod', namespaces: ['web'] })`. Failure when the cluster cannot be reached, does not know the user,
 * or lets the user list nothing at all; everything less is a limit.
 */
export async function readCluster(options: ReadOptions = {}): Promise<LiveCluster> {
  const api = await openApi(options);
  try {
    return await readThrough(api, options);
  } finally {
    api.close();
  }
}

/** The same over an open connection, which a watch goes on with. */
export async function readThrough(api: Api, options: ReadOptions): Promise<LiveCluster> {
  const reading = new Reading(api, options);
  // The core kinds are the same everywhere: they do not wait for the discovery. Pods first, there are most of them.
  const core = CORE.toSorted((a, b) => weightOf(a) - weightOf(b)).map((served) => reading.read(served));
  const discovered = discover(api);
  const others = discovered.then(({ served }) => Promise.all(served.map((each) => reading.read(each))));
  const [discovery] = await Promise.all([discovered, ...core, others]);
  await reading.readSigns();
  if (discovery.refused !== undefined) reading.limit(EVERY_KIND, 'forbidden', [], discovery.refused);
  const groups = groupList(discovery.groups);
  return { objects: [...reading.objects(), groups], context: api.context, versions: reading.positions };
}

/** What `kubectl get --raw /apis` prints, as an object among the others: it tells about the CNI, and that a whole cluster was read. */
function groupList(groups: readonly string[]): KubeObject {
  const value = { apiVersion: 'v1', kind: 'APIGroupList', groups: groups.map((name) => ({ name })) };
  const document = { file: 'cluster:APIGroupList', text: undefined, start: 0, end: 0, line: 0, format: 'json' } as const;
  return { apiVersion: 'v1', kind: 'APIGroupList', name: '', namespace: undefined, value, origin: { document, path: [] } };
}

const EVERY_KIND: Pick<ClusterKind, 'kind' | 'group' | 'resource' | 'role'> = { kind: '*', group: '*', resource: '*', role: 'policy' };

/** The largest lists first: the last one to end is what a person waits for. */
function weightOf({ kind }: Served): number {
  const first = ['pods', 'replicasets', 'endpointslices'].indexOf(kind.resource);
  return first < 0 ? 3 : first;
}

/** One reading of one cluster: what has arrived so far. */
class Reading {
  readonly positions = new Map<string, Position>();
  readonly #api: Api;
  readonly #options: ReadOptions;
  /** By resource, then by where the objects were asked for: the whole cluster is ''. */
  readonly #found = new Map<string, Map<string, readonly KubeObject[]>>();
  readonly #limits: ReadLimit[] = [];
  #anything = false;

  constructor(api: Api, options: ReadOptions) {
    this.#api = api;
    this.#options = options;
  }

  async read(served: Served): Promise<void> {
    const { kind, version, known } = served;
    const listed = await this.#list(served, undefined);
    if (listed === undefined) return;
    if (listed.outcome === 'read') this.#keep(served, undefined, listed);
    else if (listed.outcome === 'forbidden') await this.#readInNamespaces(served, listed.message);
    else if (kind.role === 'core') this.limit(kind, 'unavailable', [], listed.message);
    if (!known) this.limit(kind, 'unknown-version', [], `${kind.group}/${version}`);
  }

  /** The ConfigMaps of the CNIs whose DaemonSet is there. */
  async readSigns(): Promise<void> {
    const daemonSets = new Set(this.#objectsOf('daemonsets.apps').map(({ name }) => name));
    const wanted = SIGN_CONFIG_MAPS.filter((map) => daemonSets.has(map.daemonSet));
    await Promise.all(
      wanted.map(async ({ namespace, name }) => {
        const { status, body } = await this.#api.get(`/api/v1/namespaces/${namespace}/configmaps/${name}`);
        const object = status === 200 ? liveObject(body, 'v1', 'ConfigMap') : undefined;
        if (object !== undefined) this.#add('configmaps', `${namespace}/${name}`, [object]);
        else if (status === 403) {
          this.limit(
            { kind: 'ConfigMap', group: '', resource: `configmap ${namespace}/${name}`, role: 'sign' },
            'forbidden',
            [],
            messageOf(body),
          );
        }
      }),
    );
  }

  limit(
    kind: Pick<ClusterKind, 'kind' | 'group' | 'resource' | 'role'>,
    reason: ReadLimit['reason'],
    readIn: readonly string[],
    message: string,
  ): void {
    const weight = kind.role === 'policy' ? 'policy' : kind.role === 'sign' ? 'sign' : 'object';
    this.#limits.push({ kind: kind.kind, group: kind.group, resource: resourceName(kind), reason, readIn, weight, message });
  }

  /** Failure when nothing could be read: then it is no limit of an answer, there is none. */
  objects(): readonly KubeObject[] {
    if (!this.#anything) throw forbidden(this.#api.asked, { verb: 'list-anything' }, this.#limits[0]?.message ?? '');
    const order = [...CLUSTER_KINDS.map(resourceName), 'configmaps'];
    const objects: KubeObject[] = [];
    for (const resource of order) for (const object of this.#objectsOf(resource)) objects.push(object);
    const limits = this.#limits.toSorted((a, b) => (a.resource < b.resource ? -1 : 1));
    return [...objects, ...limits.map((limit) => limitObject(limit, `cluster:${limit.resource}`))];
  }

  async #readInNamespaces(served: Served, message: string): Promise<void> {
    const { kind } = served;
    const wanted = [...new Set([...(this.#options.namespaces ?? []), this.#api.context.namespace])];
    const readable = await Promise.all(wanted.map((namespace) => this.#readInNamespace(served, namespace)));
    this.limit(
      kind,
      'forbidden',
      wanted.filter((_, i) => readable[i]),
      message,
    );
  }

  /** Of cluster-scoped kinds only namespaces can be asked one by one: their names are known. */
  async #readInNamespace(served: Served, namespace: string): Promise<boolean> {
    const { kind, version } = served;
    if (kind.scope === 'namespaced') {
      const listed = await this.#list(served, namespace);
      if (listed?.outcome === 'read') this.#keep(served, namespace, listed);
      return listed?.outcome === 'read';
    }
    if (kind.kind !== 'Namespace') return false;
    const { status, body } = await this.#api.get(`/api/${version}/namespaces/${encodeURIComponent(namespace)}`);
    const object = status === 200 ? liveObject(body, version, kind.kind) : undefined;
    if (object !== undefined) this.#add('namespaces', namespace, [object]);
    return object !== undefined;
  }

  /** undefined: it is a kind of somebody else's, that somebody does not answer, and the limit is noted. */
  async #list(served: Served, namespace: string | undefined): Promise<Listed | undefined> {
    const { kind, version } = served;
    const isCore = CORE.includes(served);
    try {
      return await listAll(this.#api, { ...kind, version, namespace }, { patient: isCore });
    } catch (error) {
      if (isCore || !(error instanceof Failure) || !['cluster-error', 'cluster-overloaded'].includes(error.code)) throw error;
      this.limit(kind, 'unavailable', [], saidIn(error));
      return undefined;
    }
  }

  #keep(served: Served, namespace: string | undefined, { objects, resourceVersion }: Extract<Listed, { outcome: 'read' }>): void {
    const resource = resourceName(served.kind);
    this.#add(resource, namespace ?? '', objects);
    this.positions.set(namespace === undefined ? resource : `${resource} in ${namespace}`, { served, namespace, resourceVersion });
    this.#options.onProgress?.({ resource, objects: objects.length });
  }

  #add(resource: string, place: string, objects: readonly KubeObject[]): void {
    this.#anything = true;
    const found = this.#found.get(resource) ?? new Map<string, readonly KubeObject[]>();
    this.#found.set(resource, found.set(place, objects));
  }

  #objectsOf(resource: string): readonly KubeObject[] {
    const found = [...(this.#found.get(resource) ?? [])];
    return found.length === 1 ? (found[0]?.[1] ?? []) : found.sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, objects]) => objects);
  }
}
