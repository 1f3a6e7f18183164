// Which labels of pods and nodes are part of an identity, and how keys in selectors are read.
// Cilium: pkg/labelsfilter/filter.go, pkg/labels, pkg/policy/types/selector.go.

/** `k8s:app` → `{ source: 'k8s', key: 'app' }`; without a colon the source is `any`. */
export interface LabelKey {
  readonly source: string;
  readonly key: string;
}

export function readKey(text: string): LabelKey {
  const colon = text.indexOf(':');
  return colon < 0 ? { source: 'any', key: text } : { source: text.slice(0, colon), key: text.slice(colon + 1) };
}

export const NAMESPACE_KEY = 'io.kubernetes.pod.namespace';
export const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
export const ACCOUNT_KEY = 'io.cilium.k8s.policy.serviceaccount';
export const CLUSTER_KEY = 'io.cilium.k8s.policy.cluster';

/** Each is held against the beginning of a key; the longest that fits decides, and what none fits is kept. */
const PREFIXES: readonly (readonly [RegExp, 'kept' | 'dropped'])[] = [
  [/^io\.kubernetes\.pod\.namespace/, 'kept'],
  [/^io\.cilium\.k8s\.namespace\.labels/, 'kept'],
  [/^app\.kubernetes\.io/, 'kept'],
  [/^io\.cilium\.k8s\.policy\.cluster/, 'kept'],
  [/^io\.cilium\.k8s\.policy\.serviceaccount/, 'kept'],
  [/^io\.kubernetes/, 'dropped'],
  [/^kubernetes\.io/, 'dropped'],
  [/^statefulset\.kubernetes\.io\/pod-name/, 'dropped'],
  [/^apps\.kubernetes\.io\/pod-index/, 'dropped'],
  [/^batch\.kubernetes\.io\/job-completion-index/, 'dropped'],
  [/^batch\.kubernetes\.io\/controller-uid/, 'dropped'],
  [/^.*beta\.kubernetes\.io/, 'dropped'],
  [/^k8s\.io/, 'dropped'],
  [/^pod-template-generation/, 'dropped'],
  [/^pod-template-hash/, 'dropped'],
  [/^controller-revision-hash/, 'dropped'],
  [/^controller-uid/, 'dropped'],
  [/^annotation.*/, 'dropped'],
  [/^etcd_node/, 'dropped'],
  [/^topology\.kubernetes\.io/, 'dropped'],
];

/**
 * Is a label with this key part of an identity? `app` → true; `pod-template-hash` → false: no selector sees it, of whatever kind.
 * The default filter; an agent's `--labels` changes it.
 */
export function isIdentityLabel(key: string): boolean {
  let longest = -1;
  let kept = true;
  for (const [pattern, what] of PREFIXES) {
    const length = pattern.exec(key)?.[0].length ?? -1;
    if (length <= longest) continue;
    longest = length;
    kept = what === 'kept';
  }
  // Labels of pods under Cilium's own prefix are taken off, so that nobody can forge an identity.
  return kept && !key.startsWith('io.cilium.k8s');
}
