// ValidatingAdmissionPolicies with their bindings: workloads are refused in a namespace without the baseline, NetworkPolicies with the faults that
// always mean something else than was written, and, when asked, pod templates that policies do not apply to. The expressions are CEL as the API server runs it (Kubernetes 1.30+).

import { type ApiObject, DEFAULT_DENY } from '../question/baseline-parts.ts';
import { DEFAULT_DENY_REFUSED, POLICY_REFUSED } from '../words/en/admission.ts';
import { type AdmissionWish, EXEMPT_LABEL, EXEMPT_NAMESPACES, type TemplateWish, templateWishes, WORKLOADS } from './admission.ts';

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
    { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: EXEMPT_NAMESPACES },
    { key: EXEMPT_LABEL, operator: 'NotIn', values: ['exempt'] },
  ],
};

/** `params` is the NetworkPolicy `baseline-default-deny` of the workload's namespace; where there is none, the binding refuses. */
const BASELINE_VALIDATIONS: readonly Validation[] = [
  {
    expression:
      '!has(params.spec.podSelector) || ((!has(params.spec.podSelector.matchLabels) || params.spec.podSelector.matchLabels.size() == 0) && (!has(params.spec.podSelector.matchExpressions) || params.spec.podSelector.matchExpressions.size() == 0))',
    message: DEFAULT_DENY_REFUSED['selects-every-pod'](DEFAULT_DENY),
  },
  {
    expression:
      "has(params.spec.policyTypes) && params.spec.policyTypes.exists(t, t == 'Ingress') && params.spec.policyTypes.exists(t, t == 'Egress')",
    message: DEFAULT_DENY_REFUSED['policy-types'](DEFAULT_DENY),
  },
  {
    expression:
      '(!has(params.spec.ingress) || params.spec.ingress.size() == 0) && (!has(params.spec.egress) || params.spec.egress.size() == 0)',
    message: DEFAULT_DENY_REFUSED['no-rules'](DEFAULT_DENY),
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
    message: POLICY_REFUSED.egress,
  },
  {
    expression:
      "!(has(object.spec.ingress) && object.spec.ingress.size() > 0 && has(object.spec.policyTypes) && object.spec.policyTypes.size() > 0 && !object.spec.policyTypes.exists(t, t == 'Ingress'))",
    message: POLICY_REFUSED.ingress,
  },
  {
    expression: EACH_PEER(
      (peer) =>
        `!has(${peer}.podSelector) || !has(${peer}.podSelector.matchLabels) || !('pod-template-hash' in ${peer}.podSelector.matchLabels)`,
    ),
    message: POLICY_REFUSED.peer,
  },
  {
    expression:
      "!has(object.spec.podSelector) || !has(object.spec.podSelector.matchLabels) || !('pod-template-hash' in object.spec.podSelector.matchLabels)",
    message: POLICY_REFUSED.subject,
  },
  {
    expression:
      '(!has(object.spec.ingress) || object.spec.ingress.all(r, (has(r.from) && r.from.size() > 0) || (has(r.ports) && r.ports.size() > 0)))',
    message: POLICY_REFUSED.everything,
  },
];

/** In CEL: `ok('variables.template')` is true for a template that may be taken. */
function conditionOf({ code, label, number }: TemplateWish): { readonly name: string; readonly ok: (template: string) => string } {
  if (code === 'not-on-host-network') {
    return {
      name: 'netverdict-pods-not-on-host-network',
      ok: (template) => `!has(${template}.spec.hostNetwork) || !${template}.spec.hostNetwork`,
    };
  }
  const key = JSON.stringify(label);
  return {
    name: `netverdict-pods-have-label-${number}`,
    ok: (template) =>
      `has(${template}.metadata) && has(${template}.metadata.labels) && ${key} in ${template}.metadata.labels && ${template}.metadata.labels[${key}] != ""`,
  };
}

const templateIn = (object: string): string =>
  `has(${object}.spec.jobTemplate) ? ${object}.spec.jobTemplate.spec.template : ${object}.spec.template`;

const rulesFor = (operations: readonly string[]) =>
  WORKLOADS.map(({ group, resources }) => ({ apiGroups: [group], apiVersions: ['v1'], resources, operations }));

/** The policies and their bindings. */
export function vapObjects(wish: AdmissionWish = {}): readonly ApiObject[] {
  return [...hasBaseline(wish), ...meansWhatItSays(), ...templateWishes(wish).flatMap((check) => templatePolicies(check, wish))];
}

/** A policy and its binding of one name. `Deny` refuses; `Warn` and `Audit` say it to who asked and to the audit log, and take the object. */
function pair(
  name: string,
  policy: ApiObject,
  actions: readonly ('Deny' | 'Warn' | 'Audit')[],
  binding: ApiObject = {},
): readonly ApiObject[] {
  const group = { apiVersion: 'admissionregistration.k8s.io/v1' };
  return [
    { ...group, kind: 'ValidatingAdmissionPolicy', metadata: { name }, spec: { failurePolicy: 'Fail', ...policy } },
    {
      ...group,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, ...binding, validationActions: actions },
    },
  ];
}

function hasBaseline({ existing = false }: AdmissionWish): readonly ApiObject[] {
  const policy = (operations: readonly string[]) => ({
    paramKind: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
    matchConstraints: { namespaceSelector: NAMESPACES, resourceRules: rulesFor(operations) },
    validations: BASELINE_VALIDATIONS,
  });
  // Without a namespace here, the policy of the workload's own namespace is taken.
  const binding = { paramRef: { name: DEFAULT_DENY, parameterNotFoundAction: 'Deny' } };
  return [
    ...pair('netverdict-namespace-has-baseline', policy(['CREATE']), ['Deny'], binding),
    // Controllers update what is there (the revision of a Deployment): refusing that would stop rollouts in an old namespace.
    ...(existing ? pair('netverdict-existing-namespace-has-baseline', policy(['UPDATE']), ['Warn', 'Audit'], binding) : []),
  ];
}

function meansWhatItSays(): readonly ApiObject[] {
  const rule = { apiGroups: ['networking.k8s.io'], apiVersions: ['v1'], resources: ['networkpolicies'], operations: ['CREATE', 'UPDATE'] };
  return pair(
    'netverdict-policy-means-what-it-says',
    { matchConstraints: { namespaceSelector: NAMESPACES, resourceRules: [rule] }, validations: LINT_VALIDATIONS },
    ['Deny'],
  );
}

/** A template that was so before it is updated stays: only what gets worse is refused. */
function templatePolicies(check: TemplateWish, { existing = false }: AdmissionWish): readonly ApiObject[] {
  const { message, notIn } = check;
  const { name, ok } = conditionOf(check);
  const [byName, byLabel] = NAMESPACES.matchExpressions;
  const namespaceSelector = { matchExpressions: [{ ...byName, values: [...EXEMPT_NAMESPACES, ...notIn] }, byLabel] };
  const policy = (operations: readonly string[], variables: ApiObject, expression: string) => ({
    matchConstraints: { namespaceSelector, resourceRules: rulesFor(operations) },
    variables: Object.entries(variables).map(([variable, of]) => ({ name: variable, expression: of })),
    validations: [{ expression, message }],
  });
  const template = templateIn('object');
  return [
    ...pair(
      name,
      policy(
        ['CREATE', 'UPDATE'],
        { template, before: templateIn('oldObject') },
        `(${ok('variables.template')}) || (request.operation == 'UPDATE' && !(${ok('variables.before')}))`,
      ),
      ['Deny'],
    ),
    ...(existing ? pair(`${name}-existing`, policy(['UPDATE'], { template }, ok('variables.template')), ['Warn', 'Audit']) : []),
  ];
}
