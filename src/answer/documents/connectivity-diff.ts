// The document of `netverdict diff -o json`.
import type { MapDeparture } from './connectivity-map.ts';

/** Where the enforcer behind the profile begins or ceases to do otherwise than the policies mean. */
export interface DiffDepartures {
  readonly appear: readonly MapDeparture[];
  readonly go: readonly MapDeparture[];
  /** The enforcer had too many questions to answer, so it may do otherwise in more places. */
  readonly incomplete?: true;
}
