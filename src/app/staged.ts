// A cluster after Calico's staged policies have been enforced. A StagedKubernetesNetworkPolicy can be tried with any CNI, in a file.
import { apiGroup } from '../manifest/kinds.ts';
import type { KubeObject } from '../manifest/objects.ts';
import { dig, isObject } from '../objects/read.ts';

/** Staged kind → the kind that it is when enforced, and its API where that is another one. Source: Calico API reference, stagedAction. */
const ENFORCED: Readonly<Record<string, { readonly kind: string; readonly apiVersion?: string }>> = {
  StagedNetworkPolicy: { kind: 'NetworkPolicy' },
  StagedGlobalNetworkPolicy: { kind: 'GlobalNetworkPolicy' },
  StagedKubernetesNetworkPolicy: { kind: 'NetworkPolicy', apiVersion: 'networking.k8s.io/v1' },
};

const GROUPS: ReadonlySet<string> = new Set(['projectcalico.org', 'crd.projectcalico.org']);

export function isStaged({ apiVersion, kind }: KubeObject): boolean {
  return Object.hasOwn(ENFORCED, kind) && GROUPS.has(apiGroup(apiVersion));
}

/**
 * The objects with each staged policy enforced. It replaces the enforced policy of the same name, or is added; `stagedAction: Delete` removes that
 * policy. `Learn` and `Ignore` do not ask for enforcement and stay staged. Places in files do not change.
 * `namespace`: where objects without one live.
 */
export function withStagedEnforced(objects: readonly KubeObject[], namespace: string): readonly KubeObject[] {
  const identity = ({ apiVersion, kind, name, namespace: own = namespace }: KubeObject) => {
    // Calico serves the same objects under two groups.
    const group = GROUPS.has(apiGroup(apiVersion)) ? 'projectcalico.org' : apiGroup(apiVersion);
    return `${group} ${kind} ${kind === 'GlobalNetworkPolicy' ? '' : own}/${name}`;
  };
  const wanted = new Map<string, KubeObject | 'deleted'>();
  for (const object of objects) {
    if (!isStaged(object)) continue;
    const action = dig(object.value, 'spec', 'stagedAction') ?? 'Set';
    const enforced = enforcedForm(object);
    if (action === 'Delete') wanted.set(identity(enforced), 'deleted');
    else if (action === 'Set') wanted.set(identity(enforced), enforced);
  }
  const kept = objects.filter((object) => isStaged(object) || !wanted.has(identity(object)));
  return [...kept, ...[...wanted.values()].filter((object) => object !== 'deleted')];
}

function enforcedForm(object: KubeObject): KubeObject {
  const { kind, apiVersion = object.apiVersion } = ENFORCED[object.kind] ?? { kind: object.kind };
  const { spec } = object.value;
  if (!isObject(spec)) return { ...object, kind, apiVersion, value: { ...object.value, kind, apiVersion } };
  const { stagedAction: _, ...rest } = spec;
  return { ...object, kind, apiVersion, value: { ...object.value, kind, apiVersion, spec: rest } };
}
