// The NetworkPolicies of a baseline as they are applied, and a kustomize component of them.

import type { Baseline } from './baseline.ts';
import type { ApiObject, PolicyObject } from './baseline-parts.ts';

const BASELINE_LABEL = 'netverdict.dev/baseline';

/** One NetworkPolicy as it is applied. The label tells a baseline from what people write beside it. */
export function policyObject({ namespace, name, spec }: PolicyObject): ApiObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, labels: { [BASELINE_LABEL]: 'true' } },
    spec,
  };
}

/** A component, and the policies of each of its files: one file for each namespace. */
export function kustomizeComponent({ namespaces, policies }: Pick<Baseline, 'namespaces' | 'policies'>): {
  readonly component: ApiObject;
  readonly files: ReadonlyMap<string, readonly PolicyObject[]>;
} {
  const files = new Map(namespaces.map((name) => [`${name}.yaml`, policies.filter(({ namespace }) => namespace === name)]));
  const component = { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component', resources: [...files.keys()] };
  return { component, files };
}
