// CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy of cilium.io/v2, and the enforcement mode of the agent's ConfigMap.
import { at } from '../../model/origin.ts';
import { CILIUM_MODE, type Policy } from '../../model/policy.ts';
import type { Problem } from '../../model/problem.ts';
import { everything } from '../../objects/normalise-selector.ts';
import { get } from '../../objects/read.ts';
import { ciliumSettingsIn, isCiliumConfig } from '../../program/cilium-settings.ts';
import type { KindObject, PolicyKind } from '../kind.ts';
import { partsOf } from './lower.ts';
import { standIn } from './policy.ts';
import { aroundOf } from './surroundings.ts';
import { refusalsOf } from './validate.ts';

const lower: PolicyKind['lower'] = (object, surroundings) => {
  const around = aroundOf(surroundings);
  const problems = refusalsOf(object, around);
  const policies = problems.length > 0 ? [standIn(object, 'cilium', problems)] : partsOf(object, around);
  return { policies: [...policies, standIn(object, 'cilium-open', [onCiliumOnly(object)])], problems };
};

/** Where it is not known whether the CNI is Cilium, it is not known whether the policy is in force. */
function onCiliumOnly({ kind, apiVersion, name, namespace, origin }: KindObject): Problem {
  const facts = { kind, apiVersion, name: namespace === undefined ? name : `${namespace}/${name}`, decides: 'Cilium', cni: 'cilium' };
  return { code: 'unsupported-policy', severity: 'error', facts, origin };
}

export const ciliumNetworkPolicy: PolicyKind = { kind: 'CiliumNetworkPolicy', group: 'cilium.io', scope: 'namespaced', lower };
export const ciliumClusterwideNetworkPolicy: PolicyKind = {
  kind: 'CiliumClusterwideNetworkPolicy',
  group: 'cilium.io',
  scope: 'cluster',
  lower,
};

/** `enable-policy: always` isolates every pod in both directions, whatever policies there are. */
export const ciliumConfig: PolicyKind = {
  kind: 'ConfigMap',
  group: '',
  scope: 'namespaced',
  lower({ name, namespace, value, origin }) {
    const data = get(value, 'data');
    if (!isCiliumConfig({ name, namespace }) || ciliumSettingsIn(data).enforcement !== 'always') return { policies: [], problems: [] };
    const place = at(origin, 'data', 'enable-policy');
    const denyAll = [{ index: 0, action: 'deny', label: 'enable-policy', peers: 'anyone', ports: 'every-port', origin: place }] as const;
    const policy: Policy = {
      kind: 'ConfigMap',
      tier: CILIUM_MODE,
      order: 0,
      needs: 'cilium',
      name,
      namespace,
      ref: `${namespace}/${name}`,
      subject: { namespace: { by: 'any' }, pods: everything(place) },
      ingress: denyAll,
      egress: denyAll,
      types: { written: true, directions: ['ingress', 'egress'], origin: place },
      ignored: {},
      faults: [],
      origin,
      value,
    };
    return { policies: [policy], problems: [] };
  },
};
