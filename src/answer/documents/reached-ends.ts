// `map --from END --hops N`: what can be reached from an end within so many hops.
import type { ApiVersion, Count, Name, Ordinal } from './common.ts';
import type { AnyPorts } from './ports.ts';

/** What `netverdict map --from END --hops N -o json` prints: the ends that policies allow to be reached from there, hop by hop. */
export interface ReachedEndsDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'ReachedEnds';
  readonly profile: Name;
  /**
   * Where it begins: the ends that the name means
   * @minItems 1
   */
  readonly from: readonly Name[];
  /** The maximum number of hops that was asked for */
  readonly hops: Ordinal;
  /** The first hop first; a hop in which nothing new is reached ends the list */
  readonly rings: readonly ReachedRing[];
  /** Connections without which more ends than the one they lead to could not be reached: the first five, most first */
  readonly cuts: readonly ReachedCut[];
  /** Connections of the map that the profile or the input leaves open: they are not followed */
  readonly undecided: Count;
}

export interface ReachedRing {
  readonly hop: Ordinal;
  /** @minItems 1 */
  readonly ends: readonly ReachedEnd[];
}

export interface ReachedEnd {
  readonly end: Name;
  /** The end before it on the shortest way */
  readonly via: Name;
  readonly allowed: AnyPorts;
}

export interface ReachedCut {
  readonly from: Name;
  readonly to: Name;
  readonly allowed: AnyPorts;
  /** How many ends could not be reached without it, the one it leads to among them */
  readonly cuts: Ordinal;
}
