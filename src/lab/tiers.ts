// The kinds of lab, by name. Each gives the same Stage, so that a proof does not know which one it is in.
import type { Cluster } from '../model/cluster.ts';
import type { Decided } from '../nft/decided.ts';
import { openFlat } from './flat.ts';
import type { Stage } from './stage.ts';
import type { Tools } from './tools.ts';

/** In the order in which they are offered; the first is the default. */
export const TIER_NAMES = ['flat', 'netns'] as const;
export type TierName = (typeof TIER_NAMES)[number];

/** `cluster`: complete; a tier that gives each pod a namespace of its own has to know them. */
type OpenTier = (tools: Tools, cluster: Cluster, semantics: Decided['semantics']) => Promise<Stage>;

export const TIERS = {
  /** One namespace in which all addresses are local. */
  flat: (tools: Tools, _cluster?: Cluster) => openFlat(tools),
  /** A namespace for every pod, a router for every node, Services. Loaded when it is asked for. */
  netns: async (tools, cluster, semantics) => (await import('./netns-stage.ts')).openNetns(tools, cluster, semantics),
} satisfies Readonly<Record<TierName, OpenTier>>;
