// What can go wrong on the kernel of this machine: tools, namespaces, the lab itself.

export interface LabFailures {
  readonly 'not-linux': { readonly platform: string };
  readonly 'tool-missing': { readonly program: string; readonly package: string };
  readonly 'tool-broken': { readonly command: string; readonly said: string };
  /** `found`: its version as it says it; empty when it says none. */
  readonly 'tool-too-old': {
    readonly file: string;
    readonly tool: 'nftables' | 'iproute2';
    readonly found: string;
    readonly needed: string;
  };
  /** `switches`: commands that would allow it on this kernel. */
  readonly 'namespaces-forbidden': { readonly said: readonly string[]; readonly switches: readonly string[]; readonly isRoot: boolean };
  readonly 'no-ipv6': { readonly said: string };
  readonly 'too-few-files': { readonly files: number; readonly needed: number };
  readonly 'too-many-pods': { readonly pods: number; readonly most: number };
  /** `code`: `EADDRINUSE`. `more`: how many other servers failed too. */
  readonly 'port-taken': {
    readonly address: string;
    readonly port: number;
    readonly protocol: string;
    readonly code: string;
    readonly more: number;
  };
  readonly 'command-failed': { readonly command: string; readonly exitCode: number | null; readonly said: string };
  /** `said`: by the program inside; empty when it said nothing. */
  readonly 'lab-fault': { readonly at: 'inside' | 'start'; readonly said: string };
  readonly 'lab-ended':
    | { readonly when: 'program'; readonly end: string; readonly said: string }
    | { readonly when: 'no-answer' | 'asked' | 'before' | 'made' };
  /** A connection between pods of our own came out wrong: the kernel cannot be trusted with the others. `first`: one of those. */
  readonly 'lab-not-enforcing': { readonly failed: number; readonly controls: number; readonly first: FailedControl | undefined };
  readonly 'nothing-to-prove': { readonly why: 'no-pods' } | { readonly why: 'no-verdicts'; readonly connections: number };
  readonly 'tier-cannot': Readonly<Record<string, never>>;
  readonly 'bad-lab-name': { readonly name: string };
  readonly 'lab-folder': { readonly folder: string };
  readonly 'lab-already-up': { readonly name: string };
  readonly 'lab-not-up': { readonly name: string; readonly others: readonly string[] };
  readonly 'lab-pods-changed': { readonly pods: readonly string[] };
}

export interface FailedControl {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly family: 4 | 6;
  readonly wanted: string;
  readonly observed: string;
}
