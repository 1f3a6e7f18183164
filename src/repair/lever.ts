// What a fix would do, as a code with facts and a place; the words are in words/en/fixes.ts. The codes are public: added, never renamed.
import type { Origin } from '../model/origin.ts';
import type { Facts } from '../model/problem.ts';
import type { Step } from './step.ts';

export const LEVER_CODES = [
  'repair-policy',
  'service-selector',
  'service-target-port',
  'service-port-name',
  'service-port',
  'label-pod',
  'unlabel-pod',
  'label-namespace',
  'unlabel-namespace',
  'selector-value',
  'namespace-by-name',
  'add-namespace-selector',
  'split-peer',
  'join-peers',
  'add-peer',
  'block-to-selectors',
  'remove-except',
  'add-except',
  'add-port',
  'set-port',
  'set-protocol',
  'name-container-port',
  'policy-types',
  'add-rule',
  'add-dns-rule',
  'insert-rule',
  'new-policy',
  'new-dns-policy',
  'remove-peer',
  'remove-port',
  'remove-rule',
  'narrow-peer',
  'new-deny',
  'new-deny-with-rest',
] as const;
export type LeverCode = (typeof LEVER_CODES)[number];

export interface Lever {
  readonly code: LeverCode;
  readonly facts: Facts;
  /** What a person would change; undefined for what is not there yet. */
  readonly at: Origin | undefined;
}

/** A way that may mend one thing: not checked yet, and perhaps not enough alone. */
export interface Draft {
  readonly levers: readonly Lever[];
  readonly steps: readonly Step[];
}
