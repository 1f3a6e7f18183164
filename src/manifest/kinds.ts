// The kinds beyond core objects that somebody here looks at. Everything else is counted and named under --verbose.

/** `networking.k8s.io/v1` → `networking.k8s.io`; '' for the core group's `v1`. */
export function apiGroup(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Policy kinds that are known but not evaluated yet, as `Kind.group`, and whether they live in a namespace. */
export const policyKinds: ReadonlyMap<string, 'namespaced' | 'cluster'> = new Map([
  ['AdminNetworkPolicy.policy.networking.k8s.io', 'cluster'],
  ['BaselineAdminNetworkPolicy.policy.networking.k8s.io', 'cluster'],
  ['ClusterNetworkPolicy.policy.networking.k8s.io', 'cluster'],
  ['ClusterNetworkPolicy.networking.k8s.aws', 'cluster'],
  ['ClusterNetworkPolicy.crd.antrea.io', 'cluster'],
  ['NetworkPolicy.crd.antrea.io', 'namespaced'],
  ['CiliumNetworkPolicy.cilium.io', 'namespaced'],
  ['CiliumClusterwideNetworkPolicy.cilium.io', 'cluster'],
  ['NetworkPolicy.projectcalico.org', 'namespaced'],
  ['NetworkPolicy.crd.projectcalico.org', 'namespaced'],
  ['GlobalNetworkPolicy.projectcalico.org', 'cluster'],
  ['GlobalNetworkPolicy.crd.projectcalico.org', 'cluster'],
]);

/** Kept as parsed, because they say who talks to whom: environment, scraping, webhooks, routes, rights in the API. Never Secrets. */
export const extraKinds: ReadonlySet<string> = new Set([
  'APIService',
  'ClusterRole',
  'ClusterRoleBinding',
  'ConfigMap',
  'GRPCRoute',
  'Gateway',
  'HTTPRoute',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'PodMonitor',
  'Role',
  'RoleBinding',
  'Route',
  'ServiceAccount',
  'ServiceMonitor',
  'ValidatingWebhookConfiguration',
]);
