// Lists of a live cluster: in pages, whole or not at all. Restarted when the server has forgotten where we were (410).
import type { KubeObject } from '../manifest/objects.ts';
import type { SourceDocument } from '../model/origin.ts';
import type { Json } from '../objects/read.ts';
import { type ClusterKind, resourceName } from './cluster-kinds.ts';
import { serverFailure } from './live-failure.ts';
import { type ListEnvelope, listReader } from './live-list-items.ts';
import { pruned } from './live-prune.ts';
import { type Api, messageOf, type Patience } from './live-request.ts';

export interface ListTarget extends Pick<ClusterKind, 'kind' | 'group' | 'resource'> {
  readonly version: string;
  /** Only this namespace; absent: all of them. */
  readonly namespace?: string | undefined;
}

export type Listed =
  | { readonly outcome: 'read'; readonly objects: readonly KubeObject[]; readonly resourceVersion: string }
  | { readonly outcome: 'forbidden' | 'absent'; readonly message: string };

/** kubectl's own: pages of this size are what API servers are used to. */
const PAGE = 500;

/** `/apis/apps/v1/namespaces/shop/deployments`, `/api/v1/pods`. */
export function pathOf({ group, version, resource, namespace }: Omit<ListTarget, 'kind'>): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${resource}`;
}

/**
 * All objects of a kind, as one state of the cluster. 403 → `forbidden`, 404 → `absent` (the cluster does not know the kind).
 * Failure when the server does not answer, also after it was given time to restart.
 */
export async function listAll(api: Api, target: ListTarget, patience: Patience = {}): Promise<Listed> {
  const apiVersion = target.group === '' ? target.version : `${target.group}/${target.version}`;
  const path = pathOf(target);
  let objects: KubeObject[] = [];
  let query = `?limit=${PAGE}`;
  for (;;) {
    const begin = () => {
      // A page that breaks off is asked again, and must not leave half of itself behind.
      const page: KubeObject[] = [];
      const reader = listReader((item) => {
        const object = liveObject(item, apiVersion, target.kind);
        if (object !== undefined) page.push(object);
      });
      return { push: reader.push, end: () => ({ page, envelope: reader.end() }) };
    };
    const { status, body, result } = await api.stream(`${path}${query}`, begin, patience);
    if (status === 403 || status === 404) return { outcome: status === 403 ? 'forbidden' : 'absent', message: messageOf(body) };
    if (status === 410 && query.includes('continue=')) {
      // The state that the first pages showed is gone (etcd keeps 5 minutes). Like client-go's pager: once more, in one piece.
      objects = [];
      query = '';
      continue;
    }
    if (result === undefined) throw serverFailure(api.asked, status, `${resourceName(target)}: ${messageOf(body)}`);
    if (!isList(result.envelope)) throw serverFailure(api.asked, status, path);
    for (const object of result.page) objects.push(object);
    const { continue: next, resourceVersion = '' } = result.envelope.metadata ?? {};
    if (next === undefined || next === '') return { outcome: 'read', objects, resourceVersion };
    query = `?limit=${PAGE}&continue=${encodeURIComponent(next)}`;
  }
}

function isList(envelope: ListEnvelope): boolean {
  return typeof envelope === 'object' && envelope !== null && (envelope.kind ?? '').endsWith('List');
}

/** `cluster:NetworkPolicy/web/deny-all` is how answers name the place of what a cluster sent. */
export function liveObject(item: unknown, apiVersion: string, kind: string): KubeObject | undefined {
  const value = pruned(item, apiVersion, kind);
  const metadata = value?.metadata as Json | undefined;
  const name = metadata?.name;
  if (value === undefined || typeof name !== 'string') return undefined;
  const namespace = typeof metadata?.namespace === 'string' ? metadata.namespace : undefined;
  const file = `cluster:${kind}/${namespace === undefined ? '' : `${namespace}/`}${name}`;
  const document: SourceDocument = { file, text: undefined, start: 0, end: 0, line: 0, format: 'json' };
  return { apiVersion, kind, name, namespace, value, origin: { document, path: [] } };
}
