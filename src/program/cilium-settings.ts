// The settings of Cilium's agent that change what policies mean, as its ConfigMap has them; and the profile as they make it.
import type { Cluster, RawObject } from '../model/cluster.ts';
import type { Semantics } from '../profile/profile.ts';

export interface CiliumSettings {
  /** `always`: every endpoint is isolated; `never`: nothing is enforced, denials included. */
  readonly enforcement: 'default' | 'always' | 'never';
  readonly hostFirewall: boolean;
  /** What CIDR rules mean beside the outside. */
  readonly cidrMatches: { readonly nodes: boolean; readonly pods: boolean };
  /** Without it, rules that select nodes by label are refused. */
  readonly nodeSelectorLabels: boolean;
  readonly allowLocalhost: 'always' | 'policy';
  /** Do peers that name no cluster mean this one only? */
  readonly defaultLocalCluster: boolean;
  readonly clusterName: string;
  /** `false`: enableDefaultDeny is ignored. */
  readonly nonDefaultDeny: boolean;
  readonly sctp: boolean | undefined;
}

export const CILIUM_CONFIG = 'cilium-config';

/** From the `data` of ConfigMap cilium-config; Cilium's defaults (1.19 and newer) where it says nothing. Never throws. */
export function ciliumSettingsIn(data: unknown): CiliumSettings {
  const text = (key: string): string | undefined => {
    const value =
      typeof data === 'object' && data !== null && Object.hasOwn(data, key) ? (data as Record<string, unknown>)[key] : undefined;
    return value === undefined || value === null ? undefined : String(value).trim().toLowerCase();
  };
  const enforcement = text('enable-policy');
  const cidrMatches = (text('policy-cidr-match-mode') ?? '').split(/[\s,]+/);
  return {
    enforcement: enforcement === 'always' || enforcement === 'never' ? enforcement : 'default',
    hostFirewall: text('enable-host-firewall') === 'true',
    cidrMatches: { nodes: cidrMatches.includes('nodes'), pods: cidrMatches.includes('pods') },
    nodeSelectorLabels: text('enable-node-selector-labels') === 'true',
    allowLocalhost: text('allow-localhost') === 'policy' ? 'policy' : 'always',
    defaultLocalCluster: text('policy-default-local-cluster') !== 'false',
    clusterName: text('cluster-name') || 'default',
    nonDefaultDeny: text('enable-non-default-deny-policies') !== 'false',
    sctp: text('enable-sctp') === undefined ? undefined : text('enable-sctp') === 'true',
  };
}

/** The profile as the input's own settings make it; the same value for every plugin but Cilium, and without its ConfigMap. */
export function asConfigured(cluster: Cluster, semantics: Semantics): Semantics {
  if (semantics.ownPolicies !== 'cilium') return semantics;
  const config = configOf(cluster.extras.get('ConfigMap'));
  if (config === undefined) return semantics;
  let known = configured.get(config);
  if (known === undefined) {
    known = new Map();
    configured.set(config, known);
  }
  const found = known.get(semantics) ?? { ...semantics, ...cellsOf(ciliumSettingsIn(dataOf(config.value))) };
  known.set(semantics, found);
  return found;
}

const configured = new WeakMap<RawObject, Map<Semantics, Semantics>>();

function configOf(maps: readonly RawObject[] = []): RawObject | undefined {
  return maps.find(({ name, namespace }) => name === CILIUM_CONFIG && namespace === 'kube-system');
}

function dataOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (value as { readonly data?: unknown }).data : undefined;
}

function cellsOf({ enforcement, cidrMatches, allowLocalhost, sctp }: CiliumSettings): Partial<Semantics> {
  return {
    ...(enforcement === 'never' ? { enforces: 'no' } : {}),
    ...(cidrMatches.nodes ? { ipBlockMatchesNode: 'yes' } : {}),
    ...(cidrMatches.pods ? { ipBlockMatchesPod: 'yes' } : {}),
    ...(allowLocalhost === 'policy' ? { localNodeToPod: 'policed' } : {}),
    ...(sctp === true ? { sctp: 'yes' } : {}),
  };
}
