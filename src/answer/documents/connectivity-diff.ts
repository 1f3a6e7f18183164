// The document of `netverdict diff -o json`.

import type { ApiVersion, Code, Count, Direction, Name, Ordinal, Place } from './common.ts';
import type { MapDeparture, MapEnd } from './connectivity-map.ts';
import type { AnyPorts, SomePorts } from './ports.ts';
import type { PromiseReason } from './promises.ts';
import type { RolloutDoubtDocument, RolloutTroubleDocument } from './rollout.ts';

/**
 * What `netverdict diff -o json` prints: every connection that two states do not share, and the edit that makes it so. A pair that is not
 * listed is the same in both.
 */
export interface ConnectivityDiff {
  readonly apiVersion: ApiVersion;
  readonly kind: 'ConnectivityDiff';
  /** The old state, as it was named: a path, a git revision */
  readonly base: string;
  readonly head: string;
  readonly profile: string;
  /** Only with `--cni A..B`: the two states are the same manifests under two CNIs */
  readonly move?: DiffMove;
  /** Files or documents that could not be read: what is in them counts as missing in that state */
  readonly unread?: readonly DiffUnread[];
  /**
   * Cells of the profile that the CNI's settings in the old state decide otherwise. Both states are read with the settings of the new one, so
   * what the settings alone open or close is in no change
   */
  readonly settingsDiffer?: readonly Name[];
  /** Objects that differ in a way that policies can see */
  readonly edits: readonly DiffEdit[];
  /** Only where the new state is the old one with files applied: where the cluster differs from these files */
  readonly drift?: readonly DiffDrift[];
  readonly workloads: ChangedWorkloads;
  /** How many workloads each namespace has, in both states */
  readonly namespaces?: DiffNamespaces;
  /** The new state has admin or baseline policies, which deny what they name also where nothing isolates */
  readonly orderedTiers?: true;
  readonly isolation: readonly DiffIsolation[];
  /** Policies, or peers of them, that matched pods before and match none now */
  readonly inert: readonly DiffInert[];
  /** New peers of which the new state has no pod: what they open is in no change */
  readonly unseen: readonly DiffUnseen[];
  /** There only where applying the edits in another order cuts connections that both states allow */
  readonly order?: DiffOrder;
  /** What the CNI does to open connections that the new state denies */
  readonly establishedConnections: DiffEstablished;
  readonly departures?: DiffDepartures;
  /** Only with `--no-new-access` or `--no-public-access` */
  readonly access?: readonly DiffAccess[];
  /** Only with `--in-order` */
  readonly inOrder?: DiffInOrder;
  readonly changes: readonly DiffChange[];
  readonly summary: DiffSummary;
}

/** How two CNIs answer what Kubernetes leaves open, as far as they differ. */
export interface DiffMove {
  readonly from: Name;
  readonly to: Name;
  /** Every answer that differs; of a CNI that enforces nothing, `enforces` only */
  readonly cells: readonly DiffMoveCell[];
  /** What to write instead */
  readonly instead: readonly DiffMoveAdvice[];
  /** What `netverdict lint` finds with the new CNI and not with the old one */
  readonly findings: readonly DiffMoveFinding[];
}

export interface DiffMoveCell {
  /** `ipBlockMatchesPod`, as docs/cni-profiles.md has it */
  readonly cell: Name;
  readonly question: Name;
  /** `open`: the profile does not settle it */
  readonly before: Name;
  readonly after: Name;
  /** Rows of `changes` in which it has a part */
  readonly connections: Count;
}

export interface DiffMoveAdvice {
  readonly cell: Name;
  readonly change: 'opened' | 'closed' | 'undecided';
  readonly text: Name;
  /** Rules and policies that it is about */
  readonly rules: readonly Name[];
}

export interface DiffMoveFinding {
  readonly rule: Code;
  readonly text: Name;
  readonly hint?: Name;
  readonly at?: Place;
}

/** Whether the change opens something to any pod, also to pods that nobody has created yet. */
export interface DiffAccess {
  /** `new`: between pods. `public`: from or to addresses outside the cluster, or through an Ingress */
  readonly kind: 'new' | 'public';
  /** `undecided`: `rows` may open, or not every kind of new pods could be tried */
  readonly outcome: 'nothing-opened' | 'opened' | 'undecided';
  /** Kinds of new pods that were tried, one for every kind that the policies of both states can tell apart */
  readonly toCome: Count;
  /** The first that open something, or may. `web/app=frontend`: any new pod with these labels; `(port http TCP 80)`: if it calls the port so */
  readonly rows: readonly DiffChange[];
  /** Labels of namespaces in `rows` that do not exist yet */
  readonly newNamespaces?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly undecidedBecause?: readonly PromiseReason[];
}

export interface DiffUnread {
  readonly state: 'base' | 'head';
  readonly code: Code;
  /** `k8s/cart.yaml:24:1` */
  readonly at: string;
  /** What is wrong with it */
  readonly text?: Name;
  readonly place?: Place;
}

export type ObjectChange = 'added' | 'removed' | 'changed';

export interface DiffEdit {
  readonly kind: string;
  readonly name: string;
  readonly change: ObjectChange;
  readonly at?: Place;
  readonly places?: readonly DiffEditPlace[];
}

/** An object of the files that policies can see, and that is otherwise in the cluster. Server defaults and managed fields do not count. */
export interface DiffDrift {
  readonly kind: string;
  readonly name: string;
  /** `missing`: not in the cluster. `differs`: there, with other values */
  readonly state: 'missing' | 'differs';
  readonly at?: Place;
  /** `was`: in the cluster; `now`: in the files */
  readonly places?: readonly DiffEditPlace[];
}

export interface DiffEditPlace {
  readonly at?: Place;
  readonly was?: string;
  readonly now?: string;
}

export interface ChangedWorkloads {
  readonly added: readonly Name[];
  readonly removed: readonly Name[];
}

export interface DiffNamespaces {
  readonly base: Readonly<Record<string, Ordinal>>;
  readonly head: Readonly<Record<string, Ordinal>>;
}

export interface DiffIsolation {
  readonly workload: string;
  readonly direction: Direction;
  readonly change: 'lost' | 'gained' | 'unsure';
  /** Where only some pods of the workload are meant */
  readonly pods?: readonly Name[];
  readonly because: readonly DiffCauseDocument[];
  /** Each cause would do it alone; otherwise they do it together */
  readonly eachIsEnough?: true;
}

/** An edit that makes the difference. */
export interface DiffCauseDocument {
  readonly kind: string;
  readonly name: string;
  readonly change: ObjectChange;
  /** What sort of object it is; `entry`: a Service or an Ingress; `cni`: an answer of the CNI, and `part` is the policy or rule on which it acts */
  readonly of?: 'policy' | 'workload' | 'namespace' | 'entry' | 'cni';
  /** The part of the object that changed: `ingress[0].from[0]` */
  readonly part?: Name;
  readonly partChange?: ObjectChange;
  /** The line in the state that has it */
  readonly at?: Place;
  /** The old state has the line, and the new one does not */
  readonly isGone?: true;
  /** Of a line that is gone: the object that it was taken from, where the new state has it */
  readonly objectAt?: Place;
  /** `app=cart`, `port: 8080`: a single value as it was */
  readonly was?: string;
  readonly now?: string;
}

export interface DiffInert {
  readonly what: 'selects-nothing' | 'peer-selects-nothing';
  readonly kind?: Name;
  readonly policy: string;
  readonly text: string;
  readonly at?: Place;
}

export interface DiffUnseen {
  readonly kind?: Name;
  readonly policy: string;
  readonly text: string;
  readonly at?: Place;
}

export interface DiffOrder {
  readonly apply: readonly DiffStep[];
  readonly cutInAnotherOrder: readonly DiffGap[];
  readonly cutAnyway: readonly DiffGap[];
}

export interface DiffStep {
  readonly kind: string;
  readonly name: string;
  readonly change: ObjectChange;
  readonly at?: Place;
}

export interface DiffGap {
  readonly direction: Direction;
  readonly subject: string;
  readonly peer: string;
  readonly ports: AnyPorts;
}

export interface DiffEstablished {
  /** `open`: the profile does not settle it */
  readonly denied: 'cut' | 'kept' | 'open';
  readonly says?: readonly DiffSay[];
}

export interface DiffSay {
  readonly value: 'cut' | 'kept' | 'unknown' | 'not-applicable';
  readonly profiles: readonly Name[];
}

/** Where the enforcer behind the profile begins or ceases to do otherwise than the policies mean. */
export interface DiffDepartures {
  readonly appear: readonly MapDeparture[];
  readonly go: readonly MapDeparture[];
  /** The enforcer had too many questions to answer, so it may do otherwise in more places */
  readonly incomplete?: true;
}

export interface DiffChange {
  /** `opened`: nothing was allowed before; `undecided`: only what the profile or the input leaves open has changed */
  readonly change: 'opened' | 'closed' | 'changed' | 'undecided';
  readonly from: MapEnd;
  readonly to: MapEnd;
  readonly before: AnyPorts;
  readonly after: AnyPorts;
  readonly opened?: SomePorts;
  readonly closed?: SomePorts;
  readonly perhapsOpened?: SomePorts;
  readonly perhapsClosed?: SomePorts;
  readonly undecidedBecause?: readonly string[];
  /** Ends that are new */
  readonly added?: readonly Name[];
  /** Ends that are gone */
  readonly removed?: readonly Name[];
  readonly because: readonly DiffCauseDocument[];
  /** Each cause would do it alone; otherwise they do it together */
  readonly eachIsEnough?: true;
}

/** How many rows of each kind, and isolation changes of workloads and directions. */
export interface DiffSummary {
  readonly opened: Count;
  readonly closed: Count;
  readonly changed: Count;
  readonly undecided: Count;
  readonly isolationLost: Count;
  readonly isolationGained: Count;
}

/** What happens on the way when the change is applied in an order that is given */
export interface DiffInOrder {
  readonly by: 'files' | 'sync-waves';
  readonly outcome: 'safe' | 'unsafe' | 'undecided';
  /** What each step newly cuts, opens or leaves open: examples, in the order of the steps */
  readonly troubles: readonly RolloutTroubleDocument[];
  readonly doubts: readonly RolloutDoubtDocument[];
}
