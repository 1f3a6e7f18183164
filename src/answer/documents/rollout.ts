// `rollout`: an order in which a change can be applied; and what an order that is given does on the way.

import type { ApiVersion, Code, Count, Name, Place } from './common.ts';

/** What `netverdict rollout -o json` prints: waves of objects that can be applied one after another without cutting or opening a connection. */
export interface RolloutDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'Rollout';
  readonly profile: Name;
  readonly base: Name;
  readonly head: Name;
  /** `temporary`: the change alone has no such order, and with the temporary policies it has. `none`: all orders were ruled out */
  readonly outcome: 'unchanged' | 'ordered' | 'temporary' | 'none' | 'undecided';
  /** Objects that differ, as far as connections depend on them */
  readonly objects: Count;
  /** Every order inside a wave is safe. Empty without an order; where the outcome is `undecided`, a candidate that is not proved */
  readonly waves: readonly WaveDocument[];
  /** Why there is no order, or none that is proved, without temporary policies: examples */
  readonly troubles: readonly RolloutTroubleDocument[];
  readonly doubts: readonly RolloutDoubtDocument[];
  readonly checked: RolloutCheckedDocument;
  /** One sentence */
  readonly text: Name;
}

export interface WaveDocument {
  /** From 1; the value of the sync-wave annotation */
  readonly wave: Count;
  readonly steps: readonly RolloutStepDocument[];
}

export interface RolloutStepDocument {
  readonly action: 'apply' | 'delete';
  readonly kind: Name;
  readonly object: Name;
  readonly at?: Place;
  /** Set for a policy that is there during the change only: `copy` of the old version, or one that admits everything */
  readonly temporary?: 'copy' | 'admit-all';
  /** The object to apply, as YAML; of temporary policies only */
  readonly manifest?: Name;
}

export interface RolloutTroubleDocument {
  /** `cut`: allowed before and after. `opened`: denied before and after. `doubt`: open whether it is one of them */
  readonly effect: 'cut' | 'opened' | 'doubt';
  readonly step: RolloutStepDocument;
  /** How many steps came before it */
  readonly after: Count;
  readonly from: Name;
  readonly to: Name;
  readonly ports: Name;
  /** What would decide a doubt */
  readonly because: readonly Name[];
  readonly text: Name;
}

export interface RolloutDoubtDocument {
  readonly code: Code;
  readonly text: Name;
}

export interface RolloutCheckedDocument {
  /** Kinds of pods that do not exist yet; absent where the order was checked for existing pods only */
  readonly podsToCome?: Count;
}
