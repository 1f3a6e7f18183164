// Intents as they are read: ends, what is expected, and what is wrong with a file of them. How a file is read is intents-file.ts.
import type { PodScope } from '../classes/pods-to-come.ts';
import type { Origin } from '../model/origin.ts';
import type { PortSet } from '../net/port-set.ts';
import type { WrittenPort } from './written-port.ts';

/** One cell of the matrix. `allowed`: what may connect; the intent promises that nothing else does. */
export interface ZonePair {
  readonly from: string;
  readonly to: string;
  readonly allowed: PortSet;
}

export type Expect = 'allowed' | 'denied';

/** Pods by label, as a policy's peer names them: `{ namespace: 'shop', labels: { app: 'cart' } }`. `*` is every namespace. */
export interface LabelEnd {
  readonly namespace: string;
  readonly labels: readonly (readonly [string, string])[];
}

/** One end as written: `shop/cart`, `shop/*`, `internet`, the name of a group, or labels. */
export type WrittenEnd =
  /** `isOne`: a single end whatever it looks like, such as a pod that does not exist yet. */
  /** `scope`: any pod of it, also one that nobody has created yet. */
  | { readonly kind: 'text'; readonly text: string; readonly origin: Origin; readonly isOne?: true; readonly scope?: PodScope }
  | { readonly kind: 'labels'; readonly of: LabelEnd; readonly origin: Origin };

export interface Intent {
  /** As written, else `shop/frontend → shop/cart:7070 allowed`. */
  readonly name: string;
  readonly from: readonly WrittenEnd[];
  readonly to: readonly WrittenEnd[];
  /** Empty: what stands in `to`, else every port that the destination declares. */
  readonly ports: readonly WrittenPort[];
  readonly expect: Expect;
  /** With `expect: 200`: it is to be allowed, and a request answered so. */
  readonly status?: number;
  /** With `expect: never` (`denied` in `expect`) or `always` (`allowed`): it is a promise about every pod of its ends. */
  readonly promise?: 'never' | 'always';
  /** Of two zones: a promise that nothing but what they may do connects them. */
  readonly zonePair?: ZonePair;
  /** Who shows, for a denied connection, that the destination answers. */
  readonly control: readonly WrittenEnd[] | undefined;
  readonly origin: Origin;
}

export interface IntentsFile {
  readonly groups: ReadonlyMap<string, readonly WrittenEnd[]>;
  readonly intents: readonly Intent[];
  /** Names of groups that were put in the place of their ends already: what a mistyped name may have meant. */
  readonly groupNames?: readonly string[];
}

/** What of the file is meant: the whole of it, one of its keys, a group, a value as it is written. */
export type IntentsPart =
  | { readonly part: 'file' | 'intent' }
  | { readonly part: 'key'; readonly key: string }
  | { readonly part: 'value'; readonly key: string; readonly written: string }
  | { readonly part: 'group'; readonly group: string; readonly inside?: string }
  | { readonly part: 'name' | 'kind'; readonly name: string };

/** What should stand there. */
export type IntentsWanted =
  | 'intents-mapping'
  | 'kind-intents'
  | 'list-of-intents'
  | 'groups-mapping'
  | 'group-name'
  | 'ends-not-groups'
  | 'intent-mapping'
  | 'known-keys'
  | 'expectation'
  | 'never-or-always'
  | 'any-pod'
  | 'port-number'
  | 'zones-mapping'
  | 'zone'
  | 'zone-allow'
  | 'no-control'
  | 'text'
  | 'ends'
  | 'end'
  | 'labels'
  | 'one-hypothetical'
  | 'ports'
  | 'own-name';

/** `{ code: 'unknown-key', what: { part: 'key', key: 'expects' }, wanted: 'known-keys', keys: ['name', …], nearest: ['expect'] }` at its place. */
export interface IntentsFault {
  readonly code: 'unknown-key' | 'wrong-value' | 'missing' | 'duplicate-name' | 'group-in-group' | 'no-intents' | 'other-kind';
  readonly what: IntentsPart;
  readonly wanted: IntentsWanted;
  /** The keys that are known there; only with `known-keys` and `intent-mapping`. */
  readonly keys?: readonly string[];
  readonly nearest: readonly string[];
  readonly origin: Origin;
  /** Of a duplicate: where the name stands first. */
  readonly first?: Origin;
}
