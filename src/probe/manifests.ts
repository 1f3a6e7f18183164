// What a probe puts into the cluster, as plain objects: a debug container in an existing pod, or a pod of its own. Pure; shown by --dry-run.
import { type ProbeTarget, probeCommand } from './script.ts';

/** Kubernetes' own network test image: small, in its registry, with every tool that the script knows. */
export const DEFAULT_IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.53';

export interface PodRef {
  readonly namespace: string;
  readonly name: string;
}

/** Of the source pod, what a pod that stands in for it must have as well. */
export interface SourcePod extends PodRef {
  readonly uid: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface ProbeContainer {
  readonly name: string;
  readonly image: string;
  /** What is dialled from it, side by side. */
  readonly targets: readonly ProbeTarget[];
  readonly timeoutSeconds: number;
}

/** Takes nothing that the strictest Pod Security level ("restricted") forbids. */
function container({ name, image, targets, timeoutSeconds }: ProbeContainer) {
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: probeCommand(targets, timeoutSeconds),
    // The script exits with a code that is no success, so that its last line is kept in the status: no right to read logs is needed.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      runAsUser: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

/**
 * The patch that adds a debug container: it shares the pod's network, so addresses, labels and service account are the pod's own.
 * Kubernetes keeps it in the pod's list for as long as the pod lives; it cannot be taken out again, only end.
 */
export function debugPatch(probe: ProbeContainer) {
  return { spec: { ephemeralContainers: [container(probe)] } };
}

/**
 * A pod with the labels, the service account and the node of the source: policies see the same, its address is another one.
 * Owned by the source pod, so that no ReplicaSet takes it for one of its own and ends a real pod in exchange, and so that it goes when
 * the source goes. Never ready, so that no Service sends it traffic.
 */
export function throwawayPod(source: SourcePod, probe: ProbeContainer) {
  const { spec } = source;
  const kept = Object.fromEntries(
    ['dnsConfig', 'dnsPolicy', 'hostNetwork', 'imagePullSecrets', 'nodeName', 'serviceAccountName'].flatMap((field) =>
      spec[field] === undefined ? [] : [[field, spec[field]] as const],
    ),
  );
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: probe.name,
      namespace: source.namespace,
      labels: source.labels,
      annotations: { 'netverdict.dev/probe-for': source.name },
      ...(source.uid === undefined
        ? {}
        : {
            ownerReferences: [
              { apiVersion: 'v1', kind: 'Pod', name: source.name, uid: source.uid, controller: true, blockOwnerDeletion: false },
            ],
          }),
    },
    spec: {
      ...kept,
      containers: [container({ ...probe, name: 'probe' })],
      restartPolicy: 'Never',
      activeDeadlineSeconds: 300,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      readinessGates: [{ conditionType: 'netverdict.dev/never-ready' }],
      terminationGracePeriodSeconds: 0,
      tolerations: [{ operator: 'Exists' }],
    },
  };
}
