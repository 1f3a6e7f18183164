// What is said to a person whose object an admission policy refuses, and what those policies say of themselves.

/** Of `baseline-default-deny` in the namespace of the workload. */
export const DEFAULT_DENY_REFUSED = {
  'selects-every-pod': (policy: string) => `NetworkPolicy ${policy} of this namespace must select every pod (podSelector: {})`,
  'policy-types': (policy: string) => `NetworkPolicy ${policy} of this namespace must have policyTypes Ingress and Egress`,
  'no-rules': (policy: string) => `NetworkPolicy ${policy} of this namespace must have no rules; allow traffic in other policies beside it`,
} as const;

/** Rego's `sprintf`, with the namespace and the policy in place of the two `%v`. */
export const NO_DEFAULT_DENY =
  'namespace %v has no NetworkPolicy %v that selects every pod, has policyTypes Ingress and Egress, and no rules';

/** Faults of a NetworkPolicy, by the lint rule that has a page about each. */
export const POLICY_REFUSED = {
  egress: 'egress rules do nothing while policyTypes leaves Egress out (netverdict lint: rules-not-in-force)',
  ingress: 'ingress rules do nothing while policyTypes leaves Ingress out (netverdict lint: rules-not-in-force)',
  peer: 'pod-template-hash changes with the next rollout, so the peer would match no pod (netverdict lint: selects-by-rollout-label)',
  subject:
    'pod-template-hash changes with the next rollout, so the policy would select no pod and the pods would be open (netverdict lint: selects-by-rollout-label)',
  selector:
    'pod-template-hash changes with the next rollout, so the selector would match no pod (netverdict lint: selects-by-rollout-label)',
  everything: 'an ingress rule without from and ports admits all traffic on every port (netverdict lint: rule-admits-everything)',
} as const;

export const HOST_NETWORK_REFUSED = 'hostNetwork: true puts the pods in the network of their node, where no NetworkPolicy applies to them';

/** `label`: a key, or Rego's `%v`. */
export function labelRefused(label: string): string {
  return `the pod template must have label ${label}, so that policies can select its pods`;
}

/** Descriptions of the Gatekeeper templates and of a parameter. */
export const GATEKEEPER_WORDS = {
  baseline: 'Workloads need the default-deny policy of their namespace.',
  policies: 'NetworkPolicies must not have faults that never mean what was written.',
  pods: 'NetworkPolicies must be able to select pods and apply to them.',
  updates: 'also report updates of objects that exist already',
} as const;

export const KYVERNO_WORDS = {
  baseline: 'NetworkPolicy baseline',
  workloads: 'Pods that NetworkPolicies apply to',
} as const;

export function kyvernoDescription(existing: boolean): string {
  return `Every ${existing ? '' : 'new '}namespace is closed in both directions, except for DNS.`;
}
