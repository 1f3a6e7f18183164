// A baseline as YAML: the policies with a comment for each, and a kustomize component of them.
import { stringify } from 'yaml';
import type { Baseline } from '../question/baseline.ts';
import type { PolicyObject } from '../question/baseline-parts.ts';
import { harmless } from './paint.ts';

const BASELINE_LABEL = 'netverdict.dev/baseline';

/** One NetworkPolicy as it is applied. The label tells a baseline from what people write beside it. */
export function policyObject({ namespace, name, spec }: PolicyObject): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, labels: { [BASELINE_LABEL]: 'true' } },
    spec,
  };
}

export function yamlOf(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** All policies, each with what it is for above it. Ends with a line break. */
export function policiesYaml(policies: readonly PolicyObject[]): string {
  return policies.map((policy) => `${comments(policy).join('\n')}\n${yamlOf(policyObject(policy))}`).join('---\n');
}

function comments({ because, accepts }: PolicyObject): readonly string[] {
  return [`# ${harmless(because)}`, ...(accepts === undefined ? [] : [`# netverdict-ignore ${accepts.rule}: ${accepts.reason}`])];
}

/** File name → text: a component, with a file for each namespace. */
export function kustomizeFiles({ namespaces, policies }: Baseline): ReadonlyMap<string, string> {
  const files = namespaces.map((namespace): [string, string] => [
    `${namespace}.yaml`,
    policiesYaml(policies.filter((policy) => policy.namespace === namespace)),
  ]);
  const component = {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    resources: files.map(([name]) => name),
  };
  return new Map([['kustomization.yaml', yamlOf(component)], ...files]);
}
