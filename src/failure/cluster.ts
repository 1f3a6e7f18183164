// What can go wrong between us and an API server: the kubeconfig, credentials, the connection, rights.

/** `{ server: 'https://10.0.0.1:6443', context: 'prod', otherContexts: ['dev'] }`; the others are what a person may have meant. */
export interface ClusterAddress {
  readonly server: string;
  readonly context: string;
  readonly otherContexts: readonly string[];
}

/** What was asked of the API server: `{ verb: 'list', what: 'pods' }`, `{ verb: 'exec', what: 'shop/cart-6d4' }`. */
export type Deed =
  | { readonly verb: 'list' | 'watch' | 'read' | 'exec' | 'add-debug-container' | 'create-pod'; readonly what: string }
  | { readonly verb: 'list-anything' };

export interface ClusterFailures {
  /** `detail`: what the socket or TLS said. */
  readonly 'cluster-unreachable': ClusterAddress & {
    readonly why: 'name' | 'refused' | 'no-route' | 'cut-off' | 'other';
    readonly detail: string;
  };
  readonly 'cluster-slow': ClusterAddress & { readonly seconds: number };
  /** `now`: this machine's clock, where the certificate's dates are the question. */
  readonly 'cluster-certificate': ClusterAddress &
    ({ readonly why: 'expired' | 'not-yet-valid'; readonly now: string } | { readonly why: 'not-trusted'; readonly detail: string });
  /** `clockAheadSeconds`: of the server's clock, negative for behind; undefined when they agree. `program`: what gives the credentials. */
  readonly 'not-authenticated': {
    readonly server: string;
    readonly user: string;
    readonly program: string | undefined;
    readonly clockAheadSeconds: number | undefined;
  };
  readonly 'cluster-overloaded': { readonly said: string };
  readonly 'cluster-error': { readonly status: number; readonly said: string };
  readonly 'not-an-api-server': { readonly server: string; readonly status: number; readonly said: string };
  /** `probe`: the way of probing that needs the right, when it was for one. */
  readonly forbidden: { readonly user: string | undefined; readonly deed: Deed; readonly said: string; readonly probe: string | undefined };
  readonly 'no-cluster': { readonly files: readonly string[]; readonly contexts: readonly string[] };
  readonly 'no-such-context': { readonly context: string; readonly files: readonly string[]; readonly contexts: readonly string[] };
  readonly 'kubeconfig-unreadable': { readonly file: string /** undefined: it does not exist. */; readonly reason: string | undefined };
  readonly 'kubeconfig-invalid':
    | { readonly why: 'no-server'; readonly context: string; readonly cluster: string }
    | { readonly why: 'not-yaml'; readonly file: string; readonly detail: string }
    | { readonly why: 'not-a-mapping'; readonly file: string }
    | { readonly why: 'not-a-list'; readonly file: string; readonly key: string };
  readonly 'credentials-unreadable': {
    readonly user: string;
    readonly cluster: string;
    readonly hasProxy: boolean;
    readonly detail: string;
  };
  readonly 'as-group-without-as': Readonly<Record<string, never>>;
  /** `command`: empty when the kubeconfig names none. `installHint`: the kubeconfig's own words. */
  readonly 'credential-program-failed': { readonly command: string; readonly user: string } & (
    | { readonly why: 'not-installed'; readonly installHint: string | undefined }
    | { readonly why: 'not-started'; readonly detail: string }
    | { readonly why: 'too-slow'; readonly seconds: number }
    | { readonly why: 'exit-code'; readonly exitCode: number }
    | { readonly why: 'no-credential' | 'empty-credential' }
  );
}
