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

/** The rule that holds policies to each part. */
export const HOUSE_RULE: Readonly<Record<keyof HouseRules, string>> = {
  labels: 'selects-by-forbidden-label',
  names: 'name-against-convention',
  resolvers: 'dns-beyond-resolver',
  wholeNamespaces: 'whole-namespace-admitted',
};

/** The part that turns a rule on; undefined for a rule that is not one of a house. */
export function housePartOf(ruleId: string): keyof HouseRules | undefined {
  return HOUSE_KEYS.find((key) => HOUSE_RULE[key] === ruleId);
}

/** Parts whose rule has nothing to hold policies to while its list is missing or empty. The other rules work with an empty list too. */
export const LIST_NEEDED: readonly (keyof HouseRules)[] = ['labels', 'names'];

/** The part of the house rules without which this rule would find nothing, whatever policies say: `names`. undefined when nothing is missing. */
export function missingPart(ruleId: string, house: HouseRules): keyof HouseRules | undefined {
  const part = housePartOf(ruleId);
  return part !== undefined && LIST_NEEDED.includes(part) && (house[part] ?? []).length === 0 ? part : undefined;
}
