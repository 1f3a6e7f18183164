// Objects → policies, one object at a time: of the kinds that are evaluated, and of all that police traffic and are not. What stands for what
// could not be read is in unread-policies.ts.
import type { KindObject, Lowered, PolicyKind, Surroundings } from '../kinds/kind.ts';
import { POLICY_KINDS } from '../kinds/registry.ts';
import type { Policy } from '../model/policy.ts';
import type { Problem } from '../model/problem.ts';
import { BROKEN_POLICY, brokenPolicyIn } from './broken-documents.ts';
import { isUnserved } from './kind-names.ts';
import type { KubeObject } from './objects.ts';
import { policingKind } from './policing-kinds.ts';
import { brokenPolicy, unevaluatedPolicy, unservedPolicy } from './unread-policies.ts';

/** By the names that `nameOfKind` gives them. */
const EVALUATED: ReadonlyMap<string, PolicyKind> = new Map(
  POLICY_KINDS.map((one) => [one.group === 'networking.k8s.io' || one.group === '' ? one.kind : `${one.kind}.${one.group}`, one]),
);

const NOTHING: Lowered = { policies: [], problems: [] };

/** What one object says about who may talk to whom, and what is wrong with it. No policies for an object of any other kind. */
export function policiesOfObject(object: KubeObject, kindName: string, surroundings: Surroundings, defaultNamespace: string): Lowered {
  const evaluated = EVALUATED.get(kindName);
  if (evaluated !== undefined) {
    const within: KindObject = {
      ...object,
      namespace: evaluated.scope === 'namespaced' ? (object.namespace ?? defaultNamespace) : undefined,
    };
    return evaluated.lower(within, surroundings);
  }
  const row = policingKind(kindName);
  if (row !== undefined) return alone(unevaluatedPolicy(object, row, defaultNamespace));
  if (isUnserved(kindName)) return alone(unservedPolicy(object, object.namespace ?? defaultNamespace));
  const broken = kindName === BROKEN_POLICY.kind ? brokenPolicyIn(object) : undefined;
  // What is wrong with it is said already, by whoever could not parse it.
  return broken === undefined ? NOTHING : { policies: [brokenPolicy(broken)], problems: [] };
}

function alone(policy: Policy | undefined): Lowered {
  return policy === undefined ? NOTHING : { policies: [policy], problems: policy.faults };
}

/** Those of the evaluated kinds first, in the order of their registry; then all others as they come. */
export function policiesOf(
  kinds: ReadonlyMap<string, readonly KubeObject[]>,
  surroundings: Surroundings,
  defaultNamespace: string,
  problems: Problem[],
): Policy[] {
  const policies: Policy[] = [];
  const add = (kindName: string, objects: readonly KubeObject[]) => {
    for (const object of objects) {
      const lowered = policiesOfObject(object, kindName, surroundings, defaultNamespace);
      for (const problem of lowered.problems) problems.push(problem);
      for (const policy of lowered.policies) policies.push(policy);
    }
  };
  for (const kindName of EVALUATED.keys()) add(kindName, kinds.get(kindName) ?? []);
  for (const [kindName, objects] of kinds) if (!EVALUATED.has(kindName)) add(kindName, objects);
  return policies;
}
