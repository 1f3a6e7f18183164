// What every rule gets: the cluster, what the CNI does, and a place where things that several rules need are worked out once.
import type { Cluster, RawObject } from '../model/cluster.ts';
import { type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import type { Semantics } from '../profile/profile.ts';
import { asConfigured } from '../program/cilium-settings.ts';
import { asReadBy } from '../program/in-force.ts';
import type { HouseRules } from './house.ts';

export interface LintContext {
  readonly cluster: Cluster;
  readonly choice: ProfileChoice;
  readonly semantics: Semantics;
  /** The namespace given for objects without one; undefined when none was given and `default` was taken. */
  readonly givenNamespace: string | undefined;
  readonly house: HouseRules;
  /** Ids of all rules that there are, also of those that do not run. */
  readonly ruleIds: readonly string[];
}

/** What a person asked for beside the input. */
export interface LintWishes {
  readonly givenNamespace?: string | undefined;
  readonly house?: HouseRules;
}

export function contextOf(
  cluster: Cluster,
  choice: ProfileChoice,
  ruleIds: readonly string[],
  { givenNamespace, house = {} }: LintWishes = {},
): LintContext {
  const semantics = asConfigured(cluster, semanticsOf(choice));
  return { cluster: inOrder(asReadBy(cluster, semantics)), choice, semantics, givenNamespace, house, ruleIds };
}

/** By name, so that which object represents several does not depend on the order of documents. */
function inOrder(cluster: Cluster): Cluster {
  return {
    ...cluster,
    pods: sorted(cluster.pods),
    policies: sorted(cluster.policies),
    ingresses: sorted(cluster.ingresses),
    namespaces: new Map([...cluster.namespaces].sort(byKey)),
    services: new Map([...cluster.services].sort(byKey)),
    workloads: new Map([...cluster.workloads].sort(byKey)),
    nodes: new Map([...cluster.nodes].sort(byKey)),
    extras: new Map([...cluster.extras].map(([kind, objects]) => [kind, [...objects].sort(byName)])),
  };
}

function sorted<T extends { readonly ref: string }>(list: readonly T[]): readonly T[] {
  const isSorted = list.every(({ ref }, i) => i === 0 || (list[i - 1] as T).ref <= ref);
  return isSorted ? list : [...list].sort(byRef);
}

const byRef = (a: { readonly ref: string }, b: { readonly ref: string }) => compare(a.ref, b.ref);
const byName = (a: RawObject, b: RawObject) => compare(a.namespace, b.namespace) || compare(a.name, b.name);
const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => compare(a, b);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

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
