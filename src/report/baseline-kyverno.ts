// The part of a baseline that is the same everywhere, as a Kyverno ClusterPolicy: every new namespace gets it.
// What a namespace's own manifests declare cannot be known before they are there, so it is not in it.
import { type Baseline, SYSTEM_NAMESPACES } from '../question/baseline.ts';
import { DEFAULT_DENY, type PolicyObject } from '../question/baseline-parts.ts';
import { yamlOf } from './baseline-objects.ts';

/** What is the same in every namespace and stands in no manifest. */
export interface KyvernoWish {
  /** Where Prometheus runs: its pods may reach every pod. */
  readonly monitoring?: string | undefined;
  /** Namespaces that are there already get the policies, too, which closes them. */
  readonly existing?: boolean | undefined;
}

/** Default-deny, DNS and monitoring, generated into every new namespace and kept the same (`synchronize`). */
export function kyvernoYaml({ policies }: Baseline, { monitoring, existing = false }: KyvernoWish = {}): string {
  const shared = [DEFAULT_DENY, 'baseline-allow-dns'].flatMap((wanted) => policies.find(({ name }) => name === wanted) ?? []);
  const scraping = monitoring === undefined ? [] : [monitoringPolicy(monitoring)];
  return yamlOf({
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: {
      name: 'netverdict-baseline',
      annotations: {
        'policies.kyverno.io/title': 'NetworkPolicy baseline',
        'policies.kyverno.io/subject': 'NetworkPolicy',
        'policies.kyverno.io/description': `Every ${existing ? '' : 'new '}namespace is closed in both directions, and may ask the DNS of the cluster.`,
      },
    },
    spec: { ...(existing ? { generateExisting: true } : {}), rules: [...shared, ...scraping].map((policy) => ruleOf(policy, existing)) },
  });
}

function monitoringPolicy(namespace: string): PolicyObject {
  return {
    namespace: '',
    name: 'baseline-allow-monitoring',
    because: `pods of ${namespace} may scrape every pod`,
    spec: {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }] }],
    },
  };
}

function ruleOf({ name, spec }: PolicyObject, existing: boolean): unknown {
  return {
    name,
    // Not when one is edited: a label on an old namespace must not close it. Those that are there are closed only when somebody asks for it.
    match: { any: [{ resources: { kinds: ['Namespace'], ...(existing ? {} : { operations: ['CREATE'] }) } }] },
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
