// The kinds beyond core objects that somebody here looks at. Everything else is counted and named under --verbose.

/** `networking.k8s.io/v1` → `networking.k8s.io`; '' for the core group's `v1`. */
export function apiGroup(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

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
