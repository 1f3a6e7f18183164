// The document of `map --from END --hops N`.
import type { Hops } from '../question/hops.ts';
import type { ReachedEndsDocument } from './documents/reached-ends.ts';
import type { GroupedRow } from './map-groups.ts';

export interface ReachedFrom {
  readonly profile: string;
  readonly from: readonly string[];
  readonly hops: number;
  /** Rows of the map that are left open. */
  readonly undecided: number;
}

/** `kind: ReachedEnds`, schemas/reached-ends.schema.json. */
export function reachedEndsDocument(
  { rings, cuts }: Hops<GroupedRow>,
  { profile, from, hops, undecided }: ReachedFrom,
): ReachedEndsDocument {
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'ReachedEnds',
    profile,
    from,
    hops,
    rings: rings.map((ring, i) => ({ hop: i + 1, ends: ring.map(({ end, by }) => ({ end, via: by.from, allowed: by.allowed })) })),
    cuts: cuts.map(({ row, cuts: count }) => ({ from: row.from, to: row.to, allowed: row.allowed, cuts: count })),
    undecided,
  };
}
