// What the admission outputs of a baseline share: what a person asked for, which namespaces are left alone, and which objects are looked at.
import { SYSTEM_NAMESPACES } from '../question/baseline.ts';
import { HOST_NETWORK_REFUSED, labelRefused } from '../words/en/admission.ts';

/** What is the same in every namespace and stands in no manifest. */
export interface AdmissionWish {
  /** Where Prometheus runs: its pods may reach every pod, and node exporters may be in their node's network. */
  readonly monitoring?: string | undefined;
  /** Also for namespaces and workloads that are there already. */
  readonly existing?: boolean | undefined;
  /** Labels that pods must have, so that policies can select them: `['app.kubernetes.io/name', 'team']`. */
  readonly requiredLabels?: readonly string[];
  /** True: pods must not run in their node's network, where no policy applies to them. */
  readonly refuseHostNetwork?: boolean;
}

/** Closing the engine that writes or checks the policies would shut the API server out of its webhook. */
export const EXEMPT_NAMESPACES: readonly string[] = [...SYSTEM_NAMESPACES, 'gatekeeper-system', 'kyverno'];

/** On a namespace: `netverdict.dev/baseline: exempt`. */
export const EXEMPT_LABEL = 'netverdict.dev/baseline';

/**
 * What people create, and where its pod template is. Pods, ReplicaSets and Jobs are made by controllers, too: refusing those would leave an
 * old namespace without its pods when a node is drained.
 */
export const WORKLOADS: readonly {
  readonly group: 'apps' | 'batch';
  readonly kinds: readonly string[];
  readonly resources: readonly string[];
  readonly template: readonly string[];
}[] = [
  {
    group: 'apps',
    kinds: ['Deployment', 'StatefulSet', 'DaemonSet'],
    resources: ['deployments', 'statefulsets', 'daemonsets'],
    template: ['spec', 'template'],
  },
  { group: 'batch', kinds: ['CronJob'], resources: ['cronjobs'], template: ['spec', 'jobTemplate', 'spec', 'template'] },
];

/** Something asked of pod templates; Kyverno asks it as a pattern, the API server in CEL. */
export interface TemplateWish {
  readonly code: 'not-on-host-network' | 'has-label';
  /** Of `has-label`, and which of them: 1 for the first. */
  readonly label: string;
  readonly number: number;
  /** What a refused person reads. */
  readonly message: string;
  /** Namespaces beside those that are always left alone. */
  readonly notIn: readonly string[];
}

/** [] where nothing is asked of workloads. */
export function templateWishes({ requiredLabels = [], refuseHostNetwork = false, monitoring }: AdmissionWish): readonly TemplateWish[] {
  const hostNetwork: TemplateWish = {
    code: 'not-on-host-network',
    label: '',
    number: 0,
    message: HOST_NETWORK_REFUSED,
    // Node exporters measure the node from its own network.
    notIn: monitoring === undefined ? [] : [monitoring],
  };
  const labels = requiredLabels.map(
    (label, i): TemplateWish => ({ code: 'has-label', label, number: i + 1, message: labelRefused(label), notIn: [] }),
  );
  return [...(refuseHostNetwork ? [hostNetwork] : []), ...labels];
}
