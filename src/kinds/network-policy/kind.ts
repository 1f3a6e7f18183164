// NetworkPolicy of networking.k8s.io/v1 (and of extensions/v1beta1, which had the same fields).
import type { Origin } from '../../model/origin.ts';
import type { Problem } from '../../model/problem.ts';
import type { PolicyKind } from '../kind.ts';
import { networkPolicyOf } from './lower.ts';
import { validatePolicy } from './validate.ts';

export const networkPolicy: PolicyKind = {
  kind: 'NetworkPolicy',
  group: 'networking.k8s.io',
  scope: 'namespaced',
  lower({ name, namespace = '', value, origin }) {
    const { errors, warnings } = validatePolicy(value, origin);
    const faults = errors.filter((problem) => !isAboutName(problem, origin));
    return {
      policies: [networkPolicyOf(name, namespace, value, origin, faults)],
      problems: warnings.length === 0 ? errors : [...errors, ...warnings],
    };
  },
};

/** What a policy isolates and allows does not hang on how it is called: the error stands, and the policy is read as if that were mended. */
export function isAboutName({ origin }: Problem, object: Origin): boolean {
  const [part, field] = origin?.path.slice(object.path.length) ?? [];
  return part === 'metadata' && ['name', 'generateName', 'labels', 'annotations'].includes(String(field));
}
