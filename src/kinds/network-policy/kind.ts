// NetworkPolicy of networking.k8s.io/v1 (and of extensions/v1beta1, which had the same fields).
import { asCiliumReads } from '../cilium/network-policy.ts';
import { ciliumSettingsOf } from '../cilium/surroundings.ts';
import { isAboutName, type PolicyKind } from '../kind.ts';
import { networkPolicyOf } from './lower.ts';
import { validatePolicy } from './validate.ts';

export const networkPolicy: PolicyKind = {
  kind: 'NetworkPolicy',
  group: 'networking.k8s.io',
  scope: 'namespaced',
  lower({ name, namespace = '', value, origin }, surroundings) {
    const { errors, warnings } = validatePolicy(value, origin);
    const faults = errors.filter((problem) => !isAboutName(problem, origin));
    const policy = networkPolicyOf(name, namespace, value, origin, faults);
    const onCilium = asCiliumReads(policy, ciliumSettingsOf(surroundings));
    return {
      policies: onCilium === undefined ? [policy] : [{ ...policy, needs: 'not-cilium' }, onCilium],
      problems: warnings.length === 0 ? errors : [...errors, ...warnings],
    };
  },
};
