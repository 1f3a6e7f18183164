// Which of the kinds in our table this cluster serves, and in which version. One request; a second one only where versions are strange.
import { CLUSTER_KINDS, type ClusterKind, SAME_OBJECTS } from './cluster-kinds.ts';
import { type Api, messageOf } from './live-request.ts';

export interface Served {
  readonly kind: ClusterKind;
  readonly version: string;
  /** False: the cluster has the kind only in versions that this program does not know. */
  readonly known: boolean;
}

export interface Discovery {
  readonly served: readonly Served[];
  /** `['apps', 'cilium.io', …]`. */
  readonly groups: readonly string[];
  /** Why nothing beyond the core kinds is known: the server's words, when it did not say what it serves. */
  readonly refused: string | undefined;
}

interface GroupList {
  readonly groups?: readonly {
    readonly name?: string;
    readonly versions?: readonly { readonly version?: string }[];
    readonly preferredVersion?: { readonly version?: string };
  }[];
}
interface ResourceList {
  readonly resources?: readonly { readonly name?: string }[];
}

/** Kinds that every cluster serves in the version we know: they are asked without waiting for the discovery. */
export const CORE: readonly Served[] = CLUSTER_KINDS.filter(
  ({ role, kind, group }) => role === 'core' || (kind === 'NetworkPolicy' && group === 'networking.k8s.io'),
).map((kind) => ({ kind, version: kind.versions[0] ?? '', known: true }));

/** The kinds that are not CORE: policies of other API groups, signs of CNIs, and routes. That one of them is really there shows when it is listed. */
export async function discover(api: Api): Promise<Discovery> {
  const { status, body } = await api.get('/apis');
  if (status !== 200) return { served: [], groups: [], refused: messageOf(body) };
  const groups = new Map((body as GroupList).groups?.map((group) => [group.name ?? '', group]));
  const isTwin = ({ group }: ClusterKind) => SAME_OBJECTS.some(([asked, instead]) => instead === group && groups.has(asked));
  const extra = CLUSTER_KINDS.filter((kind) => kind.role !== 'core' && !CORE.some((core) => core.kind === kind));

  /** One request per group and version, however many kinds of it we know. */
  const resources = new Map<string, Promise<readonly string[]>>();
  const resourcesOf = (group: string, version: string): Promise<readonly string[]> => {
    const path = `/apis/${group}/${version}`;
    const names =
      resources.get(path) ??
      api.get(path, { patient: false }).then(({ body: list }) => (list as ResourceList).resources?.flatMap(({ name }) => name ?? []) ?? []);
    resources.set(path, names);
    return names;
  };

  const served = extra
    .filter((kind) => groups.has(kind.group) && !isTwin(kind))
    .map(async (kind): Promise<readonly Served[]> => {
      const versions = groups.get(kind.group)?.versions?.flatMap(({ version }) => version ?? []) ?? [];
      const version = kind.versions.find((known) => versions.includes(known));
      const strange = versions.filter((other) => !kind.versions.includes(other));
      if (version !== undefined && (strange.length === 0 || (await resourcesOf(kind.group, version)).includes(kind.resource))) {
        return [{ kind, version, known: true }];
      }
      for (const other of strange) {
        if ((await resourcesOf(kind.group, other)).includes(kind.resource)) return [{ kind, version: other, known: false }];
      }
      return [];
    });
  return { served: (await Promise.all(served)).flat(), groups: [...groups.keys()].sort(), refused: undefined };
}
