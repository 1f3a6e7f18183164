// Pods that a plugin is known not to police, whatever policies select them. The verdict stays what the API means; who explains it says so.
import type { Cluster, Pod } from '../model/cluster.ts';
import { dig } from '../objects/read.ts';
import type { Semantics } from '../profile/profile.ts';

/** Where the pod runs, by what the input says of it: `windows`, `fargate`; undefined for an ordinary place, and where nothing tells. */
export function specialPlace(cluster: Cluster, pod: Pod): 'fargate' | 'windows' | undefined {
  if (pod.labels.has('eks.amazonaws.com/fargate-profile')) return 'fargate';
  const node = pod.node === undefined ? undefined : cluster.nodes.get(pod.node);
  const isWindows =
    dig(pod.spec, 'nodeSelector', 'kubernetes.io/os') === 'windows' ||
    dig(pod.spec, 'os', 'name') === 'windows' ||
    node?.labels.get('kubernetes.io/os') === 'windows';
  return isWindows ? 'windows' : undefined;
}

/**
 * Why nothing polices this pod under the profile: EKS user guide, network policies "are only for EC2 Linux nodes" `[S]`.
 * undefined: it is policed, or nobody knows otherwise.
 */
export function unpoliced(cluster: Cluster, semantics: Semantics, pod: Pod): 'fargate' | 'windows' | undefined {
  return semantics.name.startsWith('aws-vpc-cni') ? specialPlace(cluster, pod) : undefined;
}

/** What a rule may ask for that a plugin does not do on Windows. */
export const WINDOWS_LACKS = ['named ports', 'SCTP', 'except'] as const;
export type WindowsLack = (typeof WINDOWS_LACKS)[number];

/** AKS documentation: Azure NPM on Windows has no named ports, no SCTP and no `except` `[S]`. */
export function lacksOnWindows({ name }: Semantics): readonly WindowsLack[] {
  return name === 'azure-npm' ? WINDOWS_LACKS : [];
}
