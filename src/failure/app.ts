// What the application can find missing before a question is asked.

type Nothing = Readonly<Record<string, never>>;

export interface AppFailures {
  /** No manifests in this folder, and none were named. */
  readonly 'no-input': Nothing;
  /** Files do not tell when they change. */
  readonly 'watch-needs-cluster': Nothing;
  /** A file of intents; `reason`: undefined where there is no such file. */
  readonly 'intents-unreadable': { readonly file: string; readonly reason: string | undefined };
}
