// The part of a baseline that is the same everywhere, as a Kyverno ClusterPolicy: every new namespace gets it.
// What a namespace's own manifests declare cannot be known before they are there, so it is not in it.
import { type Baseline, SYSTEM_NAMESPACES } from '../question/baseline.ts';
import { DEFAULT_DENY, type PolicyObject } from '../question/baseline-policies.ts';
import { yamlOf } from './baseline-objects.ts';

/** Default-deny and DNS, generated into every new namespace and kept the same (`synchronize`). */
export function kyvernoYaml({ policies }: Baseline): string {
  const shared = [DEFAULT_DENY, 'baseline-allow-dns'].flatMap((wanted) => policies.find(({ name }) => name === wanted) ?? []);
  return yamlOf({
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: {
      name: 'netverdict-baseline',
      annotations: {
        'policies.kyverno.io/title': 'NetworkPolicy baseline',
        'policies.kyverno.io/subject': 'NetworkPolicy',
        'policies.kyverno.io/description': 'Every new namespace is closed in both directions, and may ask the DNS of the cluster.',
      },
    },
    spec: { rules: shared.map(ruleOf) },
  });
}

function ruleOf({ name, spec }: PolicyObject): unknown {
  return {
    name,
    // Not when one is edited: a label on an old namespace must not close it.
    match: { any: [{ resources: { kinds: ['Namespace'], operations: ['CREATE'] } }] },
    exclude: { any: [{ resources: { names: [...SYSTEM_NAMESPACES, 'openshift-*'] } }] },
    generate: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      name,
      namespace: '{{request.object.metadata.name}}',
      synchronize: true,
      data: { metadata: { labels: { 'netverdict.dev/baseline': 'true' } }, spec },
    },
  };
}
