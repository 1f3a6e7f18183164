// What a kind of policy is to the rest of the program: how its objects become policies in the normal form (model/policy.ts).
// One folder a kind; the list of them is registry.ts.
import type { Node } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { Policy } from '../model/policy.ts';
import type { Problem } from '../model/problem.ts';
import type { Json } from '../objects/read.ts';

/** An object of the input, its envelope read: `{ apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', name, … }`. */
export interface KindObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Where it lives; undefined for a cluster-scoped kind. */
  readonly namespace: string | undefined;
  readonly value: Json;
  readonly origin: Origin;
}

/** What else of the input a kind may look at: its policies can mean nodes, or objects that only the kind knows (groups of addresses, tiers). */
export interface Surroundings {
  readonly nodes: ReadonlyMap<string, Node>;
  /** Objects of a kind by `Kind.group`, or by `Kind` for Kubernetes' own groups; [] where there is none. */
  readonly objectsOf: (kind: string) => readonly KindObject[];
}

export interface Lowered {
  /** One for most objects; several parts where an object is several policies; [] where it says nothing to anybody. */
  readonly policies: readonly Policy[];
  /** What the API server would say of the object. Errors that make it unreadable are faults of its policies, too. */
  readonly problems: readonly Problem[];
}

export interface PolicyKind {
  readonly kind: string;
  readonly group: string;
  readonly scope: 'namespaced' | 'cluster';
  /** Never throws: what cannot be read is a policy with faults, which stands for the widest thing it could be. */
  readonly lower: (object: KindObject, surroundings: Surroundings) => Lowered;
}

/** What a policy isolates and allows does not hang on how it is called: the error stands, and the policy is read as if that were mended. */
export function isAboutName({ origin }: Problem, object: Origin): boolean {
  const [part, field] = origin?.path.slice(object.path.length) ?? [];
  return part === 'metadata' && ['name', 'generateName', 'labels', 'annotations'].includes(String(field));
}
