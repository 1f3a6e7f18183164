// The checks of a baseline for OPA Gatekeeper: a ConstraintTemplate and a Constraint for each question, and a SyncSet, because whether a namespace
// has its default-deny is asked of Gatekeeper's cache. Gatekeeper's audit reports what is there already. Rego as every Gatekeeper 3 reads it.

import { type ApiObject, DEFAULT_DENY } from '../question/baseline-parts.ts';
import { GATEKEEPER_WORDS, HOST_NETWORK_REFUSED, labelRefused, NO_DEFAULT_DENY, POLICY_REFUSED } from '../words/en/admission.ts';
import { type AdmissionWish, EXEMPT_LABEL, EXEMPT_NAMESPACES, WORKLOADS } from './admission.ts';

interface Check {
  readonly kind: string;
  readonly what: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly rego: string;
  readonly matches: readonly { readonly apiGroups: readonly string[]; readonly kinds: readonly string[] }[];
  readonly notIn: readonly string[];
  /** Kinds that Gatekeeper must keep a copy of. */
  readonly needsPolicies?: true;
}

const WORKLOAD_KINDS = WORKLOADS.map(({ group, kinds }) => ({ apiGroups: [group], kinds }));

/**
 * An update that leaves a fault as it was is taken, because controllers update what is there. `operation` is absent in an audit, which therefore
 * reports it.
 */
const HAS_BASELINE = `package netverdictnamespacehasbaseline

violation[{"msg": msg}] {
  is_looked_at
  namespace := input.review.object.metadata.namespace
  not has_baseline(namespace)
  msg := sprintf("${NO_DEFAULT_DENY}", [namespace, input.parameters.policy])
}

is_looked_at {
  object.get(input.review, "operation", "") != "UPDATE"
}

is_looked_at {
  input.parameters.updates
}

has_baseline(namespace) {
  spec := data.inventory.namespace[namespace]["networking.k8s.io/v1"]["NetworkPolicy"][input.parameters.policy].spec
  selector := object.get(spec, "podSelector", {})
  count(object.get(selector, "matchLabels", {})) == 0
  count(object.get(selector, "matchExpressions", [])) == 0
  types := {type | type := spec.policyTypes[_]}
  types == {"Ingress", "Egress"}
  count(object.get(spec, "ingress", [])) == 0
  count(object.get(spec, "egress", [])) == 0
}
`;

const MEANS_WHAT_IT_SAYS = `package netverdictpolicymeanswhatitsays

spec := input.review.object.spec

types := {type | type := spec.policyTypes[_]}

violation[{"msg": msg}] {
  count(object.get(spec, "egress", [])) > 0
  count(types) > 0
  not types["Egress"]
  msg := "${POLICY_REFUSED.egress}"
}

violation[{"msg": msg}] {
  count(object.get(spec, "ingress", [])) > 0
  count(types) > 0
  not types["Ingress"]
  msg := "${POLICY_REFUSED.ingress}"
}

violation[{"msg": msg}] {
  selectors[_].matchLabels["pod-template-hash"]
  msg := "${POLICY_REFUSED.selector}"
}

violation[{"msg": msg}] {
  rule := spec.ingress[_]
  count(object.get(rule, "from", [])) == 0
  count(object.get(rule, "ports", [])) == 0
  msg := "${POLICY_REFUSED.everything}"
}

selectors[selector] {
  selector := spec.podSelector
}

selectors[selector] {
  selector := spec.ingress[_].from[_].podSelector
}

selectors[selector] {
  selector := spec.egress[_].to[_].podSelector
}
`;

/** `was_so`: an update that leaves a fault as it was is taken, unless the constraint asks for updates. */
const PODS_ARE_POLICED = `package netverdictpodsarepoliced

violation[{"msg": msg}] {
  msg := faults(input.review.object)[_]
  not was_so(msg)
}

was_so(msg) {
  input.review.operation == "UPDATE"
  not input.parameters.updates
  faults(input.review.oldObject)[msg]
}

faults(workload) = found {
  on_host := {msg | input.parameters.refuseHostNetwork; template(workload).spec.hostNetwork == true; msg := "${HOST_NETWORK_REFUSED}"}
  unlabelled := {msg |
    label := object.get(input.parameters, "requiredLabels", [])[_]
    object.get(object.get(object.get(template(workload), "metadata", {}), "labels", {}), label, "") == ""
    msg := sprintf("${labelRefused('%v')}", [label])
  }
  found := on_host | unlabelled
}

template(workload) = workload.spec.template {
  not workload.spec.jobTemplate
}

template(workload) = workload.spec.jobTemplate.spec.template
`;

const UPDATES = { type: 'boolean', description: GATEKEEPER_WORDS.updates };

function checksFor({ requiredLabels = [], refuseHostNetwork = false, monitoring }: AdmissionWish): readonly Check[] {
  const checks: Check[] = [
    {
      kind: 'NetverdictNamespaceHasBaseline',
      what: GATEKEEPER_WORDS.baseline,
      parameters: { policy: DEFAULT_DENY },
      schema: { policy: { type: 'string' }, updates: UPDATES },
      rego: HAS_BASELINE,
      matches: WORKLOAD_KINDS,
      notIn: [],
      needsPolicies: true,
    },
    {
      kind: 'NetverdictPolicyMeansWhatItSays',
      what: GATEKEEPER_WORDS.policies,
      parameters: {},
      schema: {},
      rego: MEANS_WHAT_IT_SAYS,
      matches: [{ apiGroups: ['networking.k8s.io'], kinds: ['NetworkPolicy'] }],
      notIn: [],
    },
  ];
  const policed = (parameters: Check['parameters'], notIn: readonly string[]): Check => ({
    kind: 'NetverdictPodsArePoliced',
    what: GATEKEEPER_WORDS.pods,
    parameters,
    schema: {
      refuseHostNetwork: { type: 'boolean' },
      requiredLabels: { type: 'array', items: { type: 'string' } },
      updates: UPDATES,
    },
    rego: PODS_ARE_POLICED,
    matches: WORKLOAD_KINDS,
    notIn,
  });
  // Node exporters measure the node from its own network.
  if (refuseHostNetwork) checks.push(policed({ refuseHostNetwork }, monitoring === undefined ? [] : [monitoring]));
  if (requiredLabels.length > 0) checks.push(policed({ requiredLabels }, []));
  return checks;
}

/** Templates first: Gatekeeper makes the kinds of the constraints of them, so the constraints are applied a moment later. */
export function gatekeeperObjects(wish: AdmissionWish = {}): readonly ApiObject[] {
  const checks = checksFor(wish);
  const templates = new Map(checks.map((check) => [check.kind, templateOf(check)]));
  return [...templates.values(), SYNC, ...checks.flatMap((check) => constraintsOf(check, wish))];
}

/** Adds to what Gatekeeper's Config and other SyncSets keep (Gatekeeper 3.15). */
const SYNC = {
  apiVersion: 'syncset.gatekeeper.sh/v1alpha1',
  kind: 'SyncSet',
  metadata: { name: 'netverdict-baseline' },
  spec: { gvks: [{ group: 'networking.k8s.io', version: 'v1', kind: 'NetworkPolicy' }] },
};

function templateOf({ kind, what, schema, rego, needsPolicies }: Check): ApiObject {
  const sync = '[[{"groups":["networking.k8s.io"],"versions":["v1"],"kinds":["NetworkPolicy"]}]]';
  return {
    apiVersion: 'templates.gatekeeper.sh/v1',
    kind: 'ConstraintTemplate',
    metadata: {
      name: kind.toLowerCase(),
      annotations: { description: what, ...(needsPolicies === true ? { 'metadata.gatekeeper.sh/requires-sync-data': sync } : {}) },
    },
    spec: {
      crd: { spec: { names: { kind }, validation: { openAPIV3Schema: { type: 'object', properties: schema } } } },
      targets: [{ target: 'admission.k8s.gatekeeper.sh', rego }],
    },
  };
}

/** One that refuses, and for what is there already one that warns. */
function constraintsOf({ kind, parameters, schema, matches, notIn }: Check, { existing = false }: AdmissionWish): readonly ApiObject[] {
  const name = ['netverdict', ...(parameters.requiredLabels === undefined ? [] : ['labels'])].join('-');
  const constraint = (suffix: string, action: string, own: Check['parameters']) => ({
    apiVersion: 'constraints.gatekeeper.sh/v1beta1',
    kind,
    metadata: { name: `${name}${suffix}` },
    spec: {
      enforcementAction: action,
      match: {
        kinds: matches,
        excludedNamespaces: [...EXEMPT_NAMESPACES, 'openshift-*', ...notIn],
        namespaceSelector: { matchExpressions: [{ key: EXEMPT_LABEL, operator: 'NotIn', values: ['exempt'] }] },
      },
      parameters: own,
    },
  });
  const isSplit = existing && schema.updates !== undefined;
  return [constraint('', 'deny', parameters), ...(isSplit ? [constraint('-existing', 'warn', { ...parameters, updates: true })] : [])];
}
