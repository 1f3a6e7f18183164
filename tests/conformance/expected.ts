// The shapes of expected.json, as the corpus' README describes them under "expected.json formats".

export type Expected = Connectivity | Verdicts | Matrix | Explain | Exposure | Errors | DiffChanges | Other;
export type Kind = Expected['kind'];

/** `{ src: 'default/cart[Deployment]', dst: '10.0.0.0-10.255.255.255', allowed: 'TCP 80,443' }`. */
export interface ConnectionRow {
  readonly src: string;
  readonly dst: string;
  readonly allowed: string;
}

export interface Connectivity {
  readonly kind: 'connectivity';
  /** `pod`: ends are pods, without kind. */
  readonly level?: 'pod';
  readonly includesSelf?: boolean;
  readonly includesDenied?: boolean;
  readonly connections: readonly ConnectionRow[];
  /** Point results beside the map, denied ones among them. */
  readonly pairs?: readonly ConnectionRow[];
}

export interface Verdicts {
  readonly kind: 'verdicts';
  readonly verdicts: readonly VerdictRow[];
}

export interface VerdictRow {
  readonly src: string;
  readonly dst: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
  /** Absent where `outcome` says that nobody can know. */
  readonly allowed?: boolean;
  readonly outcome?: 'undecided';
  /** What each direction alone says. */
  readonly ingress?: boolean;
  readonly egress?: boolean;
  /** When an end is a workload: which of its pods is asked about. */
  readonly srcPod?: string;
  readonly dstPod?: string;
  readonly allConnections?: string;
}

export interface Matrix {
  readonly kind: 'matrix';
  /** `TCP 80`. */
  readonly probes: readonly string[];
  readonly rows: readonly { readonly src: string; readonly dst: string; readonly allowed: 'all' | 'none' | readonly string[] }[];
}

export interface Explain {
  readonly kind: 'explain';
  readonly pairs: readonly ExplainedPair[];
  /** Pairs that no policy touches. */
  readonly systemDefault: readonly { readonly src: string; readonly dst: string }[];
}

export interface ExplainedPair {
  readonly src: string;
  readonly dst: string;
  readonly sections: readonly ExplainedSection[];
}

export interface ExplainedSection {
  readonly verdict: 'allowed' | 'denied';
  /** `TCP:[1-79,81-65535], UDP, SCTP`. */
  readonly conns: string;
  readonly reasons: readonly string[];
}

export interface Exposure {
  readonly kind: 'exposure';
  readonly connections: readonly ConnectionRow[];
  readonly exposure: { readonly ingress: readonly ConnectionRow[]; readonly egress: readonly ConnectionRow[] };
  readonly unprotected: readonly { readonly workload: string; readonly direction: 'ingress' | 'egress' }[];
}

export interface Errors {
  readonly kind: 'error';
  readonly severity: 'fatal' | 'severe' | 'severe-or-warning' | 'warning';
  /** Words of the other tool; every one of them occurs in its messages. */
  readonly contains: string | readonly string[];
  readonly emptyResult?: boolean;
}

export interface DiffChanges {
  readonly kind: 'diff';
  readonly changes: readonly DiffChange[];
}

/** `added`: nothing was allowed before. Only pairs that differ are listed. */
export interface DiffChange {
  readonly type: 'changed' | 'added' | 'removed';
  readonly src: string;
  readonly dst: string;
  readonly ref1: string;
  readonly ref2: string;
  readonly workloadsDiff?: string;
}

/** Kinds of questions that are not asked yet. */
export interface Other {
  readonly kind: 'synthesis';
}
