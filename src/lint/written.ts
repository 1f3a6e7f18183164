// What is written in a policy's YAML and has no meaning of its own: `from: []` or no `from`, a name, an annotation.

import type { Origin } from '../model/origin.ts';
import type { Direction, Policy } from '../model/policy.ts';
import { dig, get, listOf, textOf } from '../objects/read.ts';
import { type LintContext, perRun } from './context.ts';

/** The parsed value at an origin inside a policy; undefined when it is in none. */
export function policyValueAt(context: LintContext, origin: Origin): unknown {
  const roots = policiesByRoot(context).get(origin.document);
  for (let length = origin.path.length; length >= 0; length--) {
    const policy = roots?.get(origin.path.slice(0, length).join('.'));
    if (policy === undefined) continue;
    let value: unknown = policy.value;
    for (const step of origin.path.slice(length)) value = typeof step === 'number' ? listOf(value)[step] : get(value, step);
    return value;
  }
  return undefined;
}

const policiesByRoot = perRun(({ cluster }) => {
  const found = new Map<Origin['document'], Map<string, Policy>>();
  for (const policy of cluster.policies) {
    const { document, path } = policy.origin;
    let roots = found.get(document);
    if (roots === undefined) {
      roots = new Map();
      found.set(document, roots);
    }
    roots.set(path.join('.'), policy);
  }
  return found;
});

/** A rule as written: `{ from: [], ports: […] }`. */
function writtenRule(policy: Policy, direction: Direction, index: number): unknown {
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
