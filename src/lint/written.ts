// What stands in the YAML of a policy and has no meaning of its own: `from: []` or no `from`, a name, an annotation.
import { dig, get, isObject, listOf, textOf } from '../manifest/read.ts';
import type { Origin } from '../model/origin.ts';
import type { Direction, Policy } from '../model/policy.ts';
import { type LintContext, perRun } from './context.ts';

/** The parsed value at an origin inside a policy; undefined when it is in none. */
export function policyValueAt(context: LintContext, origin: Origin): unknown {
  const policies = byDocument(context).get(origin.document) ?? [];
  const policy = policies.find(({ origin: root }) => root.path.every((step, i) => step === origin.path[i]));
  let value: unknown = policy?.value;
  for (const step of origin.path.slice(policy?.origin.path.length ?? 0)) {
    value = typeof step === 'number' ? listOf(value)[step] : isObject(value) ? get(value, step) : undefined;
  }
  return value;
}

const byDocument = perRun(({ cluster }) => {
  const found = new Map<Origin['document'], Policy[]>();
  for (const policy of cluster.policies) {
    const list = found.get(policy.origin.document);
    if (list === undefined) found.set(policy.origin.document, [policy]);
    else list.push(policy);
  }
  return found;
});

/** A rule as written: `{ from: [], ports: […] }`. */
export function writtenRule(policy: Policy, direction: Direction, index: number): unknown {
  return listOf(dig(policy.value, 'spec', direction))[index];
}

/** `absent`, `empty` (`from: []`) or `filled`. */
export function writtenPeers(policy: Policy, direction: Direction, index: number): 'absent' | 'empty' | 'filled' {
  const list = get(writtenRule(policy, direction, index), direction === 'ingress' ? 'from' : 'to');
  return list === undefined ? 'absent' : listOf(list).length === 0 ? 'empty' : 'filled';
}

export function annotationsOf(policy: Policy): unknown {
  return dig(policy.value, 'metadata', 'annotations');
}

export function writtenNamespace(policy: Policy): string | undefined {
  return textOf(dig(policy.value, 'metadata', 'namespace'));
}
