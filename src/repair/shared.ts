// Whose policies a fix edits: one that other pods share is a policy of more people than the one who asks.
import { type Cluster, isLive } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import { subjectMatches } from '../policy/peer-matches.ts';
import type { Step } from './step.ts';

/** `{ policy: 'shop/default-deny', pods: 12, workloads: 5, everyPod: true }`: what it applies to today. */
export interface SharedPolicy {
  readonly policy: string;
  readonly pods: number;
  readonly workloads: number;
  /** It selects every pod of its namespace, also those to come: a default, or DNS for all. */
  readonly everyPod: boolean;
  /** It is of a cluster-wide kind: whoever runs the cluster owns it, and not who owns these pods. */
  readonly clusterWide?: true;
}

/** Policies that the steps edit and that apply to more than the pods of these workloads. [] for policies of their own, and new ones. */
export function sharedPolicies(cluster: Cluster, steps: readonly Step[], subjects: ReadonlySet<string>): readonly SharedPolicy[] {
  return steps.flatMap((step) => {
    const shared = step.kind === 'edit' && step.object.kind === 'policy' ? sharedBy(cluster, step.object.policy, subjects) : undefined;
    return shared ?? [];
  });
}

function sharedBy(cluster: Cluster, { ref, subject, namespace }: Policy, subjects: ReadonlySet<string>): SharedPolicy | undefined {
  const pods = cluster.pods.filter((pod) => isLive(pod) && subjectMatches(cluster, subject, pod));
  const workloads = new Set(pods.map(({ workload }) => workload));
  const everyPod = subject.pods.requirements.length === 0;
  if (namespace === undefined) return { policy: ref, pods: pods.length, workloads: workloads.size, everyPod, clusterWide: true };
  const isOwn = !everyPod && [...workloads].every((workload) => subjects.has(workload));
  return isOwn ? undefined : { policy: ref, pods: pods.length, workloads: workloads.size, everyPod };
}
