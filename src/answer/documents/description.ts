// `describe`: what a policy means, or all policies on a pod.

import type { ApiVersion, Code, Count, Direction, Facts, Name, Place, PolicyName } from './common.ts';
import type { PostureNamespace } from './posture.ts';

/** What `netverdict describe -o json` prints: a policy, or all policies on a pod. */
export interface DescriptionDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'Description';
  /** Of a whole namespace: its pods in numbers. The descriptions are then its pods, grouped by the policies they are under */
  readonly namespace?: PostureNamespace;
  /** @minItems 1 */
  readonly descriptions: readonly DescribedObject[];
}

/** A policy, or a pod with all its policies. */
export interface DescribedObject {
  readonly of: 'policy' | 'pod';
  /** Of a policy that is not a NetworkPolicy: `ClusterNetworkPolicy` */
  readonly kind?: Name;
  /** Of a policy of an ordered tier: lower priorities come first */
  readonly standing?: Standing;
  /** The selector of a policy's namespaces; '' selects all */
  readonly namespaces?: string;
  /** `shop/cart-ingress`, or the pod */
  readonly name: Name;
  /** Absent for a cluster-wide policy */
  readonly namespace?: Name;
  readonly at: Place;
  /** The subject's selector of a policy ('' selects every pod of the namespace), the labels of a pod */
  readonly selector: string;
  /** Workloads that a policy selects today; the policies that select a pod */
  readonly selects: readonly string[];
  /** How many pods a policy selects today */
  readonly selectedPods?: Count;
  /**
   * Of a workload: those of its pods that are under the same policies; a workload whose pods differ has several descriptions
   * @minItems 1
   */
  readonly pods?: readonly Name[];
  /** In the network of its node, where policies do not see it */
  readonly onNode?: true;
  readonly ingress: SideDocument;
  readonly egress: SideDocument;
  /** What reads one way and means another */
  readonly traps: readonly TrapDocument[];
}

export interface Standing {
  readonly tier: 'admin' | 'baseline';
  /** null: not readable, so it may come first */
  readonly priority: number | null;
}

/** One direction. */
export interface SideDocument {
  /** True: what no rule matches does not pass */
  readonly isolated: boolean;
  readonly by: readonly Name[];
  /**
   * Policies that decide too and whose part is not in `rules`: they cannot be read
   * @minItems 1
   */
  readonly also?: readonly AlsoDeciding[];
  readonly rules: readonly RuleDocument[];
}

export interface AlsoDeciding {
  readonly policy: PolicyName;
  readonly kind: Name;
  readonly because: 'unreadable';
}

export interface RuleDocument {
  /**
   * `ingress[0]`; kinds of Cilium have names of their own: `specs[0].ingressDeny[0]`, and its agent's mode is `enable-policy`
   * @pattern ^((specs\[[0-9]+\]\.)?(ingress|egress)(Deny)?\[[0-9]+\]|enable-policy)$
   */
  readonly rule: string;
  readonly policy: PolicyName;
  /** Absent: a rule that allows, as those of a NetworkPolicy do */
  readonly action?: 'allow' | 'deny' | 'pass';
  /** Absent for kinds whose policies have no order */
  readonly tier?: Name;
  readonly at: Place;
  /** @minItems 1 */
  readonly peers: readonly PeerDocument[];
  /** []: every port of every protocol */
  readonly ports: readonly PortText[];
}

/**
 * `8080/TCP`, `8000-8010/TCP`, `http/TCP`, `any/UDP`
 * @pattern /(TCP|UDP|SCTP)$
 */
export type PortText = string;

export interface PeerDocument {
  readonly kind: 'anyone' | 'pods' | 'addresses' | 'nothing' | 'other';
  /** Of `other`: `nodes zone=a`, `*.example.com` */
  readonly said?: string;
  /** A selector; '' means every namespace */
  readonly namespaces?: string;
  /** Set where no namespaceSelector is written */
  readonly ownNamespace?: string;
  /** A selector; '' means every pod */
  readonly pods?: string;
  readonly cidr?: string;
  readonly except?: readonly string[];
  /** Workloads that it means today */
  readonly today?: readonly string[];
}

/** Something that reads one way and means another. */
export interface TrapDocument {
  readonly code: Code;
  readonly policy: PolicyName;
  readonly direction?: Direction;
  readonly facts?: Facts;
  readonly text: Name;
  readonly at: Place;
}
