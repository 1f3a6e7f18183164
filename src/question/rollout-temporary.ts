// Policies that are there during a change only, so that there is an order at all: a copy of the old version beside the new one, or one that
// admits everything where nothing limits the pods yet. Whether they help is for the search to find out.

import { policyIdentity } from '../compare/states.ts';
import { networkPolicyOf } from '../kinds/network-policy/lower.ts';
import type { Origin } from '../model/origin.ts';
import { DIRECTIONS, type Policy } from '../model/policy.ts';
import { get, isObject } from '../objects/read.ts';
import type { Step } from './rollout-steps.ts';

const TEMPORARY: Origin = { document: { file: '(temporary)', text: undefined, start: 0, end: 0, line: 0, format: 'yaml' }, path: [] };

/** Kinds of which two copies say the same as one. The others have priorities, and a second policy of one priority is undefined. */
const COPYABLE: ReadonlySet<string> = new Set(['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']);

/** What the names of such policies end in. */
const COPY = '-before-rollout';
const ADMIT = '-admit-during-rollout';
const MOST_NAME = 253;

export interface Temporary {
  readonly policies: readonly Policy[];
  readonly of: 'copy' | 'admit-all';
  readonly value: unknown;
}

/** Candidates for these steps. [] where none of them is a policy that can be copied. */
export function temporariesFor(steps: readonly Step[], taken: readonly Policy[]): readonly Temporary[] {
  const names = new Set(taken.map(policyIdentity));
  return steps.flatMap((step): Temporary[] => {
    if (step.of !== 'policy' || !COPYABLE.has(step.kind)) return [];
    const found = [copyOf(step), step.kind === 'NetworkPolicy' ? admittingAll(step) : undefined];
    return found
      .filter((one) => one !== undefined)
      .filter(({ policies }) => policies.every((policy) => !names.has(policyIdentity(policy))));
  });
}

/** The old version under another name; undefined where there is none, or it cannot be read. */
function copyOf({ before, name }: Extract<Step, { of: 'policy' }>): Temporary | undefined {
  const [first] = before;
  if (first === undefined || !isObject(first.value) || before.some(({ faults }) => faults.length > 0)) return undefined;
  const called = `${name}${COPY}`;
  if (called.length > MOST_NAME) return undefined;
  const { status: _, ...rest } = first.value;
  const value = { ...rest, metadata: metadataOf(called, first.namespace) };
  const policies = before.map((policy) => ({ ...policy, name: called, ref: refOf(called, policy.namespace), value }));
  return { policies, of: 'copy', value };
}

/** Admits everything to and from the pods of the new version, in the directions that it begins to govern. */
function admittingAll({ before, after, name, namespace }: Extract<Step, { of: 'policy' }>): Temporary | undefined {
  const [old, now] = [before[0], after[0]];
  if (now === undefined || namespace === undefined || now.faults.length > 0) return undefined;
  const directions = DIRECTIONS.filter((direction) => now[direction] !== 'not-governed');
  const called = `${name}${ADMIT}`;
  if (directions.length === 0 || called.length > MOST_NAME || (old !== undefined && old.faults.length > 0)) return undefined;
  const value = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(called, namespace),
    spec: {
      podSelector: get(get(now.value, 'spec'), 'podSelector') ?? {},
      policyTypes: directions.map((direction) => (direction === 'ingress' ? 'Ingress' : 'Egress')),
      ...Object.fromEntries(directions.map((direction) => [direction, [{}]])),
    },
  };
  return { policies: [networkPolicyOf(called, namespace, value, TEMPORARY, [])], of: 'admit-all', value };
}

function metadataOf(name: string, namespace: string | undefined): Record<string, string> {
  return { name, ...(namespace !== undefined && { namespace }) };
}

function refOf(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The two steps of one. */
export function stepsOfTemporary({ policies, value }: Temporary): readonly Step[] {
  const [first] = policies as [Policy, ...Policy[]];
  const { kind, name, namespace, ref } = first;
  const facts = { kind, name, namespace, ref, at: undefined, value, of: 'temporary', policies } as const;
  return [
    { ...facts, action: 'apply' },
    { ...facts, action: 'delete' },
  ];
}
