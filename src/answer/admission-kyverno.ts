// The part of a baseline that is the same everywhere, as Kyverno ClusterPolicies: namespaces get it, and workloads that no policy would apply to
// are refused. What a namespace's own manifests declare cannot be known before they are there, so it is not in it.
import type { Baseline } from '../question/baseline.ts';
import { type ApiObject, DEFAULT_DENY, inNamespace, type PolicyObject } from '../question/baseline-parts.ts';
import { KYVERNO_WORDS, kyvernoDescription } from '../words/en/admission.ts';
import { type AdmissionWish, EXEMPT_LABEL, EXEMPT_NAMESPACES, type TemplateWish, templateWishes, WORKLOADS } from './admission.ts';

export interface KyvernoWish extends AdmissionWish {
  /** `1.12`. Since 1.13 `generateExisting` and the failure action are said by each rule, before by the policy. */
  readonly version?: string | undefined;
}

/** Default-deny, DNS and monitoring, generated into namespaces and kept the same (`synchronize`), and what workloads must be like. */
export function kyvernoObjects(made: Baseline, wish: KyvernoWish = {}): readonly ApiObject[] {
  return [generating(made, wish), ...validating(wish)];
}

/** `1.12` and `v1.12.5` are before 1.13; a version that cannot be read is taken for a new one. */
function isBefore113(version: string | undefined): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return Number(major) < 1 || (Number(major) === 1 && Number(minor) < 13);
}

function generating({ policies }: Baseline, { monitoring, existing = false, version }: KyvernoWish): ApiObject {
  const shared = [DEFAULT_DENY, 'baseline-allow-dns'].flatMap((wanted) => policies.find(({ name }) => name === wanted) ?? []);
  const scraping = monitoring === undefined ? [] : [monitoringPolicy(monitoring)];
  const onPolicy = existing && isBefore113(version);
  return {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: {
      name: 'netverdict-baseline',
      annotations: {
        'policies.kyverno.io/title': KYVERNO_WORDS.baseline,
        'policies.kyverno.io/subject': 'NetworkPolicy',
        'policies.kyverno.io/description': kyvernoDescription(existing),
      },
    },
    spec: {
      ...(onPolicy ? { generateExisting: true } : {}),
      rules: [...shared, ...scraping].map((policy) => ruleOf(policy, { existing, onRule: existing && !onPolicy })),
    },
  };
}

function monitoringPolicy(namespace: string): PolicyObject {
  return {
    namespace: '',
    name: 'baseline-allow-monitoring',
    purpose: { code: 'monitoring', namespace },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: inNamespace(namespace) }] }],
    },
  };
}

function ruleOf({ name, spec }: PolicyObject, { existing, onRule }: { readonly existing: boolean; readonly onRule: boolean }): unknown {
  return {
    name,
    // Not when one is edited: a label on an old namespace must not close it. Those that are there are closed only when somebody asks for it.
    match: { any: [{ resources: { kinds: ['Namespace'], ...(existing ? {} : { operations: ['CREATE'] }) } }] },
    exclude: {
      any: [
        { resources: { names: [...EXEMPT_NAMESPACES, 'openshift-*'] } },
        { resources: { kinds: ['Namespace'], selector: { matchLabels: { [EXEMPT_LABEL]: 'exempt' } } } },
      ],
    },
    generate: {
      ...(onRule ? { generateExisting: true } : {}),
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      name,
      namespace: '{{request.object.metadata.name}}',
      synchronize: true,
      data: { metadata: { labels: { [EXEMPT_LABEL]: 'true' } }, spec },
    },
  };
}

/** [] where nothing is asked of workloads. */
function validating(wish: KyvernoWish): readonly ApiObject[] {
  const { existing = false, version } = wish;
  const checks = templateWishes(wish);
  if (checks.length === 0) return [];
  const onPolicy = isBefore113(version);
  const rules = checks.flatMap((check) => WORKLOADS.map((workload) => validationOf(check, workload, onPolicy)));
  return [
    {
      apiVersion: 'kyverno.io/v1',
      kind: 'ClusterPolicy',
      metadata: {
        name: 'netverdict-workloads',
        // The rules name the kinds that people create; rules for pods would refuse those that a controller makes again.
        annotations: {
          'policies.kyverno.io/title': KYVERNO_WORDS.workloads,
          'pod-policies.kyverno.io/autogen-controllers': 'none',
        },
      },
      // What is there already is reported by the background scan, and is not refused when it is updated as it was.
      spec: { ...(onPolicy ? { validationFailureAction: 'Enforce' } : {}), background: existing, rules },
    },
  ];
}

function validationOf(check: TemplateWish, { group, kinds, template }: (typeof WORKLOADS)[number], onPolicy: boolean): unknown {
  const { name, pattern } = patternOf(check);
  const namespaces = [...EXEMPT_NAMESPACES, 'openshift-*', ...check.notIn];
  return {
    name: group === 'apps' ? name : `${name}-${group}`,
    match: { any: [{ resources: { kinds, operations: ['CREATE', 'UPDATE'] } }] },
    exclude: {
      any: [{ resources: { namespaces } }, { resources: { kinds, namespaceSelector: { matchLabels: { [EXEMPT_LABEL]: 'exempt' } } } }],
    },
    validate: {
      ...(onPolicy ? {} : { failureAction: 'Enforce' }),
      message: check.message,
      pattern: template.reduceRight<unknown>((inner, step) => ({ [step]: inner }), pattern),
    },
  };
}

function patternOf({ code, label, number }: TemplateWish): { readonly name: string; readonly pattern: unknown } {
  return code === 'not-on-host-network'
    ? { name: code, pattern: { spec: { '=(hostNetwork)': false } } }
    : { name: `${code}-${number}`, pattern: { metadata: { labels: { [label]: '?*' } } } };
}
