// What is said of one CNI profile. Only docs/cni-profiles.md and tests say it; the engine reads values and tags in src/profile.
import type { CellName } from '../../../profile/profile.ts';

/**
 * One text for each cell, as the reference has it, tags included: `[R: what ran]` measured, `[S: document]` sourced, `[M]` from memory.
 * `{ denyResponse: 'DROP [S: BPF_DROP]', … }`.
 */
export type CellWords = { readonly [C in CellName]: string };

export interface ProfileWords {
  /** For people: `Calico (iptables)`. */
  readonly title: string;
  readonly evidence: CellWords;
  /** Where this plugin shows denied packets: commands, logs, metrics. */
  readonly observability: string;
  /** Limits and surprises that fit no cell. */
  readonly notes?: string;
}
