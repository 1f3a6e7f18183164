// Pods of one workload that carry different labels, where a policy sees the difference: the workload then has no one answer.
import { labelsOrigin, type Namespace, type Pod, type Workload } from '../model/cluster.ts';
import type { NamespaceMatch, Policy } from '../model/policy.ts';
import type { Problem } from '../model/problem.ts';
import { matches, type Selector } from '../model/selector.ts';

/** Labels that the StatefulSet controller makes to differ: every replica is answered for by itself, so they are nothing to warn of. */
const PER_REPLICA: ReadonlySet<string> = new Set(['apps.kubernetes.io/pod-index', 'statefulset.kubernetes.io/pod-name']);

/**
 * One `owner-labels-differ` warning for each workload whose live pods some selector of a policy tells apart, with the labels that
 * do it: `{ workload: 'shop/cart[StatefulSet]', labels: ['role'] }`. Labels that no policy asks about (pod-template-hash) do not matter.
 */
export function ownerLabelProblems(
  workloads: ReadonlyMap<string, Workload>,
  policies: readonly Policy[],
  namespaces: ReadonlyMap<string, Namespace>,
): Problem[] {
  const asked = selectorsByKey(policies);
  const problems: Problem[] = [];
  for (const workload of workloads.values()) {
    const labels = differingLabels(workload.pods, asked).filter((key) =>
      (asked.get(key) ?? []).some(
        ({ pods, namespace }) => means(namespace, workload.namespace, namespaces) && tellsApart(pods, workload.pods),
      ),
    );
    if (labels.length === 0) continue;
    const origin = workload.pods[0] === undefined ? workload.origin : labelsOrigin(workload.pods[0]);
    problems.push({ code: 'owner-labels-differ', severity: 'warning', facts: { workload: workload.ref, labels }, origin });
  }
  return problems;
}

interface Asked {
  readonly namespace: NamespaceMatch;
  readonly pods: Selector;
}

/** Every selector of pods, under each label that it asks about. */
function selectorsByKey(policies: readonly Policy[]): ReadonlyMap<string, readonly Asked[]> {
  const asked = new Map<string, Asked[]>();
  const add = (namespace: NamespaceMatch, pods: Selector): void => {
    for (const key of new Set(pods.requirements.map((requirement) => requirement.key))) {
      if (PER_REPLICA.has(key)) continue;
      const list = asked.get(key);
      if (list === undefined) asked.set(key, [{ namespace, pods }]);
      else list.push({ namespace, pods });
    }
  };
  for (const { subject, ingress, egress } of policies) {
    add(subject.namespace, subject.pods);
    for (const rules of [ingress, egress]) {
      if (rules === 'not-governed') continue;
      for (const { peers } of rules) {
        if (peers === 'anyone') continue;
        for (const peer of peers) if (peer.kind === 'pods' && peer.pods !== undefined) add(peer.namespace, peer.pods);
      }
    }
  }
  return asked;
}

/** The labels that some policy asks about and that are not the same on all pods. */
function differingLabels(pods: readonly Pod[], asked: ReadonlyMap<string, unknown>): string[] {
  const [first] = pods;
  if (first === undefined || pods.every(({ labels }) => labels === first.labels)) return [];
  const keys = new Set<string>();
  for (const pod of pods) {
    for (const [key, value] of first.labels) if (pod.labels.get(key) !== value && asked.has(key)) keys.add(key);
    for (const key of pod.labels.keys()) if (!first.labels.has(key) && asked.has(key)) keys.add(key);
  }
  return [...keys].sort();
}

function tellsApart(selector: Selector, pods: readonly Pod[]): boolean {
  return new Set(pods.map((pod) => matches(selector, pod.labels))).size > 1;
}

function means(match: NamespaceMatch, namespace: string, namespaces: ReadonlyMap<string, Namespace>): boolean {
  if (match.by === 'any') return true;
  if (match.by === 'name') return match.name === namespace;
  const labels = namespaces.get(namespace)?.labels;
  return labels !== undefined && matches(match.selector, labels);
}
