// The kinds of laboratory, by name. Each gives the same Stage, so that a proof does not know which one it is in.
import type { Cluster } from '../model/cluster.ts';
import { openFlat, type Stage } from './flat.ts';
import type { Tools } from './tools.ts';

/** In the order in which they are offered; the first is the default. */
export const TIER_NAMES = ['flat'] as const;
export type TierName = (typeof TIER_NAMES)[number];

/** `cluster`: complete; a tier that gives each pod a namespace of its own has to know them. */
export type OpenTier = (tools: Tools, cluster: Cluster) => Promise<Stage>;

export const TIERS: Readonly<Record<TierName, OpenTier>> = {
  /** One namespace in which all addresses are local. */
  flat: (tools) => openFlat(tools),
};
