// What the application can find missing before a question is asked.

type Nothing = Readonly<Record<string, never>>;

export interface AppFailures {
  /** No manifests in this folder, and none were named. */
  readonly 'no-input': Nothing;
  /** Files do not tell when they change. */
  readonly 'watch-needs-cluster': Nothing;
  /** Of a kept lab. */
  readonly 'nothing-to-run': Nothing;
  readonly 'not-in-lab': { readonly objects: readonly string[] };
  readonly 'hold-needs-tcp': Nothing;
  readonly 'no-sctp': Nothing;
  readonly 'port-missing': { readonly name: string };
  readonly 'no-such-member': { readonly name: string; readonly why: 'unknown' | 'no-pod' };
  /** A file of intents; `reason`: undefined where there is no such file. */
  readonly 'intents-unreadable': { readonly file: string; readonly reason: string | undefined };
}
