// What every rule gets: the cluster, what the CNI does, and a place where things that several rules need are worked out once.
import type { Cluster } from '../model/cluster.ts';
import { type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import type { Semantics } from '../profile/profile.ts';

export interface LintContext {
  readonly cluster: Cluster;
  readonly choice: ProfileChoice;
  readonly semantics: Semantics;
  /** The namespace that somebody named for objects that say none; undefined when nobody did and `default` was taken. */
  readonly givenNamespace: string | undefined;
  /** Ids of all rules that there are, also of those that do not run. */
  readonly ruleIds: readonly string[];
}

export function contextOf(cluster: Cluster, choice: ProfileChoice, ruleIds: readonly string[], givenNamespace?: string): LintContext {
  return { cluster, choice, semantics: semanticsOf(choice), givenNamespace, ruleIds };
}

/** Computed for a run when it is first asked for, and then kept: `const classesIn = perRun((context) => …)`. */
export function perRun<T>(make: (context: LintContext) => T): (context: LintContext) => T {
  const made = new WeakMap<LintContext, { readonly value: T }>();
  return (context) => {
    let known = made.get(context);
    if (known === undefined) {
      known = { value: make(context) };
      made.set(context, known);
    }
    return known.value;
  };
}
