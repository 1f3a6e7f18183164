// The document of `netverdict map -o json`.
import type { ApiVersion, Count, Direction, Doubt, Name, Ordinal } from './common.ts';
import type { AnyPorts, SomePorts } from './ports.ts';

/** What `netverdict map -o json` prints: every allowed connection. A pair that is not listed has no allowed connection. */
export interface ConnectivityMap {
  readonly apiVersion: ApiVersion;
  readonly kind: 'ConnectivityMap';
  /** The CNI profile that decided what Kubernetes leaves open: `calico` */
  readonly profile?: Name;
  /** How many workloads each namespace of the input has; `{ "shop": 3 }` */
  readonly workloads?: Readonly<Record<string, Ordinal>>;
  readonly connections: readonly MapConnection[];
  /**
   * Port lists of more than 1,000 characters, each written once: rows name them by their place here, `{ "list": 0 }`
   * @minItems 1
   */
  readonly portLists?: readonly SomePorts[];
  /**
   * SomePorts that the profile or the input leaves open; they are not under `connections`
   * @minItems 1
   */
  readonly undecided?: readonly UndecidedConnection[];
  /**
   * A doubt about the profile as a whole: every connection on these ports that is not allowed is undecided
   * @minItems 1
   */
  readonly undecidedWhereNotAllowed?: readonly UndecidedPorts[];
  /** The enforcer had too many questions to answer, so it may do otherwise in more places. */
  readonly departuresIncomplete?: true;
  /**
   * What the enforcer behind the profile does otherwise than the policies mean; `connections` stays what they mean
   * @minItems 1
   */
  readonly departures?: readonly MapDeparture[];
  /** With --exposure: pods that are not in the input. */
  readonly exposure?: readonly MapExposure[];
  /**
   * With --exposure: workloads without an entry, because no policy concerns them (host network) or none of their pods runs
   * @minItems 1
   */
  readonly exposureLeftOut?: readonly MapEnd[];
}

/**
 * `ns/name[Deployment]`, pod `ns/name`, a range of addresses `a.b.c.d-e.f.g.h`, `{ingress-controller}`
 * @minLength 1
 */
export type MapEnd = string;

/** One row: what this end may open to that one. */
export interface MapConnection {
  readonly from: MapEnd;
  readonly to: MapEnd;
  readonly allowed: PortsOrList;
}

export type PortsOrList = SomePorts | ListedPorts;

/** SomePorts that are written out under `portLists`. */
export interface ListedPorts {
  /** The place of a long list in `portLists` */
  readonly list: Count;
}

export interface UndecidedConnection {
  readonly from: MapEnd;
  readonly to: MapEnd;
  readonly ports: PortsOrList;
  /** @minItems 1 */
  readonly because: readonly Doubt[];
}

export interface UndecidedPorts {
  readonly ports: SomePorts;
  /** @minItems 1 */
  readonly because: readonly Doubt[];
}

/** A row on which the enforcer does otherwise. */
export interface MapDeparture {
  readonly from: MapEnd;
  readonly to: MapEnd;
  readonly ports: SomePorts;
  /** What the enforcer really does on these ports. */
  readonly enforced: 'open' | 'shut';
  readonly shapes: DepartureShapes;
  readonly rules: readonly string[];
}

/**
 * The shape of policy that explains it: `leak`; `leak|unresolved` either of two; `leak+everyone` only both together
 * @pattern ^(leak|unresolved|everyone|shared|except|blockname|v6any)([|+](leak|unresolved|everyone|shared|except|blockname|v6any))*$
 */
export type DepartureShapes = string;

/** Who else could reach a workload, or be reached by it. */
export interface MapExposure {
  readonly workload: MapEnd;
  /**
   * Where the pods of the workload differ: those this entry is about. Absent: all of them
   * @minItems 1
   */
  readonly pods?: readonly MapEnd[];
  readonly direction: Direction;
  /** False: no policy in this direction, so everyone may. */
  readonly isolated: boolean;
  /**
   * Policies that could touch it and cannot be read
   * @minItems 1
   */
  readonly unreadable?: readonly string[];
  /**
   * Cluster-wide rules that match by address, which a pod that does not exist yet may have: they allow or deny it what `peers` does not say
   * @minItems 1
   */
  readonly byAddress?: readonly string[];
  readonly peers: readonly MapExposedPeer[];
  /**
   * Whom the enforcer behind the profile lets through although the policies do not
   * @minItems 1
   */
  readonly departures?: readonly MapExposedDeparture[];
}

export interface MapExposedPeer {
  readonly peer: 'entire-cluster' | SelectedPeer;
  /** `[]` where only named ports are open, or where rules for everyone leave this peer out. */
  readonly allowed: AnyPorts;
  /** @minItems 1 */
  readonly named?: readonly NamedPort[];
}

export interface MapExposedDeparture extends MapExposedPeer {
  readonly shapes: DepartureShapes;
  /** @minItems 1 */
  readonly rules: readonly string[];
}

/** Pods that are not in the input, as selectors describe them. */
export interface SelectedPeer {
  /** Set where the peer is bound to one namespace by its name. */
  readonly namespace?: string;
  /** A selector; '' means every namespace. */
  readonly namespaces: string;
  /** A selector; '' means every pod. */
  readonly pods: string;
}

/** A port name that only the pod at the other end can resolve: `http/TCP` */
export type NamedPort = string;
