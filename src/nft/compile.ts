// (Cluster, decided semantics) → Ruleset. The explaining form is for people and for the lab, the scaling form for a node with
// thousands of policies; both mean the same, and a property test holds them to policy/decide.ts.
import type { Cluster } from '../model/cluster.ts';
import type { Decided } from './decided.ts';
import { explaining } from './explaining.ts';
import type { FrameOptions } from './frame.ts';
import type { Ids } from './ids.ts';
import { membersOf } from './members.ts';
import type { Ruleset } from './ruleset.ts';
import { scaling } from './scaling.ts';

export interface CompileOptions extends Partial<FrameOptions> {
  readonly form?: 'explaining' | 'scaling';
  readonly table?: string;
  /** Enforce only for pods on this node, as its own agent would. Absent: for all pods. */
  readonly node?: string;
  /** `ids` of the ruleset before, so that the scaling form keeps its numbers and the delta stays small. */
  readonly ids?: Ids;
  /** The scaling form gives selectors that mean more pods than this classes of their own. */
  readonly fewPods?: number;
}

export const TABLE = 'netverdict';

/** An app has about so many pods at most, a namespace has more. */
const FEW_PODS = 32;

/**
 * `compile(shop, decided(calico).semantics)` → the table for a flat lab: hook input, denials answered, established connections as the profile
 * says. Pods without an address cannot send a packet and are left out; policies that could not be read are left out too, because what they
 * touch is undecided.
 */
export function compile(cluster: Cluster, semantics: Decided['semantics'], options: CompileOptions = {}): Ruleset {
  const frame: FrameOptions = {
    hook: options.hook ?? 'input',
    established: options.established ?? semantics.establishedCutOnDeny,
    generation: options.generation ?? 1,
    denials: options.denials ?? 'reject',
    exemptPairs: options.exemptPairs ?? (options.hook ?? 'input') === 'input',
  };
  const members = membersOf(cluster, semantics);
  const all = [...members.pods, ...members.hosts];
  const subjects = options.node === undefined ? all : all.filter(({ node }) => node === options.node);
  const form = options.form ?? 'explaining';
  const body =
    form === 'explaining'
      ? explaining(members, subjects, frame)
      : scaling(members, subjects, frame, { ids: options.ids, fewPods: options.fewPods ?? FEW_PODS, node: options.node });
  return { table: options.table ?? TABLE, comment: `netverdict: NetworkPolicies (${form} form)`, ...body };
}
