// A small cluster for one question: its ends, the policies on them, and one pod for every peer that those policies name.
// The plain evaluator goes through all policies of a cluster; on a small one it answers the same, and at once.
import type { Cluster, Pod } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import type { LintContext } from './context.ts';
import { exampleOf, isolationOf, peerClasses } from './reached.ts';
import { peersOf, spotsOf } from './walk.ts';

/**
 * `egressOf`, `ingressOf`: the ends whose policies are asked in that direction; `more`: further pods that must be there. The ends
 * must not stand under a policy that cannot be read. Never throws.
 */
export function smallCluster(
  context: LintContext,
  {
    egressOf = [],
    ingressOf = [],
    more = [],
  }: { readonly egressOf?: readonly Pod[]; readonly ingressOf?: readonly Pod[]; readonly more?: readonly Pod[] },
): Cluster {
  const policies: Policy[] = [
    ...egressOf.flatMap((pod) => isolationOf(context, 'egress', pod).policies),
    ...ingressOf.flatMap((pod) => isolationOf(context, 'ingress', pod).policies),
  ];
  const distinct = [...new Set(policies)];
  const named = distinct
    .flatMap((policy) => [...spotsOf(policy, 'egress'), ...spotsOf(policy, 'ingress')].flatMap(peersOf))
    .flatMap(({ peer }) => (peer.kind === 'pods' ? [peer] : []));
  // Of each peer one pod is enough: it is asked only whether the peer means anybody.
  const examples = named.flatMap((peer) => exampleOf(context, peerClasses(context, peer)) ?? []);
  const pods = [...new Set([...egressOf, ...ingressOf, ...more, ...examples])];
  return { ...context.cluster, pods, podByRef: new Map(pods.map((pod) => [pod.ref, pod])), policies: distinct };
}
