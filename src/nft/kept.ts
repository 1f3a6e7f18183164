// What a scaling ruleset remembers of how it was made, so that the next one keeps its numbers and one more pod needs no new compile.
import type { Direction, Policy } from '../model/policy.ts';
import type { IpSet } from '../net/ip-set.ts';
import type { PodList, Ports } from './members.ts';

export interface Kept {
  /** Of every policy, unique in the table. */
  readonly names: ReadonlyMap<Policy, string>;
  /** Every list of peers that some rule asks, by level. */
  readonly lists: Readonly<Record<Direction, Readonly<Record<'near' | 'wide', readonly KeptList[]>>>>;
  /** The only node that is enforced for, when there is one. */
  readonly node: string | undefined;
  /** Their classes are of all addresses together, so no pod comes or goes alone. */
  readonly hasOrderedStages: boolean;
}

/** A list without its pods: enough to tell whether one more pod belongs to it. */
export interface KeptList {
  readonly key: string;
  readonly meaning: PodList['meaning'];
  /** Only the pods' addresses in here. undefined: all of them. */
  readonly within: IpSet | undefined;
  /** Names of ports that rules look up in its pods, by `name/protocol`. */
  readonly named: ReadonlyMap<string, Ports['named'][number]>;
}
