// Parts of documents about promises: what holds of every pod, also of pods that nobody has created yet.
import type { Code, Count, Direction, Name, Place, Protocol } from './common.ts';

export interface PromiseDocument {
  readonly covered: PromiseCovered;
  /** One pair of pods that breaks it */
  readonly counterExample?: CounterExampleDocument;
  readonly undecidedBecause?: readonly PromiseReason[];
}

/** What it was decided for. */
export interface PromiseCovered {
  readonly existing: Count;
  /** Kinds of pods that could be created, one for every kind that the policies can tell apart */
  readonly toCome: Count;
  /** Existing pods in the network of their nodes, of which nothing is promised: policies see the node */
  readonly hostNetwork: Count;
}

export interface PromiseReason {
  readonly code: Code;
  readonly text: Name;
  readonly hint?: Name;
}

/** A connection that breaks a promise. Both pods exist, or could be created as they stand here. */
export interface CounterExampleDocument {
  readonly from: ExamplePodDocument;
  readonly to: ExamplePodDocument;
  readonly protocol: Protocol;
  /** @integer @minimum 1 @maximum 65535 */
  readonly port: number;
  readonly outcome: 'allowed' | 'denied' | 'undecided' | 'partial' | 'broken';
  readonly text: Name;
  readonly decidedBy: readonly PromiseDecider[];
}

export interface ExamplePodDocument {
  /** `shop/cart` for an existing pod, `web/app=frontend,tier=a` for one that could be created */
  readonly pod: Name;
  readonly namespace: Name;
  readonly labels: Readonly<Record<string, string>>;
  readonly isToCome: boolean;
  /** Labels of the namespace, where that is not there yet */
  readonly newNamespace?: Readonly<Record<string, string>>;
  /** What it calls the port */
  readonly portNames?: readonly Name[];
}

export interface PromiseDecider {
  readonly direction: Direction;
  /** Only where the families get different verdicts */
  readonly family?: 'IPv4' | 'IPv6';
  readonly outcome: 'allowed' | 'denied' | 'not-isolated' | 'exempt' | 'undecided';
  /** The rules or policies that decide; none where no policy does */
  readonly policies: readonly DecidingPolicy[];
  readonly text: Name;
}

export interface DecidingPolicy {
  readonly kind: Name;
  readonly name: Name;
  readonly rule?: Name;
  readonly at: Place;
}
