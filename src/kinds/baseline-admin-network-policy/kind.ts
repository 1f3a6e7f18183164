// BaselineAdminNetworkPolicy of policy.networking.k8s.io/v1alpha1: a cluster has one, and it is called `default`.
import { at } from '../../model/origin.ts';
import type { Problem } from '../../model/problem.ts';
import { V1ALPHA1_RULES } from '../admin-network-policy/ports.ts';
import { BASELINE_ADMIN_NETWORK_POLICY_SPEC } from '../admin-network-policy/schema.ts';
import type { KindObject, PolicyKind } from '../kind.ts';
import { checkObject, GROUP } from '../policy-api/check.ts';
import { lowerPolicy } from '../policy-api/lower.ts';

export const baselineAdminNetworkPolicy: PolicyKind = {
  kind: 'BaselineAdminNetworkPolicy',
  group: GROUP,
  scope: 'cluster',
  lower(object, surroundings) {
    const checked = checkObject(object, 'v1alpha1', BASELINE_ADMIN_NETWORK_POLICY_SPEC);
    const second = object.name === 'default' ? [] : [secondOne(object)];
    const faults = [...checked.faults, ...second];
    const standing = { tier: 'baseline', order: faults.length > 0 ? -Infinity : 0, needs: 'anp' } as const;
    return { policies: [lowerPolicy(object, surroundings, standing, V1ALPHA1_RULES, faults)], problems: [...checked.problems, ...second] };
  },
};

function secondOne({ kind, name, origin }: KindObject): Problem {
  // QUOTED: kube-apiserver, of the CRD's name rule
  const detail = 'Only one baseline admin network policy with metadata.name="default" can be created in the cluster';
  // A rule about the whole object has no field, and this is how the server prints that.
  const facts = { kind, name, field: '<nil>', error: 'Invalid value', detail };
  return { code: 'invalid', severity: 'error', facts, origin: at(origin, 'metadata', 'name') };
}
