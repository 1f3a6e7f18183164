// How a live cluster is to be reached and asked: what the flags of a command say. Types only, so that nobody loads the client for them.

export interface ClusterAccess {
  /** `--context`; the kubeconfig's current one without it. */
  readonly context?: string;
  /** `--kubeconfig`; KUBECONFIG, else ~/.kube/config without it. */
  readonly kubeconfig?: string;
  /** `--as`, `--as-group`: whom to act as. */
  readonly as?: string;
  readonly asGroups?: readonly string[];
  /** How long the server may be silent, in milliseconds. */
  readonly timeoutMs?: number;
  /** A folder in front of /var/run/secrets/kubernetes.io/serviceaccount; tests have one. */
  readonly serviceAccountRoot?: string;
}

/** Who was asked: `{ name: 'prod', server: 'https://10.0.0.1:6443', cluster: 'prod', user: 'anna', namespace: 'web' }`. */
export interface ClusterContext {
  readonly name: string;
  readonly server: string;
  readonly cluster: string;
  readonly user: string;
  /** Of the context: where names without a namespace live. */
  readonly namespace: string;
}

export const DEFAULT_TIMEOUT_MS = 15_000;
