// What can go wrong with files, standard input, git and programs that render.

/** No facts: the code says all. */
type Nothing = Readonly<Record<string, never>>;

export interface SourceFailures {
  readonly 'input-not-found':
    | {
        readonly path: string;
        readonly near: readonly string[] /** What stands where a folder should be. */;
        readonly notFolder: string | undefined;
      }
    | { readonly pattern: string };
  readonly 'stdin-is-a-terminal': Nothing;
  /** `name`: of a file in the archive that leads out of it. */
  readonly 'archive-unsafe': { readonly path: string; readonly name: string };
  readonly 'archive-too-large': {
    readonly path: string;
    readonly why: 'manifests' | 'unpacked' | 'ratio' | 'files';
    readonly limit: number;
  };
  /** `file`: the one in the archive that shows it; `reason`: the decompressor's words. */
  readonly 'archive-broken': {
    readonly path: string;
    readonly why: 'unreadable' | 'no-directory' | 'bad-directory' | 'cut-off' | 'other-length';
    readonly file?: string;
    readonly reason?: string;
  };
  readonly 'archive-unsupported':
    | { readonly path: string; readonly why: 'encrypted' | 'compression'; readonly file: string }
    | { readonly path: string; readonly why: 'zip64' };
  /** `reason`: the system's own words; undefined when the folder is not there. */
  readonly 'cannot-write': { readonly path: string; readonly reason: string | undefined };
  readonly 'file-changed': { readonly file: string };
  readonly 'file-exists': { readonly file: string };
  readonly 'not-utf-8': { readonly file: string };
  readonly 'render-failed':
    | { readonly why: 'not-installed'; readonly commands: readonly string[] }
    | { readonly why: 'not-started'; readonly command: string; readonly folder: string }
    | { readonly why: 'not-text'; readonly command: string; readonly found: string }
    | { readonly why: 'ended'; readonly command: string; readonly folder: string; readonly end: number | string; readonly said: string };
  readonly 'render-empty': { readonly command: string; readonly folder: string };
  readonly 'no-git': Nothing;
  readonly 'no-repository': { readonly folder: string };
  readonly 'no-commits': Nothing;
  /** `shallow`: a clone without history, in which it may be missing for that reason. */
  readonly 'no-such-revision': { readonly revision: string; readonly near: readonly string[]; readonly shallow: boolean };
  readonly 'no-merge-base': { readonly one: string; readonly other: string };
  readonly 'stdin-has-no-history': Nothing;
  readonly 'outside-repository': { readonly path: string; readonly root: string };
  readonly 'too-large': { readonly bytes: number };
  /** `said`: git's first line, empty when it said nothing. `foreignFolder`: git refuses it because of its owner. */
  readonly 'git-failed': { readonly said: string; readonly foreignFolder: string | undefined };
}
