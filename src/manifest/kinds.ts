// The kinds beyond core objects that somebody here looks at. Everything else is counted and named under --verbose.

/** `networking.k8s.io/v1` → `networking.k8s.io`; '' for the core group's `v1`. */
export function apiGroup(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Kept as parsed, because they say who talks to whom: environment, scraping, webhooks, routes, rights in the API; and
 * what Calico's policies look up, or would be with its staged ones. Never Secrets. */
export const extraKinds: ReadonlySet<string> = new Set([
  'APIService',
  'ClusterRole',
  'ClusterRoleBinding',
  'ConfigMap',
  'GlobalNetworkSet',
  'HostEndpoint',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'NetworkSet',
  'PodMonitor',
  'Role',
  'RoleBinding',
  'Route',
  'ServiceAccount',
  'ServiceMonitor',
  'StagedGlobalNetworkPolicy',
  'StagedKubernetesNetworkPolicy',
  'StagedNetworkPolicy',
  'Tier',
  'ValidatingWebhookConfiguration',
]);
