// The document of `map --posture`.
import type { Posture } from '../question/posture.ts';
import type { PostureDocument } from './documents/posture.ts';

export function postureDocument(posture: Posture): PostureDocument {
  const { enforces, workloads, pods, policies, ingress, egress, namespaces, marked } = posture;
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'Posture',
    enforced: enforces === 'open' ? 'undecided' : enforces,
    workloads,
    pods,
    policies,
    ingress,
    egress,
    namespaces,
    marked: marked.map(({ mark, ends, ...reachedBy }) => ({ mark, ends, reachedBy })),
  };
}
