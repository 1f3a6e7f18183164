// What `map` loads only when it is asked for: exposure, and departures of a profile whose enforcer is known to depart.
import { departs } from '../policy/departures.ts';
import type { ConnectionOptions } from '../reach/connections.ts';
import type { Reach } from '../reach/reach.ts';
import type { MapQuestion } from './map.ts';

/** Nothing is worked out yet: `mapDocument` and `mapJson` do that. */
export async function mapQuestion(
  reach: Reach,
  options: ConnectionOptions,
  { profile, withExposure }: { readonly profile: string; readonly withExposure: boolean },
): Promise<MapQuestion> {
  const [departing, exposure] = await Promise.all([
    departs(reach.semantics) ? import('../reach/departing.ts') : undefined,
    withExposure ? import('./exposure.ts') : undefined,
  ]);
  return {
    reach,
    options,
    profile,
    departing: () => departing?.departingRows(reach, options) ?? { rows: [], isComplete: true },
    exposures: exposure && ((isAsked) => exposure.exposureDocuments(reach, isAsked)),
  };
}
