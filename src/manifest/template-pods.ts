// The pods that a controller would make of a template, as far as its name and labels go: the replicas of a StatefulSet one by one, the pods
// of a Job with the labels that the Job controller adds. What a rollout adds (pod-template-hash) is in no manifest.
import type { Pod } from '../model/cluster.ts';
import type { Labels } from '../model/selector.ts';
import { dig, integerOf, textOf } from '../objects/read.ts';
import type { KubeObject } from './objects.ts';
import { replicasOf } from './workloads.ts';

/** Replicas of one StatefulSet that are told apart; a larger one (or a hostile number) is cut here. */
export const MAX_REPLICAS = 100;

/**
 * `[ledger-0, ledger-1, ledger-2]` for StatefulSet `ledger` with three replicas; a Job's pod with `job-name`. Other kinds: the pod itself.
 * A StatefulSet scaled to 0 keeps the one pod that stands for its template, so that it can be asked about.
 */
export function controllerPods(object: KubeObject, pod: Pod): readonly Pod[] {
  switch (object.kind) {
    case 'StatefulSet':
      return replicasOfSet(object, pod);
    case 'Job':
      return [{ ...pod, labels: withAbsent(pod.labels, jobLabels(object.name, textOf(dig(object.value, 'metadata', 'uid')))) }];
    case 'CronJob':
      // Its Jobs are named after the minute they are due, so no manifest knows the value.
      return [{ ...pod, labels: withAbsent(pod.labels, jobLabels(`${object.name}-{minute}`, undefined)) }];
    default:
      return [pod];
  }
}

/** Kubernetes: stateful_set_utils.go, initIdentity and updateIdentity. The index label came with 1.28. */
function replicasOfSet(object: KubeObject, pod: Pod): readonly Pod[] {
  const replicas = replicasOf(object.value) ?? 1; // Kubernetes: SetDefaults_StatefulSet
  if (replicas < 1) return [pod];
  const start = integerOf(dig(object.value, 'spec', 'ordinals', 'start')) ?? 0;
  const subdomain = textOf(dig(object.value, 'spec', 'serviceName'));
  return Array.from({ length: Math.min(replicas, MAX_REPLICAS) }, (_, i): Pod => {
    const index = String(start + i);
    const name = `${pod.name}-${index}`;
    const own: Labels = new Map([
      ['apps.kubernetes.io/pod-index', index],
      ['statefulset.kubernetes.io/pod-name', name],
    ]);
    return {
      ...pod,
      name,
      ref: `${pod.namespace}/${name}`,
      labels: new Map([...pod.labels, ...own]),
      replica: true,
      dns: { ...pod.dns, hostname: name, subdomain },
    };
  });
}

/** Kubernetes: batch/v1 types.go (the prefixed keys came with 1.27, and the old ones stay). A uid that no input has matches no value. */
function jobLabels(job: string, uid: string = '{uid}'): Labels {
  return new Map([
    ['batch.kubernetes.io/job-name', job],
    ['job-name', job],
    ['batch.kubernetes.io/controller-uid', uid],
    ['controller-uid', uid],
  ]);
}

function withAbsent(labels: Labels, more: Labels): Labels {
  return new Map([...more, ...labels]);
}
