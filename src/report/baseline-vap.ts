// Two ValidatingAdmissionPolicies with their bindings: workloads are refused in a namespace without the baseline, and NetworkPolicies with the
// faults that always mean something else than was written. The expressions are CEL as the API server runs it (Kubernetes 1.30+).
import { SYSTEM_NAMESPACES } from '../question/baseline.ts';
import { DEFAULT_DENY } from '../question/baseline-parts.ts';
import { yamlOf } from './baseline-objects.ts';

/** One condition that must hold, and what is said when it does not. */
interface Validation {
  readonly expression: string;
  readonly message: string;
}

/**
 * The API server looks for `params` before it asks matchConditions, so what is exempt must be so by its namespace's labels.
 * OpenShift's own namespaces have no common name: label them.
 */
const NAMESPACES = {
  matchExpressions: [
    { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: SYSTEM_NAMESPACES },
    { key: 'netverdict.dev/baseline', operator: 'NotIn', values: ['exempt'] },
  ],
};

/** `params` is the NetworkPolicy `baseline-default-deny` of the workload's namespace; where there is none, the binding refuses. */
const BASELINE_VALIDATIONS: readonly Validation[] = [
  {
    expression:
      '!has(params.spec.podSelector) || ((!has(params.spec.podSelector.matchLabels) || params.spec.podSelector.matchLabels.size() == 0) && (!has(params.spec.podSelector.matchExpressions) || params.spec.podSelector.matchExpressions.size() == 0))',
    message: `the NetworkPolicy ${DEFAULT_DENY} of this namespace must select every pod (podSelector: {})`,
  },
  {
    expression:
      "has(params.spec.policyTypes) && params.spec.policyTypes.exists(t, t == 'Ingress') && params.spec.policyTypes.exists(t, t == 'Egress')",
    message: `the NetworkPolicy ${DEFAULT_DENY} of this namespace must have policyTypes Ingress and Egress`,
  },
  {
    expression:
      '(!has(params.spec.ingress) || params.spec.ingress.size() == 0) && (!has(params.spec.egress) || params.spec.egress.size() == 0)',
    message: `the NetworkPolicy ${DEFAULT_DENY} of this namespace must have no rules; put what is allowed into policies beside it`,
  },
];

const EACH_PEER = (check: (peer: string) => string): string =>
  `(!has(object.spec.ingress) || object.spec.ingress.all(r, !has(r.from) || r.from.all(p, ${check('p')}))) && ` +
  `(!has(object.spec.egress) || object.spec.egress.all(r, !has(r.to) || r.to.all(p, ${check('p')})))`;

/** What the linter calls an error and one policy shows by itself. Each names the rule's page. */
const LINT_VALIDATIONS: readonly Validation[] = [
  {
    expression:
      "!(has(object.spec.egress) && object.spec.egress.size() > 0 && has(object.spec.policyTypes) && object.spec.policyTypes.size() > 0 && !object.spec.policyTypes.exists(t, t == 'Egress'))",
    message: 'egress rules do nothing while policyTypes leaves Egress out (netverdict lint: rules-not-in-force)',
  },
  {
    expression:
      "!(has(object.spec.ingress) && object.spec.ingress.size() > 0 && has(object.spec.policyTypes) && object.spec.policyTypes.size() > 0 && !object.spec.policyTypes.exists(t, t == 'Ingress'))",
    message: 'ingress rules do nothing while policyTypes leaves Ingress out (netverdict lint: rules-not-in-force)',
  },
  {
    expression: EACH_PEER(
      (peer) =>
        `!has(${peer}.podSelector) || !has(${peer}.podSelector.matchLabels) || !('pod-template-hash' in ${peer}.podSelector.matchLabels)`,
    ),
    message:
      'pod-template-hash is another one after the next rollout: the peer would match nobody (netverdict lint: selects-by-rollout-label)',
  },
  {
    expression:
      "!has(object.spec.podSelector) || !has(object.spec.podSelector.matchLabels) || !('pod-template-hash' in object.spec.podSelector.matchLabels)",
    message:
      'pod-template-hash is another one after the next rollout: the policy would select nobody, and the pods would be open (netverdict lint: selects-by-rollout-label)',
  },
  {
    expression:
      '(!has(object.spec.ingress) || object.spec.ingress.all(r, (has(r.from) && r.from.size() > 0) || (has(r.ports) && r.ports.size() > 0)))',
    message: 'an ingress rule without from and ports lets in everybody on every port (netverdict lint: rule-admits-everything)',
  },
];

/**
 * What people create. Pods, ReplicaSets and Jobs are made by controllers, too: refusing those would leave an old namespace without its pods
 * when a node is drained.
 */
const WORKLOADS = [
  { apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments', 'statefulsets', 'daemonsets'] },
  { apiGroups: ['batch'], apiVersions: ['v1'], resources: ['cronjobs'] },
];

/** Two policies and two bindings, as YAML documents. */
export function vapYaml(): string {
  return vapObjects().map(yamlOf).join('---\n');
}

function vapObjects(): readonly Readonly<Record<string, unknown>>[] {
  const group = { apiVersion: 'admissionregistration.k8s.io/v1' };
  return [
    {
      ...group,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'netverdict-namespace-has-baseline' },
      spec: {
        failurePolicy: 'Fail',
        paramKind: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
        matchConstraints: { namespaceSelector: NAMESPACES, resourceRules: WORKLOADS.map((rule) => ({ ...rule, operations: ['CREATE'] })) },
        validations: BASELINE_VALIDATIONS,
      },
    },
    {
      ...group,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'netverdict-namespace-has-baseline' },
      spec: {
        policyName: 'netverdict-namespace-has-baseline',
        // Without a namespace here, the policy of the workload's own namespace is taken.
        paramRef: { name: DEFAULT_DENY, parameterNotFoundAction: 'Deny' },
        validationActions: ['Deny'],
      },
    },
    {
      ...group,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'netverdict-policy-means-what-it-says' },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          namespaceSelector: NAMESPACES,
          resourceRules: [
            { apiGroups: ['networking.k8s.io'], apiVersions: ['v1'], resources: ['networkpolicies'], operations: ['CREATE', 'UPDATE'] },
          ],
        },
        validations: LINT_VALIDATIONS,
      },
    },
    {
      ...group,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'netverdict-policy-means-what-it-says' },
      spec: { policyName: 'netverdict-policy-means-what-it-says', validationActions: ['Deny'] },
    },
  ];
}
