// What a house agrees on beyond what Kubernetes asks for: the `lint.house` part of netverdict.yaml. Each part turns on its rule.

/** Absent parts ask for nothing. */
export interface HouseRules {
  /** Labels that no selector may use, as patterns: `version`, `team.example.com/*`. */
  readonly labels?: readonly string[];
  /** What policies are called, as patterns: `allow-*`. */
  readonly names?: readonly string[];
  /** Addresses and blocks of DNS servers beside those of the cluster: `10.0.0.2`, `10.0.0.0/29`. */
  readonly resolvers?: readonly string[];
  /** Namespaces that a rule may admit or reach as a whole, as patterns: `monitoring`. */
  readonly wholeNamespaces?: readonly string[];
}

export const HOUSE_KEYS: readonly (keyof HouseRules)[] = ['labels', 'names', 'resolvers', 'wholeNamespaces'];
