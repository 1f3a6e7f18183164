// What a fix would do, as a code with facts and a place; the words are in report/fix-words.ts. The codes are public: added, never renamed.
import type { Origin } from '../model/origin.ts';
import type { Facts } from '../model/problem.ts';
import type { Step } from './step.ts';

export const LEVERS = {
  'repair-policy': 'a policy that the API server refuses is put right, and is in force then',
  'service-selector': 'a Service selects by the labels that the pods have',
  'service-target-port': 'a Service leads to a port that its pods have',
  'service-port-name': 'a port of a Service gets the name that its endpoints have',
  'service-port': 'a Service gets one more port',
  'label-pod': 'another label on the pods',
  'unlabel-pod': 'a label of the pods goes',
  'label-namespace': 'another label on a namespace',
  'unlabel-namespace': 'a label of a namespace goes',
  'selector-value': 'a rule asks for another label, or for fewer',
  'namespace-by-name': 'a rule finds the namespace by its name',
  'add-namespace-selector': 'a bare podSelector gets the namespace that was meant',
  'split-peer': 'two selectors that were required together become two peers',
  'join-peers': 'two peers of which either was enough become one',
  'add-peer': 'a rule lets one more peer through',
  'block-to-selectors': 'an ipBlock that was meant for pods becomes selectors',
  'remove-except': 'an exception of an ipBlock goes',
  'add-except': 'an ipBlock gets an exception',
  'add-port': 'a rule opens one more port',
  'set-port': 'a rule opens another port',
  'set-protocol': 'a rule opens its port with another protocol',
  'name-container-port': 'a container gives its port the name that the rule has',
  'policy-types': 'a policy governs one direction more or less',
  'add-rule': 'a policy gets one more rule',
  'add-dns-rule': 'a policy lets its pods ask the DNS server',
  'new-policy': 'one more policy, for just this',
  'new-dns-policy': 'one more policy, that lets pods ask the DNS server',
  'remove-peer': 'a rule loses a peer',
  'remove-port': 'a rule loses a port',
  'remove-rule': 'a policy loses a rule',
  'narrow-peer': 'a peer means fewer pods',
  'new-deny': 'a new policy isolates the pods',
  'new-deny-with-rest': 'a new policy isolates the pods and lets all others through',
} as const;
export type LeverCode = keyof typeof LEVERS;

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
