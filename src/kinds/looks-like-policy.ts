// What is meant as a NetworkPolicy, whatever stands in its apiVersion and kind: so that a slip there is not read past in silence.
import { get, isObject } from '../objects/read.ts';
import { editDistance } from '../profile/nearest.ts';

/** Calico's policies that are never in force (Staged…) end in the same word. */
const NETWORK_POLICY = /networkpolicy$/i;
const NOT_IN_FORCE = /^staged/i;
/** The groups in which Kubernetes itself has its kinds, old homes included, and none at all. */
const HOME_GROUPS: ReadonlySet<string> = new Set(['', 'apps', 'batch', 'extensions', 'networking.k8s.io', 'policy']);
const MOST_MISTAKES = 2;

/** `NetworkPolicy`, `Networkpolicy`, `NetworkPolcy`, `FooNetworkPolicy`; not what is only staged. */
export function isPolicyName(kind: string): boolean {
  if (NOT_IN_FORCE.test(kind) || kind.length > 60) return false;
  return NETWORK_POLICY.test(kind) || editDistance(kind.toLowerCase(), 'networkpolicy') <= MOST_MISTAKES;
}

/**
 * Does an object look like a NetworkPolicy though nothing serves it as written? By its kind, or, where the kind is not known in a group of
 * Kubernetes' own or is missing, by a spec that has what only NetworkPolicies have.
 */
export function looksLikePolicy(apiVersion: unknown, kind: unknown, value: unknown): boolean {
  if (typeof kind === 'string' && kind !== '' && isPolicyName(kind)) return true;
  if (typeof apiVersion === 'string' && !HOME_GROUPS.has(apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''))
    return false;
  const spec = get(value, 'spec');
  if (!isObject(spec) || Object.hasOwn(spec, 'template') || Object.hasOwn(spec, 'containers')) return false;
  return (
    Array.isArray(get(spec, 'policyTypes')) ||
    (Object.hasOwn(spec, 'podSelector') && ['ingress', 'egress'].some((side) => Object.hasOwn(spec, side)))
  );
}
