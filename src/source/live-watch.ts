// Keeps what was read of a cluster up to date: one watch per list, from where the list stood. Never lists again, unless the server says
// that it has forgotten what happened since (410). Changes are told in bunches, so that a rollout is a few redraws and not a hundred.
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { apiGroup } from '../manifest/kinds.ts';
import type { KubeObject } from '../manifest/objects.ts';
import type { ClusterContext } from './cluster-access.ts';
import { resourceName } from './cluster-kinds.ts';
import { type Position, type ReadOptions, readThrough } from './live.ts';
import { forbidden, serverFailure } from './live-failure.ts';
import { listAll, liveObject, pathOf } from './live-list.ts';
import { type Api, messageOf, openApi } from './live-request.ts';

export interface WatchOptions extends ReadOptions {
  /** Ends the watch; `watchCluster` then resolves. */
  readonly signal: AbortSignal;
  /** Called once with the first reading, and after every bunch of changes. */
  readonly onChange: (state: WatchedState) => void;
  /** The connection is lost, or back (undefined). The last state stays valid as far as it went. */
  readonly onTrouble?: (trouble: Failure | undefined) => void;
}

export interface WatchedState {
  readonly objects: readonly KubeObject[];
  readonly context: ClusterContext;
  /** `['pods', 'networkpolicies.networking.k8s.io']`; empty the first time. */
  readonly changed: readonly string[];
}

/** A bunch of changes is over when nothing has come for so long, and is told after so long in any case. */
const SETTLE_MS = 150;
const LONGEST_MS = 1_000;
/** The server ends a watch after this; then it is taken up again where it was. */
const WATCH_SECONDS = 290;
/** Bookmarks come about every minute (Kubernetes: cacher, bookmarkFrequency); silence for longer is a dead connection. */
const IDLE_MS = 150_000;
/** Each watch holds its connection for good, so any number would leave the lists beyond it waiting for ever. */
const SOCKETS = Number.POSITIVE_INFINITY;

/** Resolves when the signal says so. Failure when the cluster cannot be read at first, or the user may list but not watch. */
export async function watchCluster(options: WatchOptions): Promise<void> {
  const api = await openApi(options, { sockets: SOCKETS });
  try {
    const { objects, context, versions } = await readThrough(api, options);
    const store = new Store(objects, (changed) => options.onChange({ objects: store.objects(), context, changed }));
    options.onChange({ objects, context, changed: [] });
    const troubles = new Set<Position>();
    const tell = (position: Position, failure: Failure | undefined) => {
      const had = troubles.size > 0;
      if (failure === undefined) troubles.delete(position);
      else troubles.add(position);
      if (failure !== undefined && !had) options.onTrouble?.(failure);
      if (failure === undefined && had && troubles.size === 0) options.onTrouble?.(undefined);
    };
    // One watch that fails for good ends all of them.
    const ended = new AbortController();
    const signal = AbortSignal.any([options.signal, ended.signal]);
    // Every list listens to it, and there are more than the ten from which Node warns.
    setMaxListeners(0, signal);
    try {
      await Promise.all(
        [...versions.values()].map((position) => follow(api, position, { store, signal, tell: (failure) => tell(position, failure) })),
      );
    } finally {
      ended.abort();
      store.stop();
    }
  } finally {
    api.close();
  }
}

interface WatchEvent {
  readonly type?: string;
  readonly object?: { readonly code?: number; readonly message?: string; readonly metadata?: { readonly resourceVersion?: string } };
}

/** One list's watch, again and again, until the signal. */
async function follow(
  api: Api,
  position: Position,
  { store, signal, tell }: { readonly store: Store; readonly signal: AbortSignal; readonly tell: (failure: Failure | undefined) => void },
): Promise<void> {
  const { kind, version } = position.served;
  const target = { ...kind, version, namespace: position.namespace };
  const apiVersion = kind.group === '' ? version : `${kind.group}/${version}`;
  const resource = resourceName(kind);
  let { resourceVersion } = position;
  let pause = 250;
  const took = () => {
    pause = 250;
    tell(undefined);
  };
  while (!signal.aborted) {
    let gone = false;
    const take = (event: WatchEvent): void => {
      took();
      if (event.type === 'ERROR') gone = true;
      const now = event.object?.metadata?.resourceVersion;
      if (event.type !== 'ERROR' && now !== undefined) resourceVersion = now;
      const object = event.type === 'BOOKMARK' || event.type === 'ERROR' ? undefined : liveObject(event.object, apiVersion, kind.kind);
      if (object !== undefined) store.change(resource, object, event.type === 'DELETED');
    };
    const query = `?watch=1&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${encodeURIComponent(resourceVersion)}`;
    try {
      const answer = await api.follow(`${pathOf(target)}${query}`, lines(take), { idleMs: IDLE_MS, signal, onOpen: took });
      if (answer.status === 403) throw forbidden(api.asked, { verb: 'watch', what: resource }, messageOf(answer.body));
      if (answer.status === 410) gone = true;
      else if (answer.status >= 400) throw serverFailure(api.asked, answer.status, messageOf(answer.body));
      if (gone) resourceVersion = await listAgain(api, target, store, resource);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Failure) || !PASSING.has(error.code)) throw error;
      if (error.code !== 'cluster-slow') tell(error);
      await sleep(pause, undefined, { signal }).catch(() => {});
      pause = Math.min(2 * pause, 4_000);
    }
  }
}

const PASSING: ReadonlySet<string> = new Set(['cluster-unreachable', 'cluster-slow', 'cluster-error', 'cluster-overloaded']);

async function listAgain(api: Api, target: Parameters<typeof listAll>[1], store: Store, resource: string): Promise<string> {
  const listed = await listAll(api, target);
  if (listed.outcome !== 'read') throw forbidden(api.asked, { verb: 'list', what: resource }, listed.message);
  store.replace(resource, `${target.group}/${target.kind}`, target.namespace, listed.objects);
  return listed.resourceVersion;
}

/** Text in any pieces → one JSON value a line. */
function lines(take: (event: WatchEvent) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) if (part !== '') take(JSON.parse(part) as WatchEvent);
  };
}

/** The present state, and when to tell of it. What no list holds (limits, settings of the CNI) stays as it was read. */
class Store {
  readonly #lists = new Map<string, Map<string, KubeObject>>();
  readonly #order: readonly string[];
  readonly #tell: (changed: readonly string[]) => void;
  #changed = new Set<string>();
  #since: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(objects: readonly KubeObject[], tell: (changed: readonly string[]) => void) {
    this.#tell = tell;
    for (const object of objects) this.#listOf(keyOf(object)).set(placeOf(object), object);
    this.#order = [...this.#lists.keys()];
  }

  objects(): readonly KubeObject[] {
    const keys = [...this.#order, ...[...this.#lists.keys()].filter((key) => !this.#order.includes(key)).sort()];
    // In one order whatever came first, so that the same state looks the same.
    return keys.flatMap((key) => [...(this.#lists.get(key) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object));
  }

  change(resource: string, object: KubeObject, isGone: boolean): void {
    const list = this.#listOf(keyOf(object));
    if (isGone) list.delete(placeOf(object));
    else list.set(placeOf(object), object);
    this.#note(resource);
  }

  /** After a new list: what is not in it has gone. */
  replace(resource: string, key: string, namespace: string | undefined, objects: readonly KubeObject[]): void {
    const list = this.#listOf(key);
    for (const [place, object] of list) if (namespace === undefined || object.namespace === namespace) list.delete(place);
    for (const object of objects) list.set(placeOf(object), object);
    this.#note(resource);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #listOf(key: string): Map<string, KubeObject> {
    const list = this.#lists.get(key) ?? new Map<string, KubeObject>();
    this.#lists.set(key, list);
    return list;
  }

  #note(resource: string): void {
    this.#changed.add(resource);
    this.#since ??= Date.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        const changed = [...this.#changed].sort();
        this.#changed = new Set();
        this.#since = undefined;
        this.#tell(changed);
      },
      Math.max(0, Math.min(SETTLE_MS, this.#since + LONGEST_MS - Date.now())),
    );
  }
}

/** Kinds of different groups share names, and plugins serve several versions: the group and the kind are what makes a list. */
function keyOf({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): string {
  return `${apiGroup(apiVersion)}/${kind}`;
}

function placeOf({ namespace, name }: KubeObject): string {
  return `${namespace ?? ''}/${name}`;
}
