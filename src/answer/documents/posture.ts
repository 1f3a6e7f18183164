// `map --posture`: the state of a cluster in numbers.
import type { ApiVersion, Count, Name } from './common.ts';

/** What `netverdict map --posture -o json` prints: policies by kind, whom they isolate in each namespace, who can reach what was marked. */
export interface PostureDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'Posture';
  /** Does this CNI enforce policies? `undecided`: the profile leaves it open. With `no` every pod counts as open. */
  readonly enforced: 'yes' | 'no' | 'undecided';
  readonly workloads: Count;
  /** Pods that run, or that a workload's template stands for; those of them that have ended are left out */
  readonly pods: Count;
  readonly policies: readonly PostureKind[];
  /** All namespaces together */
  readonly ingress: PostureCounts;
  /** All namespaces together */
  readonly egress: PostureCounts;
  readonly namespaces: readonly PostureNamespace[];
  /** One for each mark of netverdict.yaml and each `--focus` */
  readonly marked: readonly PostureMark[];
}

export interface PostureKind {
  /** `NetworkPolicy`, `CiliumNetworkPolicy` */
  readonly kind: Name;
  readonly policies: Count;
  readonly rules: Count;
}

/** Pods by what policies do to them in one direction. */
export interface PostureCounts {
  /** Only what a rule allows passes */
  readonly isolated: Count;
  /** No policy isolates them */
  readonly open: Count;
  /** Only a policy that cannot be read may isolate them */
  readonly undecided: Count;
  /** In the network of their node, where no policy for pods applies */
  readonly exempt: Count;
}

export interface PostureNamespace {
  readonly namespace: Name;
  readonly pods: Count;
  /** Namespaced policies that live in it */
  readonly policies: Count;
  readonly ingress: PostureDirection;
  readonly egress: PostureDirection;
}

export interface PostureDirection extends PostureCounts {
  /** What a new pod without labels would be. `isolated`: the namespace has a default-deny in this direction */
  readonly newPod: 'isolated' | 'open' | 'undecided';
  /** The policies that such a pod would be under */
  readonly newPodPolicies: readonly Name[];
}

/** Who can reach what was marked, on any port. */
export interface PostureMark {
  /** As it was written: `payments/db` */
  readonly mark: Name;
  /** The workloads that it means; empty where it means nothing in this input */
  readonly ends: readonly Name[];
  readonly reachedBy: PostureReach;
}

export interface PostureReach {
  readonly workloads: Count;
  /** Of those workloads */
  readonly namespaces: readonly Name[];
  /** Some address outside the cluster */
  readonly outside: boolean;
  readonly ingressController: boolean;
  /** Sources of which it is undecided, and that are not among the workloads */
  readonly undecided: Count;
}
